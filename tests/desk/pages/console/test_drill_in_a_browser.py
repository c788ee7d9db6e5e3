"""Rehearsal, audit and the way in on paper in a real browser: by keyboard, and without script."""

import json
import time
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import BrowserContext, Page, expect

from ninethirty.core.facts import Kind
from ninethirty.core.release import Role
from ninethirty.desk.actions.check_record import check_record
from ninethirty.desk.actions.paper import ENVELOPE, make_paper, use_paper
from ninethirty.desk.actions.rehearse import REHEARSALS
from ninethirty.desk.outside.rehearsal import Rehearsal
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.setup import setup
from tests.desk.pages.console.staff import DESKTOP, PHONE, RULES, somebody
from tests.desk.setting import RELEASE, Desk, happens, kinds

Browsing = Callable[..., BrowserContext]


def look_over(tab: Page, path: str, status: int = 200) -> None:
    for width, height in (DESKTOP, PHONE):
        tab.set_viewport_size({"width": width, "height": height})
        answer = tab.goto(path)
        assert answer is not None
        assert answer.status == status, path
        wide = tab.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{path} is {wide} wide at {width}"
    found = Axe().run(tab, options=RULES)
    assert found.violations_count == 0, f"{path}: {found.generate_report()}"


def press(tab: Page, name: str) -> None:
    """The button of this name, with the keyboard alone."""
    wanted = tab.get_by_role("button", name=name)
    for _ in range(80):
        tab.keyboard.press("Tab")
        if wanted.evaluate("one => one === document.activeElement"):
            tab.keyboard.press("Enter")
            return
    raise AssertionError(f"no way to {name!r} by the keyboard")


def test_every_page_is_without_faults_that_a_machine_finds(desk: Desk, browsing: Browsing) -> None:
    operator = somebody(Role.OPERATOR).person_id
    for n in range(60):
        happens(Kind.STAGED, files=n, bundle="a-name-without-any-space-that-could-break" * 3)
    check_record(by=operator)
    make_paper(by=operator)
    use_paper(by=ENVELOPE)
    play = desk.home / "rehearsal" / "play"
    play.mkdir(parents=True)
    (play.parent / "asked.json").write_text('{"fault": "mirror", "speed": 0, "alone": false}')
    (play / "outcome.json").write_text(
        json.dumps([{"name": "called late", "held": True, "found": "late, recovered"}] * 2)
    )
    tab = browsing(Role.OPERATOR).new_page()
    for path in ("/", "/rehearsal", "/rehearsal/end", "/audit", f"/audit?subject={RELEASE}"):
        look_over(tab, path)
        expect(tab.get_by_text("Somebody came in by the way in on paper")).to_be_visible()
    look_over(tab, "/audit?since=May", 400)
    look_over(tab, "/break-glass")


@pytest.mark.parametrize("script", [True, False])
def test_a_rehearsal_is_begun_and_ended_with_the_keyboard_alone(
    desk: Desk, browsing: Browsing, script: bool
) -> None:
    tab = browsing(Role.HEAD_OF_PROFESSION, script=script).new_page()
    try:
        tab.goto("/rehearsal")
        press(tab, "Begin the rehearsal")
        expect(tab.get_by_text("A drill is running")).to_be_visible()
        if script:
            found = Axe().run(tab, options=RULES)
            assert found.violations_count == 0, found.generate_report()
        tab.goto("/rehearsal/end")
        press(tab, "End it now")
        expect(tab.get_by_text("nothing of it runs any more")).to_be_visible()
        assert kinds(facts_of(REHEARSALS)) == [Kind.REHEARSED, Kind.REHEARSAL_ENDED]
    finally:
        Rehearsal(setup().home).end()


def test_facts_are_sought_and_paged_through_without_script(desk: Desk, browsing: Browsing) -> None:
    for n in range(60):
        happens(Kind.STAGED, files=n)
    happens(Kind.SEALED)
    tab = browsing(Role.AUDITOR, script=False).new_page()
    tab.goto("/audit")
    tab.get_by_label("Timeline").fill(RELEASE)
    tab.get_by_label("Kind").select_option("staged")
    press(tab, "Find")
    rows = tab.locator("tbody tr")
    expect(rows).to_have_count(50)
    tab.get_by_role("link", name="Older ones").click()
    expect(rows).to_have_count(10)
    expect(tab.get_by_label("Timeline")).to_have_value(RELEASE)
    press(tab, "Check every chain now")
    expect(tab.get_by_text("Every chain is being recomputed")).to_be_visible()
    end = time.monotonic() + 60
    while "it holds" not in tab.content():
        assert time.monotonic() < end
        tab.goto("/audit")
