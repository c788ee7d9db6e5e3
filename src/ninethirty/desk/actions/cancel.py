"""Promise no more that there will be a release."""

from ninethirty.core.facts import Fact, Kind
from ninethirty.desk.actions.act import acting, kept, note


def cancel(release: str, *, by: str, reason: str) -> Fact:
    """What is armed is held first. Raises NotAllowed."""
    with acting(release, Kind.CANCELLED, by):
        reason_kept = kept(release, Kind.CANCELLED, reason)
        return note(release, Kind.CANCELLED, by, reason_kept=reason_kept)
