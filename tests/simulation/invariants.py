"""What must hold of every day, whatever went wrong."""

from collections.abc import Iterator

from ninethirty.core.decide import decide
from ninethirty.core.draft import Particulars, draft
from ninethirty.core.errors import ChainBroken
from ninethirty.core.facts import Kind, body, read
from ninethirty.core.progress import Progress
from ninethirty.core.runbook import VETO_WINDOW, Hold
from ninethirty.core.times import WallTime
from ninethirty.desk.runner.book import ALARMS, BOOK, STEPS
from tests.simulation.day import RELEASE, Day, T, at

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


def broken(day: Day) -> list[str]:
    """What does not hold, in words; nothing if all is well."""
    return [*day.trouble, *_posts(day), *_steps(day), *_people(day), *_record(day)]


def _posts(day: Day) -> Iterator[str]:
    facts = day.record.facts_of(RELEASE)
    verified = next((f.recorded for f in facts if f.kind is Kind.ALTERNATE_VERIFIED), None)
    late = next((f for f in facts if f.kind is Kind.LATE_PROVISIONAL), None)
    vetoed = next((f.recorded for f in facts if f.kind is Kind.VETOED), None)
    for name, posts in day.posts.items():
        if len(posts) > 1:
            yield f"{name}: {len(posts)} posts"
        for post in posts:
            sent = at(int(post.sent * 1000))
            if verified is None or sent < verified:
                yield f"{name}: posted before the alternate was verified"
            if late is None or sent < late.recorded + VETO_WINDOW:
                yield f"{name}: posted within the veto window"
            # Who had read the facts before the veto was recorded may act a moment later, or when
            # it wakes from being stopped.
            if vetoed and sent > vetoed and _claimed_after(day, name, vetoed):
                yield f"{name}: posted after a veto"
    if any(count > 1 for count in day.tickets.values()):
        yield "more than one ticket"


def _claimed_after(day: Day, name: str, moment: object) -> bool:
    return any(
        fact.kind is Kind.STEP_CLAIMED and fact.details["step"] == name and fact.recorded > moment  # type: ignore[operator]
        for fact in day.record.facts_of(RELEASE)
    )


def _steps(day: Day) -> Iterator[str]:
    facts = day.record.facts_of(RELEASE)
    done = [fact.details["step"] for fact in facts if fact.kind is Kind.STEP_DONE]
    if len(done) != len(set(done)):
        yield "a step was done twice"
    told = [f.details["channel"] + f.details["about"] for f in facts if f.kind is Kind.USERS_TOLD]
    if len(told) != len(set(told)):
        yield "users were told twice"
    for name in told:
        step = f"tell_{name.removesuffix('late').removesuffix('recovered')}"
        step += "_recovered" if name.endswith("recovered") else ""
        if not day.posts.get(step):
            yield f"{step}: said to be told, and nothing was posted"


def _people(day: Day) -> Iterator[str]:
    """Every failure has ended in recovery, or somebody was paged for it."""
    facts = day.record.facts_of(RELEASE)
    progress = Progress(facts, T)
    if not day.closed:
        made = decide(BOOK, ALARMS, progress, at(int(day.now * 1000)), lambda _: Hold.FREE)
        for due in made.due:
            if due.step.name in STEPS:
                yield f"{due.step.name}: due for ever, and nobody does it"
        for step, _ in made.second_route:
            if f"stuck/{step.name}" not in day.pages:
                yield f"{step.name}: stuck, and nobody was paged"
    for name, alarm in ALARMS.items():
        start = progress.first(alarm.starts)
        ends = [fact.recorded for kind in alarm.ends if (fact := progress.first(kind))]
        long_enough = not ends or (min(ends) - start.recorded).total_seconds() > 120 if start else 0
        if long_enough and not {name, f"stuck/page_{name}_1"} & set(day.pages):
            yield f"{name}: nobody was paged"


def _record(day: Day) -> Iterator[str]:
    facts = day.record.facts_of(RELEASE)
    try:
        if day.record.check_chain(RELEASE) != len(facts):
            yield "a fact was lost"
    except ChainBroken as wrong:
        yield str(wrong)
    if day.seed % 20 == 0 and day.kind == "late":
        # The report is a function of the facts: of the same facts read back, it is the same.
        again = [read(body(fact)) for fact in facts]
        if draft(facts, ABOUT, T) != draft(again, ABOUT, T):
            yield "another report from the same facts"
