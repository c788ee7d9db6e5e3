"""Is this what was sealed, for which path, and when did or does it open?"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from ninethirty.core import gate
from ninethirty.core.schedule import Content, Gone, Opening
from ninethirty.core.times import Clock, Instant
from ninethirty.desk.shelving.book import Book, Entry
from ninethirty.desk.shelving.looked_at import LookedAt, look_at
from ninethirty.desk.shelving.note import What
from ninethirty.desk.shelving.standing import in_force, standing
from ninethirty.desk.shelving.words import told

_SINCE = {
    What.SEALED: "another was sealed in its place at",
    What.HELD: "that was held at",
    What.WITHDRAWN: "that was withdrawn at",
}


@dataclass(frozen=True)
class Verdict:
    yes: bool
    words: tuple[str, ...]
    digest: str = ""
    """Of what was found, if it was sealed."""
    path: str = ""


@dataclass(frozen=True)
class _Match:
    """These bytes, at this path, from `opens` until `until` (None: for good)."""

    path: str
    opens: Instant
    until: Instant | None
    zone: str
    early: bool
    """It is a page of before/, not the release."""


def verify(place: str, book: Book, clock: Clock) -> Verdict:
    """Compare a file, or what an address answers, with what is sealed.

    Raises:
        CannotStart: there is no such file. OutsideFailed: no answer from the address.
    """
    entries = list(book.entries())
    # What stood there before counts too: a withdrawn file is still known, and said to be so.
    past = [pair for entry in entries for pair in pairwise([entry, *book.former(entry)])]
    known = [*entries, *(former for _, former in past)]
    begun = clock.now()
    found = look_at(place, most_bytes=_largest(known))
    # Judged in its favour: not early if T came while it was read, nor late if it was asked before.
    now = clock.now()
    here = [entry for entry in entries if any(o.path == found.path for o in entry.openings)]
    expected = _expected(here, found.path, now)
    if found.status != 200:
        return _not_there(place, found, here, now)
    matches = [match for entry in entries for match in _matches(entry, found.digest, now)]
    at_path = [match for match in matches if match.path == found.path]
    in_place = at_path or ([] if here else matches)
    live = [match for match in in_place if match.until is None or match.until > begun]
    if live:
        return _sealed(place, found, live, now)
    if expected:
        return Verdict(
            False,
            (
                f"NO: {place} is not what was sealed for {found.path}",
                f"  expected {expected}",
                f"  found    {found.digest or 'something longer than anything sealed'}",
            ),
        )
    ended = [_ended(match, now) for match in in_place]
    ended += [
        _was(former, later, match)
        for later, former in past
        for match in _matches(former, found.digest, now)
    ]
    return Verdict(False, (_no(place, found), *dict.fromkeys(ended)))


def _sealed(place: str, found: LookedAt, live: list[_Match], now: Instant) -> Verdict:
    lines = [f"  sealed for {match.path}, {_when(match, now)}" for match in live]
    if found.path and all(match.opens > now for match in live):
        return Verdict(
            False, (f"EARLY: {place} is what was sealed, and is public before its time", *lines)
        )
    return Verdict(
        True,
        (f"Yes: {place} is what was sealed", *lines, f"  digest {found.digest}"),
        found.digest,
        found.path,
    )


def _not_there(place: str, found: LookedAt, entries: list[Entry], now: Instant) -> Verdict:
    waiting = [
        f"  it opens {told(change, standing(entry, now).zone)}; until then that is right"
        for entry in entries
        if (change := gate.next_change(_timeline(entry, found.path), now))
        and gate.answer(_timeline(entry, found.path), now) is None
    ]
    withdrawn = [
        f"  it was withdrawn {told(opening.opens, standing(entry, now).zone)}: "
        f"{opening.answer.reason}"
        for entry in entries
        if (opening := in_force(entry.openings, now).get(found.path))
        and isinstance(opening.answer, Gone)
    ]
    return Verdict(
        False,
        (f"NO: {place} answered {found.status}, nothing to compare with", *waiting, *withdrawn),
    )


def _no(place: str, found: LookedAt) -> str:
    if not found.digest:
        return f"NO: {place} is longer than anything that was sealed"
    return f"NO: {place} is not what is sealed now (its digest is {found.digest})"


def _ended(match: _Match, now: Instant) -> str:
    assert match.until is not None
    return (
        f"  it was public at {match.path} from {told(match.opens, match.zone)} "
        f"until {told(match.until, match.zone)}"
    )


def _was(former: Entry, later: Entry, match: _Match) -> str:
    done = later.note
    note = f"; {_SINCE[done.what]} {told(done.at, done.zone)}" if done else ""
    return f"  it was sealed for {match.path}, to open at {told(match.opens, match.zone)}{note}"


def _when(match: _Match, now: Instant) -> str:
    until = f", until {told(match.until, match.zone)}" if match.until else ""
    opens = "opens" if match.opens > now else "open since"
    what = "for the time before T, " if match.early else ""
    return f"{what}{opens} {told(match.opens, match.zone)}{until}"


def _matches(entry: Entry, digest: str, now: Instant) -> Iterator[_Match]:
    paths = {o.path for o in entry.openings if _is(o, digest)}
    stood = standing(entry, now)
    for path in paths:
        timeline = _timeline(entry, path)
        for place, opening in enumerate(timeline):
            if _is(opening, digest):
                later = timeline[place + 1].opens if place + 1 < len(timeline) else None
                early = stood.public is None and opening.opens <= now
                yield _Match(path, opening.opens, later, stood.zone, early)


def _is(opening: Opening, digest: str) -> bool:
    return isinstance(opening.answer, Content) and opening.answer.digest == digest


def _expected(entries: list[Entry], path: str, now: Instant) -> str:
    """The digest that this path answers with now; empty if it answers with no content."""
    for entry in entries:
        answer = gate.answer(_timeline(entry, path), now)
        if isinstance(answer, Content):
            return answer.digest
    return ""


def _timeline(entry: Entry, path: str) -> list[Opening]:
    return sorted(
        (opening for opening in entry.openings if opening.path == path),
        key=lambda opening: opening.opens,
    )


def _largest(entries: list[Entry]) -> int:
    return max(
        (
            opening.answer.size_bytes
            for entry in entries
            for opening in entry.openings
            if isinstance(opening.answer, Content)
        ),
        default=0,
    )
