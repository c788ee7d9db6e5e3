"""A schedule is taken whole or not at all: refused, cut off by a full disk, or killed half-way."""

import errno
import os
import shutil
import signal
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from ninethirty.core.document import Json, canonical, digest
from ninethirty.core.errors import (
    DrillMixed,
    FileMissing,
    Malformed,
    NinethirtyError,
    NotLetIn,
    OlderVersion,
    PathTaken,
    ScheduleRefused,
    SealBroken,
    WrongKey,
)
from ninethirty.core.keyring import GateKey
from ninethirty.core.schedule import Content, Opening, Root, list_for, write_list, write_root
from ninethirty.desk.shelf import Shelf
from ninethirty.gate.arm import arm
from ninethirty.gate.source import Folder
from ninethirty.gate.store import Store
from tests.core.made import HALF_PAST
from tests.gate.made import (
    GATE_KEY,
    RELEASE,
    SOON,
    Told,
    a_shelf,
    a_store,
    arm_from,
    content,
    key_of,
    lying,
    stepping,
)

PATHS = ("/a", "/b", "/b/table.csv", "/c", "/moved")


def publish_old(shelf: Shelf) -> None:
    shelf.publish("a", [opening(shelf, "/a", SOON), opening(shelf, "/moved", SOON)], HALF_PAST)
    shelf.publish("b", [opening(shelf, "/b", SOON)], HALF_PAST)


def publish_new(shelf: Shelf) -> None:
    """A path changed, one closed, one moved to another document, two added."""
    shelf.publish("a", [opening(shelf, "/a", RELEASE)], HALF_PAST)
    shelf.publish(
        "b",
        [
            Opening("/b", HALF_PAST, None),
            opening(shelf, "/b/table.csv", b"1,2,3\n" * 500),
            opening(shelf, "/moved", SOON),
        ],
        HALF_PAST,
    )
    shelf.publish("c", [opening(shelf, "/c", RELEASE + b"c")], HALF_PAST)


def opening(shelf: Shelf, path: str, body: bytes) -> Opening:
    return Opening(path, HALF_PAST, content(shelf, body))


@dataclass(frozen=True)
class Held:
    """All that a gate answers from."""

    root: bytes | None
    lists: dict[str, str]
    timelines: tuple[tuple[Opening, ...], ...]


def held_by(store: Store) -> Held:
    return Held(
        store.root(), store.lists(), tuple(store.timeline(path, HALF_PAST) for path in PATHS)
    )


def files_of(held: Held) -> Iterator[str]:
    for timeline in held.timelines:
        for one in timeline:
            if isinstance(one.answer, Content):
                yield from (encoding.object for encoding in one.answer.lies.values())


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return a_shelf(tmp_path)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(a_store(tmp_path / "gate")) as store:
        yield store


# Killed.


def test_killed_at_any_step_of_arming_a_gate_stands_for_the_old_schedule_or_the_new(
    tmp_path: Path, shelf: Shelf
) -> None:
    publish_old(shelf)
    with closing(a_store(tmp_path / "gate")) as store:
        arm_from(store, tmp_path / "desk", shelf)
        old = held_by(store)
    publish_new(shelf)
    seen = killed_at_every_step(tmp_path, shelf)
    new = seen[-1]
    assert old != new
    assert new.timelines[0] != old.timelines[0]
    assert all(held in (old, new) for held in seen), "a mixture"
    turned = [held == new for held in seen]
    assert turned == sorted(turned)
    assert turned.count(False) > 30
    assert turned.count(True) > 2


def test_killed_at_any_step_of_its_first_arming_a_gate_stands_for_nothing_or_for_all(
    tmp_path: Path, shelf: Shelf
) -> None:
    publish_new(shelf)
    a_store(tmp_path / "gate").close()
    seen = killed_at_every_step(tmp_path, shelf)
    nothing = Held(None, {}, ((),) * len(PATHS))
    assert all(held in (nothing, seen[-1]) for held in seen), "a mixture"
    assert seen[0] == nothing


