"""Put a mail to everybody who asked for it on its way; `mail_out` sends it."""

import structlog

from ninethirty.core import wording
from ninethirty.core.errors import NotYet
from ninethirty.core.facts import Kind
from ninethirty.core.subscription import Wish, to_be_told
from ninethirty.core.times import Instant
from ninethirty.core.wording import Templates, Words, together
from ninethirty.desk.actions.people import RUNNER
from ninethirty.desk.actions.step import Happened, Work
from ninethirty.desk.actions.subscribe import CHANNEL
from ninethirty.desk.actions.tell_users import alternate_of
from ninethirty.desk.record.models import Delivery, Message, Release, Series, Subscription
from ninethirty.desk.setup import setup

QUEUED = "queued"
"""service_id of a message of which every delivery is in the record."""

AT_ONCE = 2000
"""Rows in one transaction: others write in between."""

log = structlog.get_logger()


def tell_subscribers(work: Work, about: str) -> list[Happened]:
    """about: published, late. Raises NotYet: some are still to be mailed; says how far it is."""
    release, now = work.release, setup().clock().now()
    words, link = _words(release, about)
    message, _ = Message.objects.get_or_create(
        # Not the step's: whichever step says that it is published, it is said once.
        key=f"{release.id}/{CHANNEL}/{about}",
        defaults={
            "subject": release.id,
            "channel": CHANNEL,
            "about": about,
            "at": now,
            "title": words.title,
            "text": words.short,
            "link": link,
        },
    )
    if message.service_id != QUEUED:
        queue(message, topics_of(release), now, by=f"{RUNNER}book")
    counts = {
        state: Delivery.objects.filter(message=message, state=state).count()
        for state in ("waiting", "taken", "sent", "refused", "gone", "unknown")
    }
    left = counts.pop("waiting") + counts.pop("taken")
    if left:
        total = left + sum(counts.values())
        raise NotYet(f"{total - left:,} of {total:,} mailed")
    told = counts | {"about": about, "message": message.id}
    return [Happened(Kind.SUBSCRIBERS_TOLD, now, f"{CHANNEL}/{about}", told)]


def topics_of(release: Release) -> tuple[str, ...]:
    series = Series.objects.filter(id=release.series).first()
    return (f"/series/{series.id}", f"/producers/{series.producer}") if series else ()


def queue(message: Message, topics: tuple[str, ...], now: Instant, *, by: str) -> None:
    """Begun anew by whoever comes after one that died: nobody stands in it twice."""
    rows = Subscription.objects.filter(topic__in=topics, stopped=None).exclude(confirmed=None)
    wishes = (
        Wish(*one, told=True)
        for one in rows.values_list("id", "address", "topic", "late").iterator(AT_ONCE)
    )
    chosen = to_be_told(wishes, topics, late=message.about == "late")
    for begin in range(0, len(chosen), AT_ONCE):
        Delivery.objects.bulk_create(
            [
                Delivery(message=message, subscription=id, at=now)
                for id in chosen[begin : begin + AT_ONCE]
            ],
            ignore_conflicts=True,
        )
    Message.objects.filter(id=message.id).update(service_id=QUEUED)
    log.info("mail.queued", message=message.id, count=len(chosen), by=by)


def _words(release: Release, about: str) -> tuple[Words, str]:
    """A mail has room for both languages, if they are told in both."""
    told = [mailed(release, about, templates) for templates in setup().languages.values()]
    return together(told), alternate_of(release) if about == "late" else release.announced


def mailed(release: Release, about: str, templates: Templates) -> Words:
    if about == "late":
        return wording.late(release.title, alternate_of(release), since=None, templates=templates)
    say = wording.corrected if release.replaces else wording.published
    return say(release.title, release.announced, templates=templates)
