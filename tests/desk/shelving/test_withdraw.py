from pathlib import Path

from ninethirty.core.schedule import Gone
from ninethirty.desk.shelving.standing import in_force, to_come
from ninethirty.desk.shelving.withdraw import withdraw
from tests.desk.shelving.setting import (
    CLOCK,
    LONG_HENCE,
    PATH,
    ClockAt,
    Place,
    Ran,
    a_folder,
)


def withdrawn(place: Place, reason: str = "Table 2 was wrong.") -> Ran:
    return place.run("withdraw", PATH, "--reason", reason, "--wait", "0")


def a_place(folder: Path) -> Place:
    place = Place(folder)
    place.sealed(a_folder(folder / "f"), "now")
    return place


def test_page_and_files_are_gone_with_the_reason(tmp_path: Path) -> None:
    place = a_place(tmp_path)
    place.acknowledges("north")
    ran = withdrawn(place)
    assert ran.code == 1
    assert f"Withdrawn {PATH}" in ran.out
    assert f"  {PATH}/data.csv" in ran.out
    assert "NOT GONE YET: north has not acknowledged; it goes on showing what it has." in ran.out
    shown = in_force(place.openings(), CLOCK.now())
    assert {path: opening.answer for path, opening in shown.items()} == {
        PATH: Gone("Table 2 was wrong."),
        f"{PATH}/data.csv": Gone("Table 2 was wrong."),
    }


def test_it_is_done_when_every_gate_has_acknowledged(tmp_path: Path) -> None:
    place = a_place(tmp_path)
    assert "NOT GONE YET: no gate has ever acknowledged" in withdrawn(place).out
    place.acknowledges("north")
    before = place.root()
    ran = withdrawn(place)
    assert ran.code == 0
    assert ran.out.startswith("Withdrawn already, at ")
    assert "In force: every gate has acknowledged (north)." in ran.out
    assert place.root() == before


def test_it_can_be_withdrawn_in_the_instant_in_which_it_opened(tmp_path: Path) -> None:
    place = a_place(tmp_path)
    opened = ClockAt(max(opening.opens for opening in place.openings()))
    withdraw(PATH, "wrong", store=place.store, key=place.signing, clock=opened)
    assert {opening.answer for opening in place.openings()} == {Gone("wrong")}


def test_the_reason_can_be_put_in_better_words(tmp_path: Path) -> None:
    place = a_place(tmp_path)
    withdrawn(place, "Table 2 is worng.")
    withdrawn(place)
    shown = in_force(place.openings(), CLOCK.now())
    assert shown[PATH].answer == Gone("Table 2 was wrong.")


def test_what_was_to_take_its_place_is_taken_back_too_and_that_is_said(tmp_path: Path) -> None:
    place = a_place(tmp_path)
    (tmp_path / "f" / "data.csv").write_bytes(b"second")
    place.sealed(tmp_path / "f", LONG_HENCE, "--replace")
    assert "What was to open 2099-12-01 09:30 Europe/London" in withdrawn(place).out
    assert not to_come(place.openings(), CLOCK.now())
    place.sealed(tmp_path / "f", LONG_HENCE, "--replace")
    assert withdrawn(place).out.startswith("Withdrawn /statistics/x")
    assert not to_come(place.openings(), CLOCK.now())


def test_a_corrected_release_can_follow(tmp_path: Path) -> None:
    place = a_place(tmp_path)
    withdrawn(place)
    assert "replaces  what was withdrawn" in place.sealed(tmp_path / "f", "now").out
    shown = in_force(place.openings(), CLOCK.now())
    assert not any(isinstance(opening.answer, Gone) for opening in shown.values())


def test_the_page_of_a_release_that_was_called_off_can_give_the_reason(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.sealed(a_folder(tmp_path / "f", before=True))
    place.run("hold", PATH, "--wait", "0")
    withdrawn(place, "It was called off.")
    shown = in_force(place.openings(), CLOCK.now())
    assert [opening.answer for opening in shown.values()] == [Gone("It was called off.")]
