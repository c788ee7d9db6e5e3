"""Send what waits for subscribers, so that nobody has it twice.

A runner takes deliveries in chunks, notes in a journal which of them it begins and ends, and writes
what came of them at the chunk's end. Of a runner that died the journal tells which were begun and
not ended: one for each connection at most. Those are unknown, and sent again only if a person says
so. Where the journal cannot be read (another machine, or one that lost its power), all that is not
known to have ended is unknown.
"""

from collections.abc import Collection, Iterable
from datetime import timedelta
from pathlib import Path

import structlog
from django.db import connection, transaction

from ninethirty.core.errors import NotAllowed
from ninethirty.core.letter import Sent, link
from ninethirty.core.release import Role
from ninethirty.core.subscription import token
from ninethirty.core.times import Instant
from ninethirty.desk.actions.people import role_of
from ninethirty.desk.actions.subscribe import CONFIRM, SUBSCRIPTIONS, key
from ninethirty.desk.outside.mailing import journal
from ninethirty.desk.outside.mailing.account import account
from ninethirty.desk.outside.mailing.journal import Journal
from ninethirty.desk.outside.mailing.post import Came, Mail, Post
from ninethirty.desk.outside.mailing.returned import BOUNCED
from ninethirty.desk.outside.mailing.stencil import Stencil
from ninethirty.desk.record.models import Delivery, Message, Subscription
from ninethirty.desk.service import SUBSCRIBERS
from ninethirty.desk.setup import setup

CHUNK = 1000

PAUSE = timedelta(minutes=1)
"""After a mail that the server did not take now; it doubles with each further try."""

TRIES = 10
"""Over some seventeen hours."""

log = structlog.get_logger()

_STATE = {Came.SENT: "sent", Came.REFUSED: "refused", Came.BOUNCED: "refused"} | {
    Came.UNKNOWN: "unknown"
}


def mail_out(alive: Collection[str], *, by: str) -> int:
    """All that waits; how many came to an end.

    alive: names of the runners that live. Raises OutsideFailed: the server takes nothing now.
    """
    settle(alive, by=by)
    ended = 0
    kept: Journal | None = None
    post: Post | None = None
    try:
        while message := _next():
            if kept is None or post is None:
                kept = Journal(_journal_of(by))
                post = Post(account(setup()), setup().services[SUBSCRIBERS].sender, kept)
            ended += _chunk(message, post, kept, by)
    finally:
        if kept:
            kept.close()
    return ended


def _next() -> Message | None:
    """One with mail to be sent now: somebody who waits for a link before any list."""
    now = setup().clock().now()
    waiting = Delivery.objects.filter(state="waiting", at__lte=now).values("message")
    messages = list(Message.objects.filter(id__in=waiting).order_by("id"))
    return min(messages, key=lambda one: (one.subject != SUBSCRIPTIONS, one.id), default=None)


def _chunk(message: Message, post: Post, kept: Journal, by: str) -> int:
    taken = _take(message, by)
    rows = Subscription.objects.in_bulk([one.subscription for one in taken])
    stencil = _stencil(message)
    there = [one for one in taken if one.subscription in rows]
    signs = key()
    mails = [_mail(one.id, rows[one.subscription], stencil, message.about, signs) for one in there]
    came: dict[int, str] = {one.id: "gone" for one in taken if one.subscription not in rows}
    try:
        post.hand_in(mails, came)
    finally:
        _save(taken, came, by)
        kept.forget()
    return len(came)


def _take(message: Message, by: str) -> list[Delivery]:
    now = setup().clock().now()
    with transaction.atomic():
        waiting = Delivery.objects.filter(message=message, state="waiting", at__lte=now)
        if connection.features.has_select_for_update_skip_locked:
            waiting = waiting.select_for_update(skip_locked=True)
        taken = list(waiting.order_by("id")[:CHUNK])
        Delivery.objects.filter(id__in=[one.id for one in taken]).update(state="taken", holder=by)
    return taken


