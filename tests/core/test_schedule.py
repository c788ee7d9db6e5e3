from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ninethirty.core.document import SigningKey, canonical, digest, parse
from ninethirty.core.errors import Malformed, ScheduleRefused, SealBroken, WrongKey
from ninethirty.core.schedule import (
    HANDOVER,
    ROOT,
    Answer,
    Content,
    Gone,
    Lying,
    Opening,
    Redirect,
    Root,
    check_path,
    list_for,
    next_version,
    read_answer,
    read_document,
    read_handover,
    read_list,
    read_root,
    signer,
    write_answer,
    write_document,
    write_handover,
    write_list,
    write_root,
)
from ninethirty.core.times import Instant
from tests.core.made import HALF_PAST, at, instants_near, with_a_bit_flipped

DESK = SigningKey.read("11" * 32)
LIES = {
    "identity": Lying("cd" * 32, "ef" * 32, 20),
    "br": Lying("01" * 32, "23" * 32, 10),
}
PAGE = Content("ab" * 32, 20, "text/html; charset=utf-8", LIES)
SOME: list[Answer | None] = [PAGE, Redirect("/elsewhere"), Gone("withdrawn"), None]

openings = st.lists(
    st.builds(
        Opening,
        path=st.sampled_from(["/", "/gdp", "/gdp/data.csv", "/cpi"]),
        opens=instants_near(HALF_PAST),
        answer=st.sampled_from(SOME),
    ),
    unique_by=lambda opening: (opening.path, opening.opens),
    max_size=8,
)


@given(openings)
def test_a_document_reads_back_in_order_of_path_and_time(some: list[Opening]) -> None:
    read = read_document("gdp", write_document("gdp", some))
    assert read == tuple(sorted(some, key=lambda opening: (opening.path, opening.opens)))


@given(openings, st.randoms())
def test_the_order_in_which_openings_are_given_does_not_matter(
    some: list[Opening], chance: Any
) -> None:
    shuffled = list(some)
    chance.shuffle(shuffled)
    assert write_document("gdp", shuffled) == write_document("gdp", some)


def test_a_path_that_opens_twice_at_one_instant_is_refused() -> None:
    twice = [Opening("/gdp", HALF_PAST, PAGE), Opening("/gdp", HALF_PAST, None)]
    with pytest.raises(ScheduleRefused, match=r"gdp: /gdp opens twice at 2026-12-01T09:30"):
        write_document("gdp", twice)


def test_a_path_may_change_again_and_two_paths_may_open_together() -> None:
    some = [
        Opening("/gdp", HALF_PAST, PAGE),
        Opening("/gdp", at(1), None),
        Opening("/cpi", HALF_PAST, PAGE),
    ]
    assert len(read_document("gdp", write_document("gdp", some))) == 3


@pytest.mark.parametrize(
    "path", ["/", "/gdp", "/gdp/data.csv", "/statistics/é", "/a b", "/...", "/X-1"]
)
def test_an_ordinary_path_is_taken(path: str) -> None:
    check_path(path)


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("", "begins with /"),
        ("gdp", "begins with /"),
        ("https://example.org/", "begins with /"),
        (7, "begins with /"),
        ("//", "outside the site"),
        ("/gdp/", "outside the site"),
        ("/gdp//data", "outside the site"),
        ("/./gdp", "outside the site"),
        ("/gdp/..", "outside the site"),
        ("/../gdp", "outside the site"),
        ("/gdp\\data", "not safe"),
        ("/%67dp", "not safe"),
        ("/gdp?x", "not safe"),
        ("/gdp#x", "not safe"),
        ("/gdp\n", "not safe"),
        ("/gdp\x00", "not safe"),
        ("/gdp\ufffd", "not safe"),
    ],
)
def test_a_path_with_a_second_way_to_write_it_is_refused(path: Any, why: str) -> None:
    with pytest.raises(ScheduleRefused, match=why):
        check_path(path)
    with pytest.raises(ScheduleRefused, match=why):
        write_document("gdp", [Opening(path, HALF_PAST, PAGE)])


