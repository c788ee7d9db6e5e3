import pytest
from hypothesis import given
from hypothesis import strategies as st

from ninethirty.core import letter
from ninethirty.core.errors import Malformed
from ninethirty.core.letter import Letter, Sent
from tests.core.made import HALF_PAST

WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=200)


@given(WORDS, st.sampled_from(Sent), st.booleans())
def test_what_was_written_is_read(words: str, sent: Sent, late: bool) -> None:
    written = Letter("/a", words, HALF_PAST, sent, late)
    assert letter.read(letter.write(written)) == written


def test_a_letter_of_an_earlier_gate_says_that_something_is_wrong() -> None:
    told = b'{"about":"/a","words":"b","at":"2026-12-01T09:30:00Z"}'
    assert letter.read(told) == Letter("/a", "b", HALF_PAST)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"about":1,"words":"a","at":"2026-12-01T09:30:00Z"}',
        b'{"about":"/a","words":"a","at":"yesterday"}',
        b'{"about":"/a","words":"a","at":"2026-12-01T09:30:00Z","sent":"parcel"}',
        letter.write(Letter("/a", "a" * 2001, HALF_PAST)),
        letter.write(Letter("/" * 301, "a", HALF_PAST)),
    ],
)
def test_what_is_no_letter_is_refused(body: bytes) -> None:
    with pytest.raises(Malformed, match="not a letter"):
        letter.read(body)
