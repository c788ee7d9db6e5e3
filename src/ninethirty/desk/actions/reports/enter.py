"""Enter a release's breach in the register once its report is drafted, and keep that draft up with
new facts; what people edited stays."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from ninethirty.core.breach import Report
from ninethirty.core.breach_document import from_document
from ninethirty.core.cause import Cause
from ninethirty.core.edits import By, merged, taken
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.report import Stage
from ninethirty.desk.actions.draft_report import draft_file, is_drafted, redraft
from ninethirty.desk.actions.people import RUNNER
from ninethirty.desk.actions.reports.act import acting, note, report_of
from ninethirty.desk.actions.reports.open_breach import About, keep_version, open_breach
from ninethirty.desk.actions.step import Happened, Work
from ninethirty.desk.record.facts import facts_of, happened
from ninethirty.desk.record.models import Breach, BreachVersion, Release
from ninethirty.desk.record.register import SLIPPED, of_incident

_NEW_FACTS = "New facts came."
_DRAFTER = f"{RUNNER}drafts"


def enter_breach(work: Work) -> list[Happened]:
    """A step of the runbook; to do it twice is to do it once."""
    if not of_incident(work.release.id).exists():
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
    breach = of_incident(release.id).filter(stage=Stage.DRAFT).first()
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


def draft_again(breach: Breach) -> None:
    """What the register holds of this breach is another. Raises OSError."""
    release = Release.objects.filter(id=breach.release).first() if breach.release else None
    if release and is_drafted(release):
        redraft(release, facts_of(release.id))
        keep_draft(release)


@dataclass(frozen=True)
class Edit:
    """Where the report and the draft of now say different things; each a field, or neighbouring
    sentences of an account.

    by: who changed it since the report last met a draft. BOTH: also where that was so at an earlier
    meeting, and the person's words still stand."""

    name: str
    by: By
    draft: tuple[Any, ...]
    stands: tuple[Any, ...]


def edits_of(breach: Breach) -> list[Edit]:
    """What people made of the draft; none of a breach that was never drafted."""
    release = Release.objects.filter(id=breach.release).first() if breach.release else None
    if release is None or breach.cause == SLIPPED or not is_drafted(release):
        return []
    last, now, human = _last_draft(breach), _drafted(release), report_of(breach)
    against = _against_each_other(breach)
    found = []
    for change in merged(last, now, human).changes:
        if change.by is By.DRAFT:
            # `human` has either what the draft had, or what it has now.
            if taken(change, human):
                continue
            found.append(Edit(change.name, By.DRAFT, change.now, change.before))
        else:
            by = By.BOTH if (change.name, change.stands) in against else change.by
            found.append(Edit(change.name, by, change.now, change.stands))
    return found


def _against_each_other(breach: Breach) -> set[tuple[str, tuple[Any, ...]]]:
    """Where new facts met people's edits, version by version: the name, and what stood."""
    before = report_of(breach, 1)
    found: set[tuple[str, tuple[Any, ...]]] = set()
    for met in BreachVersion.objects.filter(breach=breach, drafted__isnull=False).order_by("n"):
        assert met.drafted is not None  # Asked for.
        now = from_document(met.drafted)
        for change in merged(before, now, report_of(breach, met.n - 1)).changes:
            if change.by is By.BOTH:
                found.add((change.name, change.stands))
        before = now
    return found


def _last_draft(breach: Breach) -> Report:
    """What the desk drafted last, without what people made of it."""
    met = BreachVersion.objects.filter(breach=breach, drafted__isnull=False).order_by("n").last()
    return from_document(met.drafted) if met and met.drafted else report_of(breach, 1)


def _drafted(release: Release) -> Report:
    return from_document(json.loads(draft_file(release).read_bytes()))


def _cause(facts: Sequence[Fact]) -> str:
    inferred = happened(facts, Kind.CAUSE_INFERRED)
    return str(inferred.details["cause"]) if inferred else str(Cause.NOT_KNOWN)
