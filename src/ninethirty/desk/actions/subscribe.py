"""Heed what somebody asked about being told by mail. No fact is written: what is kept of them is a
row, and it goes when they do."""

import secrets
from datetime import timedelta

import structlog
from django.db import transaction

from ninethirty.core import wording
from ninethirty.core.errors import Malformed
from ninethirty.core.keyring import derive
from ninethirty.core.letter import Letter, Sent
from ninethirty.core.subscription import REF_BYTES, read_address, read_token
from ninethirty.core.times import Instant
from ninethirty.desk.outside.mailing.returned import COMPLAINED
from ninethirty.desk.record.models import Delivery, Message, Producer, Series, Subscription
from ninethirty.desk.setup import setup

SUBSCRIPTIONS = "subscriptions"
"""The subject of the messages that ask for confirmation."""

CONFIRM = "confirm"
CHANNEL = "subscribers"

ASK_AGAIN = timedelta(days=1)
"""Whoever types somebody else's address, as often as they like, brings them one mail a day."""

log = structlog.get_logger()


def heed(letter: Letter, *, by: str) -> None:
    """What cannot be heeded is forgotten: whoever sent it was told nothing either."""
    try:
        if letter.sent is Sent.SUBSCRIBE:
            ask(read_address(letter.words), letter.about, letter.at, late=letter.late, by=by)
        else:
            follow(letter.sent, letter.words, letter.at, by=by)
    except Malformed as wrong:
        log.info("subscription.not_heeded", sent=str(letter.sent), why=str(wrong))


def ask(address: str, topic: str, at: Instant, *, late: bool, by: str) -> None:
    """Write to the address, and ask whether it is they who want it.

    Raises:
        Malformed: there is no such series or producer.
    """
    title = _title(topic)
    with transaction.atomic():
        row, new = Subscription.objects.get_or_create(
            address=address,
            topic=topic,
            defaults={"ref": secrets.token_hex(REF_BYTES), "asked": at, "late": late},
        )
        if row.why == COMPLAINED or (row.confirmed and not row.stopped and row.late == late):
            return
        if not row.confirmed:
            Subscription.objects.filter(id=row.id).update(late=late, asked=at)
        words = wording.together(
            [wording.confirm(title, templates=one) for one in setup().languages.values()]
        )
        message, _ = Message.objects.get_or_create(
            key=f"{SUBSCRIPTIONS}/{CONFIRM}{topic}",
            defaults={
                "subject": SUBSCRIPTIONS,
                "channel": CHANNEL,
                "about": CONFIRM,
                "at": at,
                "title": words.title,
                "text": words.short,
                "link": topic,
            },
        )
        mail, new = Delivery.objects.get_or_create(
            message=message, subscription=row.id, defaults={"at": at}
        )
        over = mail.state not in ("waiting", "taken") and mail.at <= at - ASK_AGAIN
        if not new and over:
            Delivery.objects.filter(id=mail.id).update(state="waiting", at=at, tries=0)
    log.info("subscription.asked", topic=topic, by=by)


def follow(act: Sent, token: str, at: Instant, *, by: str) -> None:
    """What the link in our mail says, once somebody has pressed the button behind it.

    Raises:
        Malformed: not a link of ours.
    """
    ref = read_token(key(), act, token).hex()
    rows = Subscription.objects.filter(ref=ref)
    with transaction.atomic():
        if act is Sent.CONFIRM:
            rows.update(confirmed=at, stopped=None, why="")
        elif act is Sent.LEAVE:
            rows.delete()
        else:
            address = rows.values_list("address", flat=True).first()
            if address:
                erase_address(address, by=by)
    log.info("subscription.followed", act=str(act), by=by)


def erase_address(address: str, *, by: str) -> int:
    """Every subscription of this address, and what it was mailed; how many there were."""
    with transaction.atomic():
        rows = Subscription.objects.filter(address__iexact=address)
        Delivery.objects.filter(subscription__in=list(rows.values_list("id", flat=True))).delete()
        count, _ = rows.delete()
    log.info("subscription.erased", count=count, by=by)
    return count


def key() -> bytes:
    """Of the tokens in our links."""
    return derive(bytes.fromhex(setup().key().secret()), SUBSCRIPTIONS)


def _title(topic: str) -> str:
    """Raises Malformed."""
    kind, _, id = topic.lstrip("/").partition("/")
    found = None
    if kind == "series":
        found = Series.objects.filter(id=id).values_list("title", flat=True).first()
    elif kind == "producers":
        found = Producer.objects.filter(id=id).values_list("name", flat=True).first()
    if not found:
        raise Malformed("there is no such series or producer")
    return found
