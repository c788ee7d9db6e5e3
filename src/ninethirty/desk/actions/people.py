"""Who somebody is to the desk."""

from ninethirty.core.errors import NotAllowed
from ninethirty.core.release import Role
from ninethirty.desk.record.models import Person


def role_of(person: str) -> Role:
    """Raises NotAllowed for somebody we do not know."""
    try:
        return Role(Person.objects.get(id=person).role)
    except Person.DoesNotExist as unknown:
        raise NotAllowed(f"{person}: nobody of this name works here") from unknown
