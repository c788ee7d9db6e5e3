"""`ninethirty problem`: what the operator of a platform does about one fault that hit many."""

from collections.abc import Callable
from pathlib import Path

import click

from ninethirty.core.cause import Cause
from ninethirty.core.facts import Fact
from ninethirty.core.times import Instant, When, at_local, latest
from ninethirty.desk.command import home, ready

by = click.option("--by", required=True, metavar="PERSON", help="Id of who does it: an operator.")
which = click.argument("problem")


@click.group()
def problem() -> None:
    """A fault of a platform: every release it hit, its cause, its fix, and who was told."""


def _act(act: Callable[[], Fact]) -> None:
    fact = act()
    click.echo(f"{fact.subject.removeprefix('problem/')}: {fact.kind.says}")


@problem.command("open")
@click.argument("platform")
@click.argument("title")
@by
@home
def open_(home: Path, platform: str, title: str, by: str) -> None:
    """Open a problem of PLATFORM; TITLE says what does not work."""
    ready(home)
    from ninethirty.desk.actions.problems.gather import open_problem

    click.echo(open_problem(platform, title, by=by).id)


@problem.command()
@which
@click.argument("release")
@click.option("--hit", required=True, metavar="MOMENT", help="When: 2026-12-01T09:30Z.")
@click.option("--producer", default="", help="Whose it is, if this desk does not know it.")
@click.option("--ticket", default="", help="Its ticket, to be answered with the others.")
@by
@home
def add(
    home: Path, problem: str, release: str, hit: str, producer: str, ticket: str, by: str
) -> None:
    """A release that was hit; its producer is told what was said so far."""
    ready(home)
    from ninethirty.desk.actions.problems.gather import gather

    at = Instant.parse(hit)
    _act(lambda: gather(problem, release, hit=at, by=by, producer=producer, ticket=ticket))


@problem.command()
@which
@click.argument("cause", type=click.Choice([str(one) for one in Cause]))
@click.argument("text")
@by
@home
def cause(home: Path, problem: str, cause: str, text: str, by: str) -> None:
    """State the cause, or correct the one stated; everybody hit is told in the words of TEXT."""
    ready(home)
    from ninethirty.desk.actions.problems.tell import state_cause

    _say(state_cause(problem, Cause(cause), text, by=by))


@problem.command()
@which
@click.argument("text")
@click.option("--at", metavar="MOMENT", help="When it was in place; now if it is not said.")
@by
@home
def fix(home: Path, problem: str, text: str, at: str | None, by: str) -> None:
    """Report a fix; everybody hit is told in the words of TEXT."""
    ready(home)
    from ninethirty.desk.actions.problems.tell import report_fix

    when = Instant.parse(at) if at else None
    _say(report_fix(problem, text, by=by, at=when))


def _say(facts: list[Fact]) -> None:
    said, *told = facts
    names = ", ".join(fact.details["producer"] for fact in told) or "nobody; no release is added"
    click.echo(f"{said.subject.removeprefix('problem/')}: {said.kind.says}; told: {names}")


@problem.command()
@which
@click.argument("act", type=click.Choice(["begin", "end"]))
@by
@home
def watch(home: Path, problem: str, act: str, by: str) -> None:
    """Begin the watch over the days after the fix, or end it with its result."""
    ready(home)
    from ninethirty.desk.actions.problems.watch import begin_watch, end_watch

    _act(lambda: (begin_watch if act == "begin" else end_watch)(problem, by=by))


@problem.command()
@which
@by
@home
def close(home: Path, problem: str, by: str) -> None:
    """Close it, once the watch has ended without its coming back."""
    ready(home)
    from ninethirty.desk.actions.problems.watch import close_problem

    _act(lambda: close_problem(problem, by=by))


@problem.command()
@which
@home
def show(home: Path, problem: str) -> None:
    """The whole account: what was hit, causes first and corrected, fixes, who was told, the watch.

    `ninethirty period --platform NAME --draft` puts it in a report that may be shared as a draft.
    """
    ready(home)
    from ninethirty.core.errors import NotAllowed
    from ninethirty.core.problem import account
    from ninethirty.desk.actions.problems.act import timeline_of
    from ninethirty.desk.record.facts import facts_of
    from ninethirty.desk.record.models import Message, Problem, ProblemPart
    from ninethirty.desk.setup import setup

    row = Problem.objects.filter(id=problem).first()
    if row is None:
        raise NotAllowed(f"{problem}: there is no such problem")
    zone = setup().promises.usual.zone
    found = account(facts_of(timeline_of(problem)))

    def words(message: int) -> str:
        return Message.objects.get(id=message).text or "(its words are no longer kept)"

    def when(at: When) -> str:
        return f"{at_local(latest(at), zone):%Y-%m-%d %H:%M}"

    click.echo(f"{row.id}  {'closed' if found.closed else 'open'}  {row.platform}: {row.title}")
    for part in ProblemPart.objects.filter(problem=row).order_by("id"):
        rest = "  ".join(one for one in (part.reference, part.ticket) if one)
        click.echo(f"hit        {part.release}  {part.producer}  {rest}".rstrip())
    for n, one in enumerate(found.causes):
        name = "corrected" if n else "cause"
        click.echo(f"{name:10} {when(one.at)}  {one.code}: {words(one.message)}")
    for one in found.fixes:
        click.echo(f"fix        {when(one.at)}  {words(one.message)}")
    for told in found.told:
        click.echo(f"told       {when(told.at)}  {told.producer}: {words(told.message)}")
    if found.watched_since:
        again = "goes on" if found.again is None else f"came back on {found.again} releases"
        click.echo(f"watch      since {when(found.watched_since)}: {again}")
