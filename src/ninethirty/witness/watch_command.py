"""`ninethirty watch`: a release watched without a desk, from one machine."""

import resource
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import click
import structlog
from rich.console import Console

from ninethirty.core.errors import CannotStart
from ninethirty.core.times import Clock, WallTime, clock
from ninethirty.core.verdict import Verdict
from ninethirty.core.watch import WatchOrder
from ninethirty.witness.alone import Watching, watch_alone
from ninethirty.witness.budget import Budget, drill_budget
from ninethirty.witness.by_hand import new_key, order_by_hand
from ninethirty.witness.errand import WATCHED_FOR
from ninethirty.witness.evidence.archive import evidence_in
from ninethirty.witness.evidence.keep import Evidence
from ninethirty.witness.evidence.replay import replay
from ninethirty.witness.history import add, past_delays
from ninethirty.witness.lists import Lists
from ninethirty.witness.offset import Offset
from ninethirty.witness.own_address import check_own_address
from ninethirty.witness.platforms import platform
from ninethirty.witness.probe import SOFTWARE, Probe
from ninethirty.witness.transfer import Vantage
from ninethirty.witness.verdicts import STATUS
from ninethirty.witness.view import Board, Lines, summary


@click.command("watch", cls=Lists, lists=("--files", "--also", "--from", "--control", "--allow"))
@click.argument("url", required=False)
@click.option("--opens", metavar="WALLTIME", help='T, as "2026-12-01 09:30 Europe/London".')
@click.option(
    "--expect",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="What is to be there: index.html and files. Without it presence is all that is judged.",
)
@click.option(
    "--previous",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="What stands at these addresses until T: the last edition's index.html and files.",
)
@click.option("--files", multiple=True, metavar="URL ...", help="Where its files will be.")
@click.option(
    "--also", multiple=True, metavar="URL ...", help="Listings that must link URL after T."
)
@click.option(
    "--control",
    multiple=True,
    metavar="URL ...",
    help="Pages that are there: is it us who is offline?",
)
@click.option(
    "--platform",
    "platform_name",
    default="plain",
    show_default=True,
    metavar="govuk|plain|FILE.toml",
    help="What the site is run on.",
)
@click.option(
    "--grace",
    "graces",
    nargs=2,
    type=click.IntRange(min=0),
    metavar="FIRST SECOND",
    help="Seconds after T until it is late, and until that is certain; at most 60 and 120.",
)
@click.option(
    "--history",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Earlier delays, drawn beside the graces; this one is added.",
)
@click.option(
    "--from",
    "sources",
    multiple=True,
    metavar="ADDRESS ...",
    help="Own addresses; each is a witness. IPv6 ones look over IPv6.",
)
@click.option(
    "--allow", multiple=True, metavar="HOST ...", help="Inside hosts a redirect may lead to."
)
@click.option("--json", "as_lines", is_flag=True, help="JSON lines, also in a terminal.")
@click.option(
    "--evidence",
    "evidence_folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="A new folder to keep every exchange in.",
)
@click.option("--stamp", metavar="URL", help="A time-stamp authority (RFC 3161) for the evidence.")
@click.option("--stay", is_flag=True, help="After a failure, go on until it has recovered.")
@click.option("--contact", default="no contact given", show_default=True, help="In the User-Agent.")
@click.option(
    "--ntp", default="", metavar="HOST[:PORT]", help="A time server to know our offset by."
)
@click.option(
    "--replay", "replayed", type=click.Path(path_type=Path), metavar="DIR", help="Decide again."
)
@click.option("--drill", type=click.Path(path_type=Path), metavar="FILE", help="A drill's clock.")
def watch(
    url: str | None,
    opens: str | None,
    expect: Path | None,
    previous: Path | None,
    files: tuple[str, ...],
    also: tuple[str, ...],
    control: tuple[str, ...],
    platform_name: str,
    graces: tuple[int, int] | None,
    history: Path | None,
    sources: tuple[str, ...],
    allow: tuple[str, ...],
    as_lines: bool,
    evidence_folder: Path | None,
    stamp: str | None,
    stay: bool,
    contact: str,
    ntp: str,
    replayed: Path | None,
    drill: Path | None,
) -> None:
    """Say whether URL is public at its instant: on time (exit status 0), late (10), early (11),
    in part (12), wrong (13), or unknown (14).

    Without a desk. With --replay, decide again from stored evidence.
    """
    lines = as_lines or not sys.stdout.isatty()
    if replayed:
        if url or opens:
            raise CannotStart(
                "--replay: expected a folder alone, found an address to watch as well"
            )
        _replay(replayed, lines=lines)
        return
    if not url:
        raise CannotStart("URL: expected the address to watch, found none")
    if not opens:
        raise CannotStart(
            '--opens: expected T such as "2026-12-01 09:30 Europe/London", found none'
        )
    if stamp and not evidence_folder:
        raise CannotStart("--stamp: expected --evidence DIR beside it, found none")
    if drill and not drill.is_file():
        raise CannotStart(f"--drill {drill}: expected a drill's clock, found no file")
    structlog.configure(
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(30),
    )
    told, wall, where = clock(drill), WallTime.parse(opens), platform(platform_name)
    _check_not_over(wall, told)
    key = new_key()
    order = order_by_hand(
        url,
        wall.resolve(),
        where,
        issued=told.now(),
        key=key,
        expect=expect,
        previous=previous,
        files=files,
        also=also,
        controls=control,
        witnesses=max(1, len(sources)),
        graces=graces,
    )
    past = past_delays(history, url) if history else []
    for source in sources:
        check_own_address(source, "--from")
    _raise_file_limit()
    known = key if expect or previous else None
    agent = f"ninethirty-watch/{SOFTWARE.split()[1]} (+{contact})"
    vantages = [Vantage(agent, source) for source in sources or ("",)]
    with Offset(ntp) as offset, _evidence(evidence_folder, order, known, told, stamp) as evidence:
        probes = [
            Probe(
                witness=f"w{n}",
                network=vantage.source or "this machine",
                vantage=vantage,
                clock=told,
                clock_offset_ms=offset.milliseconds,
                allowed=allow,
                record=evidence is not None,
            )
            for n, vantage in enumerate(vantages, start=1)
        ]
        budget = drill_budget() if told.drill else Budget(where.requests_a_second)
        show = Lines(sys.stdout) if lines else Board(order, wall, known, Console(), past)
        watching = Watching(order, known, probes, told, budget, show, evidence, stay)
        try:
            verdict = watch_alone(watching, _stopped_by_signals())
        finally:
            show.close()
    if history:
        add(history, order, verdict)
    _end(verdict, url, "", lines=lines)