def _save(taken: Iterable[Delivery], came: dict[int, str], holder: str) -> None:
    """What is missing in `came` was not begun, and waits again."""
    now = setup().clock().now()
    by_word: dict[str, list[Delivery]] = {}
    for one in taken:
        by_word.setdefault(came.get(one.id, ""), []).append(one)
    with transaction.atomic():
        for word, some in by_word.items():
            _save_as(word, some, holder, now)


def _save_as(word: str, some: list[Delivery], holder: str, now: Instant) -> None:
    rows = Delivery.objects.filter(id__in=[one.id for one in some], holder=holder, state="taken")
    if word == Came.LATER:
        for one in some:
            again = now + PAUSE * 2**one.tries
            state = "waiting" if one.tries + 1 < TRIES else "refused"
            rows.filter(id=one.id).update(state=state, tries=one.tries + 1, holder="", at=again)
        return
    if word == Came.BOUNCED:
        stop([one.subscription for one in some], BOUNCED, now, by=holder)
    state = _STATE[Came(word)] if word in set(Came) else word or "waiting"
    rows.update(state=state, holder="", at=now)


def stop(subscriptions: list[int], why: str, now: Instant, *, by: str) -> None:
    """No more mail to these addresses, whatever they asked for."""
    addresses = Subscription.objects.filter(id__in=subscriptions).values_list("address", flat=True)
    rows = Subscription.objects.filter(address__in=list(addresses), stopped=None)
    log.info("subscription.stopped", count=rows.update(stopped=now, why=why), why=why, by=by)


def settle(alive: Collection[str], *, by: str) -> None:
    """Say what came of that which dead runners had taken, and we ourselves, if what came of it
    could not be saved then."""
    held = Delivery.objects.filter(state="taken").exclude(holder__in={*alive} - {by})
    for dead in held.order_by().values_list("holder", flat=True).distinct():
        told = journal.read(_journal_of(dead))
        taken = list(Delivery.objects.filter(state="taken", holder=dead))
        came = dict(told.ended)
        for one in taken:
            if one.id in told.begun or (not told.whole and one.id not in came):
                came[one.id] = Came.UNKNOWN
        _save(taken, came, dead)
        unknown = sum(came.get(one.id) == Came.UNKNOWN for one in taken)
        log.warning("mail.settled", runner=dead, taken=len(taken), unknown=unknown)
        _journal_of(dead).unlink(missing_ok=True)


def send_unknown(message: int, *, by: str) -> int:
    """A person looked at them and would rather that some have it twice than that some have it not;
    how many there are. Raises NotAllowed."""
    role = role_of(by)
    if role not in (Role.PUBLISHING_OFFICER, Role.HEAD_OF_PROFESSION, Role.OPERATOR):
        raise NotAllowed(f"sent again: not for a {role}")
    unknown = Delivery.objects.filter(message=message, state="unknown")
    return unknown.update(state="waiting", at=setup().clock().now())


def _journal_of(runner: str) -> Path:
    return setup().home / "mailing" / runner


def _stencil(message: Message) -> Stencil:
    return Stencil(
        sender=setup().services[SUBSCRIBERS].sender,
        list=message.subject.replace("/", "."),
        subject=message.title,
        text=message.text,
        at=Instant.of(message.at),
        key=message.key,
    )


def _mail(id: int, row: Subscription, stencil: Stencil, about: str, signs: bytes) -> Mail:
    ref = bytes.fromhex(row.ref)

    def address(act: Sent) -> str:
        return f"{setup().site}{link(act, token(signs, act, ref))}"

    leave = address(Sent.LEAVE)
    lines = (
        f"Tell me: {address(Sent.CONFIRM)}"
        if about == CONFIRM
        else f"To leave this list: {leave}\nTo have your address erased: {address(Sent.ERASE)}"
    )
    return Mail(id, row.address, stencil.mail(row.address, row.ref, lines, leave))
