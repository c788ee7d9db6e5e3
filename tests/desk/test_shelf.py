import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from ninethirty.core.document import SigningKey, digest
from ninethirty.core.errors import (
    FileMissing,
    NotLetIn,
    ScheduleRefused,
    SealBroken,
    WrongKey,
)
from ninethirty.core.keyring import GateKey, open_document, open_keyring
from ninethirty.core.schedule import Content, Opening, list_for
from ninethirty.desk.disk import read_object
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
    """What lies there, by the name it should have."""
    found = {file.name: file.read_bytes() for file in (folder / "objects").glob("*/*")}
    assert all(digest(lying) == name for name, lying in found.items())
    return set(found)


def documents(shelf: Shelf) -> dict[str, str]:
    root = shelf.root()
    assert root is not None
    return {
        shelf._secret.name(opaque): named
        for listed in root.lists.values()
        for opaque, named in shelf._list(listed).items()
    }


def test_what_was_put_is_kept_once_and_found_by_its_digest(tmp_path: Path) -> None:
    shelf = shelf_at(tmp_path)
    assert shelf.put(b"words") == shelf.put(b"words") == digest(b"words")
    assert shelf.read(digest(b"words")) == b"words"
    assert objects(tmp_path) == {shelf.lies(digest(b"words"))["identity"].object}


def test_a_file_is_kept_once_in_constant_memory_and_told_as_it_is_copied(tmp_path: Path) -> None:
    shelf = shelf_at(tmp_path / "shelf")
    (tmp_path / "file").write_bytes(b"words" * 1_000_000)
    heard: list[int] = []
    for _ in range(2):
        kept = shelf.put_file(tmp_path / "file", heard.append)
        assert kept == (digest(b"words" * 1_000_000), 5_000_000)
    assert sum(heard) == 10_000_000
    assert shelf.read(kept[0]) == b"words" * 1_000_000
    assert len(objects(tmp_path / "shelf")) == 1


def test_a_file_the_disk_changed_is_not_given_out(tmp_path: Path) -> None:
    shelf = shelf_at(tmp_path)
    name = shelf.put(b"words")
    lying = shelf.lies(name)["identity"].object
    place = tmp_path / "objects" / lying[:2] / lying
    place.write_bytes(bytes(place.stat().st_size))
    with pytest.raises(SealBroken):
        shelf.read(name)
    with pytest.raises(FileMissing):
        shelf.read(digest(b"never put"))


def test_a_file_lost_from_the_disk_is_kept_anew_when_it_is_put_again(tmp_path: Path) -> None:
    shelf = shelf_at(tmp_path)
    name = shelf.put(b"words")
    lying = shelf.lies(name)["identity"].object
    (tmp_path / "objects" / lying[:2] / lying).unlink()
    shelf.put(b"words")
    assert shelf.read(name) == b"words"


def test_text_is_made_smaller_once_and_another_kind_of_file_not_at_all(tmp_path: Path) -> None:
    shelf = shelf_at(tmp_path)
    text = b"<p>the release</p>" * 1000
    page = Content(shelf.put(text), len(text), "text/html; charset=utf-8")
    first, again = shelf.prepared(page), shelf.prepared(page)
    assert set(first.lies) == {"identity", "br", "zstd", "gzip"}
    assert first.lies == again.lies
    assert all(
        one.size_bytes < len(text) / 10 for name, one in first.lies.items() if name != "identity"
    )
    picture = Content(page.digest, page.size_bytes, "image/png")
    assert shelf.prepared(picture).lies == {"identity": first.lies["identity"]}


def test_a_shelf_opens_with_the_key_it_was_begun_with_and_no_other(tmp_path: Path) -> None:
    shelf = shelf_at(tmp_path)
    name = shelf.put(b"words")
    assert shelf_at(tmp_path).read(name) == b"words"
    with pytest.raises(WrongKey, match="belongs to another key"):
        shelf_at(tmp_path, SigningKey.new())


def test_a_shelf_that_lost_its_secret_is_not_begun_anew(tmp_path: Path) -> None:
    shelf_at(tmp_path).publish("release/a", [], HALF_PAST)
    (tmp_path / "secret").unlink()
    with pytest.raises(WrongKey, match=r"secret is not there.*bring it back"):
        shelf_at(tmp_path)


NORTH, SOUTH = GateKey.new(), GateKey.new()


def test_letting_a_gate_in_changes_the_keyring_and_the_root_and_nothing_else(
    tmp_path: Path,
) -> None:
    shelf = shelf_at(tmp_path)
    shelf.publish("release/a", [opening(shelf, "/a")], HALF_PAST)
    before, root = objects(tmp_path), shelf.root()
    shelf.let_in("north", NORTH.public, HALF_PAST)
    new_root = shelf.root()
    assert root
    assert new_root
    assert objects(tmp_path) - before == {new_root.keyring}
    assert new_root.lists == root.lists
    assert shelf.gates() == {"north": NORTH.public}


