from datetime import timedelta
from pathlib import Path

from ninethirty.core.document import digest
from ninethirty.core.schedule import Content, Opening
from ninethirty.desk.shelving import say
from ninethirty.desk.shelving.gates import Heard, acknowledgements, heard, wait_for
from ninethirty.desk.shelving.hold import Held, hold
from tests.desk.shelving.setting import (
    CLOCK,
    DATA,
    LONG_HENCE,
    PAGE,
    PATH,
    SOON,
    ClockAt,
    Place,
    Ran,
    a_folder,
    in_seconds,
)


def a_place(folder: Path, *, before: bool = False) -> Place:
    place = Place(folder)
    place.sealed(a_folder(folder / "f", before=before))
    return place


def held(place: Place) -> Ran:
    return place.run("hold", PATH, "--wait", "0")


def test_nothing_opens_any_more_once_it_is_held(tmp_path: Path) -> None:
    place = a_place(tmp_path)
    assert "Held /statistics/x: it was to open 2099-12-01 09:30 Europe/London" in held(place).out
    assert place.openings() == []


def test_what_is_shown_until_t_stays_when_it_is_held(tmp_path: Path) -> None:
    place = a_place(tmp_path, before=True)
    assert "goes on answering the page from before T" in held(place).out
    [left] = place.openings()
    assert isinstance(left.answer, Content)
    assert left.answer.digest == digest(SOON)


def test_what_was_public_already_stays_when_its_successor_is_held(tmp_path: Path) -> None:
    place = Place(tmp_path)
    folder = a_folder(tmp_path / "f")
    place.sealed(folder, "now")
    (folder / "index.html").write_bytes(b"second")
    place.sealed(folder, LONG_HENCE, "--replace")
    assert "It answers on as it has since" in held(place).out
    digests = {o.answer.digest for o in place.openings() if isinstance(o.answer, Content)}
    assert digests == {digest(PAGE), digest(DATA)}
    assert "public since" in place.run("schedule").out


def test_it_is_not_safe_while_a_gate_that_ever_acknowledged_is_silent(tmp_path: Path) -> None:
    place = a_place(tmp_path)
    place.lets_in("north", "south")
    silent = place.acknowledges("south")
    place.acknowledges("north")
    first = held(place)
    assert first.code == 1
    assert "NOT SAFE YET: north, south has not acknowledged; what it serves opens" in first.out
    place.acknowledges("north")
    second = held(place)
    assert second.code == 1
    assert second.out.startswith("Held already, at ")
    assert "NOT SAFE YET: south has not acknowledged" in second.out
    assert "If gate south is no longer used, run: ninethirty gates remove south" in second.out
    assert f"and remove {silent}" in second.out
    place.acknowledges("south")
    third = held(place)
    assert third.code == 0
    assert "Safe: every gate has acknowledged (north, south). It does not open." in third.out


def test_an_acknowledgement_that_cannot_be_read_counts_as_silence(tmp_path: Path) -> None:
    place = a_place(tmp_path)
    place.lets_in("north", "south")
    place.acknowledges("north")
    place.acknowledges("south").write_text('{"gate":"sou')
    held(place)
    place.acknowledges("north")
    assert "NOT SAFE YET: south has not acknowledged" in held(place).out


def test_while_no_gate_ever_spoke_it_is_not_called_safe(tmp_path: Path) -> None:
    ran = held(a_place(tmp_path))
    assert ran.code == 1
    assert "NOT SAFE YET: no gate has ever acknowledged anything from this store" in ran.out
    assert "If no gate serves it, nothing opens" in ran.out


def test_holding_again_signs_nothing(tmp_path: Path) -> None:
    place = a_place(tmp_path)
    held(place)
    before = place.root()
    held(place)
    assert place.root() == before


def test_what_was_held_can_be_sealed_again(tmp_path: Path) -> None:
    place = a_place(tmp_path)
    held(place)
    said = place.sealed(tmp_path / "f").out
    assert "replaces  what was to open 2099-12-01 09:30 Europe/London" in said
    assert "and was held" in said
    assert [opening.path for opening in place.openings()] == [PATH, f"{PATH}/data.csv"]


def test_a_file_gone_bad_on_the_shelf_does_not_stop_a_hold(tmp_path: Path) -> None:
    place = a_place(tmp_path, before=True)
    for body in (PAGE, SOON):
        for lying in place.shelf().lies(digest(body)).values():
            (place.store / "objects" / lying.object[:2] / lying.object).write_bytes(b"bad")
    assert held(place).out.startswith("Held /statistics/x")
    assert len(place.openings()) == 1


def test_a_release_of_a_desk_can_be_held_too_and_the_desk_is_to_be_told(tmp_path: Path) -> None:
    place = a_place(tmp_path)
    shelf = place.shelf()
    content = Content(shelf.put(b"gdp"), 3, "text/html")
    later = CLOCK.now() + timedelta(hours=1)
    openings = [Opening("/gdp", later, content), Opening("/gdp/a.csv", later, content)]
    shelf.publish("release/gdp", openings, CLOCK.now())
    ran = place.run("hold", "/gdp", "--wait", "0")
    assert "A desk made this release, and its record does not know" in ran.out
    assert place.book.entry("release/gdp").openings == ()
    assert place.run("hold", "/gdp", "--wait", "0").out.startswith("Held already")


def test_a_held_release_that_gates_took_only_after_t_is_not_called_safe(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.sealed(a_folder(tmp_path / "f"), in_seconds(60))
    place.acknowledges("north")
    done = hold(PATH, store=place.store, key=place.signing, clock=CLOCK)
    t = done.was.opens
    place.acknowledges("north")
    assert so_far(place, done, ClockAt(t - timedelta(microseconds=1)))[0]
    safe, lines = so_far(place, done, ClockAt(t))
    assert not safe
    assert "NOT SURE" in lines[0]


def test_a_silent_gate_at_t_is_a_choice_between_all_and_none(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.sealed(a_folder(tmp_path / "f"), in_seconds(60))
    place.acknowledges("north")
    done = hold(PATH, store=place.store, key=place.signing, clock=CLOCK)
    safe, lines = so_far(place, done, ClockAt(done.was.opens))
    assert not safe
    assert lines[0].startswith("NOT SAFE: north has not acknowledged, and T has passed")
    assert lines[2].startswith(
        "  open it everywhere:      ninethirty seal FOLDER --path /statistics/x"
    )
    assert lines[3].startswith("  withdraw it everywhere:  ninethirty withdraw /statistics/x")


def so_far(place: Place, done: Held, clock: ClockAt) -> tuple[bool, list[str]]:
    said = heard(place.store, done.version, place.book.gates)
    return say.held_so_far(done, said, clock.now(), "--store S --key K")


def test_waiting_ends_when_all_have_spoken_and_says_meanwhile_who_has_not(tmp_path: Path) -> None:
    place = a_place(tmp_path)
    place.acknowledges("north")
    told: list[Heard] = []

    def speak(so_far: Heard) -> None:
        told.append(so_far)
        place.acknowledges("north", place.book.version + 1)

    said = wait_for(place.store, place.book.version + 1, place.book.gates, seconds=20, tell=speak)
    assert said.all
    assert [one.gate for one in told[0].silent] == ["north"]
    assert len(told) == 1
    assert len(acknowledgements(place.store)) == 1
