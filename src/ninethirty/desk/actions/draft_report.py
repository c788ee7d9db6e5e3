"""Draft the breach report from the facts, and draft it again while new facts come."""

from collections.abc import Sequence

from ninethirty.core.document import digest
from ninethirty.core.draft import Particulars, draft
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.times import Instant, WallTime, at_local, latest
from ninethirty.desk.actions.step import Happened, Work
from ninethirty.desk.papers.html import write_html
from ninethirty.desk.papers.plain import write_json
from ninethirty.desk.record.models import Message, Release
from ninethirty.desk.setup import setup

DRAFT = "Draft: not yet reviewed or signed"

SHOWS = {
    Kind.USERS_TOLD,
    Kind.TICKET_RAISED,
    Kind.TICKET_UPDATED,
    Kind.CAUSE_STATED,
    Kind.FIX_REPORTED,
    Kind.SEEN_BY_ALL,
    Kind.RECOVERED,
}
"""Facts that change what the draft says."""


def out_of_date(facts: Sequence[Fact]) -> bool:
    """There is a draft, and something it should show has happened since."""
    drafted = [fact.n for fact in facts if fact.kind is Kind.REPORT_DRAFTED]
    return bool(drafted) and any(fact.kind in SHOWS and fact.n > drafted[-1] for fact in facts)


def draft_report(work: Work) -> list[Happened]:
    return [redraft(work.release, work.facts)]


def redraft(release: Release, facts: Sequence[Fact]) -> Happened:
    """Write the papers, as HTML and JSON, and say which facts they rest on."""
    now = setup().clock().now()
    promise = WallTime.parse(release.opens)
    contact = setup().contact
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
            messages={
                message.id: message.text
                for message in Message.objects.filter(subject=release.id, channel="answer")
            },
        ),
        now,
    )
    name = release.id.replace("/", "-")
    setup().papers.mkdir(exist_ok=True)
    written = write_json(report)
    (setup().papers / f"{name}.json").write_text(written)
    timeline = [_line(fact, promise.zone) for fact in facts if shown(fact)]
    (setup().papers / f"{name}.html").write_text(
        write_html(report, title_note=DRAFT, timeline=timeline)
    )
    last = facts[-1].n
    details = {"digest": digest(written.encode()), "facts": last}
    return Happened(Kind.REPORT_DRAFTED, now, f"report/{last}", details)


def shown(fact: Fact) -> bool:
    """Whether a reader of the timeline needs it; the runner's own bookkeeping is left out."""
    return fact.kind not in (Kind.STEP_CLAIMED, Kind.STEP_DONE)


def _line(fact: Fact, zone: str) -> tuple[int, str, str]:
    at: Instant = latest(fact.at)
    words = f"{fact.kind.says} ({fact.actor})"
    return fact.n, f"{at_local(at, zone):%Y-%m-%d %H:%M:%S}", words
