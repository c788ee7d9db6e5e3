import pytest
from hypothesis import given
from hypothesis import strategies as st

from ninethirty.gate.encoding import choose

HELD = {"identity": 100, "gzip": 30, "zstd": 25, "br": 20}


@pytest.mark.parametrize(
    ("asked", "sent"),
    [
        ("", "identity"),
        ("identity", "identity"),
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, zstd", "zstd"),
        ("br;q=0.5, gzip;q=0.8", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br ; q=0.001", "br"),
        ("gzip;q=0.5, identity", "identity"),
        ("gzip;q=0.5, identity;q=0.4", "gzip"),
        ("*", "br"),
        ("*;q=0", "identity"),
        ("identity;q=0, *;q=0", "identity"),
        ("identity;q=0", "identity"),
        ("gzip, *;q=0", "gzip"),
        ("br;q=0, *", "zstd"),
        ("deflate", "identity"),
        ("gzip;q=2", "identity"),
        ("gzip;q=nonsense", "identity"),
        ("gzip;level=9;q=0", "identity"),
        (",;,", "identity"),
    ],
)
def test_a_reader_gets_what_it_likes_best_and_among_equals_the_smallest(
    asked: str, sent: str
) -> None:
    assert choose(asked, HELD) == sent


def test_a_file_held_in_one_form_is_sent_in_that_form() -> None:
    assert choose("br;q=1, identity;q=0", {"identity": 100}) == "identity"


@given(st.text(max_size=200))
def test_whatever_is_asked_for_something_held_is_sent(asked: str) -> None:
    assert choose(asked, HELD) in HELD
