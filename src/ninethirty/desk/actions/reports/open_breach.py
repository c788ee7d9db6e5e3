"""Enter a breach in the register, with the first version of its report."""

from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction

from ninethirty.core.breach import Report, Said, days_of, kind_of, lateness, said_in
from ninethirty.core.breach_document import as_document
from ninethirty.core.document import canonical, digest
from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Kind
from ninethirty.core.report import check_may
from ninethirty.core.times import Instant, at_local
from ninethirty.desk.actions.reports.act import note, role_at
from ninethirty.desk.record.facts import lock
from ninethirty.desk.record.models import Breach, BreachVersion
from ninethirty.desk.record.register import (
    REGISTER,
    SLIPPED,
    index,
    next_reference,
    of_incident,
    settle,
)
from ninethirty.desk.setup import setup


@dataclass(frozen=True)
class About:
    """What the report itself does not tell. known: when the producer knew; release: its id here."""

    known: Instant
    release: str = ""
    platform: str = ""
    cause: str = ""


@transaction.atomic
def open_breach(report: Report, about: About, *, by: str) -> Breach:
    """Raises NotAllowed: this person may not, or the release has an entry already; what slipped has
    one each time."""
    check_may(Kind.BREACH_OPENED, role_at(about.release, by), by, [])
    lock([REGISTER])
    single = about.release and about.cause != SLIPPED
    if single and (there := of_incident(about.release).first()):
        raise NotAllowed(f"{about.release}: is in the register as {there.reference}")
    days = days_of(report)
    zone = setup().promises.usual.zone
    year = min(days).year if days else at_local(about.known, zone).year
    breach = Breach(
        reference=next_reference(setup().reports.prefix, year),
        release=about.release,
        platform=about.platform,
        cause=about.cause,
        known=about.known,
    )
    version = keep_version(breach, report, "")
    note(
        breach.reference,
        Kind.BREACH_OPENED,
        by,
        release=about.release,
        breach=breach.kind,
        known=about.known.text(),
        digest=version.digest,
    )
    settle(breach)
    return breach


def keep_version(
    breach: Breach, report: Report, reason: str, *, drafted: Report | None = None
) -> BreachVersion:
    """Keep a report as the newest version, and make the entry say and be found by what it says.

    drafted: the draft that met people's edits in it.
    """
    breach.version += 1
    whole = replace(report, reference=breach.reference, version=breach.version, reason=reason)
    for column, value in told_by(whole).items():
        setattr(breach, column, value)
    breach.save()
    index(breach, [one.value for one in whole.practices if isinstance(one, Said)])
    document = as_document(whole)
    return BreachVersion.objects.create(
        breach=breach,
        n=breach.version,
        at=setup().clock().now(),
        reason=reason,
        document=document,
        drafted=as_document(drafted) if drafted else None,
        digest=digest(canonical(document)),
    )


def told_by(report: Report) -> dict[str, Any]:
    """What a report says of the columns of its entry."""
    days, announced = days_of(report), lateness(report).announced
    return {
        "title": _said(report, "title")[:300],
        "producer": (_said(report, "producer") or setup().producer)[:200],
        "kind": str(kind_of(report) or ""),
        "occurred": min(days) if days else None,
        "delay_s": announced.at_most if announced else None,
    }


def _said(report: Report, name: str) -> str:
    return next((one.value for one in said_in(report, name) if isinstance(one, Said)), "")
