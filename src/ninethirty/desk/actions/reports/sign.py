"""The head of profession signs a report, or sets it aside: it is not a breach."""

from ninethirty.core.breach import gaps
from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Fact, Kind
from ninethirty.desk.actions.act import kept
from ninethirty.desk.actions.reports.act import acting, note, report_of, version_of
from ninethirty.desk.record.register import subject_of


def sign_report(reference: str, *, by: str) -> Fact:
    """The version that stands now, by its digest.

    Raises:
        NotAllowed: also while an entry is still open, or nobody else has read it.
    """
    with acting(reference, Kind.REPORT_SIGNED, by) as (breach, _):
        if left := gaps(report_of(breach)):
            names = ", ".join(dict.fromkeys(name for name, _ in left))
            raise NotAllowed(f"{reference}: still to be filled in before it is signed: {names}")
        version = version_of(breach)
        return note(reference, Kind.REPORT_SIGNED, by, version=version.n, digest=version.digest)


def set_aside(reference: str, reason: str, *, by: str) -> Fact:
    """Not a breach, because. Raises NotAllowed: also without a reason."""
    if not reason.strip():
        raise NotAllowed(f"{reference}: say why it is not a breach")
    with acting(reference, Kind.SET_ASIDE, by) as (breach, _):
        message = kept(subject_of(reference), Kind.SET_ASIDE, reason)
        return note(reference, Kind.SET_ASIDE, by, version=breach.version, message=message)
