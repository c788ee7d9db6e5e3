"""What somebody may see: the releases of the producers they work for."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from ninethirty.desk.actions.add_producer import OWN
from ninethirty.desk.record.models import Breach, Person, Release, Series, WorksFor


def producers_of(person: Person) -> frozenset[str]:
    """Their ids; of somebody with whom none is named, the desk's own."""
    named = WorksFor.objects.filter(person=person).values_list("producer", flat=True)
    return frozenset(named) or frozenset({OWN})


def releases_of(person: Person) -> QuerySet[Release]:
    """Every other release is, to this person, not there: a page answers 404, not 403."""
    producers = producers_of(person)
    theirs = Q(series__in=Series.objects.filter(producer__in=producers).values("id"))
    if OWN in producers:
        theirs |= Q(series="")
    return Release.objects.filter(theirs)


def breaches_of(person: Person) -> QuerySet[Breach]:
    """Of releases that they may see; what belongs to none, or was sent in, is the desk's own."""
    theirs = Q(Exists(releases_of(person).filter(id=OuterRef("release"))))
    if OWN in producers_of(person):
        theirs |= Q(release="")
    return Breach.objects.filter(theirs)
