from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ninethirty.core.document import canonical
from ninethirty.core.errors import Malformed, NotLetIn, SealBroken
from ninethirty.core.keyring import (
    BOX_BYTES,
    Box,
    GateKey,
    Keyring,
    Member,
    check_gate_name,
    check_public,
    derive,
    lock_document,
    new_epoch,
    open_document,
    open_keyring,
    read_keyring,
    seal_keyring,
    seal_to,
    write_keyring,
)
from tests.core.made import with_a_bit_flipped

SITE = "stats.example"
NORTH, SOUTH = GateKey.read("11" * 32), GateKey.read("22" * 32)
FIRST, SECOND = "aa" * 16, "bb" * 16
KEYS = {FIRST: b"1" * 32, SECOND: b"2" * 32}
ABOUT = b"about this"


def a_ring(epochs: tuple[str, ...] = (FIRST,), **gates: GateKey) -> Keyring:
    return seal_keyring(SITE, KEYS, epochs, {name: key.public for name, key in gates.items()})


def test_every_gate_let_in_opens_it_with_its_own_key_and_gets_the_keys_of_all_epochs() -> None:
    ring = a_ring((FIRST, SECOND), north=NORTH, south=SOUTH)
    assert open_keyring(ring, SITE, "north", NORTH) == KEYS
    assert open_keyring(ring, SITE, "south", SOUTH) == KEYS
    assert ring.publics() == {"north": NORTH.public, "south": SOUTH.public}


def test_a_gate_that_is_not_let_in_is_told_the_command_that_lets_it_in() -> None:
    command = f"ninethirty gates add south {SOUTH.public} --store STORE --key KEYFILE"
    with pytest.raises(NotLetIn, match=f"^gate south is not let in; .*{command}$"):
        open_keyring(a_ring(north=NORTH), SITE, "south", SOUTH)


def test_a_gate_under_anothers_name_is_not_let_in() -> None:
    with pytest.raises(NotLetIn, match=r"north was let in with the key .*, found .*--name"):
        open_keyring(a_ring(north=NORTH), SITE, "north", SOUTH)


def test_what_is_sealed_for_another_site_epoch_or_name_does_not_open() -> None:
    ring = a_ring(north=NORTH)
    with pytest.raises(SealBroken):
        open_keyring(ring, "other.example", "north", NORTH)
    with pytest.raises(SealBroken):
        open_keyring(replace(ring, epochs=(SECOND,)), SITE, "north", NORTH)
    with pytest.raises(SealBroken):
        open_keyring(replace(ring, gates={"n": ring.gates["north"]}), SITE, "n", NORTH)


def test_keys_sealed_for_one_gate_do_not_open_under_its_neighbours_name() -> None:
    ring = a_ring(north=NORTH, south=SOUTH)
    moved = Member(SOUTH.public, ring.gates["north"].sealed)
    with pytest.raises(SealBroken):
        open_keyring(replace(ring, gates={"south": moved}), SITE, "south", SOUTH)


def test_too_few_keys_are_refused() -> None:
    about = canonical({"site": SITE, "epochs": [FIRST], "gate": "north"})
    short = Member(NORTH.public, seal_to(NORTH.public, b"short", about).hex())
    with pytest.raises(Malformed, match="1 epochs, and 5 bytes of keys"):
        open_keyring(Keyring((FIRST,), {"north": short}), SITE, "north", NORTH)


def test_a_keyring_reads_back_and_tells_no_key() -> None:
    ring = a_ring((FIRST, SECOND), north=NORTH)
    written = write_keyring(ring)
    assert read_keyring(written) == ring
    for key in KEYS.values():
        assert key.hex().encode() not in written


@pytest.mark.parametrize(
    "value",
    [
        7,
        {},
        {"epochs": [], "gates": {}},
        {"epochs": ["no hex"], "gates": {}},
        {"epochs": [7], "gates": {}},
        {"epochs": ["aa"], "gates": []},
        {"epochs": ["aa"], "gates": {"north": 7}},
        {"epochs": ["aa"], "gates": {"north": {"public": "zz", "sealed": "aa"}}},
        {"epochs": ["aa"], "gates": {"north": {"public": "aa", "sealed": ""}}},
    ],
)
def test_what_is_not_a_keyring_is_refused(value: Any) -> None:
    with pytest.raises(Malformed, match="keyring"):
        read_keyring(canonical(value))


