"""Take in what readers wrote on our pages: a fact each, and a page to the person on call."""

from pathlib import Path

import structlog
from django.db import transaction

from ninethirty.core import letter
from ninethirty.core.errors import AlreadyHappened, Malformed
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.letter import Letter, Sent
from ninethirty.desk.actions.subscribe import heed
from ninethirty.desk.outside.pagers.port import Alert
from ninethirty.desk.outside.pagers.routes import first_route
from ninethirty.desk.record.facts import append
from ninethirty.desk.record.models import Message, Release
from ninethirty.desk.setup import setup

NO_RELEASE = "letters"
"""The subject of what is about no release."""

CHANNEL = "reader"

log = structlog.get_logger()


def take_letters(*, by: str) -> list[Fact]:
    """All that lie on the shelf, oldest first; those about subscriptions make no facts. A letter is
    deleted last: whoever dies between the fact and the page pages when it comes back.

    Raises:
        OutsideFailed: the person on call could not be paged; the letters are still there.
    """
    taken = []
    for place in setup().shelf().letters():
        try:
            found = letter.read(place.read_bytes())
            if found.sent is not Sent.WRONG:
                heed(found, by=by)
                place.unlink(missing_ok=True)
                continue
            fact = _take(place, found, by)
        except FileNotFoundError:
            continue  # another runner was faster
        except Malformed as wrong:
            log.error("letter.unreadable", name=place.name, why=str(wrong))
            place.unlink(missing_ok=True)
            continue
        if fact:
            taken.append(fact)
        place.unlink(missing_ok=True)
    return taken


def _take(place: Path, found: Letter, by: str) -> Fact | None:
    """None: it was taken in before."""
    subject = _subject(found.about)
    key = f"{subject}/letter/{place.name}"
    fact = None
    try:
        with transaction.atomic():
            message, _ = Message.objects.get_or_create(
                key=key,
                defaults={
                    "subject": subject,
                    "channel": CHANNEL,
                    "at": found.at,
                    "link": found.about,
                    "text": found.words,
                },
            )
            fact = append(
                subject,
                Kind.READER_WROTE,
                at=found.at,
                recorded=setup().clock().now(),
                actor=by,
                said_by="a reader",
                key=key,
                details={"message": message.id},
            )
    except AlreadyHappened:
        pass
    first_route(setup()).page(Alert(f"{subject}: {Kind.READER_WROTE.says}", key))
    return fact


def _subject(about: str) -> str:
    """The release whose page or file this is."""
    parts = about.rstrip("/").split("/")
    paths = ["/".join(parts[:count]) for count in range(len(parts), 1, -1)]
    known = dict(Release.objects.filter(path__in=paths).order_by("id").values_list("path", "id"))
    return next((known[path] for path in paths if path in known), NO_RELEASE)