def killed_at_every_step(folder: Path, shelf: Shelf) -> list[Held]:
    """What the gate held after each kill, checked to be whole and to lead on to the new one."""
    shutil.move(folder / "gate", folder / "before")
    shutil.move(folder / "desk", folder / "desk-before")
    seen: list[Held] = []
    killed = True
    while killed:
        shutil.copytree(folder / "before", folder / "gate")
        shutil.copytree(folder / "desk-before", folder / "desk")
        killed = arming_dies(folder, shelf, at_step=len(seen) + 1)
        acknowledged = shelf.acknowledged().get("gate")
        with closing(a_store(folder / "gate")) as store:
            seen.append(held_by(store))
            assert all(store.intact(name) for name in files_of(seen[-1])), "names a lost file"
            offered = shelf.root()
            assert offered
            if acknowledged == offered.version:
                assert digest(store.root() or b"") == digest((folder / "desk/root").read_bytes())
            arm_from(store, folder / "desk", shelf)
            assert store.root() == (folder / "desk" / "root").read_bytes()
            assert shelf.acknowledged()["gate"] == offered.version, "the word never came back"
        shutil.rmtree(folder / "gate")
        shutil.rmtree(folder / "desk")
    return seen


def arming_dies(folder: Path, shelf: Shelf, *, at_step: int) -> bool:
    """Arm in another process, which is killed just before its n-th write. False: it lived."""
    child = os.fork()
    if not child:
        try:
            steps = iter(range(1, at_step))

            def step(*_: object) -> None:
                if next(steps, None) is None:
                    os.kill(os.getpid(), signal.SIGKILL)

            for owner, name in (
                (os, "fsync"), (Path, "open"), (Path, "mkdir"), (Path, "replace"),
                (Path, "unlink"), (Path, "write_bytes"),
            ):  # fmt: skip
                setattr(owner, name, stepping(getattr(owner, name), step))
            store = a_store(folder / "gate")
            store._index.set_trace_callback(step)
            arm_from(store, folder / "desk", shelf)
            os._exit(0)
        finally:
            os._exit(1)
    _, how = os.waitpid(child, 0)
    assert os.WIFSIGNALED(how) or os.WEXITSTATUS(how) == 0, "arming failed"
    return os.WIFSIGNALED(how)


# Refused.


def root_of(folder: Path) -> Path:
    return folder / "desk" / "root"


def at(folder: Path, name: str) -> Path:
    return folder / "desk" / "objects" / name[:2] / name


def spoil(place: Path) -> None:
    """Another last byte."""
    lying = place.read_bytes()
    place.write_bytes(lying[:-1] + bytes([lying[-1] ^ 1]))


def older_version(folder: Path, shelf: Shelf) -> None:
    publish_new(shelf)
    newer = shelf.root()
    assert newer
    older = replace(newer, version=1)
    root_of(folder).write_bytes(write_root(older, shelf._key))


def stranger(folder: Path, shelf: Shelf) -> None:
    """Somebody else's schedule, which lets us in, in the place of ours."""
    publish_new(a_shelf(folder / "other"))
    shutil.copytree(
        folder / "other" / "desk" / "objects", folder / "desk" / "objects", dirs_exist_ok=True
    )
    shutil.copy(folder / "other" / "desk" / "root", root_of(folder))


def altered_root(folder: Path, shelf: Shelf) -> None:
    publish_new(shelf)
    signed = root_of(folder).read_bytes()
    root_of(folder).write_bytes(signed.replace(b"stats.example", b"stats.exampla"))


def half_a_root(folder: Path, shelf: Shelf) -> None:
    publish_new(shelf)
    root_of(folder).write_bytes(root_of(folder).read_bytes()[:-20])


