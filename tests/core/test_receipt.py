"""Receipts: what a gate says of each opening, and what a stranger can tell from them."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ninethirty.core.document import SigningKey, canonical, parse
from ninethirty.core.errors import ChainBroken, Malformed, WrongKey
from ninethirty.core.guard import Trust
from ninethirty.core.receipt import (
    RECEIPT,
    Receipt,
    What,
    check,
    link,
    name_of,
    read_receipt,
    signer,
    what_came_of,
    write_receipt,
)
from ninethirty.core.schedule import Answer, Content, Gone, Opening, Redirect
from tests.core.made import HALF_PAST, at, instants_near, with_a_bit_flipped

KEY = SigningKey.new()
ANSWERS: Sequence[Answer | None] = (
    Content("ab" * 32, 3, "text/html"), Redirect("/y"), Gone("wrong figures"), None,
)  # fmt: skip


def opening(n: int = 0, answer: Answer | None = ANSWERS[0]) -> Opening:
    return Opening(f"/statistics/{n}", HALF_PAST, answer)


def receipt(n: int = 1, previous: str = "", shown: Opening | None = None, **more: Any) -> Receipt:
    shown = shown or opening(n)
    told = {
        "gate": "north",
        "n": n,
        "previous": previous,
        "what": what_came_of(shown.answer),
        "opening": name_of(shown),
        "written": at(3),
        "clock": Trust.TRUSTED,
        "shown": shown,
        "first": at(0.000001),
        **more,
    }
    return Receipt(**told)


def chain(count: int) -> list[bytes]:
    lines: list[bytes] = []
    for n in range(1, count + 1):
        previous = link(lines[-1]) if lines else ""
        lines.append(write_receipt(receipt(n, previous), KEY))
    return lines


@given(
    shown=st.sampled_from(ANSWERS).map(lambda answer: opening(1, answer)),
    first=st.none() | instants_near(HALF_PAST),
    clock=st.sampled_from(Trust),
)
def test_a_receipt_says_what_opened_where_and_when_and_when_it_was_first_answered_with(
    shown: Opening, first: Any, clock: Trust
) -> None:
    one = receipt(shown=shown, first=first, clock=clock)
    line = write_receipt(one, KEY)
    assert read_receipt(line, KEY.public) == one
    assert b"\n" not in line
    assert signer(line) == KEY.public


def test_what_was_held_is_named_but_not_told() -> None:
    secret = opening()
    told = receipt(what=What.HELD)
    hidden = Receipt(
        told.gate, 1, "", What.HELD, name_of(secret), told.written, told.clock, None, None
    )
    line = write_receipt(hidden, KEY)
    assert read_receipt(line, KEY.public) == hidden
    for word in (b"/statistics", b"ab" * 32, b"09:30:00"):
        assert word not in line
    assert name_of(opening()) == hidden.opening, "whoever sees it open can tell that it is the same"


def test_two_openings_never_have_one_name() -> None:
    openings = [opening(n, answer) for n in range(2) for answer in ANSWERS]
    openings += [Opening(one.path, at(1), one.answer) for one in openings]
    assert len({name_of(one) for one in openings}) == len(openings)


def test_what_came_of_an_opening_is_told_from_its_answer() -> None:
    assert [what_came_of(answer) for answer in ANSWERS] == [
        What.OPENED, What.OPENED, What.WITHDRAWN, What.CLOSED,
    ]  # fmt: skip


def test_a_whole_chain_holds_and_so_does_its_beginning() -> None:
    lines = chain(5)
    assert [one.n for one in check(lines, KEY.public)] == [1, 2, 3, 4, 5]
    assert [one.n for one in check(lines[:3], KEY.public)] == [1, 2, 3]
    assert list(check([], KEY.public)) == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda lines: lines[:1] + lines[2:],
        lambda lines: lines[1:],
        lambda lines: [lines[1], lines[0], *lines[2:]],
        lambda lines: lines[:2] + lines[1:],
        lambda lines: [*lines[:1], write_receipt(receipt(2, "00" * 32), KEY), *lines[2:]],
        lambda lines: [*lines[:1], write_receipt(receipt(2, link(lines[0])), SigningKey.new())],
        lambda lines: [*lines[:1], b"{}"],
        lambda lines: [*lines[:1], lines[1][:-10]],
    ],
)
def test_a_line_taken_out_put_in_moved_or_signed_by_another_is_found(
    spoil: Callable[[list[bytes]], list[bytes]],
) -> None:
    with pytest.raises(ChainBroken, match=r"receipt \d: "):
        list(check(spoil(chain(4)), KEY.public))


def test_whichever_bit_of_a_receipt_is_changed_it_no_longer_holds() -> None:
    [line] = chain(1)
    for changed in with_a_bit_flipped(line):
        with pytest.raises(ChainBroken):
            list(check([changed], KEY.public))


def test_what_held_before_a_broken_line_is_still_told() -> None:
    lines = chain(4)
    found = check([*lines[:2], lines[3]], KEY.public)
    assert [next(found).n, next(found).n] == [1, 2]
    with pytest.raises(ChainBroken):
        next(found)


@pytest.mark.parametrize(
    "wrong",
    [
        {"n": "two"},
        {"what": "vanished"},
        {"clock": "late"},
        {"written": "yesterday"},
        {"path": "/../x"},
        {"path": 7},
        {"opens": None},
        {"answer": {"what": 1}},
        {"gate": None},
        {"opening": "ab" * 32},
    ],
)
def test_a_signed_receipt_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    body = parse(write_receipt(receipt(), KEY))["body"]
    with pytest.raises(Malformed):
        read_receipt(KEY.sign(RECEIPT, {**body, **wrong}), KEY.public)
    del body["first"]
    with pytest.raises(Malformed):
        read_receipt(KEY.sign(RECEIPT, body), KEY.public)


def test_a_receipt_of_another_gate_is_not_taken_for_this_ones() -> None:
    [line] = chain(1)
    with pytest.raises(WrongKey):
        read_receipt(line, SigningKey.new().public)


@pytest.mark.parametrize("line", [b"{}", b"[]", b"x", canonical({"kind": "note", "key": "ab"})])
def test_a_line_that_is_no_receipt_has_no_signer(line: bytes) -> None:
    with pytest.raises(Malformed):
        signer(line)
