from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ninethirty.core.document import keyed
from ninethirty.core.finding import GOOD, Counts, Finding, classify
from ninethirty.core.sighting import Hop, Phases, Sighting, Sign, Trouble
from ninethirty.core.watch import Part
from tests.core.made import (
    ABSENT,
    DIFFERENT,
    FAILED,
    FILE_PART,
    KEY,
    PLACEHOLDER,
    RIGHT,
    channel,
    look,
)

PAGE, FILE = channel().parts
LISTING = Part("listing:1", "https://example.org/all")
NOTICE = Part("notice:1", "https://example.org/feed")
EARLIER = replace(PAGE, previous=keyed(KEY, "another text"))
HTML = {"Content-Type": "text/html; charset=utf-8"}
TO_SIGN_IN = Hop(302, "https://example.org/gdp", {"Location": "https://sso.example.org/login?to=x"})


def seen(found: str = DIFFERENT, *, part: str = "page", **more: Any) -> Sighting:
    return replace(look("a", 0, found, part=part), **more)


@pytest.mark.parametrize(
    ("found", "of_page", "of_file"),
    [
        (RIGHT, Finding.RIGHT, Finding.RIGHT),
        (PLACEHOLDER, Finding.COMING_SOON, Finding.COMING_SOON),
        (ABSENT, Finding.HTTP_404, Finding.HTTP_404),
        (DIFFERENT, Finding.WRONG_PAGE, Finding.WRONG_FILE),
        (FAILED, Finding.TIMEOUT, Finding.TIMEOUT),
    ],
)
def test_a_look_is_compared_with_what_was_sealed(
    found: str, of_page: Finding, of_file: Finding
) -> None:
    assert classify(seen(found), PAGE, KEY) is of_page
    assert classify(seen(found, part=FILE_PART), FILE, KEY) is of_file


def test_a_page_is_known_by_its_words_and_a_file_by_its_bytes() -> None:
    assert classify(seen(RIGHT, digest="other bytes"), PAGE, KEY) is Finding.RIGHT
    right_bytes = seen(RIGHT, part=FILE_PART)
    assert classify(replace(right_bytes, text_digest="other words"), FILE, KEY) is Finding.RIGHT
    assert classify(replace(right_bytes, digest="other"), FILE, KEY) is Finding.WRONG_FILE


def test_what_is_right_is_right_whatever_else_it_looks_like() -> None:
    signs = (Sign.NOT_FOUND, Sign.SIGN_IN, Sign.BOT_WALL)
    odd = seen(RIGHT, placeholder=True, signs=signs, home=True, similar_permille=1000)
    assert classify(odd, PAGE, KEY) is Finding.RIGHT


def test_the_key_of_another_release_finds_nothing_right() -> None:
    assert classify(seen(RIGHT), PAGE, b"another key") is Finding.WRONG_PAGE


@pytest.mark.parametrize("more", [{"text_digest": ""}, {"size_bytes": 0, "text_digest": "x"}])
def test_an_answer_without_a_body_is_empty(more: dict[str, Any]) -> None:
    assert classify(seen(RIGHT, **more), PAGE, KEY) is Finding.EMPTY


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (200, Finding.RIGHT), (201, Finding.HTTP_OTHER), (204, Finding.HTTP_OTHER),
        (206, Finding.HTTP_OTHER), (299, Finding.HTTP_OTHER), (300, Finding.REDIRECTS),
        (304, Finding.REDIRECTS), (399, Finding.REDIRECTS), (400, Finding.HTTP_OTHER),
        (401, Finding.SIGN_IN), (403, Finding.HTTP_403), (404, Finding.HTTP_404),
        (410, Finding.HTTP_404), (429, Finding.HTTP_429), (451, Finding.HTTP_OTHER),
        (499, Finding.HTTP_OTHER), (500, Finding.HTTP_5XX), (503, Finding.HTTP_5XX),
        (599, Finding.HTTP_5XX), (600, Finding.HTTP_OTHER), (0, Finding.HTTP_OTHER),
    ],
)  # fmt: skip
def test_only_a_200_can_be_right(status: int, expected: Finding) -> None:
    assert classify(seen(RIGHT, status=status), PAGE, KEY) is expected


