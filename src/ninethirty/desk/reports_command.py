"""`ninethirty report`: a breach report's way from the first word to the register.

Reading a filled form needs no desk; it stays where it was, and the rest joins it.
"""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from ninethirty.core.breach_document import from_document
from ninethirty.core.errors import Malformed
from ninethirty.core.facts import Fact
from ninethirty.core.report import Advice
from ninethirty.core.times import Instant
from ninethirty.desk.command import home, ready
from ninethirty.desk.papers.command import report
from ninethirty.desk.papers.people import public as without_people
from ninethirty.desk.papers.write import FORMATS, write

__all__ = ["report"]

by = click.option("--by", required=True, metavar="PERSON", help="Id of who does it.")
reference = click.argument("reference")


def _act(act: Callable[[], Fact]) -> None:
    """Say what is now so."""
    fact = act()
    where = fact.subject.removeprefix("breach/")
    from ninethirty.desk.actions.reports.act import breach_of

    click.echo(f"{where}: {fact.kind.says}; it is now {breach_of(where).stage}")


def _record(file: Path) -> Any:
    """A report as `report read` prints it."""
    try:
        return from_document(json.loads(file.read_bytes()))
    except (ValueError, RecursionError) as wrong:
        raise Malformed(f"{file}: not a report as `ninethirty report read` prints it") from wrong


@report.command("open")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--known", metavar="MOMENT", help="When the producer knew: 2026-12-01T09:31Z. Now.")
@click.option("--release", default="", help="Its id, if it is a release of this desk.")
@click.option("--platform", default="", help="Where it should have been public.")
@click.option("--cause", default="", help="A word for it, such as cached.")
@by
@home
def open_report(
    home: Path, file: Path, known: str | None, release: str, platform: str, cause: str, by: str
) -> None:
    """Enter a breach in the register, with the report in FILE (JSON) as its first version."""
    ready(home)
    from ninethirty.desk.actions.reports.open_breach import About, open_breach
    from ninethirty.desk.setup import setup

    when = Instant.parse(known) if known else setup().clock().now()
    breach = open_breach(_record(file), About(when, release, platform, cause), by=by)
    click.echo(breach.reference)


