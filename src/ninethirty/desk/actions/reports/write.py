"""Write another version of a report, with the reason for it."""

from ninethirty.core.breach import Report
from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Fact, Kind
from ninethirty.desk.actions.act import kept
from ninethirty.desk.actions.reports.act import acting, note
from ninethirty.desk.actions.reports.open_breach import keep_version
from ninethirty.desk.record.register import subject_of


def write_report(reference: str, report: Report, *, reason: str, by: str) -> Fact:
    """Raises NotAllowed: also without a reason, and where nothing changed."""
    if not reason.strip():
        raise NotAllowed(f"{reference}: another version needs a reason; say what changed and why")
    with acting(reference, Kind.REPORT_WRITTEN, by) as (breach, _):
        version = keep_version(breach, report, reason)
        return note(
            reference,
            Kind.REPORT_WRITTEN,
            by,
            version=version.n,
            digest=version.digest,
            message=kept(subject_of(reference), Kind.REPORT_WRITTEN, reason),
        )
