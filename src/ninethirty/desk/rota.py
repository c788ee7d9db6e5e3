"""Who is on call: the tables [[on_call]] in desk.toml.

[[on_call]]
who = "person-4"                # ids of people who work here
since = 2026-12-01T08:00:00Z
until = 2026-12-08T08:00:00Z
deputy = "person-5"
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from ninethirty.core.errors import Malformed
from ninethirty.core.rota import Shift, check_rota
from ninethirty.core.times import Instant


def read_rota(tables: Sequence[Any]) -> tuple[Shift, ...]:
    """Raises Malformed, saying which setting is wrong."""
    rota = tuple(_shift(f"on_call[{place}]", table) for place, table in enumerate(tables))
    check_rota(rota)
    return rota


def _shift(where: str, told: Any) -> Shift:
    if not isinstance(told, dict):
        raise Malformed(f"{where} is not a table")
    for name in told:
        if name not in ("who", "since", "until", "deputy"):
            raise Malformed(f"{where}.{name} is not a setting; known: deputy, since, until, who")
    return Shift(
        who=_person(where, told, "who"),
        since=_instant(where, told, "since"),
        until=_instant(where, told, "until"),
        deputy=_person(where, told, "deputy"),
    )


def _person(where: str, told: dict[str, Any], name: str) -> str:
    value = told.get(name)
    if not isinstance(value, str) or not value:
        raise Malformed(f"{where}.{name} is missing, or is not a person's id")
    return value


def _instant(where: str, told: dict[str, Any], name: str) -> Instant:
    value = told.get(name)
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise Malformed(f"{where}.{name}: expected a time such as 2026-12-01T08:00:00Z")
    return Instant.of(value)
