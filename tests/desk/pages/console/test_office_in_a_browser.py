"""Calendar, people and set-up in a real browser: for everybody, by keyboard, without script."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import BrowserContext, Page, expect

from ninethirty.core.announcement import Rhythm
from ninethirty.core.release import Role
from ninethirty.desk.actions.add_producer import add_producer
from ninethirty.desk.actions.add_series import add_series
from ninethirty.desk.actions.announce import announce
from ninethirty.desk.actions.move import move
from ninethirty.desk.record.models import Person, Release
from tests.desk.pages.console.staff import DESKTOP, PHONE, RULES
from tests.desk.setting import (
    ANNOUNCED_AT,
    HEAD,
    OFFICER,
    PROMISE,
    RELEASE,
    STATISTICIAN,
    Desk,
    work_for,
    work_here,
)
from tests.desk.way import promised

Browsing = Callable[..., BrowserContext]
PICTURED = {
    "/calendar?year=2026": "calendar",
    "/set-up": "set_up",
    "/people": "people",
    "/audit": "audit",
}
LATER = type(PROMISE).parse("2027-01-19 09:30 Europe/London")


@pytest.fixture
def office(desk: Desk) -> None:
    """With a series, two releases at one instant, and a date that is asked for."""
    work_here()
    desk.more = (
        f'[[on_call]]\nwho = "{OFFICER}"\ndeputy = "nobody-9"\n'
        "since = 2026-11-01T00:00:00Z\nuntil = 2027-01-01T00:00:00Z\n"
        '[[pagers]]\nkind = "webhook"\nurl = "https://pager.example"\ntoken = "env:NOT_SET"\n'
    )
    desk.told()
    add_producer("north", "The north", by=HEAD)
    work_for("north")
    add_series("fuel", "Fuel prices", producer="north", by=HEAD, rhythm=Rhythm.MONTHLY)
    promised()
    told = {"path": "/fuel", "announced": ANNOUNCED_AT, "series": "fuel"}
    announce("fuel/1", title="Fuel prices", opens=PROMISE, by=STATISTICIAN, **told)
    move(RELEASE, LATER, by=STATISTICIAN, reason="The survey came back late.")


def looked_over(tab: Page, address: str) -> None:
    answer = tab.goto(address)
    assert answer is not None
    assert answer.status == 200, address
    unfaulted(tab, address)


def unfaulted(tab: Page, address: str) -> None:
    """On a telephone and on a desk; what a machine finds is looked for where all is shown."""
    for width, height in (PHONE, DESKTOP):
        tab.set_viewport_size({"width": width, "height": height})
        wide = tab.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{address} is {wide} wide on {width}"
    found = Axe().run(tab, options=RULES)
    assert found.violations_count == 0, found.generate_report()


def test_every_page_is_without_faults_that_a_machine_finds(
    office: None, browsing: Browsing, pictured: Callable[[Page, str], None]
) -> None:
    head = browsing(Role.HEAD_OF_PROFESSION, HEAD).new_page()
    for address in (
        "/calendar?year=2026",
        "/calendar?year=2031",
        "/calendar/new",
        f"/calendar/date/{RELEASE}",
        f"/calendar/cancel/{RELEASE}",
        "/calendar/series/fuel",
        "/set-up",
        "/set-up/add/producer",
        "/set-up/add/series",
        "/set-up/add/leave",
    ):
        looked_over(head, address)
        if address in PICTURED:
            pictured(head, PICTURED[address])
    head.get_by_role("button", name="Record a leave").click()
    expect(head.get_by_role("alert")).to_contain_text("There is a problem")
    unfaulted(head, "a form with errors")
    operator = browsing(Role.OPERATOR, "operator-1").new_page()
    for address in (
        "/people",
        "/people/new",
        f"/people/{HEAD}",
        f"/people/{HEAD}/do/leave",
        "/audit",
    ):
        looked_over(operator, address)
        if address in PICTURED:
            pictured(operator, PICTURED[address])


def test_a_date_is_moved_by_keyboard_alone_and_what_speaks_against_it_is_heard(
    office: None, browsing: Browsing
) -> None:
    tab = browsing(Role.HEAD_OF_PROFESSION, HEAD).new_page()
    tab.goto(f"/calendar/date/{RELEASE}")
    tab.get_by_label("Day", exact=True).focus()
    tab.keyboard.type("2026-12-25")
    for typed in ("", "The survey came back late."):
        tab.keyboard.press("Tab")
        tab.keyboard.type(typed)
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    said = tab.get_by_role("alert")
    expect(said).to_contain_text("an exact date is promised 28 days ahead")
    unfaulted(tab, "what speaks against it")
    again = tab.get_by_role("button", name="Promise it all the same")
    again.focus()
    tab.keyboard.press("Enter")
    expect(tab.get_by_text("It is promised for 2026-12-25")).to_be_visible()
    assert Release.objects.get(id=RELEASE).opens == "2026-12-25 09:30 Europe/London"


def test_somebody_is_let_in_without_script(office: None, browsing: Browsing) -> None:
    tab = browsing(Role.OPERATOR, "operator-1", script=False).new_page()
    tab.goto("/people")
    tab.get_by_role("button", name="Let somebody in").or_(
        tab.get_by_role("link", name="Let somebody in")
    ).click()
    tab.get_by_label("Name").fill("Somebody New")
    tab.get_by_label("Id", exact=True).fill("person-7")
    tab.get_by_label("Role").select_option("approver")
    tab.get_by_label("The north").check()
    tab.get_by_role("button", name="Let somebody in").click()
    expect(tab.get_by_text("/begin/")).to_be_visible()
    assert Person.objects.get(id="person-7").role == Role.APPROVER
