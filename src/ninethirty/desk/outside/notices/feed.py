"""The site's own feed: the whole feed is one document of the schedule, replaced at once.

Publishing it again with the same entry changes nothing. It is read back from our own shelf, for
whoever would know whether an entry is there without putting it there.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.feedgenerator import Atom1Feed

from ninethirty.core.schedule import Content, Opening
from ninethirty.core.times import Clock, Instant
from ninethirty.desk.outside.notices.port import Notice, Posted
from ninethirty.desk.shelf import Shelf

PATH = "/feed.atom"
DOCUMENT = "site/feed"
LAST = 50


@dataclass(frozen=True)
class Entry:
    notice: Notice
    at: Instant


class Feed:
    """`said` gives the entries so far; the notice posted may be among them. It is asked while
    nobody else publishes the feed, so that of two notices at once neither is lost."""

    def __init__(
        self,
        shelf: Shelf,
        *,
        site: str,
        producer: str,
        clock: Clock,
        said: Callable[[], Sequence[Entry]],
    ) -> None:
        self._shelf = shelf
        self._site = site
        self._producer = producer
        self._clock = clock
        self._said = said

    def post(self, notice: Notice) -> Posted:
        self.publish(Entry(notice, self._clock.now()))
        return self._posted(notice)

    def find(self, notice: Notice) -> Posted | None:
        posted = self._posted(notice)
        for opening in self._shelf.says(DOCUMENT):
            assert isinstance(opening.answer, Content)
            if f"<id>{posted.url}</id>".encode() in self._shelf.read(opening.answer.digest):
                return posted
        return None

    def _posted(self, notice: Notice) -> Posted:
        return Posted(notice.slug, f"{self._site}{PATH}#{notice.slug}")

    def check(self) -> None: ...

    def publish(self, *new: Entry) -> None:
        """Put the feed as it stands on the shelf, open at once."""
        with self._shelf.alone("feed"):
            said = {entry.notice.slug: entry for entry in (*new, *self._said())}
            now = self._clock.now()
            body = self._atom(said)
            name = self._shelf.put(body)
            content = Content(name, len(body), "application/atom+xml; charset=utf-8")
            self._shelf.publish(DOCUMENT, [Opening(PATH, now, content)], now)

    def _atom(self, said: Mapping[str, Entry]) -> bytes:
        feed = Atom1Feed(
            title=f"{self._producer}: releases and notices",
            link=f"{self._site}/",
            description="",
            language="en-GB",
            feed_url=f"{self._site}{PATH}",
        )
        newest = sorted(said.values(), key=lambda entry: entry.at, reverse=True)
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
