from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ninethirty.core.document import SigningKey
from ninethirty.core.errors import ChainBroken, Malformed, SealBroken, WrongKey
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.heads import (
    Heads,
    Signed,
    details_of,
    digest_of,
    grown,
    is_due,
    read_signed,
    replay,
    write_signed,
)
from tests.core.made import HALF_PAST, at, fact, seconds, with_a_bit_flipped

KEY = SigningKey.new()

timelines = st.dictionaries(st.sampled_from("abcde"), st.integers(1, 9), max_size=5)


def ends(lengths: Mapping[str, int]) -> dict[str, tuple[int, str]]:
    return {subject: (n, f"hash {n} of {subject}") for subject, n in lengths.items()}


def told(*days: Heads) -> list[Fact]:
    """The facts that tell these ends, one after the other."""
    before: Heads = {}
    facts = []
    for n, now in enumerate(days, start=1):
        facts.append(fact(Kind.HEADS_SIGNED, n=n, **details_of(before, now)))
        before = now
    return facts


@given(st.lists(timelines, min_size=1))
def test_every_end_is_read_back_from_what_grew(days: list[dict[str, int]]) -> None:
    longest: dict[str, int] = {}
    grew = []
    for day in days:
        longest = {s: max(longest.get(s, 0), day.get(s, 0)) for s in longest.keys() | day.keys()}
        grew.append(ends(longest))
    assert replay(told(*grew)) == grew[-1]


def test_only_what_grew_is_told() -> None:
    before, now = ends({"a": 1, "b": 2}), ends({"a": 1, "b": 3, "c": 1})
    assert [subject for subject, _, _ in grown(before, now)] == ["b", "c"]


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ({"a": (3, "x")}, "b: signed with 2 facts, and not there any more"),
        ({"a": (3, "x"), "b": (1, "y")}, "b: signed with 2 facts, found 1 that differ"),
        ({"a": (3, "x"), "b": (2, "z")}, "b: signed with 2 facts, found 2 that differ"),
    ],
)
def test_what_was_signed_and_is_gone_shorter_or_other_is_not_signed_over(
    now: Heads, said: str
) -> None:
    with pytest.raises(ChainBroken, match=said):
        details_of({"a": (3, "x"), "b": (2, "y")}, now)


def test_ends_that_do_not_add_up_are_found() -> None:
    first, second = told(ends({"a": 1}), ends({"a": 1, "b": 1}))
    with pytest.raises(ChainBroken, match="fact 2"):
        replay([first, replace(second, details={**second.details, "grown": []})])
    with pytest.raises(ChainBroken, match="fact 2"):
        replay([second])


def test_a_digest_is_of_every_subject_number_and_hash() -> None:
    one: Heads = {"a": (1, "x"), "b": (1, "y")}
    others: list[Heads] = [
        {"a": (1, "x")},
        {"a": (2, "x"), "b": (1, "y")},
        {"a": (1, "y"), "b": (1, "x")},
        {"a": (1, "x"), "c": (1, "y")},
    ]
    assert digest_of(one) == digest_of(dict(reversed(list(one.items()))))
    assert len({digest_of(heads) for heads in [one, *others]}) == 5


@pytest.mark.parametrize(
    ("last", "now", "news", "due"),
    [
        (None, 0, True, True),
        (None, 0, False, False),
        (0, 59, True, False),
        (0, 60, True, True),
        (59, 60, True, True),
        (0, 60, False, False),
        (0, 3600, False, False),
        # 14 h 30 min after half past nine is midnight.
        (0, 52199, False, False),
        (0, 52200, False, True),
    ],
)
def test_ends_are_told_every_minute_with_news_and_daily_without(
    last: float | None, now: float, news: bool, due: bool
) -> None:
    assert is_due(None if last is None else at(last), at(now), news=news) is due


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_nothing_is_told_twice_in_a_minute(first: int, more: int) -> None:
    begun = HALF_PAST.replace(second=0) + timedelta(microseconds=first)
    then = min(begun + timedelta(microseconds=more), HALF_PAST + seconds(59.999999))
    assert not is_due(begun, then, news=True)


SIGNED = Signed(7, "hash 7", "digest", 3, HALF_PAST)


def test_what_is_signed_reads_back() -> None:
    assert read_signed(write_signed(SIGNED, KEY), KEY.public) == SIGNED


def test_a_changed_copy_is_refused_whatever_was_changed() -> None:
    for other in with_a_bit_flipped(write_signed(SIGNED, KEY)):
        with pytest.raises((Malformed, SealBroken, WrongKey)):
            read_signed(other, KEY.public)


def test_a_copy_signed_by_another_is_refused() -> None:
    with pytest.raises(WrongKey):
        read_signed(write_signed(SIGNED, SigningKey.new()), KEY.public)


def test_a_signed_document_of_another_shape_is_refused() -> None:
    with pytest.raises(Malformed, match="not the ends of timelines"):
        read_signed(KEY.sign("heads", {"n": "seven"}), KEY.public)
