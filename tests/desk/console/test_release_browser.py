"""A good day in a real browser: handed in, sealed, approved by another, armed."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from playwright.sync_api import Browser, Page, Route, sync_playwright

from ninethirty.core.facts import Kind
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.record.models import Release
from tests.desk.console.signed_in import client_of
from tests.desk.setting import APPROVER, OFFICER, RELEASE, STATISTICIAN, Desk, bundle, kinds
from tests.desk.way import gate_running, promised

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PAGE = f"/releases/{RELEASE}"

pytestmark = [
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium at /usr/bin/chromium"),
    pytest.mark.parametrize("database", ["sqlite"]),
]


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = False


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None: ...


@contextmanager
def console_running() -> Iterator[str]:
    with make_server("127.0.0.1", 0, get_wsgi_application(), _Server, _Quiet) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Playwright keeps a loop in this thread, which nothing of ours ever awaits.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def opened(browser: Browser, at: str, cookie: str, *, script: bool = True) -> Iterator[Page]:
    context = browser.new_context(base_url=at, java_script_enabled=script)
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": at}])
    page = context.new_page()
    yield page
    context.close()


def cookie_of(person: str) -> str:
    return client_of(person).cookies[settings.SESSION_COOKIE_NAME].value


def looked_over(page: Page, address: str) -> None:
    """Nothing that axe knows of is wrong with it, on a desk or on a telephone."""
    for width in (1280, 375):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(address)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{address} is {wide} wide on {width}"
        days = page.locator(".nt-scroll:has(.nt-day)").all()
        fits = [day.evaluate("it => it.scrollWidth <= it.clientWidth") for day in days]
        assert all(fits), f"the day scrolls sideways on {width}, so that lights are hidden"


def test_a_release_goes_from_a_folder_to_armed_in_a_browser(
    desk: Desk, tmp_path: Path, browser: Browser
) -> None:
    promised()
    cookies = {one: cookie_of(one) for one in (STATISTICIAN, APPROVER, OFFICER)}
    folder = bundle(tmp_path / "gdp", {"more/notes.txt": b"Notes.\n"})
    with console_running() as at:
        with opened(browser, at, cookies[STATISTICIAN]) as page:
            page.goto("/")
            page.get_by_role("link", name="Gross domestic product").first.click()
            page.locator("#folder").set_input_files(folder)
            page.get_by_role("button", name="Hand in").click()
            page.get_by_text("more/notes.txt").wait_for()
            page.get_by_role("button", name="Seal", exact=True).click()
            page.get_by_role("button", name="Seal this release").click()
            page.get_by_text("Sealed.").wait_for()
            for address in ("/", "/wall", PAGE, f"{PAGE}/act/ask", f"/calendar/date/{RELEASE}"):
                looked_over(page, address)
        with opened(browser, at, cookies[APPROVER]) as page:
            looked_over(page, f"{PAGE}/act/approve")
            page.goto(PAGE)
            # By keyboard alone.
            page.get_by_role("button", name="Approve").focus()
            page.keyboard.press("Enter")
            page.get_by_role("button", name="Approve this release").focus()
            page.keyboard.press("Enter")
            page.get_by_text("Approved.").wait_for()
        with (
            opened(browser, at, cookies[OFFICER]) as page,
            gate_running(desk, tmp_path / "gate"),
        ):
            looked_over(page, f"{PAGE}/act/arm")
            page.get_by_role("button", name="Arm this release").click()
            page.get_by_text("Armed: a gate stands for it.").wait_for()
            page.goto("/")
            page.get_by_text("armed", exact=True).first.wait_for()
    assert Kind.ARMED in kinds(facts_of(RELEASE))


def test_a_file_that_another_program_holds_is_named_and_nothing_is_half_done(
    desk: Desk, tmp_path: Path, browser: Browser
) -> None:
    promised()
    cookie, folder = cookie_of(STATISTICIAN), bundle(tmp_path / "gdp")
    files = [folder / "index.html", folder / "data.csv"]
    figures = files[1].read_bytes()
    with console_running() as at, opened(browser, at, cookie) as page:
        page.goto(PAGE)
        page.locator("#files").set_input_files(files)

        def away(route: Route) -> None:
            """After it was listed. To script a file that is not there any more is as one that it
            may not read."""
            files[1].unlink()
            route.continue_()

        page.route("**/hand-in/begin", away, times=1)
        page.get_by_role("button", name="Hand in").click()
        page.get_by_role("alert").filter(has_text="data.csv cannot be read. Close it in").wait_for()
        assert Kind.STAGED not in kinds(facts_of(RELEASE))
        files[1].write_bytes(figures)
        page.locator("#files").set_input_files(files)
        page.get_by_role("button", name="Hand in").click()
        page.get_by_text("Handed in.").wait_for()
    assert Kind.STAGED in kinds(facts_of(RELEASE))


def test_without_script_a_release_is_handed_in_and_sealed_all_the_same(
    desk: Desk, tmp_path: Path, browser: Browser
) -> None:
    promised()
    cookie = cookie_of(STATISTICIAN)
    folder = bundle(tmp_path / "gdp")
    with (
        console_running() as at,
        opened(browser, at, cookie, script=False) as page,
    ):
        page.goto(PAGE)
        page.locator("#files").set_input_files([folder / "index.html", folder / "data.csv"])
        page.get_by_role("button", name="Hand in").click()
        page.get_by_text("Handed in.").wait_for()
        page.get_by_role("button", name="Seal", exact=True).click()
        page.get_by_role("button", name="Seal this release").click()
        page.get_by_text("Sealed.").wait_for()
    assert Release.objects.get(id=RELEASE).seal


def test_today_tells_what_happened_without_being_loaded_again(desk: Desk, browser: Browser) -> None:
    promised()
    cookie = cookie_of(STATISTICIAN)
    with console_running() as at, opened(browser, at, cookie) as page:
        page.goto("/")
        page.get_by_text("Gross domestic product").first.wait_for()
        Release.objects.update(title="Renamed meanwhile")
        page.get_by_text("Renamed meanwhile").first.wait_for()
