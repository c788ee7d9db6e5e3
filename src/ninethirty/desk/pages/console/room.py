"""What an incident room shows, in as many queries at ten thousand facts as at ten."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from markupsafe import Markup

from ninethirty.core import sighting
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.sighting import Sighting
from ninethirty.core.times import Instant, WallTime
from ninethirty.core.watch import CONTROL, read_order
from ninethirty.core.wording import Words
from ninethirty.desk.actions.tell_users import (
    alternate_of,
    kept_as,
    words_late,
    words_recovered,
    words_update,
)
from ninethirty.desk.outside.notices.channels import in_use
from ninethirty.desk.pages.console.fold import Fold, folded
from ninethirty.desk.pages.console.seen import Grid, grid
from ninethirty.desk.pages.console.steps import Row, rows
from ninethirty.desk.papers import callers
from ninethirty.desk.papers.line import BOOKKEEPING
from ninethirty.desk.record.models import Message, Person, Release, SightingCount, SightingRow
from ninethirty.desk.record.rows import marks, read
from ninethirty.desk.runner.book import book_for
from ninethirty.desk.setup import setup

SHOWN = 200
"""Facts at once; older ones on demand."""

LOOKS, LOOKS_BEFORE = 200, 50
"""Sightings of a channel that tell what is seen now, and what stood there before T."""


@dataclass(frozen=True)
class Notice:
    """A word to users on one channel. sent: when; None: how it would be."""

    channel: str
    about: str
    title: str
    text: str
    sent: Instant | None = None
    url: str = ""


@dataclass(frozen=True)
class Room:
    """since: what a page says to be told only what is newer. names: of the people in it, by id."""

    release: Release
    zone: str
    now: Instant
    since: str
    state: str
    vetoed: bool
    in_doubt: bool
    steps: list[Row]
    grids: list[Grid]
    notices: list[Notice]
    thread: list[Message]
    paged: list[Fact]
    acknowledged: list[tuple[str, Instant]]
    say: list[str]
    note: Message | None
    why_vetoed: str
    names: dict[str, str]
    rendered: dict[Any, Markup] = field(default_factory=dict)
    """What pages made of it, by what else it depends on."""
    lock: Lock = field(default_factory=Lock)

    @property
    def facts(self) -> int:
        """How many it rests on."""
        return int(self.since.partition(".")[0])

    def once(self, what: Any, render: Callable[[], str]) -> Markup:
        """As the first of all who ask has it rendered; the others wait for that."""
        with self.lock:
            if what not in self.rendered:
                self.rendered[what] = Markup(render())  # noqa: S704  # of a template
            return self.rendered[what]


def since_of(release: Release, facts: int, now: Instant) -> str:
    """The facts, the sightings and the minute: what stands in the room changes with these alone."""
    seen = SightingCount.objects.filter(release=release.id).values_list("n", flat=True).first()
    return f"{facts}.{seen or 0}.{int(now.timestamp()) // 60}"


def room_of(release: Release) -> Room:
    """The same object for everybody who asks until there is something new."""
    now = setup().clock().now()
    with folded(release.id) as fold:
        since = since_of(release, fold.progress.n, now)
        if fold.shown is None or fold.shown.since != since:
            fold.shown = _room(release, fold, since, now)
        room: Room = fold.shown
        return room


def _room(release: Release, fold: Fold, since: str, now: Instant) -> Room:
    progress, promise = fold.progress, WallTime.parse(release.opens)
    progress.opens = promise.resolve()
    messages = list(Message.objects.filter(subject=release.id).order_by("-id")[:SHOWN])
    return Room(
        release=release,
        zone=promise.zone,
        now=now,
        since=since,
        state=callers.state(progress),
        vetoed=progress.vetoed,
        in_doubt=progress.first(Kind.LATE_PROVISIONAL) is not None,
        steps=rows(book_for(in_use(setup()), len(setup().copies), setup().languages), fold, now),
        grids=_grids(release, fold, since, now),
        notices=_notices(release, fold, messages),
        thread=[one for one in reversed(messages) if one.channel in ("ticket", "answer")],
        paged=fold.paged[:-11:-1],
        acknowledged=sorted(progress.acknowledged.items(), key=lambda one: one[1]),
        say=callers.hold_line(release.title, progress, alternate_of(release), promise.zone),
        note=_kept(messages, progress.last(Kind.HANDED_OVER), "message"),
        why_vetoed=_words(messages, progress.last(Kind.VETOED)) if progress.vetoed else "",
        names=names_of(_people(fold)),
    )


def timeline(release: str, *, after: int = 0, before: int = 0) -> list[Fact]:
    """The newest first, without what is bookkeeping; those after a number, or before one."""
    source = "facts f WHERE f.subject = %s AND f.n > %s"
    values: list[object] = [release, after]
    if before:
        source, values = f"{source} AND f.n < %s", [*values, before]
    kinds = sorted(map(str, BOOKKEEPING))
    source += f" AND f.kind NOT IN ({marks(kinds)}) ORDER BY f.n DESC LIMIT {SHOWN}"
    return [fact for fact, _ in read(source, [*values, *kinds])]


def names_of(people: Collection[str]) -> dict[str, str]:
    return dict(Person.objects.filter(id__in=people).values_list("id", "name"))


def _people(fold: Fold) -> set[str]:
    paged = {fact.details.get("person", "") for fact in fold.paged}
    return {*fold.progress.acted, *paged}


def _grids(release: Release, fold: Fold, since: str, now: Instant) -> list[Grid]:
    """As they were, if only facts came since: most of a room's work is here."""
    rests_on = (since.partition(".")[2], bytes(release.order or b""))
    if fold.seen is None or fold.seen[0] != rests_on:
        fold.seen = rests_on, _look(release, fold, now) if release.order else []
    grids: list[Grid] = fold.seen[1]
    return grids


