"""Role by address: what is forbidden has no button, no page that asks, and does not happen."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from ninethirty.core.access import Tier
from ninethirty.core.facts import Kind
from ninethirty.core.release import Role
from ninethirty.desk.actions.announce import announce
from ninethirty.desk.actions.erase import PEOPLE as STAFF
from ninethirty.desk.actions.whose import OWN
from ninethirty.desk.record.models import AccessList, FactRow, Series
from tests.core.made import at
from tests.desk import setting
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
    ("sealed", f"/calendar/date/{RELEASE}", {STATISTICIAN, OFFICER, HEAD}),
    ("announced", "access", set(PEOPLE)),
    ("public", "access", set(PEOPLE)),
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
MENU = [
    ("/", "/calendar", set(PEOPLE)),
    ("/", "/register", set(PEOPLE)),
    ("/register", "/register/waiting", set(PEOPLE)),
    ("/", "/rehearsal", WORKERS),
    ("/", "/set-up", WORKERS | {Role.AUDITOR}),
    ("/", "/audit", {OPERATOR, Role.AUDITOR}),
    ("/", "/people", {OPERATOR}),
    ("/", "/break-glass", {OPERATOR, HEAD}),
]
OFFICE = [
    ("/calendar", "/calendar/new", {STATISTICIAN, HEAD}),
    ("/calendar", "/calendar/series/fuel", {STATISTICIAN, HEAD}),
    ("/calendar", f"/calendar/date/{RELEASE}", {STATISTICIAN, OFFICER, HEAD}),
    ("/calendar", f"/calendar/cancel/{RELEASE}", {HEAD}),
    ("/people", "/people/new", {OPERATOR}),
    ("/people", "/people/person-1", {OPERATOR}),
    ("/people/person-1", "/people/person-1/do/leave", {OPERATOR}),
    ("/set-up", "/set-up/test", {OFFICER, HEAD, OPERATOR}),
    ("/set-up", "/set-up/add/producer", {HEAD}),
    ("/set-up", "/set-up/add/series", {STATISTICIAN, HEAD}),
    ("/set-up", "/set-up/add/leave", {HEAD}),
    ("/audit", "/audit/check", {OPERATOR, Role.AUDITOR}),
]


def held(as_role: AS_ROLE, page: str, act: str, may: set[Role]) -> None:
    """page: what has the button; where somebody may not see even that, it has none for them."""
    address = act if act.startswith("/") else f"{page}/{act}"
    for role in PEOPLE:
        client = as_role(role)
        shown = client.get(page)
        assert shown.status_code == 200 or (role not in may and shown.status_code == 403), role
        # To what is only ever sent there, nobody can come by asking.
        asked = 405 if act == "hand-in" else client.get(address).status_code
        assert (f'"{address}"' in shown.content.decode()) == (role in may), f"{role}: its button"
        if role in may:
            assert asked in (200, 302, 404, 405), role
            continue
        before = FactRow.objects.count()
        # Fields of several forms; none helps.
        sent: Any = {
            "tier": str(next(iter(Tier))),
            "reason": "x",
            "text": "x",
            "seal": "",
            "day": "2026-12-08",
            "end": "1",
        }
        assert client.post(address, {**sent, "time": "09:30"}).status_code == 403, role
        assert asked in (403, 404, 405), role
        assert FactRow.objects.count() == before, role


@pytest.mark.parametrize(("stage", "act", "may"), RELEASES)
def test_with_a_release(desk: Desk, as_role: AS_ROLE, stage: str, act: str, may: set[Role]) -> None:
    promised()
    for kind in FORWARD.get(stage, ()):
        happens(kind, at(-3000), gates=[], seal="", files=1, bytes=1)
    if stage == "asked":
        from ninethirty.core.times import WallTime
        from ninethirty.desk.actions.move import move

        other = WallTime.parse("2027-01-13 09:30 Europe/London")
        move(RELEASE, other, by=setting.STATISTICIAN, reason="A supplier is late.")
    held(as_role, f"/releases/{RELEASE}", act, may)


@pytest.mark.parametrize(("page", "act", "may"), [*MENU, *OFFICE])
def test_in_the_office(desk: Desk, as_role: AS_ROLE, page: str, act: str, may: set[Role]) -> None:
    promised()
    Series.objects.create(id="fuel", producer=OWN, title="Fuel", rhythm="monthly")
    by = setting.STATISTICIAN
    promise: dict[str, Any] = {
        "opens": setting.PROMISE,
        "path": "/fuel",
        "announced": setting.ANNOUNCED_AT,
    }
    announce("fuel/1", title="Fuel", series="fuel", by=by, **promise)
    AccessList.objects.create(release=RELEASE, law="uk")
    happens(Kind.PAPER_USED, subject=STAFF)
    held(as_role, page, act, may)


def test_with_a_rehearsal(desk: Desk, as_role: AS_ROLE) -> None:
    for role in PEOPLE:
        client = as_role(role)
        shown, may = client.get("/rehearsal"), role in {HEAD, OPERATOR}
        assert shown.status_code == (200 if role in WORKERS else 403), role
        assert ("Begin the rehearsal" in shown.text) == may, role
        assert client.get("/rehearsal/end").status_code == (200 if may else 403), role
        for address in ("/rehearsal", "/rehearsal/end") if not may else ():
            sent = {"fault": "countdown-lost", "speed": "0"}
            assert client.post(address, sent).status_code == 403, role
    assert not FactRow.objects.exists()


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
