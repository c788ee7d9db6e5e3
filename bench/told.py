"""From the fact that a release is late to ten channels that have the word, and the ticket that has
the evidence: a real runner in a process of its own, and services that are well.

What is measured ends when the stand-in has it, not when the desk says so. The doubt is older than
the time for a veto, as it is on the day: lateness is confirmed a minute after T.

NINETHIRTY_BENCH_LATE makes it longer.
"""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.figure import Figure
from bench.runner_child import be_quiet
from ninethirty.core.document import SigningKey
from ninethirty.core.times import Instant, RealClock
from ninethirty.desk.command import prepare
from ninethirty.standin.log import read

LATE = int(os.environ.get("NINETHIRTY_BENCH_LATE", "20"))
CLOCK = RealClock()
EVIDENCE = ("Address:", "Promised:", "Decided:", "Meanwhile", "curl -sS", "?x=1", "Questions:")
WITNESSES = ("a", "b", "c")
PATIENCE = 60.0


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as made, ExitStack() as stack:
        folder = Path(made)
        home = folder / "desk"
        home.mkdir()
        (home / "desk.toml").touch(mode=0o600)
        (home / "desk.toml").write_text('site = "http://bench.example"\nproducer = "bench"\n')
        (home / "desk.key").write_text(SigningKey.new().secret())
        prepare(home)
        be_quiet()
        from bench import ways
        from ninethirty.desk.record.fit import make_fit
        from ninethirty.desk.setup import setup
        from tests.desk.services import service
        from tests.desk.setting import ACCOUNTS, TOKEN

        others = ("apprise", "e-mail")
        public = [way for way in ways.notices(folder, stack) if way.name not in others]
        desk = stack.enter_context(service("helpdesk", folder))
        with (home / "desk.toml").open("a") as file:
            file.write(f'[services.helpdesk]\nurl = "{desk.url}"\ntoken = "{TOKEN}"\n')
            for way in public:
                file.write(way.tables)
                for name, url in way.services.items():
                    file.write(f'[services.{name}]\nurl = "{url}"\ntoken = "{TOKEN}"\n')
                    file.write(ACCOUNTS.get(name, "") + "\n")
        setup.cache_clear()
        make_fit(setup())
        with _runner(home):
            found = [_one(n, public, desk.log) for n in range(LATE)]
    accepted = [max(at.values()) for at, _ in found]
    apart = [max(at.values()) - min(at.values()) for at, _ in found]
    tickets = [at for _, at in found]
    return [
        Figure("late releases", LATE),
        Figure("channels", len(public)),
        Figure("s from late to accepted by all channels, longest", _max(accepted), most=10),
        Figure("s between the first of them and the last, longest", _max(apart), most=5),
        Figure("s from late to a ticket with its evidence, longest", _max(tickets), most=10),
    ]


def _max(seconds: Iterable[float]) -> float:
    return round(max(seconds), 2)


@contextmanager
def _runner(home: Path) -> Iterator[None]:
    command = [sys.executable, "-m", "bench.told", str(home)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as runner:
        try:
            assert runner.stdout
            assert runner.stdout.readline() == "ready\n"
            yield
        finally:
            runner.kill()


def _one(n: int, public: list[Any], tickets: Path) -> tuple[dict[str, float], float]:
    """Seconds from the fact until each channel has the word, and until the ticket is there."""
    from ninethirty.core.facts import Kind
    from ninethirty.desk.record.facts import facts_of
    from ninethirty.desk.record.models import Release
    from ninethirty.desk.record.sightings import store

    name = f"incident-{n}e"
    release = f"release/{name}"
    store(_armed(release, name))
    at: dict[str, Instant] = {}
    ticket = None
    end = time.monotonic() + PATIENCE
    while len(at) < len(public) or not ticket:
        for way in public:
            if way.name not in at and way.seen()[name]:
                at[way.name] = CLOCK.now()
        if not ticket and _whole(tickets, name):
            ticket = CLOCK.now()
        if time.monotonic() > end:
            raise RuntimeError(f"{name}: told by {sorted(at)} only; ticket: {ticket}")
        time.sleep(0.02)
    [late] = [fact.recorded for fact in facts_of(release) if fact.kind is Kind.LATE]
    Release.objects.filter(id=release).update(closed=True)
    return {way: _since(late, one) for way, one in at.items()}, _since(late, ticket)


def _whole(log: Path, name: str) -> bool:
    """Whether its ticket is there with all that the platform's people need."""
    found = [one for one in read(log) if one["what"] == "ticket" and name in one["subject"]]
    rows = [f"  {witness}, " for witness in WITNESSES]
    return any(all(part in one["body"] for part in (*EVIDENCE, *rows)) for one in found)


def _since(late: Instant, then: Instant) -> float:
    return (then - late).total_seconds()


def _armed(release: str, name: str) -> list[Any]:
    """A release of a minute ago, doubted since; and what witnesses have seen of it."""
    from ninethirty.core.facts import Kind
    from ninethirty.core.watch import ALTERNATE, write_order
    from ninethirty.desk.record.models import Release
    from ninethirty.desk.setup import setup
    from tests.core.made import HALF_PAST, KEY, PLACEHOLDER, RIGHT, at, channel, order, watching
    from tests.desk.setting import happens

    ahead = CLOCK.now() - timedelta(seconds=125) - HALF_PAST
    watch = order(None, channel(), channel(ALTERNATE, quiet=timedelta(0)))
    opens = HALF_PAST + ahead
    watch = replace(watch, release=release, opens=opens)
    Release.objects.create(
        id=release,
        title=name,
        opens=f"{opens:%Y-%m-%d %H:%M} UTC",
        path=f"/{name}",
        announced="http://platform.example/gdp",
        key=KEY.hex(),
        order=write_order(watch, setup().key()),
    )
    before: list[tuple[Kind, float, str, dict[str, Any]]] = [
        (Kind.LATE_PROVISIONAL, 20, "verdict/late_provisional", {}),
        (Kind.INCIDENT_OPENED, 21, "incident", {}),
        (Kind.STEP_DONE, 30, "open_incident/done", {"step": "open_incident", "attempt": 1}),
        (Kind.STEP_DONE, 30, "check_alternate/done", {"step": "check_alternate", "attempt": 1}),
    ]
    for kind, offset, key, details in before:
        happens(kind, at(offset) + ahead, subject=release, key=f"{release}/{key}", **details)
    looks = [
        replace(one, channel=on)
        for on, found in (("announced", PLACEHOLDER), (ALTERNATE, RIGHT))
        for witness in WITNESSES
        for one in watching(witness, 1, 121, found)
    ]
    return [
        replace(one, release=release, started=one.started + ahead, ended=one.ended + ahead)
        for one in looks
    ]


def _run(home: Path) -> None:
    prepare(home)
    be_quiet()
    from ninethirty.desk.runner.loop import run

    print("ready", flush=True)
    run(threading.Event())


if __name__ == "__main__":
    _run(Path(sys.argv[1]))
