"""Note that somebody asked, by telephone or mail: often the first sign that something is wrong."""

from enum import StrEnum

from django.db import transaction

from ninethirty.core.errors import Malformed, OutsideFailed
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.release import Stage, stage
from ninethirty.core.times import WallTime
from ninethirty.desk.actions.act import note, release_of
from ninethirty.desk.actions.on_call import LEAD, on_call
from ninethirty.desk.actions.whose import role_on
from ninethirty.desk.outside.pagers.port import Alert
from ninethirty.desk.outside.pagers.routes import first_route, second_route
from ninethirty.desk.record.facts import facts_of, lock
from ninethirty.desk.record.models import Message
from ninethirty.desk.setup import setup

CHANNEL = "enquiry"

LONGEST = 2000
"""Letters of a note. Whoever says more has said it in a mail."""


class How(StrEnum):
    TELEPHONE = "telephone"
    MAIL = "mail"


def note_enquiry(release: str, how: str, words: str = "", *, by: str) -> Fact:
    """A fact with the time, the words in a row of their own that is erased in its time, and a page
    to whoever is on call if the release should be public by now.

    Raises:
        NotAllowed: nobody we know, or no such release.
        Malformed: another way than How names, or more words than LONGEST.
        OutsideFailed: noted, but nobody could be paged, so whoever noted it must telephone.
    """
    if how not in list(How):
        raise Malformed(f"how: expected {' or '.join(How)}, found {how!r}")
    if len(words) > LONGEST:
        raise Malformed(f"words: at most {LONGEST} letters; found {len(words)}")
    role_on(release, by)
    with transaction.atomic():
        lock([release])
        row, facts = release_of(release), facts_of(release)
        now = setup().clock().now()
        earlier = Message.objects.filter(subject=release, channel=CHANNEL).count()
        message = Message.objects.create(
            key=f"{release}/enquiry/{earlier + 1}",
            subject=release,
            channel=CHANNEL,
            about=how,
            at=now,
            text=words,
        )
        fact = note(release, Kind.ENQUIRY_NOTED, by, how=how, message=message.id)
    promised = WallTime.parse(row.opens).resolve() if row.opens else None
    if promised and promised <= now and stage(facts) is not Stage.CANCELLED:
        _page(f"{release}: {fact.kind.says}", message.key, on_call(now).get(LEAD, ""))
    return fact


def _page(reason: str, key: str, person: str) -> None:
    try:
        first_route(setup(), person).page(Alert(reason, key))
    except OutsideFailed:
        try:
            second_route(setup()).page(Alert(reason, key))
        except OutsideFailed as failed:
            raise OutsideFailed(
                f"noted, but no pager took it ({failed}): telephone whoever is on call",
                retry=False,
            ) from failed
