"""A gate's clock: faked clocks that jump across T, pauses, restarts, power cuts; a time server."""

import ctypes
import json
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from ninethirty.core.errors import CannotStart
from ninethirty.core.guard import Trust
from ninethirty.core.schedule import Opening
from ninethirty.core.times import at_ns, ns_of
from ninethirty.gate import clockfile, kernel
from ninethirty.gate.app import App
from ninethirty.gate.clock import GuardedClock
from ninethirty.gate.clockfile import LEASE, ClockFile
from ninethirty.gate.request import Request
from ninethirty.gate.timesource import Kernel, time_source
from tests.core.made import HALF_PAST
from tests.gate.made import (
    CLOCK,
    PAGE,
    RELEASE,
    a_gate,
    a_shelf,
    a_store,
    answers,
    arm_from,
    content,
    until,
)
from tests.gate.time_server import a_time_server

SECOND = 1_000_000_000
T = ns_of(HALF_PAST)


@dataclass
class Machine:
    """Its two clocks, and the gate's file, which outlives the gate."""

    store: Path
    wall: int = T - 5 * SECOND
    boot: int = 1000 * SECOND
    workers: int = 2
    file: ClockFile = field(init=False)

    def __post_init__(self) -> None:
        self.store.mkdir(exist_ok=True)
        self.starts()

    def starts(self) -> None:
        """The gate, again; by another hold on the file."""
        self.file = ClockFile(self.store, self.workers)
        self.file.begin()

    def worker(self, place: int = 0) -> GuardedClock:
        return GuardedClock(self.file, place=place, wall=lambda: self.wall, boot=lambda: self.boot)

    def settles(self, error: int | None = 0) -> bool:
        return self.worker().settle(lambda: error)

    def passes(self, seconds: float) -> None:
        self.wall += int(seconds * SECOND)
        self.boot += int(seconds * SECOND)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "gate")


def after(worker: GuardedClock) -> float:
    """Seconds after T."""
    return (worker.now() - HALF_PAST).total_seconds()


# Faked clocks.


def test_a_release_is_not_served_when_the_wall_clock_jumps_past_t_and_stays_when_it_jumps_back(
    tmp_path: Path,
) -> None:
    shelf = a_shelf(tmp_path)
    shelf.publish("q", [Opening(PAGE, HALF_PAST, content(shelf, RELEASE))], HALF_PAST)
    store = a_store(tmp_path / "gate")
    arm_from(store, tmp_path / "desk", shelf)
    machine = Machine(tmp_path / "gate")
    machine.settles()
    clock = machine.worker()
    app = App(store)

    def status() -> int:
        return app.answer(Request("GET", PAGE), clock.now()).status

    assert status() == 404
    machine.wall += 3600 * SECOND
    assert status() == 404, "early"
    machine.passes(4.999999)
    assert status() == 404, "early"
    machine.passes(0.000001)
    assert status() == 200, "late"
    machine.wall -= 7200 * SECOND
    assert status() == 200, "closed again"
    machine.starts()
    clock = machine.worker()
    assert app.answer(Request("GET", PAGE), clock.now()).status == 200, "closed by a restart"
    store.close()


def test_what_one_worker_answered_with_no_other_goes_behind(machine: Machine) -> None:
    machine.settles()
    first, second = machine.worker(0), machine.worker(1)
    assert after(second) == -5
    machine.passes(6)
    assert after(first) == 1
    machine.wall -= 60 * SECOND
    assert after(second) == 1
    machine.passes(3)
    assert after(second) == 1
    assert after(first) == 1


def test_a_machine_paused_a_minute_is_never_early_and_follows_when_settled(
    machine: Machine,
) -> None:
    machine.settles()
    worker = machine.worker()
    worker.now()
    # Its clocks stood still while it was paused; then the wall clock is set right.
    machine.wall += 60 * SECOND
    assert after(worker) == -5
    assert worker.trust() is Trust.APART
    assert worker.offset() == 60 * SECOND
    machine.passes(1)
    assert after(worker) == -4
    assert machine.settles()
    assert after(worker) == 56
    assert worker.trust() is Trust.TRUSTED


def test_a_gate_restarted_five_seconds_before_t_opens_at_t_though_nobody_says_the_time(
    machine: Machine,
) -> None:
    machine.settles()
    machine.worker().now()
    machine.wall += 900 * SECOND  # set wrong, and restarted on a clock nobody vouches for
    machine.starts()
    worker = machine.worker()
    assert worker.trust() is Trust.APART
    machine.passes(4.9)
    assert after(worker) == pytest.approx(-0.1)
    machine.passes(0.1)
    assert after(worker) == 0


