"""Signing in, as a person does it: by keyboard, by code, by passkey, by somebody else's word."""

import threading
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from urllib.parse import urlsplit
from wsgiref.simple_server import WSGIServer, make_server

import pytest
import requests
from allauth.mfa.models import Authenticator
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from django.test import Client, override_settings
from oidc_provider_mock import User
from oidc_provider_mock import app as provider_app
from playwright.sync_api import Browser, BrowserContext

from ninethirty.core.release import Role
from ninethirty.desk.actions.accounts import add_person, link_of
from ninethirty.desk.console import providers
from ninethirty.desk.record.models import Account
from ninethirty.desk.setup import setup
from tests.desk.pages.console.staff import (
    PASSWORD,
    PHONE,
    RULES,
    Silent,
    code_now,
    somebody,
    visitor,
)
from tests.desk.setting import Desk

UNHEARD = pytest.mark.filterwarnings("ignore:get_jwt_config", "ignore:authlib.jose")
"""Of the provider that stands in: it uses what its own library has given up."""

PAGES = (
    "/account",
    "/account/password",
    "/account/sessions",
    "/account/passkeys",
    "/account/passkeys/add",
    "/account/code/remove",
    "/nowhere",
)


def sign_in(client: Client, name: str, password: str) -> str:
    return client.post("/sign-in", {"login": name, "password": password}).content.decode()


def test_a_name_that_nobody_has_is_refused_in_the_words_of_a_wrong_password(desk: Desk) -> None:
    somebody(Role.AUDITOR, "person-1")
    client = visitor()
    known, unknown = (sign_in(client, name, "wrong") for name in ("person-1", "person-9"))
    assert "not correct" in known

    def words(page: str) -> list[str]:
        told = [line for line in page.splitlines() if "csrfmiddlewaretoken" not in line]
        return [line.replace("person-1", "X").replace("person-9", "X") for line in told]

    assert words(known) == words(unknown)


def test_after_five_failed_tries_the_right_password_does_not_help_for_a_while(desk: Desk) -> None:
    somebody(Role.AUDITOR, "person-1")
    for _ in range(5):
        sign_in(visitor(), "person-1", "wrong")
    assert "Too many failed" in sign_in(visitor(), "person-1", PASSWORD)


def test_a_page_is_sent_with_what_keeps_strangers_out(desk: Desk) -> None:
    answer = visitor().get("/sign-in")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "<style" not in answer.content.decode()
    assert " style=" not in answer.content.decode()
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    csrf = answer.cookies["csrftoken"]
    assert (csrf["httponly"], csrf["samesite"]) == (True, "Strict")


def test_a_form_without_the_mark_of_its_page_is_refused(desk: Desk) -> None:
    answer = visitor(checks_forms=True).post("/sign-in", {"login": "a", "password": "b"})
    assert answer.status_code == 403
    assert "nothing was done" in answer.content.decode()


def test_others_of_my_sessions_are_listed_and_signed_out(desk: Desk) -> None:
    account = somebody(Role.AUDITOR, "person-1")
    here, there = visitor(), visitor()
    for client in (here, there):
        client.post("/sign-in", {"login": "person-1", "password": PASSWORD})
        client.post("/account/code", {"code": code_now()})
        client.get("/account")
        account.refresh_from_db()
        forget_codes()
    listed = here.get("/account/sessions").content.decode()
    assert listed.count("127.0.0.1") == 2
    here.post("/account/sessions")
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 302


def forget_codes() -> None:
    """A code is good once; here two windows use the same."""
    from django.core.cache import cache

    cache.clear()


def test_a_new_colleague_begins_by_a_link_and_sets_up_a_second_factor(desk: Desk) -> None:
    account = add_person("operator-1", "The operator", Role.OPERATOR, by="operator-1")
    client = visitor()
    link = link_of(account).removeprefix("http://localhost:9331")
    assert "operator-1" in client.get(link).content.decode()
    for password, again, says in (
        ("short", "short", "too short"),
        ("passwordpassword1", "other", "differ"),
        ("1q2w3e4r5t6y", "1q2w3e4r5t6y", "too common"),
    ):
        answer = client.post(link, {"password": password, "again": again})
        assert says in answer.content.decode()
        assert answer.status_code == 400
    answer = client.post(link, {"password": PASSWORD, "again": PASSWORD})
    assert answer.status_code == 302
    assert client.get("/account/second-factor").status_code == 200
    assert client.get(link).status_code == 403


@pytest.fixture
def provider(desk: Desk) -> Iterator[None]:
    """Somebody else who knows our people, on loopback."""
    known = [
        User(sub=f"sub-{name}", claims={"preferred_username": name})
        for name in ("person-1", "person-3", "stranger")
    ]
    server = make_server("127.0.0.1", 0, provider_app(user_claims=known), WSGIServer, Silent)
    issuer = f"http://127.0.0.1:{server.server_port}"
    desk.more = (
        f'[console.sign_on]\nname = "The office"\nissuer = "{issuer}"\n'
        'client = "ninethirty"\ntoken = "secret"\n'
    )
    desk.told()
    thread = threading.Thread(target=server.serve_forever, args=[0.05])
    thread.start()
    with override_settings(SOCIALACCOUNT_PROVIDERS=providers(setup().console.sign_on)):
        yield
    server.shutdown()
    thread.join()
    server.server_close()


