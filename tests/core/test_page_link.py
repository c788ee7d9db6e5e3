import pytest
from hypothesis import given
from hypothesis import strategies as st

from ninethirty.core.errors import Malformed
from ninethirty.core.keyring import Box
from ninethirty.core.page_link import GOOD_FOR, PATH, PageLink, path, read
from tests.core.made import at, instants_near, seconds, with_a_bit_flipped

BOX = Box(bytes(32))
LINK = PageLink("gdp/2026-q3", "person-4", at(21))


def token(link: PageLink = LINK, box: Box = BOX) -> str:
    return path(link, box).removeprefix(PATH)


@given(st.builds(PageLink, st.text(max_size=99), st.text(max_size=99), instants_near(at(0))))
def test_a_link_says_what_it_was_made_with(link: PageLink) -> None:
    assert read(token(link), BOX, link.at) == link


def test_a_link_shows_nobody_what_it_says_and_fits_a_text_message() -> None:
    assert "person" not in token()
    assert len(token()) < 130
    assert token() != token()


def test_a_link_that_was_changed_or_made_by_another_is_refused() -> None:
    others = [token(box=Box(bytes(31) + b"1")), "", "x", "é", token()[:-2], "A" * 500]
    changed = [raw.decode("latin-1") for raw in with_a_bit_flipped(token().encode())]
    for wrong in [*others, *changed]:
        # The last letter has bits that stand for nothing.
        if wrong[:-1] == token()[:-1]:
            continue
        with pytest.raises(Malformed, match="not a link out of a page"):
            read(wrong, BOX, at(22))


def test_a_link_is_good_for_a_day() -> None:
    made = token()
    assert read(made, BOX, LINK.at + GOOD_FOR) == LINK
    with pytest.raises(Malformed, match="more than a day old"):
        read(made, BOX, LINK.at + GOOD_FOR + seconds(0.001))
