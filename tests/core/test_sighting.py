from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ninethirty.core.document import canonical, parse
from ninethirty.core.errors import Malformed
from ninethirty.core.sighting import (
    Family,
    Hop,
    Phases,
    Sighting,
    Sign,
    Trouble,
    View,
    document,
    read,
)
from tests.core.made import HALF_PAST, PLACEHOLDER, at, instants_near, look, seconds

moments = instants_near(HALF_PAST)
headers = st.dictionaries(st.text(), st.text())
sightings = st.builds(
    Sighting,
    witness=st.text(),
    network=st.text(),
    release=st.text(),
    channel=st.text(),
    part=st.text(),
    view=st.sampled_from(View),
    started=moments,
    ended=moments,
    trouble=st.sampled_from(Trouble),
    status=st.integers(0, 599),
    digest=st.text(),
    text_digest=st.text(),
    placeholder=st.booleans(),
    size_bytes=st.integers(0),
    peer=st.text(),
    clock_offset_ms=st.integers(),
    family=st.sampled_from(Family),
    signs=st.lists(st.sampled_from(Sign)).map(tuple),
    similar_permille=st.integers(0, 1000),
    home=st.booleans(),
    mentions=st.booleans(),
    hops=st.lists(st.builds(Hop, st.integers(300, 399), st.text(), headers)).map(tuple),
    headers=headers,
    phases_ms=st.builds(Phases, *[st.integers(0, 3000)] * 5),
    evidence=st.text(),
    software=st.text(),
)


@given(sightings)
def test_a_sighting_reads_back_from_its_document(one: Sighting) -> None:
    assert read(parse(canonical(document(one)))) == one


GOOD = document(look("a", 0, PLACEHOLDER, headers={"Age": "7"}))


@pytest.mark.parametrize("name", sorted(GOOD))
def test_a_sighting_that_lacks_something_is_refused_and_the_refusal_names_it(name: str) -> None:
    with pytest.raises(Malformed, match=f"needs '{name}'"):
        read({other: value for other, value in GOOD.items() if other != name})


@pytest.mark.parametrize("name", sorted(GOOD))
@pytest.mark.parametrize("wrong", [None, [7], 1.5])
def test_a_sighting_with_something_of_the_wrong_type_is_refused(name: str, wrong: Any) -> None:
    with pytest.raises(Malformed):
        read({**GOOD, name: wrong})


def test_the_refusal_says_what_was_expected_and_found() -> None:
    with pytest.raises(Malformed, match="status: expected int, found str"):
        read({**GOOD, "status": "200"})


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("view", "from above"),
        ("trouble", "bored"),
        ("started", "2026-12-01T09:30:00"),
        ("ended", "0001-01-01T00:00:00+10:00"),
        ("status", True),
        ("placeholder", 1),
        ("headers", [["Age", "7"]]),
        ("hops", [[302, "https://example.org"]]),
        ("hops", [["302", "https://example.org", {}]]),
        ("hops", [[302, "https://example.org", []]]),
        ("signs", ["odd"]),
        ("family", "5"),
        ("phases_ms", {"dns": 1}),
    ],
)
def test_a_sighting_that_means_nothing_is_refused(name: str, wrong: Any) -> None:
    with pytest.raises(Malformed):
        read({**GOOD, name: wrong})


@pytest.mark.parametrize("value", [None, [], "text", 7])
def test_what_is_not_an_object_is_not_a_sighting(value: Any) -> None:
    with pytest.raises(Malformed, match="an object"):
        read(value)


def test_a_look_sent_twice_has_one_key() -> None:
    assert look("a", 0, PLACEHOLDER).key() == read(GOOD).key()


def test_two_looks_have_two_keys() -> None:
    looks = [
        look("a", 0, PLACEHOLDER),
        look("b", 0, PLACEHOLDER),
        look("a", 0.000_001, PLACEHOLDER),
        look("a", 0, PLACEHOLDER, part="data.csv"),
        look("a", 0, PLACEHOLDER, view=View.BUSTED),
        replace(look("a", 0, PLACEHOLDER), family=Family.V6),
    ]
    assert len({one.key() for one in looks}) == len(looks)
    assert looks[0].ended - looks[0].started == seconds(0.2)
    assert looks[0].started == at(0)