def _look(release: Release, fold: Fold, now: Instant) -> list[Grid]:
    order = read_order(bytes(release.order or b""), setup().key().public)
    names = {CONTROL, *(channel.name for channel in order.channels)}
    newest = {name: _newest(release.id, name, order.opens, now) for name in names}
    wanted = {n for numbers in newest.values() for n in numbers}
    looks = {n: fold.looks[n] for n in wanted & fold.looks.keys()}
    rows = SightingRow.objects.filter(release=release.id, n__in=wanted - looks.keys())
    looks |= {n: sighting.read(one) for n, one in rows.values_list("n", "document")}
    fold.looks = looks
    key = bytes.fromhex(release.key)

    def seen(channel: str) -> list[Sighting]:
        return [looks[n] for n in newest[channel]]

    return [
        grid(order, channel, [*seen(CONTROL), *seen(channel.name)], key, now)
        for channel in order.channels
    ]


def _newest(release: str, channel: str, opens: Instant, now: Instant) -> list[int]:
    """Numbers of the looks that matter. A witness whose clock is ahead pushes out no other's."""
    looks = SightingRow.objects.filter(release=release, channel=channel, started__lte=now)
    looks = looks.order_by("-started")
    numbers = looks.values_list("n", flat=True)
    before, since = numbers.filter(started__lt=opens), numbers.filter(started__gte=opens)
    return [*before[:LOOKS_BEFORE], *since[:LOOKS]]


def _notices(release: Release, fold: Fold, messages: list[Message]) -> list[Notice]:
    channels = in_use(setup())
    sent = {(one.channel, one.about): one for one in messages if one.channel in channels}
    seen = fold.progress.of.get(Kind.FIRST_SEEN, ())
    ready = {}
    for language, templates in setup().languages.items():
        ready[kept_as("late", language)] = words_late(release, seen, templates)
        ready[kept_as("update", language)] = words_update(release, templates)
        ready[kept_as("recovered", language)] = words_recovered(release, templates)
    return [
        _notice(channel, about, sent.get((channel, about)), words)
        for about, words in ready.items()
        for channel in channels
    ]


def _notice(channel: str, about: str, sent: Message | None, words: Words) -> Notice:
    if sent is None:
        return Notice(channel, about, words.title, words.short)
    at = Instant.of(sent.at) if sent.is_out else None
    return Notice(channel, about, sent.title, sent.text, at, sent.url)


def _words(messages: list[Message], fact: Fact | None) -> str:
    found = _kept(messages, fact, "reason_kept")
    return found.text if found else ""


def _kept(messages: list[Message], fact: Fact | None, name: str) -> Message | None:
    """The row that keeps what somebody wrote, if it is among the newest."""
    wanted = fact.details[name] if fact else None
    return next((one for one in messages if one.id == wanted), None)