def missing_file(folder: Path, shelf: Shelf) -> None:
    publish_new(shelf)
    at(folder, lying(shelf, RELEASE)).unlink()


def altered_file(folder: Path, shelf: Shelf) -> None:
    publish_new(shelf)
    place = at(folder, lying(shelf, RELEASE))
    spoil(place)


def file_cut_short(folder: Path, shelf: Shelf) -> None:
    publish_new(shelf)
    place = at(folder, lying(shelf, RELEASE))
    place.write_bytes(place.read_bytes()[:-1])


def missing_list(folder: Path, shelf: Shelf) -> None:
    publish_new(shelf)
    root = shelf.root()
    assert root
    at(folder, root.lists[list_for(shelf._secret.opaque("c"))]).unlink()


def document_of(shelf: Shelf, name: str) -> str:
    """The object that the document lies in."""
    root, opaque = shelf.root(), shelf._secret.opaque(name)
    assert root
    return shelf._list(root.lists[list_for(opaque)])[opaque]


def altered_document(folder: Path, shelf: Shelf) -> None:
    publish_new(shelf)
    place = at(folder, document_of(shelf, "c"))
    spoil(place)


def document_in_anothers_place(folder: Path, shelf: Shelf) -> None:
    """Signed by the desk, but not written by our code."""
    publish_new(shelf)
    root, opaque = shelf.root(), shelf._secret.opaque("c")
    assert root
    listed = shelf._keep(write_list({opaque: document_of(shelf, "b")}))
    sign(folder, shelf, replace(root, lists={**root.lists, list_for(opaque): listed}))


def sign(folder: Path, shelf: Shelf, root: Root) -> None:
    newer = replace(root, version=root.version + 1)
    root_of(folder).write_bytes(write_root(newer, shelf._key))


def duplicate_path(folder: Path, shelf: Shelf) -> None:
    publish_new(shelf)
    shelf.publish("z", [opening(shelf, "/b/table.csv", RELEASE)], HALF_PAST)


def drill(folder: Path, shelf: Shelf) -> None:
    publish_new(Shelf(folder / "desk", shelf._key, site="stats.example", drill=True))


def written_by_others(folder: Path, shelf: Shelf, row: Json) -> None:
    """Signed by the desk, but not written by our code."""
    publish_new(shelf)
    root, opaque = shelf.root(), shelf._secret.opaque("evil")
    assert root
    document = canonical({"name": "evil", "openings": [row]})
    locked = shelf._secret.lock_document(shelf._ring(root).epochs[-1], opaque, document)
    listed = shelf._keep(write_list({opaque: shelf._keep(locked)}))
    sign(folder, shelf, replace(root, lists={**root.lists, list_for(opaque): listed}))


def path_outside(folder: Path, shelf: Shelf) -> None:
    row = {"path": "/../etc/passwd", "opens": HALF_PAST.text(), "answer": None}
    written_by_others(folder, shelf, row)


def lies_nowhere(folder: Path, shelf: Shelf) -> None:
    answer = {"digest": "ab", "size_bytes": 1, "media_type": "text/csv", "lies": {}}
    written_by_others(folder, shelf, {"path": "/d", "opens": HALF_PAST.text(), "answer": answer})


def shut_out(folder: Path, shelf: Shelf) -> None:
    publish_new(shelf)
    shelf.shut_out("gate", HALF_PAST)


def name_taken(folder: Path, shelf: Shelf) -> None:
    publish_new(shelf)
    shelf.let_in("gate", GateKey.new().public, HALF_PAST)