@pytest.mark.parametrize("trouble", [trouble for trouble in Trouble if trouble])
def test_trouble_keeps_its_code_whatever_the_status(trouble: Trouble) -> None:
    assert classify(seen(RIGHT, trouble=trouble), PAGE, KEY) == str(trouble)


def test_connected_and_no_first_byte_is_slow() -> None:
    slow = seen(FAILED, phases_ms=Phases(dns=1, connect=9))
    assert classify(slow, PAGE, KEY) is Finding.SLOW
    begun = replace(slow, phases_ms=Phases(dns=1, connect=9, first_byte=90))
    assert classify(begun, PAGE, KEY) is Finding.TIMEOUT


def test_the_earlier_edition_is_known_by_its_hash() -> None:
    assert classify(seen(), EARLIER, KEY) is Finding.STALE_PREVIOUS
    assert classify(seen(headers={"X-Backend": "mirror-2"}), EARLIER, KEY) is Finding.MIRROR
    assert classify(seen(text_digest="third"), EARLIER, KEY) is Finding.WRONG_PAGE


def test_what_stood_there_before_the_instant_is_not_the_release() -> None:
    for key in (KEY, None):
        assert classify(seen(), PAGE, key, {"another text"}) is Finding.STALE_PREVIOUS
        assert classify(seen(), PAGE, key, {"a third"}) is not Finding.STALE_PREVIOUS


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"placeholder": True}, Finding.COMING_SOON),
        ({"signs": (Sign.NOT_FOUND,)}, Finding.SOFT_404),
        ({"similar_permille": 900}, Finding.SOFT_404),
        ({"similar_permille": 899}, Finding.WRONG_PAGE),
        ({"home": True}, Finding.REDIRECT_HOME),
        ({"signs": (Sign.SIGN_IN,)}, Finding.SIGN_IN),
        ({"hops": (TO_SIGN_IN,)}, Finding.SIGN_IN),
        ({"hops": (Hop(301, "x", {"location": "https://example.org/gdp/"}),)}, Finding.WRONG_PAGE),
        ({"signs": (Sign.BOT_WALL, Sign.SIGN_IN)}, Finding.BOT_WALL),
        ({"headers": {"Via": "static mirror"}}, Finding.MIRROR),
        ({"headers": {"Via": "static mirror"}, "placeholder": True}, Finding.MIRROR),
        ({"headers": {"Via": "cache"}}, Finding.WRONG_PAGE),
        ({"headers": {"X-Mirror-Date": "2026-11-30"}}, Finding.MIRROR),
        ({"headers": {"Content-Security-Policy": "mirror.example"}}, Finding.WRONG_PAGE),
    ],
)
def test_a_200_that_is_something_else_says_what(more: dict[str, Any], expected: Finding) -> None:
    assert classify(seen(**more), PAGE, KEY) is expected


@pytest.mark.parametrize("status", [200, 403, 429, 503])
def test_a_challenge_is_a_bot_wall_whatever_its_status(status: int) -> None:
    wall = seen(status=status, signs=(Sign.BOT_WALL,))
    assert classify(wall, PAGE, KEY) is Finding.BOT_WALL
    assert classify(replace(wall, status=404), PAGE, KEY) is Finding.HTTP_404


@pytest.mark.parametrize("status", [302, 0])
def test_a_redirect_that_was_not_followed_may_lead_to_a_sign_in(status: int) -> None:
    trouble = Trouble.NONE if status else Trouble.REDIRECTS
    led = seen(status=status, trouble=trouble, hops=(TO_SIGN_IN,))
    assert classify(led, PAGE, KEY) is Finding.SIGN_IN
    assert classify(replace(led, hops=()), PAGE, KEY) is Finding.REDIRECTS


def test_a_page_at_the_address_of_a_file_is_not_the_file() -> None:
    page = seen(part=FILE_PART, headers=HTML)
    assert classify(page, FILE, KEY) is Finding.SOFT_404
    assert classify(page, FILE, None) is Finding.SOFT_404
    notes = Part("notes.html", "https://example.org/gdp/notes.HTML", "h")
    assert classify(page, notes, KEY) is Finding.WRONG_FILE


