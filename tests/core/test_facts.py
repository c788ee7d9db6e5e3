from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ninethirty.core.document import canonical, parse
from ninethirty.core.errors import Malformed, UnknownFact
from ninethirty.core.facts import Fact, Kind, body, check_details, kind_of, link, read
from ninethirty.core.times import Interval
from tests.core.made import HALF_PAST, at, fact, instants_near

moments = instants_near(HALF_PAST)
facts = st.builds(
    Fact,
    subject=st.text(),
    n=st.integers(1),
    kind=st.sampled_from(Kind),
    at=moments | st.builds(Interval, st.none() | moments, moments),
    recorded=moments,
    actor=st.text(),
    key=st.text(),
    details=st.dictionaries(st.text(), st.text() | st.integers()),
    said_by=st.text(),
)


@given(facts)
def test_a_fact_reads_back_from_its_document(one: Fact) -> None:
    assert read(parse(canonical(body(one)))) == one


def test_a_kind_of_fact_is_a_word_and_says_what_happened() -> None:
    assert f"{Kind.USERS_TOLD}" == "users_told"
    assert Kind.USERS_TOLD.says == "users told"
    assert kind_of("users_told") is Kind.USERS_TOLD


def test_every_kind_says_something_of_its_own() -> None:
    assert len({kind.says for kind in Kind}) == len(Kind)


def test_a_kind_written_by_a_newer_version_is_refused_never_skipped() -> None:
    with pytest.raises(UnknownFact, match="teleported"):
        kind_of("teleported")
    with pytest.raises(UnknownFact, match="teleported"):
        read({**body(fact(Kind.LATE)), "kind": "teleported"})


ONE = fact(Kind.LATE, Interval(HALF_PAST, at(2)), channel="announced")


@pytest.mark.parametrize(
    "changed",
    [
        {"subject": "release/cpi"},
        {"n": 2},
        {"kind": Kind.ON_TIME},
        {"at": at(2)},
        {"at": Interval(None, at(2))},
        {"at": Interval(HALF_PAST, at(3))},
        {"recorded": at(3)},
        {"actor": "witness"},
        {"key": "another"},
        {"details": {"channel": "alternate"}},
        {"details": {}},
        {"said_by": "platform"},
    ],
)
def test_a_change_of_any_field_breaks_the_chain(changed: dict[str, Any]) -> None:
    assert link("", replace(ONE, **changed)) != link("", ONE)


def test_a_link_means_the_same_in_every_version() -> None:
    """A chain written years ago must still be checkable: this digest never changes."""
    assert link("", ONE) == "cf154fc23f00dd4edd78198c77bf94e7493c4e9bbf4e80e16345e8d25e8c8eac"


def test_a_fact_in_another_place_breaks_the_chain() -> None:
    assert link("", ONE) != link("ab", ONE)
    assert link(link("", ONE), ONE) != link("", ONE)


def test_the_same_facts_make_the_same_chain() -> None:
    assert link("ab", replace(ONE, details=dict(ONE.details))) == link("ab", ONE)


@pytest.mark.parametrize(
    "details",
    [
        {"urls": ["http://platform.example/gdp"]},
        {"about": {"inner": ("x", "https://a.example")}},
        {"note": "no database keeps a\0"},
        {"note": "two\nlines"},
    ],
)
def test_an_address_or_what_somebody_wrote_is_not_put_into_a_fact(details: dict[str, Any]) -> None:
    with pytest.raises(Malformed, match=r"keep .* in a row, and its id here"):
        check_details(details)


def test_ids_counts_digests_and_our_own_words_are() -> None:
    check_details(
        {
            "opens": "2026-12-01 09:30 Europe/London",
            "message": 7,
            "gates": ["gate-1"],
            "seal": "ab" * 32,
            "reason": "not right on north: " + ", ".join(["tables/by@region.csv"] * 100),
            "heals": [None, "2026-12-01T10:00:00.000000Z"],
        }
    )
