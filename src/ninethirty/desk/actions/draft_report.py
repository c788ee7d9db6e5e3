"""Draft the breach report from the facts, and draft it again while new facts come."""

import threading
from collections.abc import Sequence
from pathlib import Path

from ninethirty.core.breach import Planned, Said
from ninethirty.core.document import digest
from ninethirty.core.draft import draft
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.particulars import Counted, Done, Earlier, Particulars
from ninethirty.core.recurrence import seen_of
from ninethirty.core.report import Stage
from ninethirty.core.sentence import first, first_at
from ninethirty.core.sighting import View
from ninethirty.core.times import Instant, WallTime, latest
from ninethirty.core.watch import ANNOUNCED, read_order
from ninethirty.desk.actions.step import Happened, Work
from ninethirty.desk.papers import line
from ninethirty.desk.papers.write import write
from ninethirty.desk.record.models import Breach, CorrectiveAction, Message, Release
from ninethirty.desk.record.register import of_incident
from ninethirty.desk.record.sightings import seen_since
from ninethirty.desk.setup import setup

DRAFT = "Draft: not yet reviewed or signed"

EARLIER = 5
"""So many earlier breaches are named."""

SHOWS = {
    Kind.USERS_TOLD,
    Kind.TICKET_RAISED,
    Kind.TICKET_UPDATED,
    Kind.CAUSE_STATED,
    Kind.FIX_REPORTED,
    Kind.SEEN_BY_ALL,
    Kind.RECOVERED,
    Kind.WATCH_BEGUN,
    Kind.WATCH_ENDED,
    Kind.ENQUIRY_NOTED,
}
"""Facts that change what the draft says."""


def out_of_date(facts: Sequence[Fact]) -> bool:
    """There is a draft, and it does not rest on everything it should show.

    What counts is the last fact it was drafted from, not its own place on the timeline: something
    may have been written while it was being drafted.
    """
    covered = [fact.details["facts"] for fact in facts if fact.kind is Kind.REPORT_DRAFTED]
    return bool(covered) and any(fact.kind in SHOWS and fact.n > max(covered) for fact in facts)


def draft_report(work: Work) -> list[Happened]:
    return [redraft(work.release, work.facts)]


def is_drafted(release: Release) -> bool:
    return draft_file(release).exists()


def draft_file(release: Release) -> Path:
    """Where the draft is, as JSON."""
    return setup().papers / f"{_name(release)}.json"


def redraft(release: Release, facts: Sequence[Fact]) -> Happened:
    """Write the papers, as HTML and JSON, and say which facts they rest on."""
    now = setup().clock().now()
    promise = WallTime.parse(release.opens)
    contact = setup().contact
    entries = of_incident(release.id)
    actions = list(CorrectiveAction.objects.filter(breach__in=entries).order_by("n"))
    report = draft(
        facts,
        Particulars(
            title=release.title,
            producer=setup().producer,
            promised=promise,
            announced=release.announced,
            alternate=f"{setup().site}{release.path}",
            contact_name=contact.name,
            contact_email=contact.email,
            contact_telephone=contact.telephone,
            leave=setup().promises.leave,
            earlier=_earlier(release),
            counted=_counted(release, facts),
            planned=_planned(actions),
            done=_done(actions),
            messages={
                message.id: message.text
                for message in Message.objects.filter(subject=release.id, channel="answer")
            },
        ),
        now,
    )
    name = _name(release)
    drill = setup().drill is not None
    written = write(report, "json", drill=drill)
    timeline = [
        (fact.n, line.when(fact, promise.zone), line.words(fact)) for fact in line.for_people(facts)
    ]
    _write(f"{name}.json", written)
    _write(f"{name}.html", write(report, "html", note=DRAFT, timeline=timeline, drill=drill))
    last = facts[-1].n
    details = {"digest": digest(written), "facts": last}
    return Happened(Kind.REPORT_DRAFTED, now, f"report/{last}", details)


def _earlier(release: Release) -> tuple[Earlier, ...]:
    """Breaches of ours in the register before this one, the newest first."""
    rows = Breach.objects.filter(producer=setup().producer, sample=False).exclude(
        id__in=of_incident(release.id).values("id")
    )
    day = WallTime.parse(release.opens).local.date()
    before = rows.filter(occurred__lt=day).exclude(stage=Stage.SET_ASIDE).order_by("-occurred")
    return tuple(
        Earlier(one.reference, one.occurred, f"{one.title}, {one.kind.replace('_', ' ')}")
        for one in before[:EARLIER]
        if one.occurred
    )


def _planned(actions: Sequence[CorrectiveAction]) -> tuple[Planned, ...]:
    return tuple(
        Planned(Said(one.what), Said(one.owner), Said(one.due.isoformat()))
        for one in actions
        if one.done is None
    )


def _done(actions: Sequence[CorrectiveAction]) -> tuple[Done, ...]:
    return tuple(Done(one.what, Instant.of(one.done), one.evidence) for one in actions if one.done)


def _counted(release: Release, facts: Sequence[Fact]) -> tuple[Counted, ...]:
    """Looks as users ask, from T until it worked for every witness, or until now."""
    late = first(facts, Kind.LATE)
    if late is None or not release.order:
        return ()
    order = read_order(bytes(release.order), setup().key().public)
    worked = first_at(facts, Kind.SEEN_BY_ALL, ANNOUNCED)
    looks = [
        look
        for look in seen_since(release.id, ANNOUNCED, order.opens)
        if look.view is View.USER and (worked is None or look.started < latest(worked.at))
    ]
    seen = seen_of(order.channel(ANNOUNCED), looks, bytes.fromhex(release.key))
    if not seen.looks:
        return ()
    what = (
        f"Looks at the announced address, as users ask, that found it not right, of {seen.looks:,}"
    )
    between = (late.n, worked.n) if worked else (late.n,)
    return (Counted(what, seen.not_right.total(), "our own witnesses", between),)


def _name(release: Release) -> str:
    return release.id.replace("/", "--")


def _write(name: str, paper: bytes) -> None:
    """Whole or not at all: somebody may be reading the draft before."""
    setup().papers.mkdir(exist_ok=True)
    half = setup().papers / f".{name}.{threading.get_ident()}"
    half.write_bytes(paper)
    half.replace(setup().papers / name)
