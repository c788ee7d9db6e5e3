"""What must hold of every day, whatever went wrong."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from random import Random

from ninethirty.core.draft import draft
from ninethirty.core.errors import ChainBroken
from ninethirty.core.facts import Fact, Kind, body, read
from ninethirty.core.particulars import Particulars
from ninethirty.core.progress import Progress
from ninethirty.core.runbook import VETO_WINDOW, Hold, plan
from ninethirty.core.times import WallTime, latest
from ninethirty.desk.runner.book import ALARMS
from tests.simulation.day import Day
from tests.simulation.edition import Edition, T
from tests.simulation.services import BOOK, brings

ABOUT = Particulars(
    title="Simulated",
    producer="The office of examples",
    promised=WallTime.parse("2026-12-01 09:30 Europe/London"),
    announced="http://platform.example/simulated",
    alternate="http://statistics.example/simulated",
    contact_name="",
    contact_email="",
    contact_telephone="",
    messages={},
)

NOTICED = timedelta(minutes=10)
"""Steps that were stuck for longer than this when a release was closed had to be paged for."""


def broken(day: Day) -> list[str]:
    """What does not hold, in words; nothing if all is well."""
    found = list(day.trouble)
    for edition in day.editions:
        facts = day.record.facts_of(edition.id)
        found += [
            f"{edition.id} ({edition.kind}): {wrong}"
            for wrong in (
                *_posts(edition, facts),
                *_steps(edition, facts),
                *_people(day, edition, facts),
                *_record(day, edition, facts),
            )
        ]
    return found


def _posts(edition: Edition, facts: Sequence[Fact]) -> Iterator[str]:
    verified = next((f.n for f in facts if f.kind is Kind.ALTERNATE_VERIFIED), None)
    doubt = next((f for f in facts if f.kind is Kind.LATE_PROVISIONAL), None)
    for name, posts in edition.posts.items():
        if len(posts) > 1:
            yield f"{name}: {len(posts)} posts"
        for post in posts:
            if verified is None or post.facts < verified:
                yield f"{name}: posted before the alternate was verified"
            said = [f.kind for f in facts[: post.known] if f.kind in _SAY_WHETHER]
            if said and said[-1] is Kind.VETOED:
                yield f"{name}: posted by somebody who had read the veto"
        sent = {post.attempt for post in posts}
        claims = [f for f in facts if f.kind is Kind.STEP_CLAIMED and f.details["step"] == name]
        for claim in claims:
            if claim.details["attempt"] not in sent:
                continue  # It found that it was too soon, or not its own.
            # By the clock of whoever claimed it: those of two machines differ.
            if doubt is None or claim.recorded < doubt.recorded + VETO_WINDOW:
                yield f"{name}: begun within the veto window"
    if len(edition.tickets) > 1:
        yield "more than one ticket"


_SAY_WHETHER = (Kind.VETOED, Kind.VETO_LIFTED)


def _steps(edition: Edition, facts: Sequence[Fact]) -> Iterator[str]:
    done = [fact.details["step"] for fact in facts if fact.kind is Kind.STEP_DONE]
    if len(done) != len(set(done)):
        yield "a step was done twice"
    told = [f.details["channel"] + f.details["about"] for f in facts if f.kind is Kind.USERS_TOLD]
    if len(told) != len(set(told)):
        yield "users were told twice"
    for step in edition.posts.keys() - set(done):
        if f"stuck/{step}" not in edition.pages:
            yield f"{step}: posted, and neither on the timeline nor paged for"
    for step in done:
        if step.startswith("tell_") and not edition.posts.get(step):
            yield f"{step}: done, and nothing was posted"
        for happened in brings(step):
            if not any(fact.kind is happened.kind for fact in facts):
                yield f"{step}: done, and what came of it is not on the timeline"


def _people(day: Day, edition: Edition, facts: Sequence[Fact]) -> Iterator[str]:
    """Every failure has ended in recovery, or somebody was paged for it."""
    progress = Progress(facts, T)
    closed = progress.first(Kind.CLOSED)
    now = closed.recorded - NOTICED if closed else day.instant()
    made = plan(BOOK, progress, now, lambda _: Hold.FREE)
    for due in made.due if not closed else ():
        yield f"{due.step.name}: due for ever, and nobody does it"
    for step in made.stuck:
        if f"stuck/{step.name}" not in edition.pages:
            yield f"{step.name}: stuck, and nobody was paged"
    for name, alarm in ALARMS.items():
        start = progress.first(alarm.starts)
        # By when it was so. What was over before anybody looked is paged for too, once.
        ends = [latest(fact.at) for kind in alarm.ends if (fact := progress.first(kind))]
        lasted = (min(ends) - latest(start.at)).total_seconds() if start and ends else float("inf")
        long_enough = start is not None and lasted > 125
        by_step = f"stuck/{alarm.settled_by}"
        if long_enough and not {name, f"stuck/page_{name}_1", by_step} & set(edition.pages):
            yield f"{name}: nobody was paged"


def _record(day: Day, edition: Edition, facts: Sequence[Fact]) -> Iterator[str]:
    try:
        if day.record.check_chain(edition.id) != len(facts):
            yield "a fact was lost"
    except ChainBroken as wrong:
        yield str(wrong)
    if day.seed % 4 == 0 and any(fact.kind is Kind.REPORT_DRAFTED for fact in facts):
        # A function of the facts: read back, in whatever order, they give the same report.
        again = [read(body(fact)) for fact in facts]
        Random(day.seed).shuffle(again)
        if draft(facts, ABOUT, T) != draft(again, ABOUT, T):
            yield "another report from the same facts"
