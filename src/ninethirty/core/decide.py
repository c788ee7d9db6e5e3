"""runbooks + alarms + facts + instant -> what a runner does next: all that it decides."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from ninethirty.core.escalation import NEXT_AFTER, Alarm, Page, next_page, ringing, step_of
from ninethirty.core.progress import Claim, Progress
from ninethirty.core.runbook import Due, Hold, Step, plan
from ninethirty.core.times import Instant


@dataclass
class Decision:
    """pages: of the steps due, those that are pages. second_route: pages to send now for steps that
    are stuck, past whatever they are stuck in. wake: when to decide anew, if no fact comes."""

    due: list[Due]
    pages: dict[str, Page]
    second_route: list[tuple[Step, Page]] = field(default_factory=list)
    wake: Instant | None = None


def decide(
    steps: Iterable[Step],
    alarms: Mapping[str, Alarm],
    progress: Progress,
    now: Instant,
    hold: Callable[[Claim], Hold],
) -> Decision:
    pages: dict[str, Page] = {}
    paging: list[Step] = []
    for name, alarm in alarms.items():
        since = ringing(name, alarm, progress)
        if since:
            page = next_page(name, since, progress)
            step = step_of(page)
            pages[step.name] = page
            paging.append(step)
    made = plan([*steps, *paging], progress, now, hold)
    decision = Decision(made.due, pages)
    for step in made.stuck:
        again = _page_for(step, progress, now, decision)
        made.wake_at(again)
    decision.wake = made.wake
    return decision


def _page_for(step: Step, progress: Progress, now: Instant, decision: Decision) -> Instant:
    """Page for a stuck step if it is time; when to do so again."""
    alarm = f"stuck/{step.name}"
    pages = progress.pages.get(alarm)
    page = next_page(alarm, pages[0] if pages else now, progress)
    if page.at > now:
        return page.at
    decision.second_route.append((step, page))
    return now + NEXT_AFTER
