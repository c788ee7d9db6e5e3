"""Tell the end of every timeline, sign it, and publish that through the gate."""

from django.db import transaction

from ninethirty.core import heads
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.heads import Signed, read_signed, write_signed
from ninethirty.core.schedule import Content, Opening
from ninethirty.core.times import Instant
from ninethirty.desk.actions.opening import scheduled
from ninethirty.desk.record import ends
from ninethirty.desk.record.facts import append, lock
from ninethirty.desk.setup import setup

PATH = "/record/heads.json"
_DOCUMENT = "site/heads"


def sign_heads(*, by: str) -> Fact | None:
    """To be asked every second or so: what it told now, or None if nothing was due.

    Raises:
        ChainBroken: a timeline that was told before is gone or shorter. Nothing is signed over it.
    """
    now = setup().clock().now()
    fact = _tell(now, by)
    _publish(now)
    return fact


def published() -> bytes | None:
    """The signed document as it lies on the shelf."""
    shown = [opening.answer for opening in scheduled(_DOCUMENT)]
    if not shown or not isinstance(shown[-1], Content):
        return None
    return setup().shelf().read(shown[-1].digest)


def _tell(now: Instant, by: str) -> Fact | None:
    if not _may_be_due(now):
        return None
    with transaction.atomic():
        lock([heads.SUBJECT])
        if not _may_be_due(now):
            return None  # another runner was first
        before, after = ends.told(), ends.current()
        details = heads.details_of(before, after)
        last = ends.newest()
        at = last[0].recorded if last else None
        if not heads.is_due(at, now, news=bool(details["grown"])):
            return None
        fact = append(
            heads.SUBJECT, Kind.HEADS_SIGNED, at=now, recorded=now, actor=by, details=details
        )
        ends.keep_told({subject: (n, hashed) for subject, n, hashed in details["grown"]})
        return fact


def _may_be_due(now: Instant) -> bool:
    """Without reading every head."""
    last = ends.newest()
    return heads.is_due(last[0].recorded if last else None, now, news=True)


def _publish(now: Instant) -> None:
    """Also what was told and not published, because somebody died in between."""
    last = ends.newest()
    if last is None:
        return
    fact, hashed = last
    shelf, key = setup().shelf(), setup().key()
    with shelf.alone("heads"):
        there = published()
        if there and read_signed(there, key.public).n >= fact.n:
            return
        signed = Signed(
            n=fact.n,
            hash=hashed,
            digest=fact.details["digest"],
            subjects=fact.details["subjects"],
            at=fact.recorded,
        )
        body = write_signed(signed, key)
        content = Content(shelf.put(body), len(body), "application/json")
        shelf.publish(_DOCUMENT, [Opening(PATH, now, content)], now)
