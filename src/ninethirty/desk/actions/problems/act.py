"""What every act on a problem has in common: an operator's, locked, and not after its end."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.release import Role
from ninethirty.core.times import When
from ninethirty.desk.actions.people import role_of
from ninethirty.desk.record.facts import append, facts_of, lock
from ninethirty.desk.record.models import Problem
from ninethirty.desk.setup import setup


def timeline_of(problem: str) -> str:
    return f"problem/{problem}"


def check_operator(by: str) -> None:
    """Raises NotAllowed."""
    if role_of(by) is not Role.OPERATOR:
        raise NotAllowed(f"a problem of a platform: not for a {role_of(by)}; it takes an operator")


@contextmanager
def acting(problem: str, by: str) -> Iterator[tuple[Problem, list[Fact]]]:
    """Raises NotAllowed: not an operator, no such problem, or one that is closed."""
    check_operator(by)
    with transaction.atomic():
        lock([timeline_of(problem)])
        row = Problem.objects.filter(id=problem).first()
        if row is None:
            raise NotAllowed(f"{problem}: there is no such problem")
        if row.closed:
            raise NotAllowed(f"{problem}: is closed; open another one")
        yield row, facts_of(timeline_of(problem))


def note(problem: str, kind: Kind, by: str, at: When | None = None, **details: Any) -> Fact:
    now = setup().clock().now()
    return append(timeline_of(problem), kind, at=at or now, recorded=now, actor=by, details=details)
