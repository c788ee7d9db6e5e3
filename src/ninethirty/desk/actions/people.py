"""Who somebody is to the desk."""

from ninethirty.core.errors import NotAllowed
from ninethirty.core.release import Role
from ninethirty.desk.record.models import Person

RUNNER = "runner-"
"""What the name of a runner begins with. No person has such an id."""


def role_of(person: str) -> Role:
    """Raises NotAllowed for somebody we do not know, or who has left."""
    if person.startswith(RUNNER):
        return Role.RUNNER
    try:
        return Role(Person.objects.get(id=person, left=None).role)
    except Person.DoesNotExist as unknown:
        raise NotAllowed(f"{person}: nobody of this name works here") from unknown
