"""Holds every test with a desk to the order of locks: heads first, and those in one order."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from psycopg.pq import TransactionStatus

_HEADS = "SELECT subject, n, hash FROM record_head"
_CHANGES = ("UPDATE", "DELETE")


class LockOrder:
    """Watches what this thread asks of the database, one transaction after the other."""

    def __init__(self) -> None:
        self.wrong: list[str] = []
        self._held: list[str] = []

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if _begins(sql):
            self._held = []
        if not connection.in_atomic_block:
            return execute(sql, params, many, context)
        if sql.startswith(_HEADS):
            new = [name for name in params if name not in self._held]
            if new != sorted(new) or (self._held and new and new[0] < max(self._held)):
                self.wrong.append(f"{new} locked while {self._held} are held")
            self._held += new
        changes = "FOR UPDATE" in sql or sql.startswith(_CHANGES)
        if changes and "record_release" in sql and not self._held:
            self.wrong.append(f"no head is held: {sql}")
        return execute(sql, params, many, context)


def _begins(sql: str) -> bool:
    """A transaction. To PostgreSQL it is not said, but implied by what comes first in it."""
    if connection.vendor == "sqlite":
        return sql.startswith("BEGIN")
    idle: bool = connection.connection.info.transaction_status == TransactionStatus.IDLE
    return idle


@contextmanager
def in_order() -> Iterator[LockOrder]:
    watching = LockOrder()
    with connection.execute_wrapper(watching):
        yield watching
    assert not watching.wrong, watching.wrong
