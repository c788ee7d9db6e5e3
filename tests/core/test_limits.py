"""How a text is counted on each channel."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ninethirty.core.limits import LIMITS, LINK, SHORTEST, count, fits

LINKED = "https://statistics.example/statistics/gross-domestic-product"


def test_x_takes_any_link_for_23_letters_and_others_take_it_as_it_is() -> None:
    text = f"Read it: {LINKED} Thank you."
    assert count("x", text, LINKED) == count("mastodon", text, LINKED) == 9 + LINK + 11
    assert count("bluesky", text, LINKED) == count("news", text, LINKED) == len(text)
    assert count("x", "no link", "") == 7
    assert count("x", "no link", LINKED) == 7


@pytest.mark.parametrize(
    ("letter", "weight"), [("a", 1), ("ŵ", 1), ("\u2019", 1), ("…", 2), ("日", 2)]
)
def test_x_counts_some_letters_twice(letter: str, weight: int) -> None:
    assert count("x", letter, "") == weight
    assert count("mastodon", letter, "") == 1


def test_a_link_shorter_than_23_letters_counts_for_23_all_the_same() -> None:
    text = "a" * (SHORTEST - LINK) + "b.uk"
    assert fits(text, "b.uk")
    assert not fits("a" + text, "b.uk")
    assert len("a" + text) < SHORTEST


@given(st.text(max_size=400), st.sampled_from(["", "b.uk", LINKED]))
def test_what_fits_is_within_the_limit_of_every_channel(text: str, link: str) -> None:
    if fits(text + link, link):
        for channel, limit in LIMITS.items():
            assert count(channel, text + link, link) <= limit
