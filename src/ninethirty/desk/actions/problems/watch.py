"""The days after a fix: watched, with what came of it; then the problem is closed."""

from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.problem import account
from ninethirty.core.times import Instant, earliest
from ninethirty.desk.actions.problems.act import acting, note


def begin_watch(problem: str, *, by: str) -> Fact:
    """Raises NotAllowed: also before a fix is reported."""
    with acting(problem, by) as (_, facts):
        if not account(facts).fixes:
            raise NotAllowed(f"{problem}: report the fix first; the watch is over what it does")
        return note(problem, Kind.WATCH_BEGUN, by)


def end_watch(problem: str, *, by: str) -> Fact:
    """What came of it: the releases hit since it began. Raises NotAllowed."""
    with acting(problem, by) as (_, facts):
        since = account(facts).watched_since
        if since is None:
            raise NotAllowed(f"{problem}: no watch has begun")
        return note(problem, Kind.WATCH_ENDED, by, again=_hit_since(facts, earliest(since)))


def close_problem(problem: str, *, by: str) -> Fact:
    """Raises NotAllowed: also while the watch is not over, or found it again."""
    with acting(problem, by) as (row, facts):
        found = account(facts)
        if found.again is None:
            raise NotAllowed(f"{problem}: end the watch first")
        if found.again:
            raise NotAllowed(f"{problem}: came back during the watch, on {found.again} releases")
        row.closed = True
        row.save(update_fields=["closed"])
        return note(problem, Kind.CLOSED, by)


def _hit_since(facts: list[Fact], since: Instant) -> list[str]:
    gathered = [fact for fact in facts if fact.kind is Kind.PROBLEM_GATHERED]
    return [str(one.details["release"]) for one in gathered if earliest(one.at) > since]
