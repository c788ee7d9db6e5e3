"""Add to a breach what the watch over the days after the fix found."""

from contextlib import suppress

from ninethirty.core.document import Json
from ninethirty.core.errors import AlreadyHappened
from ninethirty.core.facts import Kind
from ninethirty.desk.actions.people import RUNNER
from ninethirty.desk.actions.reports.act import note
from ninethirty.desk.actions.reports.show import show_breaches
from ninethirty.desk.record.register import of_incident, subject_of


def add_watch(release: str, found: Json) -> None:
    """found: as the fact on the release's timeline has it. To do it twice is to do it once."""
    breach = of_incident(release).first()
    if breach is None:
        return
    key = f"{subject_of(breach.reference)}/watch/ended"
    with suppress(AlreadyHappened):
        note(breach.reference, Kind.WATCH_ENDED, f"{RUNNER}watch", key=key, **found)
    if breach.public_version:
        show_breaches([breach])
