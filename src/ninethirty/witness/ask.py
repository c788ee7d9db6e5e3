"""One look's exchange: asked, followed from redirect to redirect, and ended in time."""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from ninethirty.core.sighting import Trouble
from ninethirty.witness.onward import host_of, may_follow
from ninethirty.witness.traffic import Traffic
from ninethirty.witness.transfer import Heard, Limits, Transfer, Vantage

REDIRECTS = 5


@dataclass(frozen=True)
class Question:
    """known: hosts a person named; a redirect may lead to them wherever they are. record: keep
    the request's bytes too."""

    url: str
    vantage: Vantage
    limits: Limits
    known: Collection[str]
    record: bool = False


@dataclass(frozen=True)
class Answer:
    """hops: all of them, the last answer last. trouble: why there is no last answer to read."""

    hops: tuple[Heard, ...]
    trouble: Trouble

    @property
    def last(self) -> Heard:
        return self.hops[-1]


def ask(traffic: Traffic, question: Question, done: Callable[[Answer], None]) -> None:
    """`done` is called from a later `traffic.turn`; never raises for what the other side does."""
    _Asking(traffic, question, done).go(question.url)


class _Asking:
    def __init__(
        self, traffic: Traffic, question: Question, done: Callable[[Answer], None]
    ) -> None:
        self._traffic = traffic
        self._question = question
        self._done = done
        self._until = time.monotonic() + question.limits.seconds
        self._hops: list[Heard] = []

    def go(self, url: str) -> None:
        question = self._question
        transfer = Transfer(
            url,
            question.vantage,
            question.limits,
            known=question.known,
            seconds=self._until - time.monotonic(),
            record=question.record,
        )
        self._traffic.begin(transfer.curl, lambda code, words: self._ended(transfer, code, words))

    def _ended(self, transfer: Transfer, code: int, words: str) -> None:
        heard = transfer.ended(code, words)
        if heard.trouble is Trouble.DNS:
            heard = replace(heard, trouble=self._traffic.names.why(host_of(heard.url)))
        self._hops.append(heard)
        if heard.trouble or not heard.onward:
            self._done(Answer(tuple(self._hops), heard.trouble))
        elif len(self._hops) > REDIRECTS or not host_of(heard.onward):
            self._done(Answer(tuple(self._hops), Trouble.REDIRECTS))
        elif not may_follow(heard.onward, self._question.known):
            self._done(Answer(tuple(self._hops), Trouble.PRIVATE))
        else:
            self.go(heard.onward)