def _replay(folder: Path, *, lines: bool) -> None:
    found = replay(folder)
    url = found.order.channel(found.channel).page.url
    words = f"{found.given} verdicts, given again from {len(found.sightings)} sightings: the same"
    if lines:
        Lines(sys.stdout).verdict(found.verdict, found.at, final=True)
    _end(found.verdict, url, words, lines=lines)


def _end(verdict: Verdict, url: str, words: str, *, lines: bool) -> None:
    if not lines:
        click.echo(summary(verdict, url, [words] if words else []))
    sys.exit(STATUS[verdict.call])


@contextmanager
def _evidence(
    folder: Path | None, order: WatchOrder, key: bytes | None, told: Clock, authority: str | None
) -> Iterator[Evidence | None]:
    if folder is None:
        yield None
        return
    with evidence_in(folder, order, key, told, authority or "") as evidence:
        yield evidence


def _check_not_over(wall: WallTime, told: Clock) -> None:
    past = told.now() - wall.resolve()
    if past > WATCHED_FOR - timedelta(minutes=5):
        raise CannotStart(f"--opens {wall}: expected T less than a day ago, found {past.days} days")


def _stopped_by_signals() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _, __: stop.set())
    return stop


def _raise_file_limit() -> None:
    """A socket for every look under way."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
