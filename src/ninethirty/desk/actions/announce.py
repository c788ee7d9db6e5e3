"""Promise a release: its title, its address, and the instant."""

import re

from django.db import transaction

from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.release import check_may
from ninethirty.core.times import WallTime
from ninethirty.desk.actions.act import note
from ninethirty.desk.actions.check_promise import check_promise
from ninethirty.desk.actions.people import role_of
from ninethirty.desk.record.facts import facts_of, lock
from ninethirty.desk.record.models import Release

LONGEST_ID = 80
"""PostgreSQL holds to the length of a column, and keys of facts begin with this."""

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)*")


@transaction.atomic
def announce(
    release: str, *, title: str, opens: WallTime, path: str, announced: str, by: str
) -> Fact:
    """`path` on our gate, `announced` the address promised to the public.

    Raises:
        NotAllowed: also if the producer's rules refuse the date, for an id that could not be told
        from another in an address or a file name, and for what is too long. A TimeError: for a
        wall time that does not exist or exists twice.
    """
    if not _ID.fullmatch(release):
        raise NotAllowed(f"{release!r}: an id has small letters, digits, single - and /")
    for what, told, longest in (
        ("id", release, LONGEST_ID),
        ("title", title, 300),
        ("path", path, 300),
        ("address", announced, 500),
    ):
        if len(told) > longest:
            raise NotAllowed(f"{release[:80]}: its {what} is longer than {longest} letters")
    promised = opens.resolve()
    lock([release])
    check_may(Kind.ANNOUNCED, role_of(by), by, facts_of(release))
    warned = check_promise(release, opens)
    Release.objects.create(
        id=release, title=title, opens=str(opens), path=path, announced=announced
    )
    return note(
        release, Kind.ANNOUNCED, by, opens=str(opens), instant=promised.text(), warned=warned
    )
