"""Every word that users could be told of a release, as it would be said, before the day."""

from collections.abc import Iterator
from dataclasses import dataclass

from ninethirty.core import wording
from ninethirty.core.limits import LIMITS, count
from ninethirty.core.times import WallTime
from ninethirty.core.wording import Templates, Words
from ninethirty.desk.actions.tell_subscribers import mailed
from ninethirty.desk.actions.tell_users import (
    alternate_of,
    words_corrected,
    words_recovered,
    words_update,
)
from ninethirty.desk.outside.notices.channels import in_use
from ninethirty.desk.record.models import Release
from ninethirty.desk.service import SUBSCRIBERS
from ninethirty.desk.setup import setup


@dataclass(frozen=True)
class Preview:
    """letters: as the channel counts them. limit: None where it has none that could be reached."""

    channel: str
    about: str
    language: str
    words: Words
    letters: int
    limit: int | None

    @property
    def too_long(self) -> bool:
        return self.limit is not None and self.letters > self.limit


def previews(release: Release) -> list[Preview]:
    """Of each channel, every kind in every language; what mails say, too, if there are any."""
    found = []
    for language, templates in setup().languages.items():
        for about, words, link in _said(release, templates):
            for channel in in_use(setup()):
                letters = count(channel, words.short, link)
                limit = LIMITS.get(channel)
                found.append(Preview(channel, about, language, words, letters, limit))
        if SUBSCRIBERS in setup().services:
            for about in ("published", "late"):
                words = mailed(release, about, templates)
                letters = len(words.short)
                found.append(Preview(SUBSCRIBERS, about, language, words, letters, None))
    return found


def _said(release: Release, templates: Templates) -> Iterator[tuple[str, Words, str]]:
    link = alternate_of(release)
    promised = WallTime.parse(release.opens).local
    # Since when it was there is told if a witness saw it there in time: the text is longer then.
    for about, since in (("late", None), ("late, and elsewhere on time", promised)):
        yield about, wording.late(release.title, link, since=since, templates=templates), link
    yield "update", words_update(release, templates), link
    yield "recovered", words_recovered(release, templates), release.announced
    yield "corrected", words_corrected(release, templates), release.announced