@pytest.mark.parametrize(
    ("spoil", "error", "says"),
    [
        (older_version, OlderVersion, r"version 1 offered, \d+ is in force"),
        (stranger, WrongKey, "signed by .*, expected"),
        (altered_root, SealBroken, "signature does not fit"),
        (half_a_root, Malformed, "not a document"),
        (missing_file, FileMissing, "not in"),
        (altered_file, SealBroken, "asked for .*, got"),
        (file_cut_short, SealBroken, "asked for .*, got"),
        (missing_list, FileMissing, "not in"),
        (altered_document, SealBroken, "asked for .*, got"),
        (duplicate_path, PathTaken, "/b/table.csv: claimed by"),
        (drill, DrillMixed, "a drill schedule offered to a gate on the real clock"),
        (path_outside, ScheduleRefused, "leads outside the site"),
        (lies_nowhere, Malformed, "/d: the schedule does not say where its file lies"),
        (document_in_anothers_place, SealBroken, "not as it was locked"),
        (shut_out, NotLetIn, "gate gate is not let in; .* ninethirty gates add gate [0-9a-f]{64}"),
        (name_taken, NotLetIn, "was let in with the key .*, found .*another --name"),
    ],
)
def test_what_cannot_be_taken_whole_is_refused_and_the_schedule_in_force_stays(
    tmp_path: Path,
    shelf: Shelf,
    store: Store,
    spoil: Callable[[Path, Shelf], None],
    error: type[NinethirtyError],
    says: str,
) -> None:
    publish_old(shelf)
    arm_from(store, tmp_path / "desk", shelf)
    in_force, acknowledged = held_by(store), shelf.acknowledged()
    good = root_of(tmp_path).read_bytes()
    spoil(tmp_path, shelf)
    for _ in range(2):  # asked again, it does not slip through
        with pytest.raises(error, match=says):
            arm_from(store, tmp_path / "desk", shelf)
        assert held_by(store) == in_force
    assert not list((tmp_path / "gate").rglob("*.part")), "half a file was left"
    root_of(tmp_path).write_bytes(good)
    assert not arm_from(store, tmp_path / "desk", shelf)
    assert shelf.acknowledged() == acknowledged


def test_a_real_schedule_is_refused_on_a_drills_clock(
    tmp_path: Path, shelf: Shelf, store: Store
) -> None:
    publish_old(shelf)
    with pytest.raises(DrillMixed, match="a real schedule offered to a gate on a drill's clock"):
        arm(
            store,
            Folder(tmp_path / "desk"),
            gate="gate",
            trusted_key=key_of(shelf),
            clock=Told(drill=True),
        )
    assert store.root() is None


def test_a_file_that_lost_a_bit_on_our_disk_is_fetched_anew(
    tmp_path: Path, shelf: Shelf, store: Store
) -> None:
    publish_old(shelf)
    arm_from(store, tmp_path / "desk", shelf)
    place = store.place(lying(shelf, SOON))
    place.write_bytes(b"x" * place.stat().st_size)
    shelf.publish("c", [opening(shelf, "/c", SOON)], HALF_PAST)
    arm_from(store, tmp_path / "desk", shelf)
    assert store.intact(lying(shelf, SOON))


def test_what_waits_for_its_instant_is_not_even_read_from_the_index(
    tmp_path: Path, shelf: Shelf, store: Store
) -> None:
    publish_new(shelf)
    arm_from(store, tmp_path / "desk", shelf)
    assert store.timeline("/c", HALF_PAST - timedelta(microseconds=1)) == ()
    assert len(store.timeline("/c", HALF_PAST)) == 1


def test_a_word_that_did_not_go_back_goes_back_with_the_next_look(
    tmp_path: Path, shelf: Shelf, store: Store
) -> None:
    publish_old(shelf)

    class Deaf(Folder):
        def acknowledge(self, gate: str, document: Any) -> None:
            raise OSError(errno.ENOSPC, "no space left for a word")

    def arm_with(source: Folder) -> None:
        arm(store, source, gate="gate", trusted_key=key_of(shelf), clock=Told())

    with pytest.raises(OSError, match="no space left for a word"):
        arm_with(Deaf(tmp_path / "desk"))
    assert shelf.acknowledged() == {}
    arm_with(Folder(tmp_path / "desk"))
    root = shelf.root()
    assert root
    assert shelf.acknowledged() == {"gate": root.version}


