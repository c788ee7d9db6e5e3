"""What a producer, a series, a release and its page may be called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ninethirty.core.errors import NotAllowed
from ninethirty.core.naming import (
    LONGEST_ID,
    OURS,
    check_id,
    check_length,
    check_path,
    check_title,
)


@pytest.mark.parametrize("id", ["gdp", "gdp/2026-q3", "a", "9/9", "x" * LONGEST_ID])
def test_an_id_is_small_letters_digits_and_single_signs_between(id: str) -> None:
    check_id(id)


@pytest.mark.parametrize(
    "id", ["", "GDP", "a--b", "-a", "a-", "/a", "a/", "a//b", "a b", "ä", "a.b"]
)
def test_what_could_be_taken_for_another_in_an_address_is_no_id(id: str) -> None:
    with pytest.raises(NotAllowed, match="small letters"):
        check_id(id)


def test_an_id_has_a_length() -> None:
    with pytest.raises(NotAllowed, match=f"its id is longer than {LONGEST_ID}"):
        check_id("x" * (LONGEST_ID + 1))
    with pytest.raises(NotAllowed, match="longer than 5"):
        check_id("xxxxxx", longest=5)
    check_length("gdp", "title", "t" * 5, 5)


@pytest.mark.parametrize(
    "title",
    ["GDP", "Deaths of under-5s: <1 year & older", "Énergie à 5 < 6", "R&D; spending", "a" * 300],
)
def test_a_title_is_one_line_of_text(title: str) -> None:
    check_title("gdp", title)


@pytest.mark.parametrize(
    ("title", "why"),
    [
        ("", "it has no title"),
        (" ", "it has no title"),
        ("a\nb", "one line of text"),
        ("a\x00", "one line of text"),
        ("a\u202eb", "one line of text"),
        ("<b>GDP</b>", "without markup"),
        ("GDP<br>", "without markup"),
        ("GDP</p", "without markup"),
        ("<!-- GDP", "without markup"),
        ("R&amp;D", "without markup"),
        ("R&#38;D", "without markup"),
        ("a" * 301, "its title is longer than 300"),
    ],
)
def test_what_would_be_shown_as_markup_or_not_at_all_is_no_title(title: str, why: str) -> None:
    with pytest.raises(NotAllowed, match=why):
        check_title("gdp", title)


@pytest.mark.parametrize("path", ["/gdp", "/statistics/gdp/2026-q3", "/calendars", "/A_b.c~d"])
def test_a_path_is_an_address_of_a_page(path: str) -> None:
    check_path("gdp", path)


@pytest.mark.parametrize(
    "path", ["", "/", "gdp", "/gdp/", "//gdp", "/../gdp", "/a b", "/a?b", "/a#b", "/.hidden", "/é"]
)
def test_what_is_no_address_of_a_page_is_no_path(path: str) -> None:
    with pytest.raises(NotAllowed, match="its path is such as"):
        check_path("gdp", path)


@pytest.mark.parametrize(
    "path",
    [
        *(f"/{first}" for first in sorted(OURS)),
        "/calendar/2026-12",
        "/releases.json",
        "/feed.atom",
        "/sitemap.xml",
        "/robots.txt",
        "/catalogue.jsonld",
        "/gdp.json",
    ],
)
def test_what_the_site_keeps_for_itself_is_no_path_of_a_release(path: str) -> None:
    with pytest.raises(NotAllowed, match="the site keeps"):
        check_path("gdp", path)


def test_a_path_has_a_length() -> None:
    with pytest.raises(NotAllowed, match="its path is longer than 300"):
        check_path("gdp", "/" + "p" * 300)


ids = st.from_regex(r"[a-z0-9]{1,9}(-[a-z0-9]{1,9})?(/[a-z0-9]{1,9})?", fullmatch=True)
"""Of releases, but for the few that the site could not show."""


@given(
    ids.filter(lambda id: id.split("/")[0] not in OURS and not id.startswith(("feed", "sitemap")))
)
def test_an_id_makes_a_path_that_is_an_address(id: str) -> None:
    check_id(id)
    check_path(id, f"/{id}")
