"""What a browser signed is taken from that browser, for that thing, once and soon."""

from datetime import timedelta

import pytest

from ninethirty.core.browser_key import GOOD_FOR, check_proof, read_key
from ninethirty.core.errors import NotAllowed
from tests.core.made import HALF_PAST
from tests.core.made_browser import Browser, base64_of

NOW = HALF_PAST - timedelta(hours=1)


def test_what_this_browser_asked_for_is_taken() -> None:
    browser = Browser()
    at, proof = browser.asks("token", "data.csv", NOW)
    check_proof(browser.key, "token", "data.csv", at, proof, NOW + GOOD_FOR)
    check_proof(browser.key, "token", "data.csv", at, proof, NOW - GOOD_FOR)


@pytest.mark.parametrize(
    "late", [GOOD_FOR + timedelta.resolution, -GOOD_FOR - timedelta.resolution]
)
def test_what_was_asked_at_another_time_is_not(late: timedelta) -> None:
    browser = Browser()
    at, proof = browser.asks("token", "data.csv", NOW)
    with pytest.raises(NotAllowed, match="too long ago"):
        check_proof(browser.key, "token", "data.csv", at, proof, NOW + late)


@pytest.mark.parametrize(
    ("token", "what", "at", "proof"),
    [
        ("another", "data.csv", "", ""),
        ("token", "other.csv", "", ""),
        ("token", "data.csv", "yesterday", ""),
        ("token", "data.csv", "", "AAAA"),
        ("token", "data.csv", "", "not base64!?"),
        ("token", "data.csv", "", "A"),
    ],
)
def test_what_was_changed_on_its_way_is_not(token: str, what: str, at: str, proof: str) -> None:
    browser = Browser()
    signed_at, signed = browser.asks("token", "data.csv", NOW)
    with pytest.raises(NotAllowed, match="sign in again"):
        check_proof(browser.key, token, what, at or signed_at, proof or signed, NOW)


def test_another_browser_is_not_taken_for_this_one() -> None:
    at, proof = Browser().asks("token", "data.csv", NOW)
    with pytest.raises(NotAllowed, match="the browser that you signed in with"):
        check_proof(Browser().key, "token", "data.csv", at, proof, NOW)


@pytest.mark.parametrize("key", ["", "AAAA", "A", base64_of(b"\x04" + bytes(64))])
def test_a_key_that_cannot_be_is_refused_with_what_to_do(key: str) -> None:
    with pytest.raises(NotAllowed, match="load the page again"):
        read_key(key)
