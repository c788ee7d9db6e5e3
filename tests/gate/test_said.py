"""What a worker says again is what it would have said anew."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ninethirty.core.schedule import Gone, Opening
from ninethirty.core.times import Instant
from ninethirty.gate.request import Request
from ninethirty.gate.said import Said
from ninethirty.gate.wire import wire
from tests.core.made import HALF_PAST, at, instants_near
from tests.gate.made import (
    PAGE,
    RELEASE,
    SOON,
    Alone,
    Told,
    a_shelf,
    a_store,
    an_app,
    arm_from,
    content,
)

DAY_AGO = at(-86_400)


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Alone]:
    folder = tmp_path_factory.mktemp("said")
    shelf = a_shelf(folder)
    soon, release = content(shelf, SOON), content(shelf, RELEASE)
    openings = [
        Opening(PAGE, DAY_AGO, soon),
        Opening(PAGE, HALF_PAST, release),
        Opening("/new", HALF_PAST, release),
        Opening("/between", DAY_AGO, release),
        Opening("/between", at(0.25), soon),
        Opening("/between", at(0.75), Gone("an error")),
    ]
    with an_app(folder, shelf, openings) as alone:
        yield alone


fields = st.sampled_from(
    [
        {},
        {"accept_encoding": "gzip"},
        {"range": "bytes=0-9"},
        {"range": "bytes=0-9", "if_range": "Tue, 01 Dec 2026 09:30:00 GMT"},
        {"if_none_match": "*"},
        {"if_modified_since": "Tue, 01 Dec 2026 09:30:00 GMT"},
    ]
)
requests = st.builds(
    lambda method, path, more: Request(method, path, **more),
    st.sampled_from(["GET", "HEAD", "POST"]),
    st.sampled_from([PAGE, "/new", "/between", "/nothing"]),
    fields,
)


@given(
    st.lists(instants_near(HALF_PAST, timedelta(seconds=4)), min_size=1, max_size=30),
    st.lists(requests, min_size=1, max_size=3),
    st.booleans(),
)
def test_an_answer_said_again_is_the_one_that_would_be_made_now(
    gate: Alone, moments: list[Instant], asked: list[Request], in_order: bool
) -> None:
    told = Told()
    said = Said(gate.app, told.now_ns)
    for moment in sorted(moments) if in_order else moments:
        told.moment = moment
        for request in asked:
            anew = wire(request.method, gate.app.answer(request, told.moment))
            assert said.answer(request) == anew
            assert said.answer(request) == anew


def test_within_a_second_the_very_same_bytes_are_said_again(gate: Alone) -> None:
    told = Told(at(100.1))
    said = Said(gate.app, told.now_ns)
    first = said.answer(Request("GET", PAGE))
    told.moment = at(100.9)
    assert said.answer(Request("GET", PAGE)) is first


def test_a_long_request_is_never_remembered(gate: Alone) -> None:
    said = Said(gate.app, Told(at(100)).now_ns)
    long = Request("GET", PAGE, if_none_match='"x", ' * 1000)
    assert said.answer(long) == said.answer(long)
    assert said.answer(long) is not said.answer(long)


def test_what_is_not_there_is_never_remembered(gate: Alone) -> None:
    said = Said(gate.app, Told(at(-100)).now_ns)
    for path in ("/new", "/nothing"):
        assert said.answer(Request("GET", path)) is not said.answer(Request("GET", path))


def test_a_new_schedule_is_answered_from_at_once(tmp_path: Path) -> None:
    shelf = a_shelf(tmp_path)
    release = content(shelf, RELEASE)
    with an_app(tmp_path, shelf, [Opening(PAGE, DAY_AGO, release)]) as alone:
        told = Told()
        said = Said(alone.app, told.now_ns)
        assert said.answer(Request("GET", PAGE)).body == RELEASE
        withdrawn = [Opening(PAGE, DAY_AGO, release), Opening(PAGE, at(-1), Gone("an error"))]
        shelf.publish("release/q", withdrawn, HALF_PAST)
        with closing(a_store(tmp_path / "gate")) as puller:
            arm_from(puller, tmp_path / "desk", shelf)
        assert said.answer(Request("GET", PAGE)).head.startswith(b"HTTP/1.1 410 ")
