from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ninethirty.core.document import SigningKey, digest
from ninethirty.core.errors import DocumentError, Malformed
from ninethirty.core.submission import (
    Answer,
    Says,
    Submission,
    read_answer,
    read_submission,
    write_answer,
    write_submission,
)
from tests.core.made import HALF_PAST, at, instants_near, with_a_bit_flipped

KEY = SigningKey.new()
ONE = Submission(
    "br-2026-0001",
    1,
    "ab" * 32,
    {"title": "GDP"},
    "The office",
    "regulator",
    at(3600),
    HALF_PAST,
    papers={"report.pdf": b"%PDF"},
)


@given(st.dictionaries(st.text(min_size=1), st.binary(), max_size=3), st.text(), st.integers(1))
def test_a_submission_reads_back_with_its_papers(
    papers: dict[str, bytes], statement: str, version: int
) -> None:
    one = replace(ONE, papers=papers, statement=statement, version=version)
    assert read_submission(write_submission(one, KEY), KEY.public) == one


@given(st.sampled_from(Says), st.text(), instants_near(HALF_PAST))
def test_an_answer_reads_back(says: Says, text: str, when: Any) -> None:
    one = Answer("br-2026-0001", 2, "ab" * 32, says, when, text=text)
    assert read_answer(write_answer(one, KEY), KEY.public) == one


def test_no_bit_of_a_submission_can_be_changed() -> None:
    data = write_submission(replace(ONE, papers={}, report={}), KEY)
    for changed in list(with_a_bit_flipped(data))[::7]:
        with pytest.raises(DocumentError):
            read_submission(changed, KEY.public)


def body(**more: Any) -> dict[str, Any]:
    told = {
        **dict.fromkeys(("reference", "digest", "sender", "to", "platform", "cause"), "x"),
        "statement": "",
        "version": 1,
        "report": {},
        "at": HALF_PAST.text(),
        "known": HALF_PAST.text(),
        "papers": [],
    }
    return {**told, **more}


@pytest.mark.parametrize(
    "wrong",
    [
        {"version": "1"},
        {"version": True},
        {"reference": 1},
        {"report": []},
        {"at": "yesterday"},
        {"papers": [{"name": "x"}]},
        {"papers": [{"name": "x", "digest": digest(b"y"), "base64": "eA=="}]},
    ],
)
def test_a_signed_document_that_is_no_report_is_refused(wrong: dict[str, Any]) -> None:
    assert read_submission(KEY.sign("breach-report", body()), KEY.public).reference == "x"
    with pytest.raises(Malformed):
        read_submission(KEY.sign("breach-report", body(**wrong)), KEY.public)


def test_an_answer_that_says_nothing_known_is_refused() -> None:
    told = dict.fromkeys(("reference", "digest", "advice", "text", "says"), "x")
    with pytest.raises(Malformed, match="not an answer"):
        read_answer(KEY.sign("breach-answer", {**told, "version": 1, "at": ""}), KEY.public)