def test_a_path_outside_the_site_is_refused_when_read_too() -> None:
    data = canonical(
        {"name": "gdp", "openings": [{"path": "/..", "opens": HALF_PAST.text(), "answer": None}]}
    )
    with pytest.raises(ScheduleRefused, match="outside the site"):
        read_document("gdp", data)


def test_another_document_is_refused() -> None:
    with pytest.raises(Malformed, match="expected the document gdp, found cpi"):
        read_document("gdp", write_document("cpi", []))


@pytest.mark.parametrize(
    "value",
    [
        [],
        {},
        7,
        {"name": "gdp"},
        {"name": "gdp", "openings": [{}]},
        {"name": "gdp", "openings": [7]},
        {"name": "gdp", "openings": [{"path": "/", "opens": "soon", "answer": None}]},
        {"name": "gdp", "openings": [{"path": "/", "opens": HALF_PAST.text(), "answer": {}}]},
        {"name": "gdp", "openings": 7},
    ],
)
def test_what_is_not_a_schedule_document_is_refused(value: Any) -> None:
    with pytest.raises(Malformed, match=r"schedule document|not an answer"):
        read_document("gdp", canonical(value))


@pytest.mark.parametrize("answer", SOME)
def test_every_kind_of_answer_reads_back(answer: Answer | None) -> None:
    assert read_answer(write_answer(answer)) == answer


def test_where_a_file_lies_reads_back_and_does_not_make_it_another_file() -> None:
    read = read_answer(write_answer(PAGE))
    assert isinstance(read, Content)
    assert read.lies == LIES
    assert replace(PAGE, lies={}) == PAGE


@pytest.mark.parametrize(
    "value",
    [
        7,
        {},
        {"digest": "ab", "size_bytes": "20", "media_type": "text/html"},
        {"digest": 7, "size_bytes": 20, "media_type": "text/html"},
        {"digest": "ab", "size_bytes": 20, "media_type": None},
        {"digest": "ab", "size_bytes": 20},
        {"digest": "ab", "size_bytes": 20, "media_type": "text/csv"},
        {"digest": "ab", "size_bytes": 20, "media_type": "text/csv", "lies": []},
        {"digest": "ab", "size_bytes": 20, "media_type": "text/csv", "lies": {"br": 7}},
        *(
            {"digest": "ab", "size_bytes": 20, "media_type": "text/csv", "lies": {"br": lying}}
            for lying in (
                {"object": "../ab", "key": "ef" * 32, "size_bytes": 1},
                {"object": "cd" * 32, "key": "short", "size_bytes": 1},
                {"object": "cd" * 32, "key": "ef" * 32, "size_bytes": "1"},
            )
        ),
        {"location": 7},
        {"gone": None},
    ],
)
def test_what_is_not_an_answer_is_refused(value: Any) -> None:
    with pytest.raises(Malformed, match="not an answer"):
        read_answer(value)


def test_a_document_is_always_in_the_same_one_of_256_lists() -> None:
    assert list_for("gdp") == digest(b"gdp")[:2]
    assert {len(list_for(str(n))) for n in range(100)} == {2}


def test_a_list_reads_back() -> None:
    assert read_list(write_list({"gdp": "ab", "cpi": "cd"})) == {"cpi": "cd", "gdp": "ab"}


@pytest.mark.parametrize(
    "value", [[], {}, {"documents": []}, {"documents": {"gdp": 7}}, {"documents": None}]
)
def test_what_is_not_a_list_is_refused(value: Any) -> None:
    with pytest.raises(Malformed, match=r"^not a list of documents$"):
        read_list(canonical(value))


def root() -> Root:
    return Root("https://example.org", 1_796_117_400_000, False, {"ab": "cd" * 32}, "ef" * 32)


