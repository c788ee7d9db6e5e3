"""What social networks have in common: posts of one account, newest first, each with its card."""

import threading
from dataclasses import dataclass

from ninethirty.core.times import Clock
from ninethirty.standin.card import card
from ninethirty.standin.log import Log


@dataclass(frozen=True)
class Post:
    id: str
    text: str


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
        self._next = 7_000_000_000 + 1_000_000 * seed
        self._posts: list[Post] = []
        self._lock = threading.Lock()

    def posts(self) -> list[Post]:
        with self._lock:
            return self._posts[::-1]

    def post(self, text: str, *, unique: bool, reply_to: str | None = None) -> Post | None:
        """The post as its author is told of it; None if it must be unique and is not."""
        with self._lock:
            if unique and any(post.text == text for post in self._posts):
                return None
            at = self._clock.now()
            accepted = [self._numbered(text) for _ in range(self._copies)]
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

    def _numbered(self, text: str) -> Post:
        self._next += 1
        return Post(f"{self._prefix}{self._next}", text)
