"""A receipt for every opening, asked for or not: written after it, never lost, never twice."""

import errno
import http.client
import os
import re
import signal
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ninethirty.core.document import SigningKey
from ninethirty.core.errors import CannotStart
from ninethirty.core.receipt import Receipt, What, check, name_of
from ninethirty.core.schedule import Gone, Opening
from ninethirty.core.times import Instant
from ninethirty.desk.shelf import Shelf
from ninethirty.gate import receipts
from ninethirty.gate.app import App
from ninethirty.gate.memory import LOOK_EVERY
from ninethirty.gate.notes import Heard, Notes
from ninethirty.gate.receipts import NAME, Receipts, Writer, receipt_key
from ninethirty.gate.request import Request
from ninethirty.gate.store import Store
from tests.core.made import HALF_PAST, at
from tests.gate.made import (
    CLOCK,
    GATE_KEY,
    PAGE,
    RELEASE,
    SOON,
    Told,
    a_gate,
    a_port,
    a_shelf,
    a_store,
    arm_from,
    content,
    lying,
    until,
)

KEY = SigningKey.new()


@dataclass
class Place:
    """A gate in this process: its store, its worker, its writer, and the clock they are told."""

    folder: Path
    shelf: Shelf
    store: Store
    clock: Told
    notes: Notes
    app: App

    def publish(self, *openings: Opening, now: Instant = HALF_PAST) -> None:
        self.shelf.publish("q", openings, now)
        arm_from(self.store, self.folder / "desk", self.shelf, self.clock)

    def asks(self, path: str, second: float) -> int:
        self.clock.moment = at(second)
        time.sleep(2 * LOOK_EVERY)  # as arming does, until workers have seen a change
        status = self.app.answer(Request("GET", path), self.clock.now()).status
        self.notes.hand_over(self.store, self.clock.now())
        return status

    def writer(self) -> Writer:
        return Writer(
            a_store(self.folder / "gate"),
            Heard(self.folder / "gate"),
            Receipts(self.folder / "gate", gate="north", key=KEY),
            self.clock,
        )

    def writes(self, second: float, writer: Writer | None = None) -> list[Receipt]:
        """What stands in the file, so many seconds after T."""
        self.clock.moment = at(second)
        (writer or self.writer()).look()
        return self.written()

    def written(self) -> list[Receipt]:
        return list(check(lines_of(self.folder / "gate"), KEY.public))


def lines_of(store: Path) -> list[bytes]:
    return (store / NAME).read_bytes().splitlines()


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setattr(receipts, "GRACE", 0)
    shelf = a_shelf(tmp_path)
    clock = Told(at(-60))
    with closing(a_store(tmp_path / "gate")) as store:
        notes = Notes(tmp_path / "gate")
        app = App(a_store(tmp_path / "gate"), notes)
        yield Place(tmp_path, shelf, store, clock, notes, app)


def release(place: Place, path: str = PAGE, second: float = 0, body: bytes = RELEASE) -> Opening:
    return Opening(path, at(second), content(place.shelf, body))


def test_a_receipt_says_when_a_release_was_first_answered_with(place: Place) -> None:
    opening = release(place)
    place.publish(opening)
    assert place.writes(-1) == []
    assert place.asks(PAGE, -0.000001) == 404
    assert place.asks(PAGE, 0.25) == 200
    assert place.asks(PAGE, 0.5) == 200
    [one] = place.writes(2)
    assert (one.what, one.shown, one.first) == (What.OPENED, opening, at(0.25))
    assert (one.gate, one.clock, one.written) == ("north", "trusted", at(2))


def test_an_opening_nobody_asked_for_gets_one_too_that_says_so(place: Place) -> None:
    place.publish(release(place), release(place, "/b"))
    place.asks("/b", 0.5)
    first = {one.shown.path: one.first for one in place.writes(2) if one.shown}
    assert first == {PAGE: None, "/b": at(0.5)}


def test_the_earliest_answer_of_all_workers_counts(place: Place) -> None:
    place.publish(release(place))
    place.asks(PAGE, 0.5)
    other = Notes(place.folder / "gate")
    other._handed = 100  # another process would have another name
    shown = place.app.memory.shown(PAGE, at(0.25))
    assert shown
    other.answered(PAGE, shown, at(0.25))
    other.hand_over(place.store, at(0.25))
    assert [one.first for one in place.writes(2)] == [at(0.25)]


