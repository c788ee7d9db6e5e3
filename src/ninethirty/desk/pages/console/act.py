"""What people can do on a page: each asks again, with what will happen, before it is done."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ninethirty.core.release import Role

ACTORS = tuple(role for role in Role if role not in (Role.AUDITOR, Role.REGULATOR))
"""An auditor and a regulator only read."""


@dataclass(frozen=True)
class Act:
    """happens: what it does, and when, to be read before it is done. do: is given what it is done
    to, by whom, and what they wrote. asks: the label of what is to be written, if anything is."""

    title: Any
    happens: Any
    button: Any
    do: Callable[[str, str, str], object]
    roles: tuple[Role, ...] = ACTORS
    asks: Any = ""
    warns: bool = False
