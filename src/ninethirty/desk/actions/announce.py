"""Promise a release: its title, its address, and the instant, or a month for the time being."""

from django.db import transaction

from ninethirty.core.announcement import Provisional
from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.naming import check_id, check_length, check_path, check_title
from ninethirty.core.release import Role, Stage, check_may
from ninethirty.core.times import WallTime
from ninethirty.desk.actions.act import kept, note
from ninethirty.desk.actions.check_promise import check_promise
from ninethirty.desk.actions.whose import role_in
from ninethirty.desk.record.facts import facts_of, lock
from ninethirty.desk.record.models import Release

CALENDAR = "calendar"
"""The timeline of what was taken up from elsewhere. Whoever locks it may add addresses."""


@transaction.atomic
def announce(
    release: str,
    *,
    title: str,
    opens: WallTime | Provisional,
    path: str,
    announced: str,
    by: str,
    series: str = "",
    summary: str = "",
    unscheduled: str = "",
) -> Fact:
    """`path` on our gate, `announced` the address promised to the public. unscheduled: why it was
    not in the calendar beforehand, if it is such a release; only the head of profession may.

    Raises:
        NotAllowed: also if the producer's rules refuse the date, for an id, a title or a path that
        cannot be, for a path that another release has, and for what is too long. A TimeError: for
        a wall time that does not exist or exists twice.
    """
    check_id(release)
    check_title(release, title)
    check_path(release, path)
    check_length(release, "address", announced, 500)
    kind = Kind.PROVISIONAL if isinstance(opens, Provisional) else Kind.ANNOUNCED
    lock([CALENDAR, release])
    role = role_in(series, by)
    check_may(kind, role, by, facts_of(release))
    if unscheduled and (role is not Role.HEAD_OF_PROFESSION or kind is Kind.PROVISIONAL):
        raise NotAllowed(
            f"{release}: an unscheduled release has an exact date, and takes a head of profession"
        )
    check_free(release, path)
    promise = check_promise(release, opens, series=series, binding=not unscheduled)
    if unscheduled:
        promise |= {
            "unscheduled": True,
            "unscheduled_kept": kept(release, Kind.ANNOUNCED, unscheduled),
        }
    Release.objects.create(
        id=release,
        title=title,
        series=series,
        summary=summary,
        opens=promise.get("opens", ""),
        path=path,
        announced=announced,
    )
    if series:
        promise["series"] = series
    return note(release, kind, by, **promise)


def check_free(release: str, path: str) -> None:
    """Raises NotAllowed: another release, which is not cancelled, has this address."""
    others = Release.objects.filter(path=path, replaces="").exclude(stage=Stage.CANCELLED)
    other = others.exclude(id=release).values_list("id", flat=True).first()
    if other is not None:
        raise NotAllowed(f"{release}: {path} is the address of {other}; choose another path")