def test_a_change_back_to_less_closes_what_is_no_longer_named(
    tmp_path: Path, shelf: Shelf, store: Store
) -> None:
    publish_new(shelf)
    arm_from(store, tmp_path / "desk", shelf)
    root = shelf.root()
    assert root
    without = list_for(shelf._secret.opaque("c"))
    lists = {name: named for name, named in root.lists.items() if name != without}
    sign(tmp_path, shelf, replace(root, lists=lists))
    arm_from(store, tmp_path / "desk", shelf)
    assert store.timeline("/c", HALF_PAST + timedelta(days=1)) == ()
    assert store.timeline("/a", HALF_PAST)


# A full disk.


class FullAfter(Store):
    """A disk that takes so many files."""

    def __init__(self, folder: Path, files: int) -> None:
        super().__init__(folder, GATE_KEY)
        self.left = files

    def take(self, name: str, source: BinaryIO) -> None:
        if not self.left:
            super().take(name, Broken(source.read()))
        self.left -= 1
        super().take(name, source)


class Broken(BytesIO):
    """Gives a little, then the disk is full."""

    def read(self, _: int | None = -1) -> bytes:
        if self.tell():
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return super().read(10)


@pytest.mark.parametrize("files", range(9))
def test_a_disk_full_at_any_file_leaves_the_old_schedule(
    tmp_path: Path, shelf: Shelf, store: Store, files: int
) -> None:
    publish_old(shelf)
    arm_from(store, tmp_path / "desk", shelf)
    old = held_by(store)
    publish_new(shelf)
    with (
        closing(FullAfter(tmp_path / "gate", files)) as full,
        pytest.raises(OSError, match="No space left"),
    ):
        arm_from(full, tmp_path / "desk", shelf)
    assert held_by(store) == old
    assert not list((tmp_path / "gate").rglob("*.part"))
    assert arm_from(store, tmp_path / "desk", shelf)


def test_an_index_that_cannot_grow_leaves_the_old_schedule(
    tmp_path: Path, shelf: Shelf, store: Store
) -> None:
    publish_old(shelf)
    arm_from(store, tmp_path / "desk", shelf)
    old = held_by(store)
    many = [opening(shelf, f"/many/{n}", SOON) for n in range(1000)]
    shelf.publish("many", [opening(shelf, "/a", RELEASE)], HALF_PAST)
    shelf.publish("a", many, HALF_PAST)
    pages = store._index.execute("PRAGMA page_count").fetchone()[0]
    store._index.execute(f"PRAGMA max_page_count = {pages + 3}")
    with pytest.raises(sqlite3.OperationalError, match="full"):
        arm_from(store, tmp_path / "desk", shelf)
    assert held_by(store) == old
    store._index.execute("PRAGMA max_page_count = 1000000")
    assert arm_from(store, tmp_path / "desk", shelf)


@contextmanager
def a_small_disk(place: Path, size: str) -> Iterator[None]:
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {mounted.stderr.decode().strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", str(place)], check=True)


def test_a_disk_that_is_really_full_leaves_the_old_schedule_and_takes_the_next_that_fits(
    tmp_path: Path, shelf: Shelf
) -> None:
    with a_small_disk(tmp_path / "gate", "1m"), closing(a_store(tmp_path / "gate")) as store:
        publish_old(shelf)
        arm_from(store, tmp_path / "desk", shelf)
        old = held_by(store)
        shelf.publish("a", [opening(shelf, "/a", os.urandom(2 << 20))], HALF_PAST)
        with pytest.raises(OSError, match="No space left"):
            arm_from(store, tmp_path / "desk", shelf)
        assert held_by(store) == old
        publish_new(shelf)
        assert arm_from(store, tmp_path / "desk", shelf)