def test_a_changed_bit_anywhere_in_what_is_sealed_to_a_gate_is_refused() -> None:
    for changed in with_a_bit_flipped(seal_to(NORTH.public, b"keys", ABOUT)):
        with pytest.raises(SealBroken):
            NORTH.open(changed, ABOUT)


@given(st.binary(max_size=100))
def test_what_was_never_sealed_does_not_open(bytes_of_somebody: bytes) -> None:
    with pytest.raises(SealBroken):
        NORTH.open(bytes_of_somebody, ABOUT)


def test_sealing_twice_gives_other_bytes_which_only_the_gate_can_open() -> None:
    one, other = (seal_to(NORTH.public, b"keys", ABOUT) for _ in range(2))
    assert one != other
    assert NORTH.open(one, ABOUT) == NORTH.open(other, ABOUT) == b"keys"
    with pytest.raises(SealBroken):
        SOUTH.open(one, ABOUT)


@pytest.mark.parametrize("public", ["", "ab", "AB" * 32, "zz" * 32, "ab" * 33])
def test_what_cannot_be_a_public_key_is_refused(public: str) -> None:
    with pytest.raises(Malformed, match="expected a gate's public key"):
        check_public(public)


def test_a_public_key_that_would_make_every_secret_the_same_is_refused() -> None:
    with pytest.raises(Malformed, match="not a gate's public key"):
        seal_to("00" * 32, b"keys", ABOUT)


@pytest.mark.parametrize("name", ["north", "gate-1", "a.b_c", "A" * 64])
def test_a_gate_may_be_named_so(name: str) -> None:
    check_gate_name(name)


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".hidden", "a b", "é", "A" * 65])
def test_a_gate_may_not_be_named_so(name: str) -> None:
    with pytest.raises(Malformed, match="a gate's name is"):
        check_gate_name(name)


def test_a_gates_key_reads_back_and_other_text_is_refused() -> None:
    key = GateKey.new()
    assert GateKey.read(key.secret() + "\n").public == key.public
    for text in ("", "11" * 31, "zz" * 32):
        with pytest.raises(Malformed, match="64 hexadecimal digits"):
            GateKey.read(text)


def test_keys_for_different_purposes_have_nothing_in_common() -> None:
    assert NORTH.derive("paths") == NORTH.derive("paths") != NORTH.derive("answers")
    assert NORTH.derive("paths") != SOUTH.derive("paths")
    assert derive(b"secret", "site", salt=b"1") != derive(b"secret", "site", salt=b"2")
    assert len(derive(b"secret", "names", size_bytes=64)) == 64


def test_a_box_opens_only_with_its_key_and_for_what_it_is_about() -> None:
    box = Box(b"1" * 32)
    closed = box.close(b"words", ABOUT)
    assert len(closed) == len(b"words") + BOX_BYTES
    assert box.open(closed, ABOUT) == b"words"
    assert closed != box.close(b"words", ABOUT)
    for wrong in (closed[:-1], closed[:5], b"", closed + b"x"):
        with pytest.raises(SealBroken):
            box.open(wrong, ABOUT)
    with pytest.raises(SealBroken):
        box.open(closed, b"about that")
    with pytest.raises(SealBroken):
        Box(b"2" * 32).open(closed, ABOUT)


def test_a_document_opens_with_the_key_of_its_epoch_and_under_its_name() -> None:
    locked = lock_document(FIRST, KEYS[FIRST], "name", b"openings")
    assert b"openings" not in locked
    assert open_document(KEYS, "name", locked) == b"openings"
    with pytest.raises(SealBroken):
        open_document(KEYS, "other name", locked)


def test_a_document_of_an_epoch_whose_key_was_never_sent_stays_closed() -> None:
    locked = lock_document(SECOND, KEYS[SECOND], "name", b"openings")
    with pytest.raises(SealBroken, match="of an epoch we have no key for"):
        open_document({FIRST: KEYS[FIRST]}, "name", locked)


def test_no_two_epochs_have_one_name() -> None:
    assert len({new_epoch() for _ in range(100)}) == 100
