from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ninethirty.core.document import (
    SigningKey,
    canonical,
    digest,
    keyed,
    open_signed,
    parse,
)
from ninethirty.core.errors import Malformed, SealBroken, WrongKey
from tests.core.made import with_a_bit_flipped

documents = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)
DESK = SigningKey.read("11" * 32)
STRANGER = SigningKey.read("22" * 32)


def envelope(**changed: Any) -> bytes:
    good: dict[str, Any] = parse(DESK.sign("notice", {"says": "open"}))
    return canonical({**good, **changed})


@given(documents)
def test_a_document_reads_back_as_it_was_written(value: Any) -> None:
    assert parse(canonical(value)) == value


def test_one_meaning_has_one_byte_string() -> None:
    assert canonical({"b": 1, "a": [True, None, "é"]}) == '{"a":[true,null,"é"],"b":1}'.encode()
    assert canonical({"a": [True, None, "é"], "b": 1}) == canonical(
        {"b": 1, "a": (True, None, "é")}
    )


@pytest.mark.parametrize(
    "data",
    [
        b'{"a": 1}',
        b'{"b":1,"a":2}',
        b'{"a":1,"a":1}',
        b'"\\u00e9"',
        b"\xef\xbb\xbf1",
        b"1\n",
        b"NaN",
        b"1.0",
        b"\xff",
        b"not json",
        b"",
        b"[" * 100_000,
    ],
)
def test_other_bytes_with_a_like_meaning_are_refused(data: bytes) -> None:
    with pytest.raises(Malformed):
        parse(data)


def nest(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    "value",
    [1.5, [1.5], {"a": (float("nan"),)}, {1: "a"}, [{None: 1}], b"bytes", "\ud800", nest(10_000)],
)
def test_what_two_machines_could_write_differently_is_refused(value: Any) -> None:
    with pytest.raises(Malformed):
        canonical(value)


def test_an_enum_is_written_as_its_text() -> None:
    class Colour(StrEnum):
        RED = "red"

    assert canonical({Colour.RED: Colour.RED}) == b'{"red":"red"}'


def test_a_digest_is_sha256() -> None:
    assert digest(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_a_keyed_hash_tells_nothing_without_its_key() -> None:
    assert keyed(b"one", "digest") != keyed(b"two", "digest")
    assert keyed(b"one", "digest") != keyed(b"one", "another")


def test_what_the_desk_signed_is_read_back() -> None:
    assert open_signed("notice", DESK.sign("notice", {"says": "open"}), DESK.public) == {
        "says": "open"
    }


def test_a_new_key_is_another_key_and_reads_back_from_its_secret() -> None:
    new = SigningKey.new()
    assert new.public not in (DESK.public, SigningKey.new().public)
    assert SigningKey.read(new.secret() + "\n").public == new.public


@pytest.mark.parametrize("text", ["", "not hexadecimal", "11" * 31])
def test_what_is_not_a_key_is_refused(text: str) -> None:
    with pytest.raises(Malformed, match="64 hexadecimal"):
        SigningKey.read(text)


def test_a_document_signed_by_a_stranger_is_refused() -> None:
    with pytest.raises(WrongKey, match=STRANGER.public[:12]):
        open_signed("notice", STRANGER.sign("notice", {"says": "open"}), DESK.public)


def test_a_stranger_who_names_our_key_is_refused() -> None:
    forged = parse(STRANGER.sign("notice", {"says": "open"}))
    with pytest.raises(SealBroken):
        open_signed("notice", canonical({**forged, "key": DESK.public}), DESK.public)


def test_one_kind_of_document_cannot_pass_for_another() -> None:
    with pytest.raises(Malformed, match="expected a schedule, found a notice"):
        open_signed("schedule", DESK.sign("notice", {}), DESK.public)
    with pytest.raises(SealBroken):
        open_signed("schedule", envelope(kind="schedule"), DESK.public)


@pytest.mark.parametrize(
    "data", [b"[]", b"{}", b'"text"', envelope(extra=1), canonical({"kind": "notice"})]
)
def test_what_is_not_signed_is_refused(data: bytes) -> None:
    with pytest.raises(Malformed, match="not a signed document"):
        open_signed("notice", data, DESK.public)


@pytest.mark.parametrize("key", [None, 7, [], {}])
def test_a_key_of_the_wrong_type_is_refused(key: Any) -> None:
    with pytest.raises(WrongKey):
        open_signed("notice", envelope(key=key), DESK.public)


@pytest.mark.parametrize("signature", [None, 7, "", "not hexadecimal", "00" * 64])
def test_a_signature_of_the_wrong_type_is_refused(signature: Any) -> None:
    with pytest.raises(SealBroken):
        open_signed("notice", envelope(signature=signature), DESK.public)


SIGNED = DESK.sign("notice", {"says": "open", "at": ["2026-12-01T09:30:00.000000Z", 1]})


def test_a_changed_bit_anywhere_in_a_signed_document_is_refused() -> None:
    for changed in with_a_bit_flipped(SIGNED):
        with pytest.raises((Malformed, WrongKey, SealBroken)):
            open_signed("notice", changed, DESK.public)


def test_a_signature_does_not_fit_another_body() -> None:
    with pytest.raises(SealBroken, match="notice: the signature does not fit"):
        open_signed("notice", envelope(body={"says": "shut"}), DESK.public)


def test_what_an_earlier_version_signed_still_opens() -> None:
    assert DESK.sign("notice", {"says": "open"}) == canonical(
        {
            "body": {"says": "open"},
            "key": "d04ab232742bb4ab3a1368bd4615e4e6d0224ab71a016baf8520a332c9778737",
            "kind": "notice",
            "signature": "4376d2be8006c8fb7a9274fb194a69fbb34b23fbced861fa3c801e4514b85c15"
            "24eed29e2ad2a86d45fc07f083b0b8576c709327687c553d1b49b762325fa200",
        }
    )


@given(st.integers(0, len(SIGNED) - 1))
def test_a_signed_document_cut_short_is_refused(length: int) -> None:
    with pytest.raises(Malformed):
        open_signed("notice", SIGNED[:length], DESK.public)


@given(st.binary(max_size=200))
def test_noise_is_refused_and_nothing_worse(data: bytes) -> None:
    with pytest.raises(Malformed):
        open_signed("notice", data, DESK.public)
