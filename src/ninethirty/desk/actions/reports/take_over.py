"""Take over a register that somebody else kept; what it holds was published there."""

import re
from pathlib import Path

from django.db import transaction

from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Kind
from ninethirty.core.release import Role
from ninethirty.core.report import check_may
from ninethirty.desk.actions.people import role_of
from ninethirty.desk.actions.reports.act import note
from ninethirty.desk.actions.reports.open_breach import keep_version
from ninethirty.desk.papers.old_register import read_register
from ninethirty.desk.record.facts import lock
from ninethirty.desk.record.models import Breach
from ninethirty.desk.record.register import REGISTER, settle
from ninethirty.desk.setup import setup

SAMPLE = "sample"


@transaction.atomic
def take_over(file: Path, name: str, *, by: str, sample: bool) -> list[Breach]:
    """All of it or nothing; rows taken over before are left as they are. Give back the new ones.

    name: what references of this register begin with: NAME-0001. sample: marked wherever it is
    shown, and never counted.

    Raises:
        NotAllowed: not this person, or a name that references cannot begin with.
        FormUnreadable: names the line.
    """
    if not re.fullmatch(r"[a-z][a-z0-9]{0,19}", name) or name == setup().reports.prefix:
        raise NotAllowed(
            f"{name!r}: a name is up to 20 small letters and digits, and not our own prefix"
        )
    role = role_of(by)
    check_may(Kind.REPORT_PUBLISHED, role, by, [])
    if role is Role.HEAD_OF_PROFESSION and not sample:
        raise NotAllowed("a head of profession publishes their own; take others' over as a sample")
    rows = read_register(file)
    lock([REGISTER])
    references = [f"{name}-{int(row.number):04}" for row in rows]
    there = set(
        Breach.objects.filter(reference__startswith=f"{name}-").values_list("reference", flat=True)
    )
    found = []
    for reference, row in zip(references, rows, strict=True):
        if reference in there:
            continue
        breach = Breach(
            reference=reference,
            platform=row.platform[:200],
            cause=row.cause,
            known=setup().clock().now(),
            sender=name,
            sample=sample,
            source=row.url[:500],
        )
        version = keep_version(breach, row.report, "")
        note(reference, Kind.REPORT_PUBLISHED, by, version=1, digest=version.digest, register=name)
        breach.public_version = 1
        breach.save(update_fields=["public_version"])
        settle(breach)
        found.append(breach)
    return found
