"""Add a series, whose editions can then be announced."""

from collections.abc import Sequence

from django.db import transaction

from ninethirty.core.announcement import Rhythm
from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.naming import check_id, check_length, check_title
from ninethirty.core.release import Role
from ninethirty.desk.actions.act import note
from ninethirty.desk.actions.people import role_of
from ninethirty.desk.actions.whose import role_for
from ninethirty.desk.record.facts import lock
from ninethirty.desk.record.models import Producer, Series

OTHER = "other"
"""The series of what has none."""

_MAY = (Role.HEAD_OF_PROFESSION, Role.STATISTICIAN)


def subject_of(series: str) -> str:
    """Its timeline. No release has such an id."""
    return f"series:{series}"


@transaction.atomic
def add_series(
    series: str,
    title: str,
    *,
    producer: str,
    by: str,
    rhythm: Rhythm | None = None,
    about: str = "",
    status: str = "",
    keywords: Sequence[str] = (),
) -> Fact:
    """Raises NotAllowed: also for an id that is taken, or a producer that is not there."""
    role = role_of(by)
    if role not in _MAY:
        raise NotAllowed(f"series: not for a {role}; it takes a {' or a '.join(_MAY)}")
    check_id(series, longest=60)
    check_title(series, title)
    check_length(series, "status", status, 100)
    lock([subject_of(series)])
    if series == OTHER or Series.objects.filter(id=series).exists():
        raise NotAllowed(f"{series}: there is a series with this id; choose another")
    if not Producer.objects.filter(id=producer).exists():
        raise NotAllowed(f"{series}: there is no producer {producer}; add it first")
    role_for(producer, by)
    Series.objects.create(
        id=series,
        producer=producer,
        title=title,
        rhythm=rhythm or "",
        about=about,
        status=status,
        keywords=list(keywords),
    )
    return note(subject_of(series), Kind.SERIES_ADDED, by, producer=producer)
