"""The public: it looks, and writes down what it saw and whether that was right.

A drill is judged by this, so it shares nothing with what it looks at: its own client, its own
reading of the producer's folder, its own idea of what a page says.
"""

import threading
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from ninethirty.core.times import Clock, Instant
from ninethirty.standin.log import Log
from ninethirty.standin.look import Seen, Trouble, look
from ninethirty.standin.plan import NEAR, QUIET_LOOK_LATEST, Plan
from ninethirty.standin.source import Source
from ninethirty.standin.visible import links

PAGE = "page"

FEED_PAUSE_SECONDS = 1.0
DOZE_SECONDS = 0.25
"""A drill may change pace while we wait, so no wait is slept through in one go."""


class Reader:
    """Raises ValueError or OSError, when made, if the plan's folder cannot be read."""

    def __init__(self, plan: Plan, clock: Clock, log: Log) -> None:
        self._plan = plan
        self._source = Source.read(plan.files_dir)
        self._clock = clock
        self._log = log
        self._stop = threading.Event()

    def stop(self) -> None:
        self._stop.set()

    def run(self) -> None:
        """Look until the plan's end, or until stopped."""
        plan = self._plan
        urls = {PAGE: plan.page, **plan.files}
        # The second pair of eyes goes the other way round, so that both rarely want the same part.
        backwards = dict(reversed(urls.items()))
        watches: list[Callable[[], None]] = [
            partial(self._alternate, urls, plan.until),
            partial(self._alternate, backwards, plan.opens + NEAR, begin=plan.opens - NEAR),
            self._feed,
            *(partial(self._edge, edge) for edge in plan.edges),
        ]
        threads = [threading.Thread(target=watch) for watch in watches]
        for thread in threads:
            thread.start()
        self._wait_until(plan.until)
        self.stop()
        for thread in threads:
            thread.join()

    def _alternate(
        self, urls: Mapping[str, str], end: Instant, begin: Instant | None = None
    ) -> None:
        if begin is not None:
            self._wait_until(begin)
        while not self._stop.is_set() and self._clock.now() < end:
            for part, url in urls.items():
                self._part("alternate", part, url)
                if self._plan.is_near(self._clock.now()):
                    self._pause()
            if not self._plan.is_near(self._clock.now()):
                self._pause()

    def _pause(self) -> None:
        self._stop.wait(self._plan.alternate_pause(self._clock.now(), self._clock))

    def _edge(self, edge: str) -> None:
        """Once before T, as any passer-by might, and from T on until the end."""
        plan = self._plan
        if self._clock.now() < plan.opens - QUIET_LOOK_LATEST:
            self._wait_until(plan.quiet_look(edge))
            if not self._stop.is_set():
                self._part("announced", PAGE, plan.announced, edge)
        self._wait_until(plan.opens)
        unchecked = set(self._source.files)
        while not self._stop.is_set():
            page = self._part("announced", PAGE, plan.announced, edge)
            if page is not None:
                unchecked -= self._linked_files(page, unchecked, edge)
            self._stop.wait(plan.announced_pause(self._clock.now(), self._clock))

    def _linked_files(self, page: Seen, wanted: set[str], edge: str) -> set[str]:
        """Those of the wanted files that the page led to and that were right."""
        announced = self._plan.announced
        targets = [urljoin(announced, href) for href in links(page.body.decode("utf-8", "replace"))]
        right = set()
        for name in sorted(wanted):
            url = next((url for url in targets if _leads_to(url, name)), None)
            if url is None:
                now = self._clock.now()
                self._note("announced", name, url, edge, Trouble("no link to it", now, now))
                continue
            at_edge = edge if urlsplit(url).netloc == urlsplit(announced).netloc else None
            if self._part("announced", name, url, at_edge) is not None:
                right.add(name)
        return right

    def _part(self, where: str, part: str, url: str, edge: str | None = None) -> Seen | None:
        """Look at a page or file; what was seen, if it was right."""
        seen = look(url, self._clock, edge)
        right = isinstance(seen, Seen) and (
            self._source.page_is_right(seen.status, seen.body)
            if part == PAGE
            else self._source.file_is_right(part, seen.status, seen.digest)
        )
        self._note(where, part, url, edge, seen, right=right)
        return seen if isinstance(seen, Seen) and right else None

    def _feed(self) -> None:
        self._wait_until(self._plan.opens)
        while not self._stop.is_set():
            seen = look(self._plan.feed, self._clock)
            entries = seen.body.count(b"<entry") if isinstance(seen, Seen) else 0
            self._note("feed", "feed", self._plan.feed, None, seen, right=None, entries=entries)
            self._stop.wait(FEED_PAUSE_SECONDS)

    def _note(
        self,
        where: str,
        part: str,
        url: str | None,
        edge: str | None,
        seen: Seen | Trouble,
        right: bool | None = False,
        **more: Any,
    ) -> None:
        match seen:
            case Seen():
                found = {"status": seen.status, "sha256": seen.digest, "bytes": len(seen.body)}
            case Trouble():
                found = {"status": None, "sha256": None, "bytes": 0, "trouble": seen.why}
        self._log.write(
            seen.ended,
            "look",
            where=where,
            part=part,
            edge=edge,
            url=url,
            begun=seen.begun.text(),
            ended=seen.ended.text(),
            right=right,
            **found,
            **more,
        )

    def _wait_until(self, instant: Instant) -> None:
        """Returns early when stopped."""
        while (left := self._clock.seconds_until(instant)) > 0:
            if self._stop.wait(min(left, DOZE_SECONDS)):
                return


def _leads_to(url: str, name: str) -> bool:
    return unquote(urlsplit(url).path).endswith(f"/{name}")
