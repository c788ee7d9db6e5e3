import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from ninethirty.core.document import SigningKey, digest
from ninethirty.core.errors import FileMissing, ScheduleRefused, SealBroken
from ninethirty.core.schedule import Content, Opening, list_for, read_document, read_list
from ninethirty.desk.shelf import Shelf
from ninethirty.gate import arm as gate
from ninethirty.gate.source import Folder
from ninethirty.gate.store import Store
from tests.core.made import HALF_PAST, at
from tests.desk.setting import SITE, together
from tests.gate.made import Told

KEY = SigningKey.new()

PUBLISH_TWENTY = """
import sys
from pathlib import Path
from ninethirty.core.document import SigningKey
from ninethirty.core.schedule import Opening, Redirect
from ninethirty.core.times import Instant
from ninethirty.desk.shelf import Shelf
folder, secret, name, now = sys.argv[1:]
shelf = Shelf(Path(folder), SigningKey.read(secret), site="http://a.example", drill=True)
for n in range(20):
    opening = Opening(f"/{name}/{n}", Instant.parse(now), Redirect("/"))
    shelf.publish(f"release/{name}-{n}", [opening], Instant.parse(now))
"""


def shelf_at(folder: Path, key: SigningKey = KEY) -> Shelf:
    return Shelf(folder, key, site=SITE, drill=True)


def opening(shelf: Shelf, path: str, content: bytes = b"words") -> Opening:
    return Opening(path, HALF_PAST, Content(shelf.put(content), len(content), "text/plain"))


def objects(folder: Path) -> set[str]:
    return {file.name for file in (folder / "objects").glob("*/*")}


def documents(shelf: Shelf) -> dict[str, str]:
    root = shelf.root()
    assert root is not None
    return {
        name: document
        for listed in root.lists.values()
        for name, document in read_list(shelf.read(listed)).items()
    }


def test_what_was_put_is_kept_by_its_digest(tmp_path: Path) -> None:
    shelf = shelf_at(tmp_path)
    assert shelf.put(b"words") == shelf.put(b"words") == digest(b"words")
    assert shelf.read(digest(b"words")) == b"words"
    assert objects(tmp_path) == {digest(b"words")}


def test_a_file_the_disk_changed_is_not_given_out(tmp_path: Path) -> None:
    shelf = shelf_at(tmp_path)
    name = shelf.put(b"words")
    (tmp_path / "objects" / name[:2] / name).write_bytes(b"other")
    with pytest.raises(SealBroken):
        shelf.read(name)
    with pytest.raises(FileMissing):
        shelf.read(digest(b"never put"))


def test_publishing_changes_one_document_one_list_and_the_root(tmp_path: Path) -> None:
    shelf = shelf_at(tmp_path)
    shelf.publish("release/a", [opening(shelf, "/a")], HALF_PAST)
    shelf.publish("release/b", [opening(shelf, "/b")], HALF_PAST)
    before, root = objects(tmp_path), shelf.root()
    held = documents(shelf)
    shelf.publish("release/a", [opening(shelf, "/a2")], HALF_PAST)
    after, new_root = objects(tmp_path), shelf.root()
    assert root is not None
    assert new_root is not None
    lists = {list_for("release/a"), list_for("release/b")}
    assert root.lists.keys() == new_root.lists.keys() == lists
    assert len(lists) == 2
    assert new_root.lists[list_for("release/b")] == root.lists[list_for("release/b")]
    now = documents(shelf)
    assert now["release/b"] == held["release/b"]
    assert after - before == {now["release/a"], new_root.lists[list_for("release/a")]}
    [said] = read_document("release/a", shelf.read(now["release/a"]))
    assert said.path == "/a2"


def test_a_schedule_that_names_a_missing_file_is_refused(tmp_path: Path) -> None:
    shelf = shelf_at(tmp_path)
    absent = Opening("/a", HALF_PAST, Content(digest(b"absent"), 6, "text/plain"))
    with pytest.raises(FileMissing):
        shelf.publish("release/a", [absent], HALF_PAST)
    assert shelf.root() is None


def test_a_schedule_that_cannot_be_leaves_the_one_before(tmp_path: Path) -> None:
    shelf = shelf_at(tmp_path)
    shelf.publish("release/a", [opening(shelf, "/a")], HALF_PAST)
    before = shelf.root()
    with pytest.raises(ScheduleRefused):
        shelf.publish("release/a", [opening(shelf, "/../a")], at(1))
    assert shelf.root() == before


def test_processes_that_publish_at_once_lose_no_document(tmp_path: Path) -> None:
    told = [str(tmp_path), KEY.secret()]
    publishers = [
        subprocess.Popen(
            [sys.executable, "-c", PUBLISH_TWENTY, *told, name, HALF_PAST.text()],
            env={"PYTHONPATH": str(Path(__file__).parents[2] / "src")},
        )
        for name in ("a", "b")
    ]
    assert [publisher.wait(60) for publisher in publishers] == [0, 0]
    shelf = shelf_at(tmp_path)
    assert len(documents(shelf)) == 40
    root = shelf.root()
    assert root is not None
    # Signed in one instant, so each counted one up from the last: none was signed twice.
    assert root.version % 1000 == 39


def test_threads_that_put_one_file_at_once_all_succeed(tmp_path: Path) -> None:
    shelf = shelf_at(tmp_path)
    for n in range(20):
        content = f"words {n}".encode() * 1000
        came = together(*[lambda content=content: shelf.put(content)] * 6)
        assert came == [digest(content)] * 6
    assert not list(tmp_path.rglob("*.part"))


def test_the_version_never_goes_back_even_if_the_clock_does(tmp_path: Path) -> None:
    shelf = shelf_at(tmp_path)
    versions = []
    for now in (HALF_PAST, HALF_PAST, HALF_PAST - timedelta(days=1), HALF_PAST + timedelta(days=1)):
        shelf.publish("release/a", [opening(shelf, "/a")], now)
        root = shelf.root()
        assert root is not None
        versions.append(root.version)
    assert versions == sorted(set(versions))
    assert versions[2] == versions[0] + 2
    assert versions[3] == versions[0] + 86_400_000


def test_a_gate_takes_what_the_shelf_signed_and_its_word_comes_back(tmp_path: Path) -> None:
    shelf = shelf_at(tmp_path / "shelf")
    assert shelf.acknowledged() == {}
    named = shelf.publish("release/a", [opening(shelf, "/a")], HALF_PAST)
    with closing(Store(tmp_path / "gate")) as store:
        armed = gate.arm(
            store,
            Folder(tmp_path / "shelf"),
            gate="gate-1",
            trusted_key=KEY.public,
            clock=Told(drill=True),
        )
    assert armed is not None
    assert armed.root == named
    assert shelf.acknowledged() == {"gate-1": armed.version}
