"""Enter a release's breach in the register once its report is drafted, and keep that draft up with
new facts; what people edited stays."""

import json
from collections.abc import Sequence
from urllib.parse import urlsplit

from ninethirty.core.breach import Report
from ninethirty.core.breach_document import from_document
from ninethirty.core.cause import Cause
from ninethirty.core.edits import merged
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.report import Stage
from ninethirty.desk.actions.draft_report import draft_file
from ninethirty.desk.actions.people import RUNNER
from ninethirty.desk.actions.reports.act import acting, note, report_of
from ninethirty.desk.actions.reports.open_breach import About, keep_version, open_breach
from ninethirty.desk.actions.step import Happened, Work
from ninethirty.desk.record.facts import happened
from ninethirty.desk.record.models import Breach, BreachVersion, Release

_NEW_FACTS = "New facts came."
_DRAFTER = f"{RUNNER}drafts"


def enter_breach(work: Work) -> list[Happened]:
    """A step of the runbook; to do it twice is to do it once."""
    if not Breach.objects.filter(release=work.release.id).exists():
        opened = happened(work.facts, Kind.INCIDENT_OPENED)
        assert opened is not None  # Nothing is drafted without one.
        about = About(
            known=opened.recorded,
            release=work.release.id,
            platform=urlsplit(work.release.announced).netloc,
            cause=_cause(work.facts),
        )
        open_breach(_drafted(work.release), about, by=_DRAFTER)
    return []


def keep_draft(release: Release) -> Fact | None:
    """Write what is new in the draft into the register, until people take it to review."""
    breach = Breach.objects.filter(release=release.id, stage=Stage.DRAFT).first()
    if breach is None:
        return None
    with acting(breach.reference, Kind.REPORT_WRITTEN, _DRAFTER) as (row, _):
        now, human = _drafted(release), report_of(row)
        told = merged(_last_draft(row), now, human).report
        if told == human:
            return None
        version = keep_version(row, told, _NEW_FACTS, drafted=now)
        return note(
            row.reference,
            Kind.REPORT_WRITTEN,
            _DRAFTER,
            version=version.n,
            digest=version.digest,
        )


def _last_draft(breach: Breach) -> Report:
    """What the desk drafted last, without what people made of it."""
    met = BreachVersion.objects.filter(breach=breach, drafted__isnull=False).order_by("n").last()
    return from_document(met.drafted) if met and met.drafted else report_of(breach, 1)


def _drafted(release: Release) -> Report:
    return from_document(json.loads(draft_file(release).read_bytes()))


def _cause(facts: Sequence[Fact]) -> str:
    inferred = happened(facts, Kind.CAUSE_INFERRED)
    return str(inferred.details["cause"]) if inferred else str(Cause.NOT_KNOWN)
