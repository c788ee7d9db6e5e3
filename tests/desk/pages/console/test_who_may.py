"""Role by address: what is forbidden has no button, no page that asks, and does not happen."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from ninethirty.core.facts import Kind
from ninethirty.core.release import Role
from ninethirty.desk.record.models import FactRow
from tests.core.made import at
from tests.desk.reports.made import another
from tests.desk.setting import RELEASE, Desk, happens, watched, work_here
from tests.desk.way import promised

AS_ROLE = Callable[..., Client]
PEOPLE = [role for role in Role if role not in (Role.RUNNER, Role.BODY)]
STATISTICIAN, APPROVER, OFFICER = Role.STATISTICIAN, Role.APPROVER, Role.PUBLISHING_OFFICER
HEAD, OPERATOR = Role.HEAD_OF_PROFESSION, Role.OPERATOR
WORKERS = {STATISTICIAN, APPROVER, OFFICER, HEAD, OPERATOR}
KEEPERS = {STATISTICIAN, OFFICER, HEAD}
WRITERS = {STATISTICIAN, OFFICER, HEAD, OPERATOR}

FORWARD = {
    "announced": (),
    "staged": (Kind.STAGED,),
    "sealed": (Kind.STAGED, Kind.SEALED),
    "approved": (Kind.STAGED, Kind.SEALED, Kind.APPROVED),
    "armed": (Kind.STAGED, Kind.SEALED, Kind.APPROVED, Kind.ARMED),
    "public": (Kind.STAGED, Kind.SEALED, Kind.APPROVED, Kind.ARMED, Kind.ON_TIME),
}
RELEASES = [
    ("announced", "hand-in", {STATISTICIAN}),
    ("staged", "act/seal", {STATISTICIAN}),
    ("sealed", "act/ask", {STATISTICIAN}),
    ("sealed", "act/approve", {APPROVER, HEAD}),
    ("approved", "act/arm", {OFFICER, OPERATOR}),
    ("armed", "act/hold", {HEAD, OPERATOR, OFFICER}),
    ("asked", "act/agree", {HEAD}),
    ("asked", "act/refuse", {HEAD}),
    ("public", "act/correct", {HEAD}),
]
ROOM = [
    ("late", "do/acknowledge", WORKERS),
    ("late", "do/veto", {OFFICER, HEAD, OPERATOR}),
    ("stopped", "do/lift", {OFFICER, HEAD, OPERATOR}),
    ("late", "do/hand-over", WORKERS),
    ("late", "do/telephone", WORKERS),
    ("late", "do/mail", WORKERS),
    ("late", "steps/upload_elsewhere", WORKERS),
    ("one witness", "steps/go_ahead", WORKERS),
]
ACCESS = [
    ("begin", KEEPERS),
    ("add", KEEPERS),
    ("confirm", {HEAD}),
    ("revoke", WORKERS),
    ("invite", KEEPERS),
    ("link", KEEPERS),
    ("change", KEEPERS),
    ("job", KEEPERS),
    ("decide", {HEAD}),
    ("slip", WORKERS),
]
REPORTS = [
    ("draft", "do/review_asked", WRITERS),
    ("draft", "do/commented", WRITERS | {APPROVER}),
    ("draft", "edit/impact", WRITERS),
    ("read", "do/report_signed", {HEAD}),
    ("draft", "do/statement_published", {HEAD, OFFICER}),
    ("draft", "do/set_aside", {HEAD}),
    ("signed", "do/report_submitted", {HEAD, OFFICER}),
    ("signed", "do/report_published", {HEAD}),
    ("submitted", "do/report_returned", {Role.REGULATOR}),
    ("submitted", "do/report_accepted", {Role.REGULATOR}),
]


def held(as_role: AS_ROLE, page: str, act: str, may: set[Role]) -> None:
    address = f"{page}/{act}"
    for role in PEOPLE:
        client = as_role(role)
        shown = client.get(page)
        assert shown.status_code == 200, role
        asked = 405 if act == "hand-in" else client.get(address).status_code
        assert (f'"{address}"' in shown.content.decode()) == (role in may), f"{role}: its button"
        if role in may:
            assert asked in (200, 405), role
            continue
        before = FactRow.objects.count()
        # The last two fields are of a handed-in form and of a statement; none helps.
        sent: Any = {"reason": "x", "text": "x", "seal": "", "day": "2026-12-08", "end": "1"}
        assert client.post(address, {**sent, "time": "09:30"}).status_code == 403, role
        assert asked in (403, 405), role
        assert FactRow.objects.count() == before, role


@pytest.mark.parametrize(("stage", "act", "may"), RELEASES)
def test_with_a_release(desk: Desk, as_role: AS_ROLE, stage: str, act: str, may: set[Role]) -> None:
    promised()
    for kind in FORWARD.get(stage, ()):
        happens(kind, at(-3000), gates=[], seal="", files=1, bytes=1)
    if stage == "asked":
        from ninethirty.core.times import WallTime
        from ninethirty.desk.actions.move import move
        from tests.desk import setting

        other = WallTime.parse("2027-01-13 09:30 Europe/London")
        move(RELEASE, other, by=setting.STATISTICIAN, reason="A supplier is late.")
    held(as_role, f"/releases/{RELEASE}", act, may)


@pytest.mark.parametrize(("stage", "act", "may"), ROOM)
def test_in_an_incident_room(
    desk: Desk, as_role: AS_ROLE, stage: str, act: str, may: set[Role]
) -> None:
    desk.show(at(100))
    work_here()
    watched()
    happens(Kind.LATE_PROVISIONAL, at(21))
    happens(Kind.STEP_DONE, at(22), actor="runner-1", step="open_incident", attempt=1)
    happens(Kind.STEP_DONE, at(30), actor="runner-1", step="check_alternate", attempt=1)
    happens(Kind.LATE, at(61), **({"waits_for": "a person"} if stage == "one witness" else {}))
    if stage == "stopped":
        happens(Kind.VETOED, at(70), reason_kept=0)
    held(as_role, f"/incidents/{RELEASE}", act, may)


@pytest.mark.parametrize(("act", "may"), ACCESS)
def test_with_a_list_of_early_access(
    desk: Desk, as_role: AS_ROLE, act: str, may: set[Role]
) -> None:
    from ninethirty.desk.actions.access.act import subject_of
    from tests.desk.access.setting import listed

    promised()
    listed()
    about = subject_of(RELEASE)
    happens(Kind.SLIPPED, at(-3000), subject=about, people=1, reference=another().reference)
    held(as_role, f"/releases/{RELEASE}/access", act, may)


@pytest.mark.parametrize(("stage", "act", "may"), REPORTS)
def test_with_a_report(desk: Desk, as_role: AS_ROLE, stage: str, act: str, may: set[Role]) -> None:
    from ninethirty.desk.record.register import subject_of

    work_here()
    reference = another().reference

    def comes(kind: Kind, **details: Any) -> None:
        happens(kind, at(200), subject=subject_of(reference), **details)

    if stage != "draft":
        comes(Kind.REVIEW_ASKED, version=1)
        comes(Kind.COMMENTED, version=1, message=0)
    if stage in ("signed", "submitted"):
        comes(Kind.REPORT_SIGNED, version=1, digest="")
    if stage == "submitted":
        comes(Kind.REPORT_SUBMITTED, version=1, body="x", digest="")
    held(as_role, f"/reports/{reference}", act, may)
