"""Say a word to users on one channel, once, however often it takes."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import quote

from ninethirty.core import telling, wording
from ninethirty.core.errors import NeverDone
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.seal import PAGE, File
from ninethirty.core.times import Clock, Instant, WallTime, latest
from ninethirty.core.watch import ALTERNATE
from ninethirty.core.wording import ENGLISH, WELSH, Templates, Words
from ninethirty.desk.actions.bundle import manifest_in
from ninethirty.desk.actions.step import Happened, Work
from ninethirty.desk.outside.fence import make_sure
from ninethirty.desk.outside.notices.channels import FEED, adapter, takes_once
from ninethirty.desk.outside.notices.feed import Entry, Feed
from ninethirty.desk.outside.notices.port import Channel, Notice
from ninethirty.desk.record.models import Message, Release
from ninethirty.desk.setup import Setup, setup

TO_THE_MINUTE = timedelta(minutes=1)
"""Notices give the time in minutes, so within this it was there "since 9:30am"."""


@dataclass(frozen=True)
class Word:
    """What one step says. about: late, update, recovered, corrected."""

    channel: str
    about: str
    language: str = ENGLISH

    @property
    def kept_as(self) -> str:
        return kept_as(self.about, self.language)


def tell_late(work: Work, channel: str, language: str = ENGLISH) -> list[Happened]:
    return _tell(work, Word(channel, "late", language))


def tell_recovered(work: Work, channel: str, language: str = ENGLISH) -> list[Happened]:
    return _tell(work, Word(channel, "recovered", language))


def tell_update(work: Work, channel: str, language: str = ENGLISH) -> list[Happened]:
    return _tell(work, Word(channel, "update", language))


def tell_corrected(work: Work, channel: str, language: str = ENGLISH) -> list[Happened]:
    """Those whom we told of the release that this one corrects; nobody else need hear of it."""
    word = Word(channel, "corrected", language)
    return _tell(work, word) if _first(work.release, word) else []


def row(release: Release, word: Word, facts: Iterable[Fact]) -> dict[str, Any]:
    """The message that keeps it, in the words approved, but for its key."""
    templates = setup().languages[word.language]
    match word.about:
        case "late":
            seen = [fact for fact in facts if fact.kind is Kind.FIRST_SEEN]
            words, link = words_late(release, seen, templates), alternate_of(release)
        case "update":
            words, link = words_update(release, templates), alternate_of(release)
        case "recovered":
            words, link = words_recovered(release, templates), release.announced
        case _:
            words, link = words_corrected(release, templates), release.announced
    return {
        "subject": release.id,
        "channel": word.channel,
        "about": word.kept_as,
        "at": setup().clock().now(),
        "title": words.title,
        "text": words.short,
        "link": link,
    }


def told(word: Word, message: Message) -> Happened:
    details = {"channel": word.channel, "about": word.about, "message": message.id}
    if word.language != ENGLISH:
        details["language"] = word.language
    key = f"told/{word.kept_as}/{word.channel}"
    return Happened(Kind.USERS_TOLD, setup().clock().now(), key, details)


def words_late(release: Release, first_seen: Iterable[Fact], templates: Templates) -> Words:
    """first_seen: the facts that say since when an address has had it."""
    promise = WallTime.parse(release.opens)
    on_time = any(
        latest(fact.at) < promise.resolve() + TO_THE_MINUTE
        for fact in first_seen
        if fact.details["channel"] == ALTERNATE
    )
    since = promise.local if on_time else None
    return wording.late(release.title, alternate_of(release), since=since, templates=templates)


def words_update(release: Release, templates: Templates) -> Words:
    return wording.update(release.title, alternate_of(release), templates=templates)


def words_recovered(release: Release, templates: Templates) -> Words:
    return wording.recovered(release.title, release.announced, templates=templates)


def words_corrected(release: Release, templates: Templates) -> Words:
    return wording.corrected(release.title, release.announced, templates=templates)


def kept_as(about: str, language: str) -> str:
    """What a message of this language is about: late, late-cy."""
    return about if language == ENGLISH else f"{about}-{language}"


def alternate_of(release: Release) -> str:
    """Its address on our own gate."""
    return f"{setup().site}{release.path}"


def _tell(work: Work, word: Word) -> list[Happened]:
    kept = row(work.release, word, work.facts)
    channel = word.channel
    service = reach(channel, setup())
    driven = telling.tell(only_look=work.only_look, keyed=takes_once(service))
    answer: object = None
    while True:
        try:
            ask = driven.send(answer)
        except StopIteration as end:
            said = end.value
            break
        match ask:
            case telling.Keep(make):
                if make:
                    message, new = Message.objects.get_or_create(key=work.effect_key, defaults=kept)
                else:
                    found = Message.objects.filter(key=work.effect_key).first()
                    message, new = found or Message(**kept), found is None
                notice = replace(
                    _notice(message, answers=_earlier(work.release, word)),
                    files=_files(work.release) if word.about == "late" else (),
                    copies=_copies(work.release) if word.about == "late" else {},
                )
                others = Message.objects.filter(subject=work.release.id, channel=channel)
                count = others.exclude(key=work.effect_key).count()
                answer = telling.Kept(new, told=message.is_out, others=count)
            case telling.Find():
                answer = service.find(notice)
            case telling.Post():
                make_sure()  # whichever way the channel sends
                answer = service.post(notice)
            case telling.Note(posted):
                message.service_id, message.url = posted.id, posted.url
                message.save()
            case telling.Drop():
                Message.objects.filter(key=work.effect_key).delete()
    if not said:
        raise NeverDone(f"nothing was said on {channel}")
    return [told(word, message)]


def _files(release: Release) -> tuple[str, ...]:
    """Where they are on our own gate, at which witnesses look."""
    return tuple(f"{alternate_of(release)}/{quote(file.name)}" for file in _sealed(release))


def _copies(release: Release) -> dict[str, Callable[[], bytes]]:
    shelf = setup().shelf()
    return {file.name: partial(shelf.read, file.digest) for file in _sealed(release)}


def _sealed(release: Release) -> list[File]:
    if release.manifest is None:
        return []
    return [file for file in manifest_in(release.manifest).files if file.name != PAGE]


def _notice(message: Message, answers: str = "") -> Notice:
    return Notice(
        title=message.title,
        short=message.text,
        link=message.link,
        # All of the subject: the last parts of "gdp/2026-q3" and "cpi/2026-q3" are the same.
        slug=f"{message.subject.replace('/', '-')}-{message.about}",
        at=Instant.of(message.at),
        answers=answers,
        language=WELSH if message.about.endswith(f"-{WELSH}") else ENGLISH,
    )


def _earlier(release: Release, word: Word) -> str:
    """The id of the post that this one answers."""
    first = _first(release, word) if word.about != "late" else None
    return first.service_id if first else ""


def _first(release: Release, word: Word) -> Message | None:
    """The word that it was late; a correction finds it with the release that it corrects."""
    subject = release.replaces if word.about == "corrected" else release.id
    said = Message.objects.filter(subject=subject, channel=word.channel)
    return said.filter(about=kept_as("late", word.language)).order_by("id").first()


def reach(name: str, setup: Setup) -> Channel:
    """Raises what `adapter` raises."""
    clock = setup.clock()
    if name == FEED:
        return feed(setup, clock)
    return adapter(name, setup.services[name], clock)


def feed(setup: Setup, clock: Clock) -> Feed:
    """The site's feed with everything said on it so far."""

    def said() -> list[Entry]:
        messages = Message.objects.filter(channel="feed").order_by("id")
        return [Entry(_notice(message), Instant.of(message.at)) for message in messages]

    return Feed(
        setup.shelf(),
        site=setup.site,
        producer=setup.producer,
        clock=clock,
        said=said,
    )
