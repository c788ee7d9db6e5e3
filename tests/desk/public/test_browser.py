"""Every kind of page in a real browser: what a machine can tell of accessibility, and of use."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, Route, sync_playwright

from ninethirty.desk.public.page import Shown
from ninethirty.desk.public.release import page_of_release
from ninethirty.desk.public.site import pages
from tests.desk.public.accounts import WRITTEN, pages_of_account
from tests.desk.public.sites import NOW, every_state

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--no-first-run"),
]
HOST = "http://statistics.example"
DESKTOP, PHONE = (1100, 900), (360, 740)
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
KINDS = (
    "/",
    "/calendar",
    "/calendar/2026",
    "/calendar/2026/11",
    "/calendar/2026/11/24",
    "/producers",
    "/producers/office",
    "/series/fuel",
    "/a-to-z",
    "/a-to-z/f",
    "/search",
    "/status",
    "/changes",
    "/how-we-measure",
    "/accessibility",
    *(path for path in pages_of_account(every_state()) if not path.endswith(".json")),
    WRITTEN.path,
    *(f"/releases/{name}" for name in every_state().editions),
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip("no page was looked at in a browser: apt-get install chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def shown() -> dict[str, Shown]:
    site = every_state()
    every = [*pages(site), page_of_release(site, WRITTEN)]
    made = {path: one for page in every for path, one in page.files(page.since(NOW)).items()}
    return made | pages_of_account(site)


@pytest.fixture
def tab(browser: Browser, shown: dict[str, Shown]) -> Iterator[Page]:
    yield from _tab(browser, shown, script=True)


@pytest.fixture
def tab_without_script(browser: Browser, shown: dict[str, Shown]) -> Iterator[Page]:
    yield from _tab(browser, shown, script=False)


def _tab(browser: Browser, shown: dict[str, Shown], *, script: bool) -> Iterator[Page]:
    """A tab in which the site is, and nothing else; its clock stands at NOW."""

    def answer(route: Route) -> None:
        found = shown.get(urlsplit(route.request.url).path)
        asked.append(route.request.url)
        if found:
            route.fulfill(status=200, body=found.body, content_type=found.media_type)
        else:
            route.fulfill(status=404, body="not here", content_type="text/plain")

    asked: list[str] = []
    context = browser.new_context(java_script_enabled=script)
    context.route("**/*", answer)
    page = context.new_page()
    page.clock.install(time=NOW)
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    yield page
    context.close()
    assert not wrong
    assert all(url.startswith((HOST, "data:")) for url in asked), asked


def at(page: Page, path: str, size: tuple[int, int] = DESKTOP) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    answer = page.goto(f"{HOST}{path}")
    assert answer is not None
    assert answer.ok, path


def test_no_kind_of_page_has_a_fault_that_axe_can_find(tab: Page) -> None:
    axe = Axe()
    for path in KINDS:
        at(tab, path)
        for details in tab.locator("summary").all():
            details.click()
        found = axe.run(tab, options=RULES)
        assert found.violations_count == 0, f"{path}: {found.generate_report()}"


def test_no_page_is_wider_than_a_phone_and_none_is_without_a_heading(tab: Page) -> None:
    for path in KINDS:
        at(tab, path, PHONE)
        wide = tab.evaluate("document.documentElement.scrollWidth")
        assert wide <= PHONE[0], f"{path} is {wide} pixels wide"
        assert tab.locator("h1").count() == 1, path


def test_targets_are_large_enough_for_a_finger(tab: Page) -> None:
    """WCAG 2.2, 2.5.8: 24 pixels each way, unless in a sentence."""
    at(tab, "/a-to-z", PHONE)
    for letter in tab.locator(".nt-letters a").all():
        box = letter.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 24


def test_the_keyboard_leads_to_the_content_first_and_shows_where_it_is(tab: Page) -> None:
    at(tab, "/releases/published")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.textContent.trim()") == "Skip to main content"
    tab.keyboard.press("Enter")
    assert tab.url.endswith("#main-content")
    tab.keyboard.press("Tab")
    focused = tab.evaluate("document.activeElement.closest('main') !== null")
    assert focused, "the next stop is within the content"
    assert tab.evaluate("getComputedStyle(document.activeElement).boxShadow") != "none"


def test_the_countdown_tells_how_long_it_is_and_asks_nobody(tab: Page) -> None:
    at(tab, "/")
    count = tab.locator(".nt-count")
    assert count.text_content() == "in 4 hours 0 minutes"
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.clock.run_for(2 * 60 * 60 * 1000)
    assert count.text_content() == "in 2 hours 0 minutes"
    tab.clock.run_for(2 * 60 * 60 * 1000 + 1000)
    assert count.text_content() == "It is time: read the release"
    assert count.locator("a").get_attribute("href") == "/releases/due-today"
    assert asked == []


def test_nothing_moves_while_a_page_loads(tab: Page) -> None:
    for path in ("/", "/releases/confirmed", "/search"):
        at(tab, path, PHONE)
        moved = tab.evaluate(
            """new Promise(told => {
                let sum = 0;
                new PerformanceObserver(list => {
                    for (const entry of list.getEntries()) sum += entry.value;
                }).observe({type: "layout-shift", buffered: true});
                requestAnimationFrame(() => requestAnimationFrame(() => told(sum)));
            })"""
        )
        assert moved < 0.1, f"{path} moves by {moved}"


def test_searching_finds_by_words_producer_and_dates_together(tab: Page) -> None:
    at(tab, "/search")
    said = tab.locator("#said")
    tab.wait_for_function(
        "document.getElementById('said').textContent === '16 releases to search in'"
    )
    tab.get_by_label("Words of the title").fill("fuel PRICES")
    assert said.text_content() == "5 releases"
    tab.get_by_label("Dates").select_option("To come")
    assert said.text_content() == "3 releases"
    tab.get_by_label("Producer", exact=True).select_option("Isles Statistical Service")
    assert said.text_content() == "0 releases"
    tab.get_by_label("Words of the title").fill("harbours")
    titles = tab.locator("#found a").all_text_contents()
    assert titles == ["Held", "Cancelled"]


def test_a_breach_is_found_by_words_and_each_filter_together(tab: Page) -> None:
    at(tab, "/register")
    tab.get_by_role("link", name="Search for a breach").click()
    said = tab.locator("#said")
    tab.wait_for_function(
        "document.getElementById('said').textContent === '2 breaches to search in'"
    )
    for name in ("Producer", "Kind", "Cause", "Platform", "Year"):
        assert tab.get_by_label(name, exact=True).is_visible(), name
    tab.get_by_label("Practice").select_option("T3.6")
    assert said.text_content() == "2 breaches"
    tab.get_by_label("Words of the title").fill("ergs ISLES")
    assert tab.locator("#found a").all_text_contents() == ["Érgs, early"]
    tab.get_by_label("Kind").select_option("late")
    assert said.text_content() == "0 breaches"
    tab.get_by_label("Words of the title").fill("br-2026-0001")
    assert tab.locator("#found a").all_text_contents() == ["Fuel <prices> late"]
    tab.locator("#found a").click()
    assert tab.url.endswith("/register/br-2026-0001")


def test_everything_is_found_without_a_script(tab_without_script: Page) -> None:
    tab = tab_without_script
    at(tab, "/search")
    assert tab.get_by_text("needs a script").is_visible()
    assert not tab.locator("#search").is_visible()
    tab.get_by_role("link", name="A to Z of series").click()
    tab.get_by_role("link", name="R", exact=True).click()
    tab.get_by_role("link", name="Road fuel prices").click()
    tab.get_by_role("link", name="Fuel 2026 11").click()
    assert tab.get_by_text("Will be published at 9:30am on Wednesday 25 November").is_visible()


def test_a_printed_page_has_the_content_and_not_the_navigation(tab: Page) -> None:
    at(tab, "/releases/published")
    tab.emulate_media(media="print")
    assert tab.get_by_text("Main points").is_visible()
    assert not tab.locator(".govuk-service-navigation").is_visible()
    assert not tab.locator(".govuk-footer").is_visible()
