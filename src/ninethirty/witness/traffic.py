"""Many transfers under way at once, in the one thread that calls `turn`.

libcurl tells us which sockets it waits for, and epoll waits for them: thousands of transfers cost
no more than the answers that come.
"""

import os
import select
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import pycurl

from ninethirty.witness.names import Names

Done = Callable[[int, str], None]
"""Told libcurl's code (0: all went well) and its words for it."""


class Traffic:
    def __init__(self) -> None:
        self.names = Names()
        self._poll = select.epoll()
        self._woken = os.eventfd(0, os.EFD_NONBLOCK)
        self._poll.register(self._woken, select.EPOLLIN)
        self._watched: set[int] = set()
        self._done: dict[Any, Done] = {}
        self._curl_due: float | None = None
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_SOCKETFUNCTION, self._watch)
        self._multi.setopt(pycurl.M_TIMERFUNCTION, self._wait_at_most)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self.close()

    def __len__(self) -> int:
        return len(self._done)

    def begin(self, curl: Any, done: Done) -> None:
        self._done[curl] = done
        self._multi.add_handle(curl)

    def turn(self, seconds: float) -> None:
        """Let happen what happens, for at most so long, and tell those whose transfer ended."""
        if self._curl_due is not None:
            seconds = min(seconds, self._curl_due - time.monotonic())
        events = self._poll.poll(max(0.0, seconds))
        for descriptor, event in events:
            if descriptor == self._woken:
                os.eventfd_read(descriptor)
                continue
            flags = pycurl.CSELECT_IN if event & ~select.EPOLLOUT else 0
            flags |= pycurl.CSELECT_OUT if event & select.EPOLLOUT else 0
            self._multi.socket_action(descriptor, flags)
        if self._curl_due is not None and time.monotonic() >= self._curl_due:
            self._curl_due = None  # libcurl sets it anew if it wants another
            self._multi.socket_action(pycurl.SOCKET_TIMEOUT, 0)
        self._tell()

    def wake(self) -> None:
        """End a turn that is waiting. The one thing another thread may do."""
        os.eventfd_write(self._woken, 1)

    def close(self) -> None:
        """Break off what is under way."""
        for curl in list(self._done):
            self._multi.remove_handle(curl)
            curl.close()
        self._done.clear()
        self._multi.close()
        self._poll.close()
        os.close(self._woken)

    def _tell(self) -> None:
        while True:
            left, good, bad = self._multi.info_read()
            for curl, code, words in [*((curl, 0, "") for curl in good), *bad]:
                self._multi.remove_handle(curl)
                self._done.pop(curl)(code, words)
            if not left:
                return

    def _watch(self, what: int, descriptor: int, _: Any, __: Any) -> None:
        if what == pycurl.POLL_REMOVE:
            if descriptor in self._watched:
                self._watched.remove(descriptor)
                self._poll.unregister(descriptor)
            return
        mask = select.EPOLLIN if what & pycurl.POLL_IN else 0
        mask |= select.EPOLLOUT if what & pycurl.POLL_OUT else 0
        if descriptor in self._watched:
            self._poll.modify(descriptor, mask)
        else:
            self._watched.add(descriptor)
            self._poll.register(descriptor, mask)

    def _wait_at_most(self, milliseconds: int) -> None:
        after = milliseconds / 1000
        self._curl_due = None if milliseconds < 0 else time.monotonic() + after
