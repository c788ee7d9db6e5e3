import pytest
from hypothesis import given
from hypothesis import strategies as st

from ninethirty.gate.ranges import NOWHERE, Nowhere, Span, span


@pytest.mark.parametrize(
    ("asked", "sent"),
    [
        ("bytes=0-0", Span(0, 1)),
        ("bytes=0-99", Span(0, 100)),
        ("bytes=10-19", Span(10, 20)),
        ("BYTES=10-19", Span(10, 20)),
        ("bytes=90-", Span(90, 100)),
        ("bytes=90-1000", Span(90, 100)),
        ("bytes=-1", Span(99, 100)),
        ("bytes=-1000", Span(0, 100)),
        ("bytes=99-", Span(99, 100)),
        ("bytes=5-" + "9" * 5000, Span(5, 100)),
    ],
)
def test_one_part_is_sent_as_asked(asked: str, sent: Span) -> None:
    assert span(asked, 100) == sent


@pytest.mark.parametrize(
    "asked", ["bytes=100-", "bytes=100-200", "bytes=-0", "bytes=" + "9" * 5000 + "-"]
)
def test_a_part_the_file_does_not_have_is_refused(asked: str) -> None:
    assert span(asked, 100) is NOWHERE


@pytest.mark.parametrize(
    "asked",
    ["", "bytes", "bytes=", "bytes=-", "bytes=20-10", "bytes=0-1,5-6", "items=0-1", "bytes=a-b",
     "bytes=--1", "bytes=0-1, bytes=5-6", "bytes=1 - 2", "bytes=\u0661-\u0662"],
)  # fmt: skip
def test_what_is_not_one_part_is_answered_with_the_whole(asked: str) -> None:
    assert span(asked, 100) is None


def test_an_empty_file_has_no_parts() -> None:
    assert span("bytes=0-", 0) is NOWHERE
    assert span("bytes=-5", 0) is NOWHERE


@given(
    st.integers(0, 10**12), st.integers(0, 10**12) | st.none(), st.integers(0, 10**12) | st.none()
)
def test_a_part_is_always_inside_the_file(size: int, first: int | None, last: int | None) -> None:
    asked = f"bytes={'' if first is None else first}-{'' if last is None else last}"
    found = span(asked, size)
    assert found is None or isinstance(found, Nowhere) or 0 <= found.first < found.end <= size


def test_a_part_says_where_it_lies() -> None:
    assert Span(10, 20).of(100) == "10-19/100"
