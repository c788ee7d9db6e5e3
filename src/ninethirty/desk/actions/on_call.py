"""Who is meant by a rung of the ladder."""

from ninethirty.core.escalation import LADDER
from ninethirty.core.release import Role
from ninethirty.core.rota import on_duty
from ninethirty.core.times import Instant
from ninethirty.desk.record.models import Person
from ninethirty.desk.setup import setup

LEAD, DEPUTY, HEAD, _ = LADDER


def on_call(at: Instant) -> dict[str, str]:
    """Rung -> the id of whoever stands on it at that instant, as far as anybody does."""
    shift = on_duty(setup().on_call, at)
    found = {LEAD: shift.who, DEPUTY: shift.deputy} if shift else {}
    heads = Person.objects.filter(role=Role.HEAD_OF_PROFESSION, left=None).order_by("id")
    head = heads.values_list("id", flat=True).first()
    return found | ({HEAD: head} if head else {})
