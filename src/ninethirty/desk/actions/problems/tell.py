"""Say what caused it, what was done, and let every producer that was hit know."""

from ninethirty.core.cause import Cause
from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.problem import account
from ninethirty.core.times import When
from ninethirty.desk.actions.act import kept
from ninethirty.desk.actions.problems.act import acting, note, timeline_of
from ninethirty.desk.outside.tickets.desks import help_desk
from ninethirty.desk.record.facts import New, append_all
from ninethirty.desk.record.models import Message, Problem, ProblemPart, Release
from ninethirty.desk.setup import setup


def state_cause(problem: str, cause: Cause, text: str, *, by: str) -> list[Fact]:
    """The first time, or instead of what was said before: both stay. Everybody hit is told.

    Raises:
        NotAllowed: also without words. OutsideFailed: somebody could not be told; say it again.
    """
    return _say(problem, Kind.CAUSE_STATED, text, by, cause=str(cause))


def report_fix(problem: str, text: str, *, by: str, at: When | None = None) -> list[Fact]:
    """Raises as `state_cause` does."""
    return _say(problem, Kind.FIX_REPORTED, text, by, at)


def tell_so_far(problem: Problem, part: ProblemPart, facts: list[Fact], *, by: str) -> None:
    """What holds by now, to one that was gathered after it was said. Raises OutsideFailed."""
    found = account(facts)
    for kind, stated in [
        *((Kind.CAUSE_STATED, one) for one in found.causes[-1:]),
        *((Kind.FIX_REPORTED, one) for one in found.fixes),
    ]:
        text = Message.objects.get(id=stated.message).text
        if part.ticket:
            help_desk(setup()).add(part.ticket, text)
        told = {"cause": stated.code} if stated.code else {}
        _on_its_timeline(problem, part, kind, text, stated.message, told)
        note(problem.id, Kind.PRODUCER_TOLD, by, producer=part.producer, message=stated.message)


def _say(
    problem: str, kind: Kind, text: str, by: str, at: When | None = None, **told: str
) -> list[Fact]:
    if not text.strip():
        raise NotAllowed(f"{problem}: say it in words that producers can pass on")
    with acting(problem, by) as (row, _):
        parts = list(ProblemPart.objects.filter(problem=row).order_by("id"))
        # A ticket's comment is looked for before it is made, so to say it again does no harm: it
        # goes out before anything is written.
        for ticket in {part.ticket: part for part in parts if part.ticket}:
            help_desk(setup()).add(ticket, text)
        message = kept(timeline_of(problem), kind, text)
        facts = [note(problem, kind, by, at, message=message, **told)]
        for part in parts:
            _on_its_timeline(row, part, kind, text, message, told)
        producers = dict.fromkeys(part.producer for part in parts)
        return facts + [
            note(problem, Kind.PRODUCER_TOLD, by, producer=name, message=message)
            for name in producers
        ]


def _on_its_timeline(
    problem: Problem,
    part: ProblemPart,
    kind: Kind,
    text: str,
    message: int,
    told: dict[str, str],
) -> None:
    """Of a release this desk keeps the record of, the answer is on its timeline, and so in its
    report."""
    if not Release.objects.filter(id=part.release).exists():
        return
    now = setup().clock().now()
    answer = Message.objects.create(
        key=f"{part.release}/{problem.id}/{message}",
        subject=part.release,
        channel="answer",
        at=now,
        text=text,
    )
    details = {"message": answer.id, **told}
    append_all(
        [New(part.release, one, now, details=details) for one in (Kind.TICKET_ANSWERED, kind)],
        actor=problem.platform[:100],
        recorded=now,
    )
