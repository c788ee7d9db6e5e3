"""Tickets as an issue tracker keeps them, whatever its face: what was raised, said and answered."""

import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ninethirty.core.times import Clock
from ninethirty.standin.log import Log
from ninethirty.standin.ticket import REQUESTER, Comment, Habits, Ticket, conversation


class Tracker:
    """It takes what comes, as often as it comes; its log has every ticket and comment of ours."""

    def __init__(self, *, seed: int, habits: Habits, clock: Clock, log: Log) -> None:
        self._first = 11 + 1000 * seed
        self._habits = habits
        self._clock = clock
        self._log = log
        self._tickets: dict[int, Ticket] = {}
        self._lock = threading.Lock()

    def open(self, subject: str, body: str, fields: Mapping[str, Any]) -> Ticket:
        with self._lock:
            now = self._clock.now()
            number = self._first + len(self._tickets)
            said = (Comment(number * 1000, REQUESTER, body, now),)
            ticket = Ticket(number, now, {"subject": subject, **fields}, said)
            self._tickets[number] = ticket
            self._log.write(now, "ticket", id=number, subject=subject, body=body)
            return ticket

    def add(self, number: int, body: str) -> Comment:
        """Raises KeyError."""
        with self._lock:
            ticket, now = self._tickets[number], self._clock.now()
            comment = Comment(number * 1000 + len(ticket.said), REQUESTER, body, now)
            self._tickets[number] = replace(ticket, said=(*ticket.said, comment))
            self._log.write(now, "comment", ticket=number, id=comment.id, body=body)
            return comment

    def tickets(self) -> list[Ticket]:
        with self._lock:
            return list(self._tickets.values())

    def comments(self, number: int) -> list[Comment]:
        """What was said under a ticket, oldest first, without its own words. Raises KeyError."""
        with self._lock:
            said = conversation(self._tickets[number], self._habits, self._clock.now())
        return [comment for comment in said if comment.id != number * 1000]
