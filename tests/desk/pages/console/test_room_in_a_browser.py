"""The incident room and the reports in a real browser: live, by keyboard, without script."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import BrowserContext, Page, expect

from ninethirty.core.facts import Kind
from ninethirty.core.release import Role
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.record.models import Message
from ninethirty.desk.record.sightings import store
from tests.core.made import ABSENT, RIGHT, at
from tests.desk.pages.console.staff import DESKTOP, PHONE, RULES, reach
from tests.desk.reports.made import another
from tests.desk.setting import OFFICER, RELEASE, Desk, happens, looks, watched, work_here

ROOM = f"/incidents/{RELEASE}"
BUTTON = "#status [formaction], #status [href*='/do/'], #status [href*='/steps/']"
COPY = "https://elsewhere.example/gdp"
Browsing = Callable[..., BrowserContext]


@pytest.fixture
def reference(desk: Desk) -> str:
    """Of a report, beside an incident."""
    desk.show(at(100))
    work_here()
    watched()
    store(looks(0, 98, ABSENT))
    store(looks(0, 98, RIGHT, on="alternate"))
    happens(Kind.LATE_PROVISIONAL, at(21))
    happens(Kind.STEP_DONE, at(22), actor="runner-1", step="open_incident", attempt=1)
    happens(Kind.PAGED, at(23), alarm="late_provisional", to="lead", person=OFFICER)
    happens(Kind.LATE, at(61), waits_for="a person")
    Message.objects.create(key="t", subject=RELEASE, channel="ticket", at=at(90), text="Please.")
    return another().reference


def test_every_page_is_without_faults_that_a_machine_finds(
    reference: str, browsing: Browsing
) -> None:
    window = browsing(Role.PUBLISHING_OFFICER, OFFICER)
    tab = window.new_page()
    for path in (
        "/incidents",
        ROOM,
        f"{ROOM}/do/veto",
        f"{ROOM}/do/telephone",
        f"{ROOM}/steps/upload_elsewhere",
        f"{ROOM}/before/4",
        "/reports",
        f"/reports/{reference}",
        f"/reports/{reference}/edit/impact",
        f"/reports/{reference}/beside",
        f"/reports/{reference}/fill/plan",
        "/reports/new",
        "/reports/new/late",
        "/register",
        "/register/waiting",
    ):
        for width, height in (DESKTOP, PHONE):
            tab.set_viewport_size({"width": width, "height": height})
            answer = tab.goto(path)
            assert answer is not None
            assert answer.status == 200, path
            wide = tab.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{path} is {wide} wide at {width}"
        found = Axe().run(tab, options=RULES)
        assert found.violations_count == 0, f"{path}: {found.generate_report()}"


def test_what_happens_is_there_without_asking_for_it(reference: str, browsing: Browsing) -> None:
    tab = browsing(Role.PUBLISHING_OFFICER, OFFICER).new_page()
    tab.goto(ROOM)
    fact = happens(Kind.ALTERNATE_VERIFIED, at(100), channel="alternate")
    expect(tab.locator(f"#timeline > #fact-{fact.n}")).to_be_visible(timeout=20_000)
    expect(tab.locator(".nt-state")).to_contain_text("It can be read at the second address")
    # A button that came with the live part still carries this person's token.
    tab.get_by_role("button", name="I am at it").click()
    expect(tab.get_by_text("Done: Say that you are at it")).to_be_visible()
    assert facts_of(RELEASE)[-1].kind is Kind.ACKNOWLEDGED


@pytest.mark.parametrize("script", [True, False])
def test_the_public_steps_are_stopped_with_the_keyboard_alone(
    reference: str, browsing: Browsing, script: bool
) -> None:
    tab = browsing(Role.PUBLISHING_OFFICER, OFFICER, script=script).new_page()
    tab.goto(f"{ROOM}/do/veto")
    for _ in range(30):
        tab.keyboard.press("Tab")
        if tab.locator("#text:focus").count():
            break
    tab.keyboard.type("Our seal is wrong")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    expect(tab.get_by_text("Done: Stop the public steps")).to_be_visible()
    assert facts_of(RELEASE)[-1].kind is Kind.VETOED


def test_every_button_of_the_room_does_what_it_says_with_the_keyboard_alone(
    reference: str, browsing: Browsing
) -> None:
    tab = browsing(Role.PUBLISHING_OFFICER, OFFICER).new_page()
    tab.goto(ROOM)
    did: dict[str, Kind] = {}
    while left := [one for one in buttons(tab) if one not in did]:
        before = len(facts_of(RELEASE))
        reach(tab, tab.locator(BUTTON).nth(buttons(tab).index(left[0])))
        tab.keyboard.press("Enter")
        if left[0] != "acknowledge":
            tab.wait_for_url(f"**/{left[0]}")
            for field in tab.locator("main input:visible, main textarea").all():
                reach(tab, field)
                tab.keyboard.type(COPY)
            reach(tab, tab.locator("main button"))
            tab.keyboard.press("Enter")
        expect(tab.locator(".nt-message--success")).to_be_visible()
        tab.goto(ROOM)
        did[left[0]] = facts_of(RELEASE)[before].kind
    assert did == {
        "acknowledge": Kind.ACKNOWLEDGED,
        "veto": Kind.VETOED,
        "lift": Kind.VETO_LIFTED,
        "hand-over": Kind.HANDED_OVER,
        "telephone": Kind.ENQUIRY_NOTED,
        "mail": Kind.ENQUIRY_NOTED,
        "go_ahead": Kind.STEP_DONE,
        "call_the_platform": Kind.STEP_DONE,
        "upload_elsewhere": Kind.SECOND_ASKED,
    }


def buttons(tab: Page) -> list[str]:
    """The last part of where each leads, in their order."""
    found = "all => all.map(it => it.getAttribute('formaction') || it.getAttribute('href'))"
    return [one.rpartition("/")[2] for one in tab.locator(BUTTON).evaluate_all(found)]