@pytest.mark.parametrize("drill", [True, False])
def test_a_root_reads_back(drill: bool) -> None:
    assert read_root(write_root(replace(root(), drill=drill), DESK), DESK.public) == replace(
        root(), drill=drill
    )


def test_a_root_signed_by_a_stranger_is_refused() -> None:
    with pytest.raises(WrongKey):
        read_root(write_root(root(), SigningKey.read("22" * 32)), DESK.public)


@pytest.mark.parametrize(
    "changed",
    [
        {"site": 7},
        {"version": "7"},
        {"drill": 0},
        {"drill": "false"},
        {"lists": []},
        {"keyring": 7},
        {"keyring": "../ab"},
        {"handovers": 7},
    ],
)
def test_what_is_not_a_root_is_refused_even_when_signed(changed: dict[str, Any]) -> None:
    body = parse(write_root(root(), DESK))["body"]
    with pytest.raises(Malformed, match=r"^not the root of a schedule$"):
        read_root(DESK.sign(ROOT, {**body, **changed}), DESK.public)


def test_a_root_of_a_version_that_locked_nothing_is_refused_with_what_to_do() -> None:
    body = {"site": "a.example", "version": 7, "drill": False, "lists": {}}
    with pytest.raises(Malformed, match="did not lock its files; begin a new store"):
        read_root(DESK.sign(ROOT, body), DESK.public)


NEXT, THIRD = SigningKey.read("33" * 32), SigningKey.read("44" * 32)


def test_a_root_of_the_next_key_is_taken_by_whoever_trusts_one_before() -> None:
    first = write_handover(DESK, NEXT.public)
    handed_on = replace(root(), handovers=(first, write_handover(NEXT, THIRD.public)))
    signed = write_root(handed_on, THIRD)
    for trusted in (DESK, NEXT, THIRD):
        assert read_root(signed, trusted.public) == handed_on
        assert signer(signed, trusted.public) == THIRD.public


def test_whoever_took_a_root_of_the_next_key_takes_none_of_the_one_before() -> None:
    with pytest.raises(WrongKey):
        read_root(write_root(root(), DESK), NEXT.public)


def test_a_stranger_cannot_hand_over_to_himself() -> None:
    stranger = SigningKey.read("55" * 32)
    forged = write_handover(stranger, stranger.public)
    with pytest.raises(WrongKey):
        read_root(write_root(replace(root(), handovers=(forged,)), stranger), DESK.public)
    altered = write_handover(DESK, NEXT.public).replace(NEXT.public, stranger.public)
    with pytest.raises(SealBroken):
        read_root(write_root(replace(root(), handovers=(altered,)), stranger), DESK.public)


@pytest.mark.parametrize("body", [{}, {"to": 7}, {"to": "short"}])
def test_what_is_not_a_handover_is_refused(body: Any) -> None:
    with pytest.raises(Malformed, match="not a hand-over"):
        read_handover(DESK.sign(HANDOVER, body).decode(), DESK.public)


ROOT_BYTES = write_root(root(), DESK)


def test_a_changed_bit_anywhere_in_a_root_is_refused() -> None:
    for changed in with_a_bit_flipped(ROOT_BYTES):
        with pytest.raises((Malformed, WrongKey, SealBroken)):
            read_root(changed, DESK.public)


def test_a_version_is_the_time_of_signing_in_milliseconds() -> None:
    assert next_version(Instant.parse("1970-01-01T00:00:01.234567Z"), 0) == 1234


@given(instants_near(HALF_PAST), instants_near(HALF_PAST))
def test_a_version_is_above_the_last_even_if_the_clock_was_set_back(
    last_signed: Instant, now: Instant
) -> None:
    last = next_version(last_signed, 0)
    assert next_version(now, last) > last
    if now - last_signed > timedelta(milliseconds=1):
        assert next_version(now, last) == next_version(now, 0)