def test_an_answer_before_the_opening_does_not_count_as_its_first(place: Place) -> None:
    place.publish(release(place, second=-30, body=SOON), release(place))
    writer = place.writer()
    assert place.asks(PAGE, -10) == 200
    assert [one.first for one in place.writes(-5, writer)] == [at(-10)]
    place.asks(PAGE, 0.125)
    assert [one.first for one in place.writes(2, writer)] == [at(-10), at(0.125)]


def test_a_note_that_comes_before_its_opening_was_seen_to_be_due_is_not_lost(place: Place) -> None:
    place.publish(release(place))
    writer = place.writer()
    place.writes(-0.1, writer)
    place.asks(PAGE, 0.01)
    place.clock.moment = at(-0.05)  # the writer had looked at its clock just before
    writer.look()
    assert [one.first for one in place.writes(2, writer)] == [at(0.01)]


def test_what_is_broken_on_the_disk_was_not_answered_with(place: Place) -> None:
    opening = release(place)
    place.publish(opening)
    place.store.place(lying(place.shelf, RELEASE)).write_bytes(b"x")
    assert place.asks(PAGE, 1) == 500
    assert [one.first for one in place.writes(2)] == [None]


def test_a_release_published_now_is_due_when_it_is_taken(place: Place) -> None:
    place.clock.moment = at(60)
    place.publish(release(place))
    assert place.asks(PAGE, 61) == 200
    [one] = place.writes(62)
    assert one.shown
    assert (one.shown.opens, one.first) == (HALF_PAST, at(61))


def test_a_withdrawal_has_a_receipt_and_so_does_what_it_took_down(place: Place) -> None:
    opened = release(place)
    gone = Opening(PAGE, at(60), Gone("wrong figures"))
    place.publish(opened)
    place.asks(PAGE, 1)
    writer = place.writer()
    place.writes(2, writer)
    place.clock.moment = at(60)
    place.publish(opened, gone)
    assert place.asks(PAGE, 61) == 410
    found = [(one.what, one.first) for one in place.writes(62, writer)]
    assert found == [(What.OPENED, at(1)), (What.WITHDRAWN, at(61))]


def test_a_hold_has_a_receipt_that_does_not_tell_what_was_held(place: Place) -> None:
    opening = release(place)
    place.publish(opening)
    place.publish()
    [held] = place.writes(-30)
    assert (held.what, held.shown, held.opening) == (What.HELD, None, name_of(opening))
    assert place.writes(10) == [held], "it did not open"
    assert PAGE.encode() not in b"".join(lines_of(place.folder / "gate"))


def test_what_opened_before_the_hold_came_is_called_opened(place: Place) -> None:
    opening = release(place)
    place.publish(opening)
    place.clock.moment = at(0.5)
    place.publish()
    assert [one.what for one in place.writes(2)] == [What.OPENED]


def test_what_was_taken_back_within_the_last_moment_may_have_been_seen(place: Place) -> None:
    place.publish(release(place))
    place.clock.moment = at(-0.05)
    place.publish()
    assert [one.what for one in place.writes(2)] == [What.OPENED]


def test_held_sealed_again_and_held_again_is_said_each_time(place: Place) -> None:
    writer = place.writer()
    for _ in range(2):
        place.publish(release(place))
        place.publish()
        place.writes(-30, writer)
    assert [one.what for one in place.writes(10, writer)] == [What.HELD, What.HELD]


def test_after_a_start_nothing_is_written_twice_and_the_chain_goes_on(place: Place) -> None:
    place.publish(release(place), release(place, "/later", 100))
    assert len(place.writes(2)) == 1
    assert len(place.writes(3)) == 1, "another writer, which does not know of the first"
    assert [one.n for one in place.writes(102)] == [1, 2]


def test_killed_at_any_step_no_receipt_is_lost_and_none_is_written_twice(place: Place) -> None:
    paths = [f"/{n}" for n in range(3)]
    place.publish(*[release(place, path) for path in paths], release(place, "/held", 100))
    place.publish(*[release(place, path) for path in paths])
    step, killed = 0, True
    while killed:
        step += 1
        (place.folder / "gate" / NAME).unlink(missing_ok=True)
        killed = writing_dies(place, at_step=step)
        found = place.writes(3)
        assert sorted(one.what for one in found) == ["held", "opened", "opened", "opened"], step
    assert step > 3


def writing_dies(place: Place, *, at_step: int) -> bool:
    """Write in another process, which is killed just before its n-th write."""
    child = os.fork()
    if not child:
        left = iter(range(1, at_step))

        def step(original: Any) -> Any:
            def stepped(*given: Any, **named: Any) -> Any:
                if next(left, None) is None:
                    os.kill(os.getpid(), signal.SIGKILL)
                return original(*given, **named)

            return stepped

        for owner, name in ((os, "fsync"), (os, "truncate"), (Path, "open")):
            setattr(owner, name, step(getattr(owner, name)))
        try:
            place.writes(2)
        finally:
            os._exit(0)
    _, how = os.waitpid(child, 0)
    return os.WIFSIGNALED(how)


