"""ninethirty gates: who may read the schedule."""

from pathlib import Path

import pytest

from ninethirty.core.keyring import GateKey
from tests.desk.shelving.setting import PATH, Place, a_folder, a_gate, until

NORTH, SOUTH = GateKey.new().public, GateKey.new().public


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = Place(tmp_path)
    place.sealed(a_folder(tmp_path / "f"))
    return place


def test_gates_are_let_in_listed_and_shut_out(place: Place) -> None:
    assert "No gate is let in." in place.run("gates", "list").out
    added = place.run("gates", "add", "north", NORTH)
    assert added.out.startswith("Let in: north can read what is sealed in this store.")
    assert f"ninethirty gates remove north --store {place.store}" in added.out
    place.run("gates", "add", "south", SOUTH)
    assert place.run("gates", "list").out.splitlines() == [
        f"north  {NORTH}  NOT IN FORCE",
        f"south  {SOUTH}  NOT IN FORCE",
    ]
    gone = place.run("gates", "remove", "north")
    assert gone.out.splitlines()[0].startswith("Shut out: north can read nothing")
    assert place.book.gates == {"south": SOUTH}
    assert [opening.path for opening in place.openings()] == [PATH, f"{PATH}/data.csv"]


def test_a_gate_may_be_let_in_before_anything_is_sealed(tmp_path: Path) -> None:
    place = Place(tmp_path)
    assert place.run("gates", "add", "north", NORTH, "--site", "example").code == 0
    place.sealed(a_folder(tmp_path / "f"))
    assert place.book.gates == {"north": NORTH}
    assert place.book.root
    assert place.book.root.site == "example"


def test_letting_in_a_gate_that_is_in_signs_nothing(place: Place) -> None:
    place.run("gates", "add", "north", NORTH)
    before = place.root()
    assert place.run("gates", "add", "north", NORTH).code == 0
    assert place.root() == before


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("add", "north", SOUTH), "one is let in by it with the key"),
        (("add", "south", NORTH), "it is let in as north; each gate has a key of its own"),
        (("add", "../north", SOUTH), "a gate's name is letters, digits"),
        (("add", "south", "no key"), "expected a gate's public key, 64 small hexadecimal digits"),
        (("add", "south", "00" * 32), "not a gate's public key"),
        (("remove", "south"), "south: expected a gate that is let in, found north"),
    ],
)
def test_what_cannot_be_is_refused_and_the_schedule_stays(
    place: Place, words: tuple[str, ...], says: str
) -> None:
    place.run("gates", "add", "north", NORTH)
    before = place.root()
    refused = place.run("gates", *words)
    assert refused.code == 2
    assert says in refused.err
    assert place.root() == before


def test_a_gate_let_in_and_never_heard_of_makes_a_hold_unsafe(place: Place) -> None:
    place.run("gates", "add", "north", NORTH)
    ran = place.run("hold", PATH, "--wait", "0")
    assert ran.code == 1
    assert "NOT SAFE YET: north has not acknowledged" in ran.out
    assert "If gate north is no longer used, run: ninethirty gates remove north" in ran.out


def test_a_word_with_another_key_than_the_gates_does_not_make_a_hold_safe(place: Place) -> None:
    said = place.acknowledges("north")
    assert place.run("gates", "list").out.endswith("  in force\n")
    said.write_text(said.read_text().replace(place.gate_key("north").public, SOUTH))
    assert place.run("gates", "list").out.endswith("  NOT IN FORCE\n")
    ran = place.run("hold", PATH, "--wait", "0")
    assert "NOT SAFE YET: north has not acknowledged" in ran.out


def test_a_gate_that_was_shut_out_is_still_asked_until_somebody_says_it_is_stopped(
    place: Place,
) -> None:
    said = place.acknowledges("north")
    place.acknowledges("south")
    shut_out = place.run("gates", "remove", "north").out
    assert "It goes on opening what it has taken: stop it." in shut_out
    assert f"When it is stopped remove {said}; until then no hold is called safe." in shut_out
    place.run("hold", PATH, "--wait", "0")
    place.acknowledges("south")
    assert "NOT SAFE YET: north has not acknowledged" in place.run("hold", PATH, "--wait", "0").out
    said.unlink()
    assert place.run("hold", PATH, "--wait", "0").out.splitlines()[1].startswith("Safe:")


def test_a_real_gate_takes_a_schedule_once_it_is_let_in(place: Place) -> None:
    with a_gate(place, "north") as north:
        assert north.get(PATH)[0] == 404
        place.run("gates", "remove", "north")
        taken = (place.store / "acknowledged" / "north.json").read_bytes()
        place.sealed(a_folder(place.folder / "f"), "now", "--replace")
        place.run("gates", "add", "north", place.gate_key("north").public)
        until(lambda: north.get(PATH)[0] == 200)
    assert (place.store / "acknowledged" / "north.json").read_bytes() != taken
