"""A promise as it stands elsewhere, whoever keeps it there."""

from dataclasses import dataclass

from ninethirty.core.announcement import Provisional
from ninethirty.core.times import WallTime


@dataclass(frozen=True)
class Found:
    """source: where, and by which name it is known there for ever. version: sorts as it grew; empty
    where nothing says how new it is. was: the date before, in its words. reason: for another date,
    or for the cancellation. issued_by: organisations, as they are named there, the first leads."""

    source: str
    title: str
    when: WallTime | Provisional
    address: str = ""
    summary: str = ""
    version: str = ""
    is_cancelled: bool = False
    reason: str = ""
    was: str = ""
    issued_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Odd:
    """What could not be read as a promise. where: a document, a line."""

    where: str
    says: str

    def __str__(self) -> str:
        return f"{self.where}: {self.says}"


class Unread(Exception):
    """This document is odd; says why."""
