"""Have a report read by others before it is signed."""

from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Fact, Kind
from ninethirty.desk.actions.act import kept
from ninethirty.desk.actions.reports.act import acting, note
from ninethirty.desk.record.register import subject_of


def ask_review(reference: str, *, by: str) -> Fact:
    """Raises NotAllowed."""
    with acting(reference, Kind.REVIEW_ASKED, by) as (breach, _):
        return note(reference, Kind.REVIEW_ASKED, by, version=breach.version)


def comment(reference: str, text: str, *, by: str) -> Fact:
    """Raises NotAllowed: also for a comment without a word."""
    if not text.strip():
        raise NotAllowed(f"{reference}: a comment says something, if only that it is right")
    with acting(reference, Kind.COMMENTED, by) as (breach, _):
        message = kept(subject_of(reference), Kind.COMMENTED, text)
        return note(reference, Kind.COMMENTED, by, version=breach.version, message=message)
