"""A hold that one gate did not hear of: it opens there at T, and two commands end that."""

import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from ninethirty.desk.shelving.gates import acknowledgements
from ninethirty.desk.shelving.hold import hold
from ninethirty.desk.shelving.incident import incidents
from ninethirty.desk.shelving.withdraw import withdraw
from tests.desk.shelving.setting import (
    CLOCK,
    PATH,
    ClockAt,
    Gate,
    Place,
    a_folder,
    a_gate,
    in_seconds,
    until,
)


@contextmanager
def deaf(gate: Gate) -> Iterator[None]:
    """It hears of no schedule; its workers go on answering."""
    os.kill(gate.process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(gate.process.pid, signal.SIGCONT)


@pytest.mark.parametrize("way_out", ["open", "withdraw"])
def test_held_by_one_gate_and_opened_by_another_is_shown_and_ended_by_either_command(
    tmp_path: Path, way_out: str
) -> None:
    place = Place(tmp_path)
    folder = a_folder(tmp_path / "f")
    with a_gate_on(place, "north") as north, a_gate_on(place, "south") as south:
        place.sealed(folder, in_seconds(3))
        until(lambda: place.run("schedule").out.count("In force at: north, south") == 1)
        with deaf(south):
            held = place.run("hold", PATH, "--wait", "0.5")
            assert held.code == 1
            assert "NOT SAFE YET: south has not acknowledged" in held.out
            until(lambda: south.get(PATH)[0] == 200)
            assert north.get(PATH)[0] == 404
            shown = place.run("schedule").out
            assert f"UNEQUAL ACCESS to {PATH}" in shown
            assert "north stood for the hold, south had not acknowledged it at T" in shown
            again = place.run("hold", PATH, "--wait", "0").out
            for said in (shown, again):
                assert f"ninethirty seal FOLDER --path {PATH} --opens now --store" in said
                assert f"ninethirty withdraw {PATH} --reason TEXT --store" in said
            if way_out == "open":
                assert place.seal(folder, "now").code == 0
            else:
                assert place.run("withdraw", PATH, "--reason", "wrong", "--wait", "0").code == 1
        status = 200 if way_out == "open" else 410
        until(lambda: {gate.get(PATH)[0] for gate in (north, south)} == {status})
        assert "UNEQUAL" not in place.run("schedule").out


@contextmanager
def a_gate_on(place: Place, name: str) -> Iterator[Gate]:
    if not place.root():
        place.sealed(a_folder(place.folder / "other"), path="/other")
    with a_gate(place, name) as gate:
        yield gate


def test_it_is_an_incident_from_t_on_and_only_where_gates_differ(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.sealed(a_folder(tmp_path / "f"), in_seconds(60))
    for gate in ("north", "south"):
        place.acknowledges(gate)
    done = hold(PATH, store=place.store, key=place.signing, clock=CLOCK)
    t = done.was.opens

    def found(after: float) -> list[str]:
        now = t + timedelta(seconds=after)
        return [one.path for one in incidents(place.book, acknowledgements(place.store), now)]

    assert found(0) == [], "it opened at both, late as the hold was"
    place.acknowledges("north")
    assert found(-0.000001) == []
    assert found(0) == [PATH]
    place.acknowledges("south")
    assert found(0) == []


def test_before_t_what_is_held_cannot_be_withdrawn_and_from_t_on_it_can(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.sealed(a_folder(tmp_path / "f"), in_seconds(60))
    done = hold(PATH, store=place.store, key=place.signing, clock=CLOCK)
    more = {"store": place.store, "key": place.signing}
    with pytest.raises(Exception, match="it was held and answers nothing"):
        withdraw(PATH, "wrong", clock=ClockAt(done.was.opens - timedelta(seconds=1)), **more)  # type: ignore[arg-type]
    gone = withdraw(PATH, "wrong", clock=ClockAt(done.was.opens), **more)  # type: ignore[arg-type]
    assert PATH in gone.paths
    assert f"{PATH}/data.csv" in gone.paths
    assert {type(opening.answer).__name__ for opening in place.openings()} == {"Gone"}
    again = withdraw(PATH, "wrong", clock=ClockAt(done.was.opens), **more)  # type: ignore[arg-type]
    assert again.again


def test_a_gate_whose_clock_is_in_doubt_and_what_it_refused_are_shown(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.sealed(a_folder(tmp_path / "f"))
    file = place.acknowledges("north")
    said = json.loads(file.read_text())
    file.write_text(json.dumps({**said, "clock": "apart", "refused": "its clock"}))
    shown = place.run("schedule").out
    assert "CLOCK IN DOUBT at north: apart; it arms nothing new" in shown
    assert "REFUSED by north: its clock" in shown
    file.write_text(json.dumps({**said, "clock": "trusted", "refused": ""}))
    assert "north:" not in place.run("schedule").out