def test_a_gate_that_never_knew_the_time_shows_nothing(machine: Machine) -> None:
    worker = machine.worker()
    assert worker.trust() is Trust.UNTRUSTED
    assert worker.now() == at_ns(0)
    machine.passes(3600)
    assert worker.now().year == 1970
    assert machine.settles()
    assert after(worker) == 3595


def test_a_machine_that_lost_its_power_shows_what_was_open_when_it_did_and_stands_still(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.settles()
    worker = machine.worker()
    machine.passes(6)
    kept = machine.file._cells[clockfile._KEPT]
    machine.file.keep(worker.now_ns())
    assert machine.file._cells[clockfile._KEPT] > kept
    machine.passes(1)
    answered = after(worker)
    for place in range(clockfile._FIRST, clockfile._END):
        machine.file._cells[place] = 0  # never brought to the disk
    lose_power(machine, tmp_path, monkeypatch)
    worker = machine.worker()
    assert worker.trust() is Trust.UNTRUSTED
    assert answered <= after(worker) <= 1 + LEASE / SECOND
    still = after(worker)
    machine.passes(3600)
    assert after(worker) == still
    machine.wall = T + 60 * SECOND
    assert machine.settles()
    assert after(worker) == 60


def lose_power(machine: Machine, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    another = folder / "boot_id"
    another.write_text("0123abcd-0123-4567-89ab-0123456789ab\n")
    monkeypatch.setattr(clockfile, "_BOOT_ID", another)
    machine.boot, machine.wall = 3 * SECOND, 0
    machine.starts()


def test_a_reading_is_not_trusted_if_the_wall_clock_was_set_while_it_was_taken(
    machine: Machine,
) -> None:
    def set_meanwhile() -> int:
        machine.wall += 10 * SECOND
        return 10 * SECOND

    assert not machine.worker().settle(set_meanwhile)
    assert machine.worker().trust() is Trust.UNTRUSTED


def test_a_reading_is_not_trusted_if_the_machine_was_too_busy_to_take_it(machine: Machine) -> None:
    def slow() -> int:
        machine.passes(0.001)
        return machine.boot

    busy = GuardedClock(machine.file, wall=lambda: machine.wall, boot=slow)
    assert not busy.settle(lambda: 0)


def test_nobody_who_knows_settles_nothing(machine: Machine) -> None:
    assert not machine.settles(None)
    assert machine.worker().trust() is Trust.UNTRUSTED


# The file.


ANSWER_FOR_EVER = """
import sys
from pathlib import Path
from ninethirty.gate.clock import GuardedClock
from ninethirty.gate.clockfile import ClockFile
file = ClockFile(Path(sys.argv[1]), 2)
place = file.take_place()
clock = GuardedClock(file, place=place)
print(place, flush=True)
while True:
    print(clock.now_ns())
"""


def a_worker(store: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", ANSWER_FOR_EVER, str(store)], stdout=subprocess.PIPE
    )


def test_after_kill_9_the_file_says_the_very_latest_instant_answered_with(tmp_path: Path) -> None:
    store = tmp_path / "gate"
    store.mkdir()
    file = ClockFile(store, 2)
    file.begin()
    assert GuardedClock(file).settle(lambda: 0)
    with a_worker(store) as worker:
        assert worker.stdout
        assert worker.stdout.readline() == b"0\n"
        answered = [worker.stdout.readline() for _ in range(5000)]
        worker.kill()
        # What lies in the pipe was answered too; the last line may be cut off.
        answered += worker.stdout.read().splitlines()[:-1]
    again = ClockFile(store, 2)
    again.begin()
    assert max(again.latest) >= int(answered[-1])
    assert max(again.latest) <= now_ns()


def now_ns() -> int:
    return ns_of(CLOCK.now()) + 1000


def test_each_worker_has_a_place_of_its_own_and_that_of_a_dead_one_is_taken_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = tmp_path / "gate"
    store.mkdir()
    file = ClockFile(store, 2)
    file.begin()
    workers = [a_worker(store), a_worker(store)]
    try:
        places = [worker.stdout.readline() for worker in workers if worker.stdout]
        assert set(places) == {b"0\n", b"1\n"}
        monkeypatch.setattr(clockfile, "PATIENCE", 0.2)
        with pytest.raises(CannotStart, match="all of 2 workers are there already"):
            file.take_place()
        workers[0].kill()
        workers[0].wait(10)
        assert file.take_place() == int(places[0])
    finally:
        for worker in workers:
            with worker:
                worker.kill()


def test_a_file_that_is_something_else_stops_the_start_and_is_named(tmp_path: Path) -> None:
    (tmp_path / "clock").write_text("nine thirty, sharp")
    with pytest.raises(CannotStart, match=f"{tmp_path / 'clock'}: expected what this version"):
        ClockFile(tmp_path, 1)


@pytest.mark.parametrize("workers", [0, 129])
def test_too_many_workers_stop_the_start(tmp_path: Path, workers: int) -> None:
    with pytest.raises(CannotStart, match=f"--workers {workers}: expected 1 to 128"):
        ClockFile(tmp_path, workers)


# Who says what time it is.


@pytest.mark.parametrize("ahead", [0.0, 0.0005, 3600.0, -3600.0])
def test_a_time_server_says_how_far_the_wall_clock_is_off(ahead: float) -> None:
    with a_time_server() as server:
        server.ahead = ahead
        source = time_source(server.address)
        assert source
        error = source.error()
    assert error is not None
    expected = -ahead if abs(ahead) > 0.001 else 0
    assert error / SECOND == pytest.approx(expected, abs=0.05)


@pytest.mark.parametrize(
    "spoil",
    [
        {"leap": 3},
        {"stratum": 0},
        {"stratum": 16},
        {"root_dispersion": 0.06},
        {"silent": True},
    ],
)
def test_a_time_server_that_does_not_know_is_not_believed(spoil: dict[str, float]) -> None:
    with a_time_server() as server:
        for name, value in spoil.items():
            setattr(server, name, value)
        source = time_source(server.address)
        assert source
        assert source.error() is None


@pytest.mark.parametrize("told", ["", ":123", "host:", "127.0.0.1:0", "127.0.0.1:99999", "a b:1"])
def test_a_time_source_that_is_none_stops_the_start(told: str) -> None:
    with pytest.raises(CannotStart, match=f"--time-from {told}: "):
        time_source(told)


@pytest.mark.parametrize(
    ("status", "maxerror", "answers", "synchronised"),
    [
        (0x2001, 500_000, 0, True),
        (0x2001, 2_000_000, 0, True),
        (0x2001, 2_000_001, 0, False),
        (0x0040, 500_000, 5, False),
        (0x0041, 500_000, 5, False),
        (0, 0, -1, False),
    ],
)
def test_the_kernel_is_believed_while_its_daemon_has_spoken_lately(
    monkeypatch: pytest.MonkeyPatch, status: int, maxerror: int, answers: int, synchronised: bool
) -> None:
    def adjtimex(asked: "ctypes._CArgObject") -> int:
        told = ctypes.cast(asked, ctypes.POINTER(kernel._Timex)).contents
        assert told.modes == 0, "it would set the clock"
        told.status, told.maxerror = status, maxerror
        return answers

    monkeypatch.setattr(kernel, "_adjtimex", lambda: adjtimex)
    assert Kernel().error() == (0 if synchronised else None)


def test_the_kernel_can_be_asked() -> None:
    assert Kernel().error() in (0, None)


def test_where_no_kernel_can_be_asked_it_vouches_for_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(kernel, "_adjtimex", lambda: None)
    assert Kernel().error() is None


# A real gate.


def test_a_gate_whose_clock_nobody_vouches_for_arms_nothing_says_so_and_follows_once_settled(
    tmp_path: Path,
) -> None:
    shelf = a_shelf(tmp_path)
    opened = CLOCK.now() - timedelta(hours=1)
    shelf.publish("q", [Opening(PAGE, opened, content(shelf, RELEASE))], CLOCK.now())
    said = tmp_path / "desk" / "acknowledged" / "gate.json"
    with a_time_server() as server:
        server.leap = 3
        with a_gate(tmp_path, shelf, "--time-from", server.address) as gate:
            until(said.exists)
            word = json.loads(said.read_text())
            assert word["version"] == 0
            assert word["clock"] == "untrusted"
            assert "expected a clock that can be trusted" in word["refused"]
            assert gate.get(PAGE)[0] == 404
            server.leap = 0
            until(lambda: gate.get(PAGE)[0] == 200, 10)
            until(lambda: json.loads(said.read_text())["clock"] == "trusted", 5)
            shelf.publish(
                "r", [Opening("/r", CLOCK.now() - timedelta(minutes=1), content(shelf, b"r"))],
                CLOCK.now(),
            )  # fmt: skip
            until(lambda: gate.get("/r")[0] == 200, 5)


def test_a_real_gate_killed_and_started_again_goes_on_from_the_trusted_reading(
    tmp_path: Path,
) -> None:
    shelf = a_shelf(tmp_path)
    opened = CLOCK.now() - timedelta(hours=1)
    shelf.publish("q", [Opening(PAGE, opened, content(shelf, RELEASE))], CLOCK.now())
    with a_time_server() as server:
        with a_gate(tmp_path, shelf, "--time-from", server.address) as gate:
            until(lambda: gate.get(PAGE)[0] == 200)
            gate.process.kill()
            gate.process.wait(10)
            until(lambda: not answers(gate.port))
        server.silent = True
        with a_gate(tmp_path, shelf, "--time-from", server.address) as gate:
            until(lambda: gate.get(PAGE)[0] == 200)