def by_word_of_provider(client: Client, name: str) -> Any:
    assert "Sign in with The office" in client.get("/sign-in").content.decode()
    asked = client.post("/sign-on/sign-on/login/")
    assert "code_challenge=" in asked["Location"], asked["Location"]
    back = requests.post(
        asked["Location"], data={"sub": f"sub-{name}"}, allow_redirects=False, timeout=30
    )
    where = urlsplit(back.headers["Location"])
    return client.get(f"{where.path}?{where.query}")


@UNHEARD
def test_whom_the_provider_knows_and_we_know_is_signed_in(provider: None) -> None:
    somebody(Role.AUDITOR, "person-1")
    Authenticator.objects.all().delete()
    client = visitor()
    assert by_word_of_provider(client, "person-1").status_code == 302
    assert "Name of person-1" in client.get("/account").content.decode()


@UNHEARD
def test_the_second_factor_is_asked_for_after_the_provider_too(provider: None) -> None:
    somebody(Role.APPROVER, "person-3")
    client = visitor()
    assert by_word_of_provider(client, "person-3")["Location"].startswith("/account/code")
    assert client.get("/account").status_code == 302


@UNHEARD
def test_whom_we_do_not_know_is_turned_away_whatever_the_provider_says(provider: None) -> None:
    client = visitor()
    answer = by_word_of_provider(client, "stranger")
    assert answer.status_code == 403
    assert "Nobody works here by that name" in answer.content.decode()
    assert not Account.objects.exists()


def test_the_keyboard_is_enough_to_sign_in(browser: Browser, at_desk: str) -> None:
    somebody(Role.APPROVER, "person-3")
    context = browser.new_context(base_url=at_desk)
    tab = context.new_page()
    tab.goto("/sign-in?next=/account")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.textContent.trim()") == "Skip to main content"
    while tab.evaluate("document.activeElement.name") != "login":
        tab.keyboard.press("Tab")
    tab.keyboard.type("person-3")
    tab.keyboard.press("Tab")
    tab.keyboard.type(PASSWORD)
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/account/code*")
    while tab.evaluate("document.activeElement.name") != "code":
        tab.keyboard.press("Tab")
    tab.keyboard.type(code_now())
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/account")
    assert tab.get_by_role("heading", name="Your account").is_visible()
    context.close()


def test_a_passkey_is_added_and_signs_in_alone(browser: Browser, at_desk: str) -> None:
    somebody(Role.APPROVER, "person-3")
    context = browser.new_context(base_url=at_desk)
    tab = context.new_page()
    devtools = context.new_cdp_session(tab)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
            }
        },
    )
    tab.goto("/sign-in?next=/account/passkeys/add")
    tab.get_by_label("Username").fill("person-3")
    tab.get_by_label("Password").fill(PASSWORD)
    tab.get_by_role("button", name="Sign in", exact=True).click()
    tab.get_by_label("Code").fill(code_now())
    tab.get_by_role("button", name="Continue").click()
    tab.wait_for_url("**/account/again*")
    tab.get_by_label("Password").fill(PASSWORD)
    tab.get_by_role("button", name="Continue").click()
    tab.wait_for_url("**/account/passkeys/add")
    tab.get_by_label("Passwordless").check()
    tab.get_by_role("button", name="Add it").click()
    tab.wait_for_url("**/account")
    tab.get_by_role("button", name="Sign out").click()
    tab.wait_for_url("**/sign-in*")
    tab.get_by_role("button", name="Use a passkey").click()
    tab.wait_for_url(f"{at_desk}/")
    tab.goto("/account/passkeys")
    assert tab.get_by_role("heading", name="Passkeys").is_visible()
    context.close()


def test_no_page_has_a_fault_that_axe_can_find_or_is_wider_than_a_phone(
    browser: Browser, browsing: Callable[..., BrowserContext], at_desk: str
) -> None:
    axe = Axe()
    stranger = browser.new_context(base_url=at_desk)
    for context, paths in ((stranger, ("/sign-in",)), (browsing(Role.APPROVER), PAGES)):
        tab = context.new_page()
        wrong: list[str] = []
        tab.on("pageerror", partial(_keep, wrong))
        tab.on("console", partial(_keep, wrong))
        for path in paths:
            tab.goto(path)
            found = axe.run(tab, options=RULES)
            assert found.violations_count == 0, f"{path}: {found.generate_report()}"
            assert tab.locator("h1").count() == 1, path
            tab.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
            wide = tab.evaluate("document.documentElement.scrollWidth")
            assert wide <= PHONE[0], f"{path} is {wide} pixels wide"
        assert not [said for said in wrong if "404 (Not Found)" not in said and "[DOM]" not in said]
    stranger.close()


def _keep(kept: list[str], said: Any) -> None:
    kept.append(getattr(said, "text", str(said)))