def test_a_line_torn_by_a_power_cut_is_put_aside_and_written_again(place: Place) -> None:
    place.publish(release(place), release(place, "/b"))
    whole = place.writes(2)
    file = place.folder / "gate" / NAME
    data = file.read_bytes()
    torn = data[:-7]
    file.write_bytes(torn)
    assert place.writes(3)[:1] == whole[:1]
    assert [one.opening for one in place.written()] == [one.opening for one in whole]
    begins = data.index(b"\n") + 1
    aside = place.folder / "gate" / f"{NAME}.torn-{begins}"
    assert aside.read_bytes() == torn[begins:]


def test_a_full_disk_leaves_the_receipts_whole_and_they_are_written_later(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.publish(release(place))
    writer = place.writer()

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space left"):
            place.writes(2, writer)
    assert lines_of(place.folder / "gate") == []
    assert len(place.writes(3, writer)) == 1


def test_the_key_that_signs_receipts_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "receipt-key"
    key = receipt_key(file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert receipt_key(file).public == key.public
    file.write_text("no key")
    with pytest.raises(CannotStart, match=f"--receipt-key {file}: not a signing key"):
        receipt_key(file)
    with pytest.raises(CannotStart, match="No such file"):
        receipt_key(tmp_path / "no" / "key")


# A real gate.


def test_a_real_gate_writes_its_receipts_within_five_seconds_and_shows_its_numbers(
    tmp_path: Path,
) -> None:
    shelf = a_shelf(tmp_path, CLOCK.now())
    opens = CLOCK.now() + timedelta(seconds=4)
    shelf.let_in("north", GATE_KEY.public, CLOCK.now())
    openings = [Opening(path, opens, content(shelf, RELEASE)) for path in (PAGE, "/quiet")]
    shelf.publish("q", openings, CLOCK.now())
    port = a_port()
    more = ("--workers", "2", "--metrics", f"127.0.0.1:{port}", "--name", "north")
    with a_gate(tmp_path, shelf, *more) as gate:
        assert gate.get(PAGE)[0] == 404
        assert gate.get("/never")[0] == 404
        until(lambda: number(port, "openings_due") == 2)
        until(lambda: gate.get(PAGE)[0] == 200)
        until(lambda: len(lines_of(tmp_path / "gate")) == 2)
        assert CLOCK.now() - opens < timedelta(seconds=5)
        public = SigningKey.read((tmp_path / "gate.receipt-key").read_text()).public
        served = fetched(port, "/.well-known/ninethirty/receipts")
        first = {
            one.shown.path: one.first for one in check(served.splitlines(), public) if one.shown
        }
        assert first["/quiet"] is None
        asked = first[PAGE]
        assert asked
        assert opens <= asked < opens + timedelta(seconds=2)
        until(lambda: number(port, "served_total") >= 1)
        assert number(port, "refused_early_total") >= 1
        assert number(port, "receipts_total") == 2
        assert number(port, "openings_due") == 0
        root = shelf.root()
        assert root
        assert number(port, "schedule_version") == root.version
        assert 0 < number(port, "schedule_age_seconds") < 60
        assert number(port, 'clock_trust{trust="unchecked"}') == 1
        assert number(port, "clock_arms") == 1
        early = number(port, "refused_early_total")
        assert gate.get("/never")[0] == 404
        time.sleep(0.6)
        assert number(port, "refused_early_total") == early, "nobody promised it"


def test_refusals_to_arm_are_counted(tmp_path: Path) -> None:
    shelf = a_shelf(tmp_path)
    shelf.publish("q", [Opening(PAGE, HALF_PAST, content(shelf, RELEASE))], CLOCK.now())
    port = a_port()
    with a_gate(tmp_path, shelf, "--metrics", f"127.0.0.1:{port}"):
        assert number(port, "arming_refused_total") == 0
        place = tmp_path / "desk" / "root"
        place.write_bytes(place.read_bytes()[:-5])
        until(lambda: number(port, "arming_refused_total") == 1)


def fetched(port: int, path: str) -> bytes:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        assert answer.status == 200
        return answer.read()


def number(port: int, name: str) -> float:
    text = fetched(port, "/metrics").decode()
    found = re.search(rf"^ninethirty_{re.escape(name)} (\S+)$", text, re.MULTILINE)
    assert found, f"{name} is not among\n{text}"
    return float(found[1])
