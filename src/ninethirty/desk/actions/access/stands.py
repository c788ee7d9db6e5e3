"""Does an entry stand at this moment? Asked anew for everything that a reader asks for."""

from ninethirty.core.access import refusal
from ninethirty.core.errors import NotAllowed
from ninethirty.core.guard import TOLERANCE, Trust, guarded, settled, trust
from ninethirty.core.times import Instant, at_ns, boot_ns, ns_of, wall_ns
from ninethirty.desk.actions.access.act import standing_of, subject_of
from ninethirty.desk.actions.access.link import Asking
from ninethirty.desk.actions.act import release_of
from ninethirty.desk.record.models import AccessEntry, FactRow
from ninethirty.desk.setup import setup

_AHEAD = settled(wall_ns(), boot_ns())
"""The wall clock as this process found it. As at a gate: jumps since then are not believed."""


def check_stands(asking: Asking) -> AccessEntry:
    """The entry, read anew. Raises NotAllowed, with the sentence of `core.access.Refusal`."""
    entry = AccessEntry.objects.select_related("reader").get(id=asking.entry)
    now, trusted = clock(asking.release)
    why = refusal(standing_of(entry, release_of(asking.release)), now, trusted)
    if why:
        raise NotAllowed(why.says)
    if entry.link != asking.number:
        raise NotAllowed("This link is over: a newer one was made. Use that of the newest mail.")
    return entry


def clock(release: str) -> tuple[Instant, Trust]:
    """The instant to go by, and how far it can be trusted: by the gate's rules (`core.guard`), with
    what was last written for `latest`."""
    last = FactRow.objects.filter(subject=subject_of(release)).order_by("-n")
    recorded = last.values_list("recorded", flat=True).first()
    latest = ns_of(Instant.of(recorded)) if recorded else 0
    if setup().drill is None:
        wall, boot = wall_ns(), boot_ns()
        return at_ns(guarded(wall, boot, _AHEAD, latest)), trust(wall, boot, _AHEAD, latest)
    now = setup().clock().now()
    return now, Trust.AHEAD if latest - ns_of(now) > TOLERANCE else Trust.DRILL