@report.command()
@reference
@click.option("--as", "into", type=click.Choice(FORMATS), default="json", show_default=True)
@click.option("--version", type=int, default=0, help="The newest if it is not said.")
@click.option("--public", is_flag=True, help="Without names of people, and how to reach them.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="A file; else stdout.")
@home
def show(
    home: Path, reference: str, into: str, version: int, public: bool, out: Path | None
) -> None:
    """Write a report out, in any of its formats."""
    ready(home)
    from ninethirty.core.errors import NotAllowed
    from ninethirty.desk.actions.reports.act import breach_of, report_of
    from ninethirty.desk.setup import setup

    breach = breach_of(reference)
    if not 0 <= version <= breach.version:
        raise NotAllowed(f"{reference}: there are versions 1 to {breach.version}, not {version}")
    told = report_of(breach, version)
    drill = setup().drill is not None
    data = write(without_people(told) if public else told, into, drill=drill)
    if out:
        out.write_bytes(data)
    else:
        click.echo(data, nl=False)


@report.command()
@reference
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--reason", required=True, help="What changed, and why.")
@by
@home
def revise(home: Path, reference: str, file: Path, reason: str, by: str) -> None:
    """Write another version, from FILE (JSON)."""
    ready(home)
    from ninethirty.desk.actions.reports.write import write_report

    _act(lambda: write_report(reference, _record(file), reason=reason, by=by))


@report.command()
@reference
@by
@home
def review(home: Path, reference: str, by: str) -> None:
    """Ask for a review."""
    ready(home)
    from ninethirty.desk.actions.reports.review import ask_review

    _act(lambda: ask_review(reference, by=by))


@report.command()
@reference
@click.argument("text")
@by
@home
def comment(home: Path, reference: str, text: str, by: str) -> None:
    """Say something about a report that is in review."""
    ready(home)
    from ninethirty.desk.actions.reports import review

    _act(lambda: review.comment(reference, text, by=by))


@report.command()
@reference
@by
@home
def sign(home: Path, reference: str, by: str) -> None:
    """Sign the version that stands now: a head of profession."""
    ready(home)
    from ninethirty.desk.actions.reports.sign import sign_report

    _act(lambda: sign_report(reference, by=by))


@report.command()
@reference
@click.argument("reason")
@by
@home
def set_aside(home: Path, reference: str, reason: str, by: str) -> None:
    """It is not a breach, because REASON."""
    ready(home)
    from ninethirty.desk.actions.reports import sign

    _act(lambda: sign.set_aside(reference, reason, by=by))


@report.command()
@reference
@click.argument("file", type=click.File(encoding="utf-8"))
@by
@home
def statement(home: Path, reference: str, file: Any, by: str) -> None:
    """Publish the producer's statement, from the plain text in FILE."""
    ready(home)
    from ninethirty.desk.actions.reports.state import publish_statement

    text = file.read()
    _act(lambda: publish_statement(reference, text, by=by))


@report.command()
@reference
@by
@home
def submit(home: Path, reference: str, by: str) -> None:
    """Send the signed report to the body whose turn it is."""
    ready(home)
    from ninethirty.desk.actions.reports.submit import submit_report

    _act(lambda: submit_report(reference, by=by))


@report.command()
@reference
@home
def ask(home: Path, reference: str) -> None:
    """Ask the body that has the report what it says."""
    ready(home)
    from ninethirty.desk.actions.reports.act import breach_of
    from ninethirty.desk.actions.reports.hear import ask_body

    for fact in ask_body(reference):
        click.echo(f"{reference}: {fact.kind.says}")
    click.echo(f"{reference}: {breach_of(reference).stage}")


@report.command()
@reference
@click.argument("says", type=click.Choice(["received", "advised", "returned", "accepted"]))
@click.option("--advice", type=click.Choice([str(one) for one in Advice]), help="Of advised.")
@click.option("--text", default="", help="Its questions or reasons.")
@click.option("--at", metavar="MOMENT", help="When it said so; now if it is not said.")
@by
@home
def hear(
    home: Path, reference: str, says: str, advice: str | None, text: str, at: str | None, by: str
) -> None:
    """Enter what a body said by mail or by telephone."""
    ready(home)
    from ninethirty.core.submission import Answer, Says
    from ninethirty.desk.actions.reports.act import breach_of, version_of
    from ninethirty.desk.actions.reports.hear import enter_answer
    from ninethirty.desk.setup import setup

    version = version_of(breach_of(reference))
    when = Instant.parse(at) if at else setup().clock().now()
    answer = Answer(reference, version.n, version.digest, Says(says), when, advice or "", text)
    _act(lambda: enter_answer(answer, by=by))


@report.command()
@reference
@click.argument("advice", type=click.Choice([str(one) for one in Advice]))
@click.option("--text", default="", help="Why.")
@by
@home
def advise(home: Path, reference: str, advice: str, text: str, by: str) -> None:
    """At a body: say whether it is a breach."""
    ready(home)
    from ninethirty.desk.actions.reports import answer

    _act(lambda: answer.advise(reference, Advice(advice), text, by=by))


@report.command("return")
@reference
@click.argument("questions")
@by
@home
def give_back(home: Path, reference: str, questions: str, by: str) -> None:
    """At a body: return a report with QUESTIONS."""
    ready(home)
    from ninethirty.desk.actions.reports.answer import return_report

    _act(lambda: return_report(reference, questions, by=by))


@report.command()
@reference
@click.option("--text", default="", help="What goes with it.")
@by
@home
def accept(home: Path, reference: str, text: str, by: str) -> None:
    """At a body: accept a report."""
    ready(home)
    from ninethirty.desk.actions.reports.answer import accept_report

    _act(lambda: accept_report(reference, by=by, text=text))


@report.command()
@reference
@by
@home
def publish(home: Path, reference: str, by: str) -> None:
    """Publish an accepted report in the register."""
    ready(home)
    from ninethirty.desk.actions.reports.publish import publish_report

    _act(lambda: publish_report(reference, by=by))


@report.command()
@reference
@click.argument("what")
@click.option("--owner", required=True, help="The role that does it.")
@click.option("--due", required=True, type=click.DateTime(["%Y-%m-%d"]))
@by
@home
def plan(home: Path, reference: str, what: str, owner: str, due: datetime, by: str) -> None:
    """Plan a corrective action."""
    ready(home)
    from ninethirty.desk.actions.reports.plan import plan_action

    _act(lambda: plan_action(reference, what, owner=owner, due=due.date(), by=by))


@report.command()
@reference
@click.argument("action", type=int)
@click.argument("evidence")
@by
@home
def done(home: Path, reference: str, action: int, evidence: str, by: str) -> None:
    """A corrective action is done; EVIDENCE says what shows it."""
    ready(home)
    from ninethirty.desk.actions.reports.plan import finish_action

    _act(lambda: finish_action(reference, action, evidence, by=by))
