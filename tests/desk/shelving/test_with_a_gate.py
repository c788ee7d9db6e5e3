"""The commands against real gates: what a reader gets, and what people are told about it."""

import signal
import time
from datetime import timedelta
from pathlib import Path

from tests.desk.shelving.setting import (
    CLOCK,
    DATA,
    PAGE,
    PATH,
    SOON,
    Place,
    a_folder,
    a_gate,
    in_seconds,
    until,
)


def test_the_day_of_a_release_from_sealing_to_withdrawal(tmp_path: Path) -> None:
    place = Place(tmp_path)
    folder = a_folder(tmp_path / "f", {"données 1.csv": b"1"}, before=True)
    place.sealed(folder, path="/other")
    with a_gate(place) as gate:
        opens = CLOCK.now() + timedelta(seconds=8)
        place.sealed(folder, f"{opens:%Y-%m-%d %H:%M:%S.%f} UTC")
        until(lambda: gate.get(PATH) == (200, SOON))
        assert gate.get(f"{PATH}/data.csv")[0] == 404
        # A worker answers from the new root a moment before the gate's word of it is written.
        until(lambda: "In force at: gate" in place.run("schedule").out)
        waiting = place.run("verify", gate.url(f"{PATH}/data.csv"))
        assert waiting.code == 1
        assert "answered 404" in waiting.out
        assert "until then that is right" in waiting.out
        assert place.run("verify", gate.url(PATH)).code == 0
        assert CLOCK.now() < opens, "the machine is too slow for this test"

        time.sleep(max(0, CLOCK.seconds_until(opens)))
        assert gate.get(PATH) == (200, PAGE)
        assert gate.get(f"{PATH}/data.csv") == (200, DATA)
        assert gate.get(f"{PATH}/donn%C3%A9es%201.csv") == (200, b"1")
        for address in (PATH, f"{PATH}/data.csv", f"{PATH}/donn%C3%A9es%201.csv"):
            yes = place.run("verify", gate.url(address))
            assert yes.code == 0, yes
            assert "open since" in yes.out

        # A correction of the page alone, at once.
        (folder / "index.html").write_bytes(b"corrected")
        place.sealed(folder, "now")
        until(lambda: gate.get(PATH) == (200, b"corrected"))

        gone = place.run("withdraw", PATH, "--reason", "Table 2 was wrong.")
        assert gone.code == 0, gone
        status, page = gate.get(PATH)
        assert status == 410
        assert b"Table 2 was wrong." in page
        assert gate.get(f"{PATH}/data.csv")[0] == 410
        no = place.run("verify", gate.url(PATH))
        assert no.code == 1
        assert "answered 410" in no.out
        assert "it was withdrawn" in no.out
        assert "Table 2 was wrong." in no.out
        assert gate.get("/other") == (200, SOON)


def test_an_opening_held_in_time_does_not_come(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.sealed(a_folder(tmp_path / "f"), in_seconds(3600), path="/other")
    with a_gate(place) as gate:
        opens = CLOCK.now() + timedelta(seconds=5)
        place.sealed(tmp_path / "f", f"{opens:%Y-%m-%d %H:%M:%S.%f} UTC")
        safe = place.run("hold", PATH)
        assert safe.code == 0, safe
        assert "Safe: every gate has acknowledged (gate)" in safe.out
        time.sleep(max(0, CLOCK.seconds_until(opens)) + 0.2)
        assert gate.get(PATH)[0] == 404


def test_a_hold_is_not_safe_while_one_of_two_gates_is_stopped(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.sealed(a_folder(tmp_path / "f"))
    with a_gate(place, "north"), a_gate(place, "south") as south:
        south.process.send_signal(signal.SIGSTOP)
        try:
            asked = time.monotonic()
            waited = place.run("hold", PATH, "--wait", "1.5")
            assert 1.5 <= time.monotonic() - asked < 6
            assert waited.code == 1
            assert "Waiting: south has not acknowledged" in waited.err
            assert "NOT SAFE YET: south has not acknowledged" in waited.out
        finally:
            south.process.send_signal(signal.SIGCONT)
        safe = place.run("hold", PATH)
        assert safe.code == 0, safe
        assert "(north, south)" in safe.out


def test_another_sites_copy_is_compared_and_an_early_one_is_called_early(tmp_path: Path) -> None:
    platform, ours = Place(tmp_path / "platform"), Place(tmp_path / "ours")
    folder = a_folder(tmp_path / "f")
    platform.sealed(folder, "now", path="/copy")
    ours.sealed(folder)
    with a_gate(platform) as gate:
        early = ours.run("verify", gate.url("/copy"))
        assert early.code == 1
        assert early.out.startswith("EARLY: ")
        ours.sealed(folder, "now", "--replace")
        assert ours.run("verify", gate.url("/copy")).code == 0
        (folder / "index.html").write_bytes(b"changed")
        ours.sealed(folder, "now", path="/copy")
        no = ours.run("verify", gate.url("/copy"))
        assert no.code == 1
        assert "is not what was sealed for /copy" in no.out
