"""Whose a release is, who works for whom, and that nobody acts on the work of another producer."""

from django.db.models import Q, QuerySet

from ninethirty.core.errors import NotAllowed
from ninethirty.core.release import Role
from ninethirty.desk.actions.people import role_of
from ninethirty.desk.record.models import Release, Series, WorksFor

OWN = "office"
"""The producer of desk.toml. To it belongs what has no series, and for it works whoever has no
producer named: an office that issues for itself alone need name none, and nobody works for all."""


def producers_of(person: str) -> frozenset[str]:
    """Their ids."""
    named = WorksFor.objects.filter(person=person).values_list("producer", flat=True)
    return frozenset(named) or frozenset({OWN})


def releases_of(person: str) -> QuerySet[Release]:
    """Every other release is, to this person, not there: a page answers 404, not 403."""
    producers = producers_of(person)
    theirs = Q(series__in=Series.objects.filter(producer__in=producers).values("id"))
    if OWN in producers:
        theirs |= Q(series="")
    return Release.objects.filter(theirs)


def role_for(producer: str, person: str) -> Role:
    """Who somebody is to this producer. A runner is the same to all.

    Raises NotAllowed: nobody we know, or they do not work for it.
    """
    role = role_of(person)
    if role is not Role.RUNNER and producer not in producers_of(person):
        raise NotAllowed(f"{person}: does not work for {producer}; an operator can say otherwise")
    return role


def role_in(series: str, person: str) -> Role:
    """Raises NotAllowed: as `role_for`, or there is no such series. Empty: of what has none."""
    if not series:
        return role_for(OWN, person)
    producer = Series.objects.filter(id=series).values_list("producer", flat=True).first()
    if producer is None:
        raise NotAllowed(f"there is no series {series}; add it first")
    return role_for(producer, person)


def role_on(release: str, person: str) -> Role:
    """Raises NotAllowed: as `role_for`, or there is no such release."""
    role = role_of(person)
    if role is Role.RUNNER:
        return role
    series = Release.objects.filter(id=release).values_list("series", flat=True).first()
    if series is None:
        raise NotAllowed(f"{release}: there is no such release")
    return role_in(series, person)
