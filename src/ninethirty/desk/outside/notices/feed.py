"""The site's own feed: the whole feed is one document of the schedule, replaced at once.

Publishing it again with the same entry changes nothing, so this channel needs no reading back.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.feedgenerator import Atom1Feed

from ninethirty.core.schedule import Content, Opening
from ninethirty.core.times import Clock, Instant
from ninethirty.desk.outside.notices.port import Notice, Posted
from ninethirty.desk.shelf import Shelf

PATH = "/feed.atom"
LAST = 50


@dataclass(frozen=True)
class Entry:
    notice: Notice
    at: Instant


class Feed:
    """`said`: the entries so far; the notice posted may be among them."""

    def __init__(
        self, shelf: Shelf, *, site: str, producer: str, clock: Clock, said: Sequence[Entry] = ()
    ) -> None:
        self._shelf = shelf
        self._site = site
        self._producer = producer
        self._clock = clock
        self._said = {entry.notice.slug: entry for entry in said}

    def post(self, notice: Notice) -> Posted:
        now = self._clock.now()
        self._said.setdefault(notice.slug, Entry(notice, now))
        self.publish()
        return Posted(notice.slug, f"{self._site}{PATH}#{notice.slug}")

    def find(self, notice: Notice) -> Posted | None:
        return None

    def publish(self) -> None:
        """Put the feed as it stands on the shelf, open at once."""
        now = self._clock.now()
        body = self._atom()
        content = Content(self._shelf.put(body), len(body), "application/atom+xml; charset=utf-8")
        self._shelf.publish("site/feed", [Opening(PATH, now, content)], now)

    def _atom(self) -> bytes:
        feed = Atom1Feed(
            title=f"{self._producer}: releases and notices",
            link=f"{self._site}/",
            description="",
            language="en-GB",
            feed_url=f"{self._site}{PATH}",
        )
        newest = sorted(self._said.values(), key=lambda entry: entry.at, reverse=True)
        for entry in newest[:LAST]:
            feed.add_item(
                title=entry.notice.title,
                link=entry.notice.link,
                description=entry.notice.short,
                unique_id=f"{self._site}{PATH}#{entry.notice.slug}",
                pubdate=entry.at,
                updateddate=entry.at,
            )
        text: str = feed.writeString("utf-8")
        return text.encode()
