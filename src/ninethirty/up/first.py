"""Who is there on the first day, and a sample to try things on. Import it after `prepare`."""

from django.db import transaction

from ninethirty.core.announcement import Rhythm
from ninethirty.core.release import Role
from ninethirty.desk.actions.accounts import add_person, link_of
from ninethirty.desk.actions.add_producer import add_producer
from ninethirty.desk.actions.add_producer import subject_of as producer_subject
from ninethirty.desk.actions.add_series import add_series
from ninethirty.desk.actions.add_series import subject_of as series_subject
from ninethirty.desk.actions.erase import PEOPLE
from ninethirty.desk.actions.whose import OWN
from ninethirty.desk.record.facts import lock
from ninethirty.desk.record.models import Account, Person

OPERATOR, HEAD = "operator", "head"
SAMPLE, SERIES = "sample", "sample-series"


@transaction.atomic
def make_first() -> None:
    """All or nothing, and only where nobody has an account yet.

    A head of profession comes beside the operator: only they may add a producer, and the sample
    stands in the record as added by them.
    """
    lock([PEOPLE, producer_subject(SAMPLE), series_subject(SERIES)])
    if Account.objects.exists():
        return
    head = Person.objects.create(
        id=HEAD, name="The head of profession", role=str(Role.HEAD_OF_PROFESSION)
    )
    add_producer(SAMPLE, "Sample producer", by=HEAD)
    add_series(SERIES, "Sample series", producer=SAMPLE, by=HEAD, rhythm=Rhythm.MONTHLY)
    both = (OWN, SAMPLE)
    add_person(OPERATOR, "The operator", Role.OPERATOR, by=OPERATOR, producers=both)
    add_person(HEAD, head.name, Role(head.role), by=OPERATOR, producers=both)


def links() -> dict[str, str]:
    """Of the first two, for whom has not begun: their one-time link."""
    waiting = Account.objects.filter(username__in=(OPERATOR, HEAD), is_active=True)
    return {
        one.username: link_of(one)
        for one in waiting.order_by("id")
        if not one.has_usable_password()
    }