def test_a_file_of_another_length_is_known_without_the_key() -> None:
    sized = replace(FILE, size_bytes=99)
    for key in (KEY, None):
        assert classify(seen(part=FILE_PART), sized, key) is Finding.WRONG_LENGTH
    same = replace(FILE, size_bytes=100)
    assert classify(seen(part=FILE_PART), same, None) is Finding.PRESENT
    assert classify(seen(part=FILE_PART), same, KEY) is Finding.WRONG_FILE


def test_without_the_key_presence_is_all_there_is() -> None:
    for part, sealed in ((PAGE, "page"), (FILE, FILE_PART)):
        assert classify(seen(part=sealed), part, None) is Finding.PRESENT
        assert classify(seen(ABSENT, part=sealed), part, None) is Finding.HTTP_404
    assert classify(seen(), Part("page", "https://example.org"), KEY) is Finding.PRESENT


def test_where_an_earlier_edition_stood_presence_says_nothing_without_the_key() -> None:
    assert classify(seen(), EARLIER, None) is Finding.UNSURE
    # What was seen before the instant tells them apart.
    assert classify(seen(), EARLIER, None, {"a third"}) is Finding.PRESENT
    assert classify(seen(), EARLIER, None, {"another text"}) is Finding.STALE_PREVIOUS


def test_a_listing_is_right_when_it_links_the_release() -> None:
    assert classify(seen(mentions=True), LISTING, None) is Finding.RIGHT
    assert classify(seen(), LISTING, KEY) is Finding.LISTING_ABSENT
    assert classify(seen(signs=(Sign.NOT_FOUND,)), LISTING, KEY) is Finding.SOFT_404
    assert classify(seen(status=503, mentions=True), LISTING, KEY) is Finding.HTTP_5XX


def test_a_notice_tells_users_of_the_address_or_does_not() -> None:
    assert classify(seen(mentions=True), NOTICE, None) is Finding.EARLY_NOTICE
    assert classify(seen(), NOTICE, None) is Finding.NO_NOTICE


anything = st.builds(
    seen,
    st.just(DIFFERENT),
    status=st.sampled_from([0, 200, 301, 404, 503]) | st.integers(0, 700),
    trouble=st.sampled_from(Trouble),
    text_digest=st.sampled_from(["", "another text", "page as sealed"]),
    digest=st.sampled_from(["", "another digest", f"{FILE_PART} as sealed"]),
    size_bytes=st.integers(0, 200),
    placeholder=st.booleans(),
    home=st.booleans(),
    similar_permille=st.integers(0, 1000),
    signs=st.lists(st.sampled_from(Sign)).map(tuple),
    headers=st.dictionaries(st.sampled_from(["location", "via", "content-type"]), st.text()),
    hops=st.just(()) | st.just((TO_SIGN_IN,)),
)


@given(anything, st.sampled_from([(PAGE, "page as sealed"), (FILE, f"{FILE_PART} as sealed")]))
def test_with_the_key_nothing_is_good_but_a_whole_200_with_the_sealed_content(
    one: Sighting, of: tuple[Part, str]
) -> None:
    part, sealed = of
    found = one.text_digest if part is PAGE else one.digest
    whole = one.trouble is Trouble.NONE and one.status == 200 and found == sealed
    assert (classify(one, part, KEY).counts in GOOD) is whole


@given(anything, st.sampled_from([PAGE, FILE, LISTING, NOTICE]), st.sampled_from([KEY, None]))
def test_every_look_has_a_class(one: Sighting, part: Part, key: bytes | None) -> None:
    found = classify(one, part, key)
    assert found.says
    assert found.counts in Counts


def test_no_two_classes_have_one_code_and_every_trouble_has_its_own() -> None:
    assert len({str(found) for found in Finding}) == len(Finding)
    assert {str(trouble) for trouble in Trouble if trouble} <= {str(found) for found in Finding}
