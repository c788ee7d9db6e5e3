"""People at the console: signed in with Django's client, or in a browser at the real desk."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib.auth.hashers import make_password
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from ninethirty.core.release import Role
from ninethirty.desk.record.models import Account, Person, WorksFor

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--no-first-run"),
]
DESKTOP, PHONE = (1100, 900), (360, 740)
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
MOST_TABS = 150
PASSWORD = "three words that do not belong together"
SECRET = "JBSWY3DPEHPK3PXP"
"""Of everybody's authenticator."""


def somebody(role: Role, id: str = "", *, producers: tuple[str, ...] = ()) -> Account:
    """A person of this role (there may be one already) with an account and a second factor."""
    id = id or f"a-{role.replace(' ', '-')}"
    person, _ = Person.objects.get_or_create(
        id=id, defaults={"name": f"Name of {id}", "role": str(role)}
    )
    for producer in producers:
        WorksFor.objects.create(person=person, producer=producer)
    account, made = Account.objects.get_or_create(person=person, defaults={"username": id})
    if made:
        account.password = _hashed()
        account.save()
        TOTP.activate(account, SECRET)
    return account


@cache
def _hashed() -> str:
    """Made to be slow, so made once."""
    return make_password(PASSWORD)


def visitor(*, checks_forms: bool = False) -> Client:
    """Somebody whom the desk does not know yet."""
    return Client(enforce_csrf_checks=checks_forms, headers={"Host": "localhost"})


def client_of(account: Account) -> Client:
    client = visitor()
    client.force_login(account)
    return client


def code_now() -> str:
    """What the authenticator of everybody shows."""
    return str(format_hotp_value(hotp_value(SECRET, next(yield_hotp_counters_from_time()))))


class Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


class Server(ThreadingMixIn, WSGIServer):
    """A thread for each connection: a browser opens some that it asks nothing on for a while."""

    daemon_threads = True

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            connections.close_all()


@contextmanager
def served() -> Iterator[str]:
    """The real desk on a port of loopback, in this process and on the database of the test; gives
    its address."""
    server = make_server("127.0.0.1", 0, WSGIHandler(), Server, Silent)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def window(browser: Browser, url: str, client: Client, *, script: bool = True) -> BrowserContext:
    """A browser that is signed in as this client is."""
    context = browser.new_context(
        java_script_enabled=script,
        base_url=url,
        viewport={"width": DESKTOP[0], "height": DESKTOP[1]},
    )
    context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}]
    )
    return context


def reach(tab: Page, place: Locator) -> None:
    """With the tabulator alone, past what stands before every page by the link that is there for
    it."""
    expect(place).to_be_visible()
    skip = tab.get_by_role("link", name="Skip to main content")
    for _ in range(MOST_TABS):
        tab.keyboard.press("Tab")
        if skip.evaluate("it => it === document.activeElement"):
            tab.keyboard.press("Enter")
            tab.keyboard.press("Tab")
        if place.evaluate("it => it === document.activeElement"):
            return
    raise AssertionError(f"nobody comes to {place} with the keyboard")


def press(tab: Page, name: str, role: Any = "button") -> None:
    """With the keyboard alone."""
    reach(tab, tab.get_by_role(role, name=name, exact=True).first)
    tab.keyboard.press("Enter")
