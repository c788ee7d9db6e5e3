"""What social networks have in common: the posts of one account, each logged with its card."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ninethirty.core.times import Clock
from ninethirty.standin.card import card
from ninethirty.standin.log import Log


class Repeated(Exception):
    """The account said the very same words before, and this network refuses that."""


@dataclass(frozen=True)
class Post:
    id: str
    text: str
    details: Mapping[str, Any] = field(default_factory=dict)
    """What else the network shows of it."""


class Account:
    """`doubled` is the network's own bug: each post it accepts is there twice, with two ids."""

    def __init__(
        self, *, channel: str, prefix: str, seed: int, doubled: bool, clock: Clock, log: Log
    ) -> None:
        self._channel = channel
        self._prefix = prefix
        self._copies = 2 if doubled else 1
        self._clock = clock
        self._log = log
        self._last = 7_000_000_000 + 1_000_000 * seed
        self._posts: list[Post] = []
        self._lock = threading.Lock()

    def posts(self) -> list[Post]:
        """Newest first."""
        with self._lock:
            return self._posts[::-1]

    def post(
        self,
        text: str,
        *,
        unique: bool = False,
        reply_to: str | None = None,
        details: Mapping[str, Any] | None = None,
        id: str | None = None,
    ) -> Post:
        """The post as its author is told of it; its id is ours, unless its author chose one.

        Raises Repeated if it must be unique and is not.
        """
        with self._lock:
            if unique and any(post.text == text for post in self._posts):
                raise Repeated
            at = self._clock.now()
            accepted = [
                Post(id or self._next_id(), text, details or {}) for _ in range(self._copies)
            ]
            self._posts += accepted
        found = card(text)
        for post in accepted:
            self._log.write(
                at,
                "post",
                channel=self._channel,
                id=post.id,
                text=text,
                reply_to=reply_to,
                card=found,
            )
        return accepted[0]

    def _next_id(self) -> str:
        self._last += 1
        return f"{self._prefix}{self._last}"
