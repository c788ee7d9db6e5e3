"""What tests of the console ask for: somebody signed in, and a browser at the desk."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from ninethirty.core.release import Role
from tests.desk.pages.console.staff import (
    CHROMIUM,
    FLAGS,
    client_of,
    served,
    somebody,
    window,
)
from tests.desk.setting import Desk

# Playwright keeps a loop of its own running in this thread; nothing of ours is asynchronous.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

PICTURES = Path(__file__).parents[4] / "docs" / "pictures"


@pytest.fixture
def database() -> str:
    """Pages ask what actions and the record give, which are tested on both."""
    return "sqlite"


@pytest.fixture
def as_role(desk: Desk) -> Callable[..., Client]:
    """`as_role(Role.APPROVER, id="person-3")`: a client of somebody who is signed in."""

    def sign_in(role: Role, id: str = "", *, producers: tuple[str, ...] = ()) -> Client:
        return client_of(somebody(role, id, producers=producers))

    return sign_in


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Module by module, since it keeps a loop on this thread, in which Django refuses to work
    unless told that nothing else runs there."""
    if not CHROMIUM.exists():
        pytest.skip("no page was looked at in a browser: apt-get install chromium")
    with pytest.MonkeyPatch.context() as told, sync_playwright() as playwright:
        told.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "yes")
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def pictured(request: pytest.FixtureRequest) -> Callable[[Page, str], None]:
    """`pictured(tab, "today")`: docs/pictures/today.png shows what the tab shows now, if the tests
    were asked for pictures; for nothing else is a file of the project to change."""

    def take(tab: Page, name: str) -> None:
        if request.config.getoption("--pictures"):
            tab.screenshot(path=PICTURES / f"{name}.png", animations="disabled")

    return take


@pytest.fixture
def at_desk(desk: Desk) -> Iterator[str]:
    """The address of the real desk."""
    with served() as url:
        yield url


@pytest.fixture
def browsing(
    browser: Browser, at_desk: str, as_role: Callable[..., Client]
) -> Iterator[Callable[..., BrowserContext]]:
    """`browsing(Role.APPROVER)`: a browser context signed in at the real desk; its pages are asked
    for by path, as `context.new_page().goto("/account")`. script=False: without script."""
    opened: list[BrowserContext] = []

    def open_window(role: Role, id: str = "", *, script: bool = True) -> BrowserContext:
        opened.append(window(browser, at_desk, as_role(role, id), script=script))
        return opened[-1]

    yield open_window
    for context in opened:
        context.close()