def test_shutting_a_gate_out_locks_anew_what_has_not_opened_and_leaves_the_rest(
    tmp_path: Path,
) -> None:
    shelf = shelf_at(tmp_path)
    for name, opens in (("open", at(-1)), ("waiting", at(1))):
        content = Content(shelf.put(b"words"), 5, "text/plain")
        shelf.publish(name, [Opening(f"/{name}", opens, content)], at(-60))
    for gate_, key in (("north", NORTH), ("south", SOUTH)):
        shelf.let_in(gate_, key.public, at(-60))
    was, had = documents(shelf), [shelf.says(name) for name in ("open", "waiting")]
    shelf.shut_out("north", HALF_PAST)
    now = documents(shelf)
    assert shelf.gates() == {"south": SOUTH.public}
    assert now["open"] == was["open"]
    assert now["waiting"] != was["waiting"]
    assert [shelf.says(name) for name in ("open", "waiting")] == had


def keys_of(shelf: Shelf, gate_: str, key: GateKey) -> dict[str, bytes]:
    root = shelf.root()
    assert root
    return open_keyring(shelf._ring(root), SITE, gate_, key)


def test_a_gate_that_was_shut_out_can_read_no_later_document(tmp_path: Path) -> None:
    shelf = shelf_at(tmp_path)
    shelf.let_in("north", NORTH.public, at(-60))
    shelf.publish("a", [opening(shelf, "/a")], at(-60))
    had = keys_of(shelf, "north", NORTH)
    shelf.let_in("south", SOUTH.public, at(-60))
    shelf.shut_out("north", at(-50))
    shelf.publish("b", [opening(shelf, "/b")], at(-40))
    for name in ("a", "b"):
        opaque = shelf._secret.opaque(name)
        locked = read_object(tmp_path, documents(shelf)[name])
        with pytest.raises(SealBroken, match="of an epoch we have no key for"):
            open_document(had, opaque, locked)
        assert open_document(keys_of(shelf, "south", SOUTH), opaque, locked)
    with pytest.raises(NotLetIn):
        keys_of(shelf, "north", NORTH)


def test_gates_told_by_the_settings_are_let_in_and_shut_out_with_the_next_schedule(
    tmp_path: Path,
) -> None:
    def told(gates: dict[str, str]) -> Shelf:
        shelf = Shelf(tmp_path, KEY, site=SITE, drill=True, gates=gates)
        shelf.publish("a", [], HALF_PAST)
        return shelf

    both = {"north": NORTH.public, "south": SOUTH.public}
    assert told(both).gates() == both
    assert len(epochs_of(told(both))) == 1
    assert told({"south": SOUTH.public}).gates() == {"south": SOUTH.public}
    assert len(epochs_of(told({"south": SOUTH.public}))) == 2
    other_key = {"south": NORTH.public}
    assert told(other_key).gates() == other_key
    assert len(epochs_of(told(other_key))) == 3


def epochs_of(shelf: Shelf) -> tuple[str, ...]:
    root = shelf.root()
    assert root
    return shelf._ring(root).epochs


def test_a_word_with_another_key_than_the_gates_is_nobodys(tmp_path: Path) -> None:
    shelf = shelf_at(tmp_path)
    shelf.let_in("north", NORTH.public, HALF_PAST)
    source = Folder(tmp_path)
    word = {"gate": "north", "key": NORTH.public, "version": 7}
    source.acknowledge("north", {**word, "key": SOUTH.public})
    source.acknowledge("stranger", {**word, "gate": "stranger"})
    assert shelf.acknowledged() == {}
    source.acknowledge("north", word)
    assert shelf.acknowledged() == {"north": 7}


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
    in_a, in_b = (list_for(shelf._secret.opaque(f"release/{name}")) for name in "ab")
    lists = {in_a, in_b}
    assert root.lists.keys() == new_root.lists.keys() == lists
    assert len(lists) == 2, "the names of this test fall into one list"
    assert new_root.lists[in_b] == root.lists[in_b]
    now = documents(shelf)
    assert now["release/b"] == held["release/b"]
    assert after - before == {now["release/a"], new_root.lists[in_a]}
    assert [one.path for one in shelf.says("release/a")] == ["/a2"]


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
    shelf.let_in("gate-1", NORTH.public, HALF_PAST)
    named = shelf.publish("release/a", [opening(shelf, "/a")], HALF_PAST)
    with closing(Store(tmp_path / "gate", NORTH)) as store:
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
