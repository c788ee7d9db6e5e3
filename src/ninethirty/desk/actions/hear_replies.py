"""Whoever answers a page by mail is at it, as if they had pressed the button behind its link."""

from collections.abc import Sequence

import structlog
from django.db import transaction

from ninethirty.core.document import digest
from ninethirty.core.errors import NotAllowed
from ninethirty.core.escalation import LADDER
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.progress import Progress
from ninethirty.desk.actions.acknowledge import acknowledge, read_link
from ninethirty.desk.actions.page_person import key_of
from ninethirty.desk.outside.pagers.replies import replies
from ninethirty.desk.outside.smtp import message_id
from ninethirty.desk.outside.tickets.desks import mailbox
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.record.models import Message
from ninethirty.desk.setup import setup

CHANNEL = "page reply"

log = structlog.get_logger()


def hear_replies(release: str, *, by: str) -> None:
    """Each mail counts once. by: who reads it; the fact is of whoever was paged.

    Raises:
        OutsideFailed: the mailbox cannot be read.
    """
    box = mailbox(setup())
    if box is None:
        return
    pages = _pages(release, facts_of(release, kinds=[Kind.PAGED]))
    for reply in replies(box, pages) if pages else ():
        try:
            link = read_link(reply.token)
            if link.release != release:
                continue
            with transaction.atomic():
                # Of the mail's own id, which can name somebody, only the digest is kept.
                _, new = Message.objects.get_or_create(
                    key=f"{release}/{CHANNEL}/{digest(reply.id.encode())}",
                    defaults={
                        "subject": release,
                        "channel": CHANNEL,
                        "at": setup().clock().now(),
                        "text": "",
                    },
                )
                if new:
                    acknowledge(release, by=link.person)
                    log.info("page.answered", release=release, person=link.person, by=by)
        except NotAllowed:
            continue  # Too old, or of somebody who has left.


def _pages(release: str, facts: Sequence[Fact]) -> list[str]:
    """The Message-IDs of the newest pages of each alarm, by every address that sends pages."""
    senders = {one.sender for one in setup().pagers if one.kind == "mail"}
    return [
        message_id(key_of(release, alarm, number), sender)
        for alarm, at in Progress(facts).pages.items()
        for number in range(len(at), 0, -1)[: len(LADDER)]
        for sender in sorted(senders)
    ]
