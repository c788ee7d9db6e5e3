"""Corrective actions: planned with an owner and a day, done with evidence.

Each is in the draft at once: no fact of the release comes of it that would have it drafted again.
"""

from datetime import date

from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Fact, Kind
from ninethirty.desk.actions.reports.act import acting, note
from ninethirty.desk.actions.reports.enter import draft_again
from ninethirty.desk.record.models import CorrectiveAction
from ninethirty.desk.setup import setup


def plan_action(reference: str, what: str, *, owner: str, due: date, by: str) -> Fact:
    """owner: a role. Raises NotAllowed: also without a task or an owner."""
    if not what.strip() or not owner.strip():
        raise NotAllowed(f"{reference}: an action says what is done, and by which role")
    with acting(reference, Kind.ACTION_PLANNED, by) as (breach, _):
        n = CorrectiveAction.objects.filter(breach=breach).count() + 1
        CorrectiveAction.objects.create(breach=breach, n=n, what=what, owner=owner, due=due)
        fact = note(reference, Kind.ACTION_PLANNED, by, action=n, due=due.isoformat())
        draft_again(breach)
        return fact


def finish_action(reference: str, n: int, evidence: str, *, by: str) -> Fact:
    """Raises NotAllowed: also without evidence, or for an action that is done or not there."""
    if not evidence.strip():
        raise NotAllowed(f"{reference}: say what shows that action {n} is done")
    with acting(reference, Kind.ACTION_DONE, by) as (breach, _):
        action = CorrectiveAction.objects.filter(breach=breach, n=n, done=None).first()
        if action is None:
            raise NotAllowed(f"{reference}: there is no action {n} that is still to be done")
        action.done, action.evidence = setup().clock().now(), evidence
        action.save(update_fields=["done", "evidence"])
        fact = note(reference, Kind.ACTION_DONE, by, action=n)
        draft_again(breach)
        return fact
