"""What the sweep deletes, and what it never does; and what reads through what lies there."""

import os
import signal
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from ninethirty.core.schedule import Opening
from ninethirty.core.times import Instant
from ninethirty.desk.shelf import Shelf
from ninethirty.gate.source import Folder
from ninethirty.gate.store import Store
from ninethirty.gate.sweep import YOUNG, sweep
from ninethirty.gate.verify import verify
from tests.core.made import HALF_PAST
from tests.gate.made import CLOCK, a_shelf, a_store, arm_from, content, lying

PAGES = [b"<p>the %d. version</p>" % n * 200 for n in range(4)]


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return a_shelf(tmp_path)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(a_store(tmp_path / "gate")) as store:
        yield store


def takes(store: Store, folder: Path, shelf: Shelf, page: bytes) -> None:
    shelf.publish("x", [Opening("/x", HALF_PAST, content(shelf, page))], HALF_PAST)
    assert arm_from(store, folder / "desk", shelf)


def objects(store: Store) -> set[str]:
    return {place.name for folder in store.folders() for place in folder.iterdir()}


def grown_old() -> Instant:
    """When everything is older than an hour."""
    return CLOCK.now() + YOUNG + timedelta(seconds=5)


def objects_of(shelf: Shelf, page: bytes) -> set[str]:
    return {one.object for one in content(shelf, page).lies.values()}


def test_what_the_root_in_force_and_the_one_before_name_stays_and_the_rest_goes(
    tmp_path: Path, shelf: Shelf, store: Store
) -> None:
    held = []
    for page in PAGES[:3]:
        takes(store, tmp_path, shelf, page)
        held.append(objects(store))
    assert objects_of(shelf, PAGES[0]) <= objects(store)
    assert sum(sweep(store, grown_old())) == 6  # 4 encodings, a document and a list
    after = objects(store)
    assert not objects_of(shelf, PAGES[0]) & after
    assert objects_of(shelf, PAGES[1]) | objects_of(shelf, PAGES[2]) <= after
    assert held[2] - after == held[0] - {shelf.root().keyring} - after  # type: ignore[union-attr]
    assert sum(sweep(store, grown_old())) == 0
    assert all(store.intact(name) for name in after)


def test_what_came_within_the_hour_stays_since_it_may_be_part_of_what_is_being_fetched(
    tmp_path: Path, shelf: Shelf, store: Store
) -> None:
    for page in PAGES:
        takes(store, tmp_path, shelf, page)
    before = objects(store)
    assert sum(sweep(store, CLOCK.now())) == 0
    assert sum(sweep(store, CLOCK.now() - timedelta(days=400))) == 0
    assert objects(store) == before


def test_half_a_file_that_somebody_left_is_swept_away_too(store: Store) -> None:
    half = store.place("ab" * 32).with_suffix(".1.part")
    half.parent.mkdir()
    half.write_bytes(b"half")
    assert sum(sweep(store, grown_old())) == 1
    assert objects(store) == set()


def test_a_page_that_comes_back_is_fetched_anew_after_it_was_swept_away(
    tmp_path: Path, shelf: Shelf, store: Store
) -> None:
    for page in PAGES[:3]:
        takes(store, tmp_path, shelf, page)
    list(sweep(store, grown_old()))
    takes(store, tmp_path, shelf, PAGES[0])
    assert all(store.intact(name) for name in objects_of(shelf, PAGES[0]))


def test_a_schedule_taken_in_the_middle_of_a_sweep_loses_nothing(
    tmp_path: Path, shelf: Shelf, store: Store
) -> None:
    for page in PAGES[:3]:
        takes(store, tmp_path, shelf, page)
    bites = sweep(store, grown_old())
    for _ in range(3):
        next(bites)
    takes(store, tmp_path, shelf, PAGES[0])
    list(bites)
    for page in (PAGES[0], PAGES[2]):
        assert all(store.intact(name) for name in objects_of(shelf, page))
    with closing(a_store(tmp_path / "gate")) as again:
        assert verify(again, [], rest=False)[1] == 0


def test_killed_at_any_deletion_a_sweep_leaves_nothing_but_something_to_sweep(
    tmp_path: Path, shelf: Shelf, store: Store
) -> None:
    for page in PAGES:
        takes(store, tmp_path, shelf, page)
    store.close()
    killed = 0
    while sweep_dies(tmp_path / "gate"):
        killed += 1
        with closing(a_store(tmp_path / "gate")) as again:
            assert verify(again, [], rest=False)[1] == 0
    assert killed == 12
    with closing(a_store(tmp_path / "gate")) as again:
        assert sum(sweep(again, grown_old())) == 0


def sweep_dies(folder: Path) -> bool:
    """Sweep in another process, which is killed just after its first deletion. False: it lived."""
    child = os.fork()
    if not child:
        try:
            delete = Path.unlink

            def unlink(place: Path, *given: bool, **named: bool) -> None:
                delete(place, *given, **named)
                os.kill(os.getpid(), signal.SIGKILL)

            Path.unlink = unlink  # type: ignore[assignment, method-assign]
            list(sweep(a_store(folder), grown_old()))
            os._exit(0)
        finally:
            os._exit(1)
    _, how = os.waitpid(child, 0)
    assert os.WIFSIGNALED(how) or os.WEXITSTATUS(how) == 0, "sweeping failed"
    return os.WIFSIGNALED(how)


# Reading through.


def test_what_is_broken_or_missing_is_found_and_fetched_anew(
    tmp_path: Path, shelf: Shelf, store: Store
) -> None:
    takes(store, tmp_path, shelf, PAGES[0])
    everything = len(objects(store))
    broken, missing = sorted(objects_of(shelf, PAGES[0]))[:2]
    store.place(broken).write_bytes(bytes(store.size_bytes(broken)))
    store.place(missing).unlink()
    read, lost = verify(store, [], rest=False)
    assert (read, lost) == (everything, 2)
    nowhere = Folder(tmp_path / "nowhere")
    assert verify(store, [nowhere, Folder(tmp_path / "desk")], rest=False)[1] == 0
    assert store.intact(broken)
    assert store.intact(missing)


def test_a_source_that_is_broken_too_does_not_mend_anything(
    tmp_path: Path, shelf: Shelf, store: Store
) -> None:
    takes(store, tmp_path, shelf, PAGES[0])
    name = lying(shelf, PAGES[0])
    for place in (store.place(name), tmp_path / "desk" / "objects" / name[:2] / name):
        place.write_bytes(bytes(place.stat().st_size))
    assert verify(store, [Folder(tmp_path / "desk")], rest=False)[1] == 1
    assert not list((tmp_path / "gate").rglob("*.part"))
