"""What a report needs that facts do not hold: names, addresses, and words people used."""

from dataclasses import dataclass
from datetime import date

from ninethirty.core.announcement import Leave
from ninethirty.core.breach import Planned
from ninethirty.core.times import Instant, WallTime


@dataclass(frozen=True)
class Earlier:
    """A breach like this one before it: its reference in the register, its day, and what it was."""

    reference: str
    day: date
    says: str


@dataclass(frozen=True)
class Counted:
    """How often something happened while it failed, as far as `source` can tell. facts: between
    which it was counted."""

    what: str
    number: int
    source: str
    facts: tuple[int, ...] = ()


@dataclass(frozen=True)
class Done:
    """A corrective action that was carried out: when, and what shows it."""

    what: str
    at: Instant
    evidence: str


@dataclass(frozen=True)
class Particulars:
    """What the report needs that facts do not hold: names, addresses, and words people used.

    messages: id -> text of answers. An empty text means that nobody told us. leave, earlier: None
    if nobody looked; empty if somebody looked and there was none.
    """

    title: str
    producer: str
    promised: WallTime
    announced: str
    alternate: str
    contact_name: str
    contact_email: str
    contact_telephone: str
    messages: dict[int, str]
    statement: str = ""
    leave: tuple[Leave, ...] | None = None
    earlier: tuple[Earlier, ...] | None = None
    counted: tuple[Counted, ...] = ()
    planned: tuple[Planned, ...] = ()
    done: tuple[Done, ...] = ()
