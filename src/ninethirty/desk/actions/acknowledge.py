"""Say that one is at it: for half an hour from the last thing this person does, nobody is paged for
what is wrong already."""

from ninethirty.core import page_link
from ninethirty.core.errors import Malformed, NotAllowed
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.keyring import Box, derive
from ninethirty.core.page_link import PageLink
from ninethirty.desk.actions.whose import role_on
from ninethirty.desk.console import LOCAL
from ninethirty.desk.record.facts import append
from ninethirty.desk.record.models import Release
from ninethirty.desk.setup import setup


def acknowledge(release: str, *, by: str) -> Fact:
    """Raises NotAllowed for somebody we do not know."""
    role_on(release, by)
    now = setup().clock().now()
    return append(release, Kind.ACKNOWLEDGED, at=now, recorded=now, actor=by)


def link_for(release: str, person: str) -> str:
    """The address at which this person, without signing in, says that they are at it; empty if
    desk.toml does not tell where the console is reached, or nobody is named."""
    address = setup().console.address
    if address == LOCAL or not person:
        return ""
    made = PageLink(release, person, setup().clock().now())
    return f"{address}{page_link.path(made, _box())}"


def read_link(token: str) -> PageLink:
    """Raises NotAllowed: not one of ours, too old, or of a release that is closed."""
    try:
        found = page_link.read(token, _box(), setup().clock().now())
    except Malformed as wrong:
        raise NotAllowed(str(wrong)) from wrong
    if not Release.objects.filter(id=found.release, closed=False).exists():
        raise NotAllowed(f"{found.release}: is closed, and nobody is paged for it any more")
    return found


def _box() -> Box:
    return Box(derive(bytes.fromhex(setup().key().secret()), "acknowledge"))
