"""Before release in a real browser: a private secretary, a press officer and a statistician."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, BrowserContext, Page, expect

from ninethirty.core.facts import Kind
from ninethirty.core.release import Role
from ninethirty.desk.actions.access.confirm import confirm_list, last_change
from ninethirty.desk.actions.access.enter import revoke
from ninethirty.desk.actions.access.link import link_for
from ninethirty.desk.actions.seal import seal
from ninethirty.desk.actions.stage import stage
from ninethirty.desk.record.models import AccessEntry
from tests.core.made import at
from tests.desk.access.setting import CODE, OFFICER_OF_PRESS, SECRETARY, confirmed, log, mailed
from tests.desk.mailbox import Mailbox
from tests.desk.pages.console.conftest import as_role, at_desk, browser, browsing
from tests.desk.pages.console.staff import DESKTOP, PHONE, RULES
from tests.desk.setting import HEAD, OFFICER, RELEASE, STATISTICIAN, Desk, bundle
from tests.desk.way import promised

__all__ = ["as_role", "at_desk", "browser", "browsing"]
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
LIST = f"/releases/{RELEASE}/access"


@pytest.fixture
def database() -> str:
    return "sqlite"


@pytest.fixture
def box(desk: Desk) -> Iterator[Mailbox]:
    with mailed(desk) as box:
        yield box


def code(box: Mailbox) -> str:
    found = CODE.search(box.taken[-1].get_content())
    assert found
    return found[1]


def path_for(entry: AccessEntry) -> str:
    return "/before-release/" + link_for(RELEASE, entry.id, by=STATISTICIAN).rpartition("/")[2]


def looked_over(tab: Page) -> None:
    for width, height in (DESKTOP, PHONE):
        tab.set_viewport_size({"width": width, "height": height})
        wide = tab.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{tab.url} is {wide} wide at {width}"
    found = Axe().run(tab, options=RULES)
    assert found.violations_count == 0, found.generate_report()


def signs_in(tab: Page, box: Mailbox, path: str) -> None:
    tab.goto(path)
    looked_over(tab)
    tab.get_by_role("button", name="Send me a code").click()
    expect(tab.get_by_text("A code is on its way")).to_be_visible()
    looked_over(tab)
    tab.get_by_label("Code").fill(code(box))
    tab.get_by_label("I accept these duties").check()
    tab.get_by_role("button", name="Sign in").click()


def test_a_private_secretary_reads_it_until_it_is_taken_back(
    box: Mailbox, tmp_path: Path, browser: Browser, at_desk: str
) -> None:
    [entry] = confirmed(tmp_path)
    context = browser.new_context(base_url=at_desk)
    tab = context.new_page()
    path = path_for(entry)
    signs_in(tab, box, path)
    tab.get_by_role("button", name="Show the page").click()
    shown = tab.frame_locator("iframe")
    expect(shown.get_by_text("It grew by 0.3%")).to_be_visible(timeout=20_000)
    expect(shown.get_by_text("for Name of a reader, private secretary")).to_be_visible()
    looked_over(tab)
    with tab.expect_download() as download:
        tab.get_by_role("button", name="Download data.csv").click()
    assert "Not to be passed on" in Path(download.value.path()).read_text()
    # Back later in the same browser: no code is asked for.
    again = context.new_page()
    again.goto(path)
    expect(again.get_by_role("button", name="Show the page")).to_be_visible(timeout=20_000)
    # In another, with all cookies of the first: nothing.
    other = browser.new_context(base_url=at_desk)
    other.add_cookies(context.cookies())  # type: ignore[arg-type]
    stolen = other.new_page()
    stolen.goto(path)
    expect(stolen.get_by_role("button", name="Send me a code")).to_be_visible()
    assert "0.3" not in stolen.content()
    revoke(RELEASE, entry.id, by=OFFICER)
    expect(tab.get_by_text("Your access was taken back")).to_be_visible(timeout=20_000)
    assert tab.locator("iframe").count() == 0
    opened = [fact.details["file"] for fact in log() if fact.kind is Kind.ACCESS_OPENED]
    assert opened == ["index.html", "data.csv"]
    other.close()
    context.close()


def test_a_press_officer_without_script_takes_a_code_for_each_thing(
    box: Mailbox, tmp_path: Path, browser: Browser, at_desk: str, desk: Desk
) -> None:
    [entry] = confirmed(tmp_path, OFFICER_OF_PRESS)
    context = browser.new_context(base_url=at_desk, java_script_enabled=False)
    tab = context.new_page()
    tab.goto(path_for(entry))
    tab.get_by_role("button", name="Send me a code").click()
    tab.get_by_label("Code").fill(code(box))
    tab.get_by_label("I accept these duties").check()
    tab.get_by_role("button", name="Sign in").click()
    expect(tab.get_by_text("takes a code of its own")).to_be_visible()
    desk.show(at(-3500))
    asks = context.new_page()
    asks.goto(tab.url)
    asks.get_by_role("button", name="Send me a code").click()
    expect(asks.get_by_text("A code is on its way")).to_be_visible()
    tab.get_by_label("Code for this").first.fill(code(box))
    tab.get_by_role("button", name="Show the page").click()
    expect(tab.frame_locator("iframe").get_by_text("It grew by 0.3%")).to_be_visible()
    context.close()


def test_a_statistician_writes_the_list_and_reports_a_slip(
    desk: Desk, box: Mailbox, tmp_path: Path, browsing: Callable[..., BrowserContext]
) -> None:

    promised()
    stage(RELEASE, bundle(tmp_path / "gdp"), by=STATISTICIAN)
    seal(RELEASE, by=STATISTICIAN)
    tab = browsing(Role.STATISTICIAN, STATISTICIAN).new_page()
    tab.goto(f"/releases/{RELEASE}")
    tab.get_by_role("link", name="Who may see it before its release, and who did").click()
    tab.get_by_role("button", name="Begin the list").click()
    tab.get_by_label("Name", exact=True).fill(SECRETARY.name)
    tab.get_by_label("Their own mail address").fill(SECRETARY.address)
    tab.get_by_label("Job", exact=True).fill(SECRETARY.job)
    tab.get_by_label("Organisation", exact=True).last.fill(SECRETARY.organisation)
    tab.get_by_label("What they need it for").fill("to brief the minister")
    tab.get_by_role("button", name="Put them on the list").click()
    expect(tab.get_by_text("Written. It shows nothing until")).to_be_visible()
    confirm_list(RELEASE, read=last_change(RELEASE), by=HEAD)
    tab.goto(LIST)
    looked_over(tab)
    tab.get_by_role("button", name="Mail the link (Name of a reader)").click()
    expect(tab.get_by_text("Their link is mailed")).to_be_visible()
    tab.get_by_role("link", name="It was sent to the wrong person").click()
    looked_over(tab)
    tab.get_by_label("Who got it?").fill("A policy team")
    tab.get_by_label("How?").fill("By e-mail")
    tab.get_by_label("It was not got back.").check()
    tab.get_by_label("Who was told of it").fill("The head of profession")
    tab.get_by_role("button", name="Record it").click()
    expect(tab.get_by_text("was opened for it")).to_be_visible()
    head = browsing(Role.HEAD_OF_PROFESSION, HEAD).new_page()
    head.goto(LIST)
    looked_over(head)
    assert log()[-1].kind is Kind.SLIPPED
