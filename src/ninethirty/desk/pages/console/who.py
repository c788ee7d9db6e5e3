"""What somebody may see: the releases of the producers they work for."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from ninethirty.desk.actions import whose
from ninethirty.desk.actions.whose import OWN
from ninethirty.desk.record.models import Breach, Person, Release


def producers_of(person: Person) -> frozenset[str]:
    """Their ids; of somebody with whom none is named, the desk's own."""
    return whose.producers_of(person.id)


def releases_of(person: Person) -> QuerySet[Release]:
    """Every other release is, to this person, not there: a page answers 404, not 403."""
    return whose.releases_of(person.id)


def breaches_of(person: Person) -> QuerySet[Breach]:
    """Of releases that they may see; what is about none of ours is the desk's own."""
    theirs = Q(Exists(releases_of(person).filter(id=OuterRef("release"))))
    if OWN in producers_of(person):
        theirs |= ~Q(Exists(Release.objects.filter(id=OuterRef("release"))))
    return Breach.objects.filter(theirs)
