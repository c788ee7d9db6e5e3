"""`ninethirty register` and `ninethirty period`: what the register and the figures say."""

import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import click

from ninethirty.core.errors import NotAllowed
from ninethirty.core.period import Asked, Of
from ninethirty.core.times import zone_of
from ninethirty.desk.command import home, ready
from ninethirty.desk.papers.write import FORMATS

DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def register() -> None:
    """The register of breaches: find, export, take over, and what is overdue."""


def _filters(command: Callable[..., None]) -> Callable[..., None]:
    """WORDS and every filter, given on as the fields of Wanted."""
    for name, help in reversed(_FILTERS.items()):
        command = click.option(f"--{name}", default="", help=help)(command)
    return click.argument("words", nargs=-1)(command)


_FILTERS = {
    "producer": "Whose breach it was.",
    "kind": "late, early, wrong_content, ...",
    "practice": "T3.6",
    "cause": "A word for it, such as cached.",
    "platform": "Where it should have been public.",
    "year": "In which it occurred.",
}


@register.command("list")
@_filters
@click.option("--limit", default=50, show_default=True)
@home
def list_(home: Path, words: tuple[str, ...], limit: int, **filters: str) -> None:
    """Breaches that have all WORDS and every filter, the newest first."""
    ready(home)
    from ninethirty.desk.record.register import MOST, Wanted, look

    found = look(Wanted(" ".join(words), **filters), limit=limit)
    for one in found.rows:
        day = one.occurred or "day not known"
        mark = "  (sample)" if one.sample else ""
        click.echo(f"{one.reference}  {day}  {one.kind or 'kind open'}  {one.stage}{mark}")
        click.echo(f"    {one.producer}: {one.title}")
    count = f"{MOST:,} or more" if found.count == MOST else found.count
    click.echo(f"{len(found.rows)} of {count}", err=True)


@register.command()
@_filters
@home
def export(home: Path, words: tuple[str, ...], **filters: str) -> None:
    """All that have WORDS and every filter, as CSV, from the oldest on, line by line."""
    ready(home)
    from ninethirty.desk.record.export import lines
    from ninethirty.desk.record.register import Wanted

    for line in lines(Wanted(" ".join(words), **filters)):
        sys.stdout.write(line)


@register.command()
@home
def overdue(home: Path) -> None:
    """Reports and corrective actions whose day is over; and what waits for an answer."""
    ready(home)
    from ninethirty.core.times import at_local
    from ninethirty.desk.actions.reports.remind import targets_of
    from ninethirty.desk.record.oversight import inbox, overdue_actions, questions, unsent
    from ninethirty.desk.setup import setup

    now = setup().clock().now()
    zone = setup().promises.usual.zone
    for breach in unsent():
        for target in targets_of(breach):
            if target.met is None and target.missed(now):
                day = at_local(target.due - timedelta(seconds=1), zone)
                click.echo(f"{breach.reference}: {target.aim}, our target was {day:%Y-%m-%d %H:%M}")
    for action in overdue_actions(at_local(now, zone).date()):
        click.echo(
            f"{action.breach.reference}: action {action.n} of {action.owner}, "
            f"due {action.due}: {action.what}"
        )
    for breach in inbox():
        click.echo(f"{breach.reference}: waits for an answer, from {breach.sender}")
    for breach in questions():
        click.echo(f"{breach.reference}: questions are open")


@register.command()
@click.option("--producer", default="", help="All if it is not said.")
@home
def trends(home: Path, producer: str) -> None:
    """Month by month: breaches, and releases that were due."""
    ready(home)
    from ninethirty.desk.record.oversight import densest_of
    from ninethirty.desk.record.oversight import trends as by_month

    for one in by_month(producer):
        rate = "" if one.rate is None else f"  {one.rate:.1f} of 1,000"
        click.echo(f"{one.month:%Y-%m}  {one.breaches} breaches  {one.due} due{rate}")
    if producer and (most := densest_of(producer)):
        click.echo(f"most in 90 days: {most.count}, from {most.first} to {most.last}")


@register.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--name", required=True, help="What its references begin with: NAME-0001.")
@click.option("--sample", is_flag=True, help="Marked as a sample wherever it is shown.")
@click.option("--by", required=True, metavar="PERSON", help="Id of who does it.")
@home
def import_(home: Path, file: Path, name: str, sample: bool, by: str) -> None:
    """Take over a register kept as CSV; rows taken over before are left as they are."""
    ready(home)
    from ninethirty.desk.actions.reports.show import show_breaches
    from ninethirty.desk.actions.reports.take_over import take_over

    found = take_over(file, name, by=by, sample=sample)
    show_breaches(found)
    click.echo(f"{len(found)} taken over")


@click.command()
@click.option("--platform", default="", help="Of this platform.")
@click.option("--producer", default="", help="Of this producer.")
@click.option("--from", "first", required=True, type=DAY, help="The first day, included.")
@click.option("--to", "last", required=True, type=DAY, help="The last day, included.")
@click.option("--late-after", default=60, show_default=True, metavar="SECONDS")
@click.option("--zone", default="Europe/London", show_default=True, help="Whose days they are.")
@click.option("--as", "into", type=click.Choice(FORMATS), default="md", show_default=True)
@click.option("--draft", is_flag=True, help="To be shared before it is final; it says so.")
@click.option("--publish", is_flag=True, help="Publish it in the register, in all formats.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="A file; else stdout.")
@home
def period(
    home: Path,
    platform: str,
    producer: str,
    first: datetime,
    last: datetime,
    late_after: int,
    zone: str,
    into: str,
    draft: bool,
    publish: bool,
    out: Path | None,
) -> None:
    """How a platform or a producer kept its promises between two days."""
    if bool(platform) == bool(producer):
        raise click.UsageError("give one of --platform, --producer")
    zone_of(zone)
    if late_after < 0:
        raise NotAllowed(f"--late-after {late_after}: expected 0 seconds or more")
    ready(home)
    from ninethirty.desk.actions.keep_punctuality import keep_punctuality
    from ninethirty.desk.actions.reports.show_period import show_period
    from ninethirty.desk.actions.sum_up_period import sum_up_period
    from ninethirty.desk.papers.period import write_period

    keep_punctuality()
    asked = Asked(
        Of.PLATFORM if platform else Of.PRODUCER,
        platform or producer,
        first.date(),
        last.date(),
        zone,
        timedelta(seconds=late_after),
    )
    found = sum_up_period(asked)
    note = "Draft" if draft else ""
    if publish:
        click.echo(show_period(found, note=note))
        return
    data = write_period(found, into, note=note)
    if out:
        out.write_bytes(data)
    else:
        click.echo(data, nl=False)


@click.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False)
)
@click.option("--platform", required=True, help="Whose content items they are: www.gov.uk")
@home
def backfill(home: Path, files: tuple[Path, ...], platform: str) -> None:
    """Take a platform's own word on its delays, from FILES as its content API gives them.

    It is labelled as such, and counts only where no witness looked.
    """
    ready(home)
    from ninethirty.desk.actions.keep_punctuality import backfill as take
    from ninethirty.desk.actions.keep_punctuality import read_items

    click.echo(f"{take(read_items(files), platform)} of {len(files)} say how late they were")


register.add_command(backfill)
