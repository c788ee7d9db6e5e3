"""What lies on the gate's disk, and on the desk's: nothing that tells what has not opened."""

import os
import shutil
import signal
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from ninethirty.core.document import SigningKey, digest
from ninethirty.core.errors import CannotStart, NotLetIn, WrongKey
from ninethirty.core.keyring import GateKey
from ninethirty.core.schedule import Opening
from ninethirty.desk.shelf import Shelf
from ninethirty.gate.arm import arm
from ninethirty.gate.key import CREDENTIALS, key_file, read, read_or_make
from ninethirty.gate.source import Folder
from ninethirty.gate.store import Store
from tests.core.made import HALF_PAST, at
from tests.gate.made import (
    CLOCK,
    GATE_KEY,
    RELEASE,
    Told,
    a_gate,
    a_port,
    a_shelf,
    a_store,
    an_app,
    arm_from,
    body_of,
    content,
    key_of,
    started,
    stepping,
    until,
)

SECRET_PATH = "/statistics/the-secret-path"
SECRET_WORDS = b"employment fell by 0.7 per cent"
PAGE = b"<title>A secret title</title>" + SECRET_WORDS * 500
TABLE = b"quarter,secret value\n" * 5000
PICTURE = bytes(range(256)) * 5000


def sealed(folder: Path) -> Shelf:
    """With one gate that has taken it."""
    shelf = a_shelf(folder)
    shelf.publish(
        "sealed/the-secret-path",
        [
            Opening(SECRET_PATH, at(60), content(shelf, PAGE)),
            Opening(f"{SECRET_PATH}/secret-table.csv", at(60), content(shelf, TABLE, "text/csv")),
            Opening(f"{SECRET_PATH}/picture", at(60), content(shelf, PICTURE, "image/png")),
        ],
        HALF_PAST,
    )
    return shelf


def everything_below(folder: Path) -> dict[str, bytes]:
    return {
        str(place.relative_to(folder)): place.read_bytes()
        for place in folder.rglob("*")
        if place.is_file()
    }


def test_a_stolen_disk_tells_no_path_no_title_no_content_and_no_digest(tmp_path: Path) -> None:
    shelf = sealed(tmp_path)
    shelf.put_note("a" * 64, f"note on {SECRET_PATH}".encode())
    with closing(a_store(tmp_path / "gate")) as store:
        assert arm_from(store, tmp_path / "desk", shelf)
        shelf.publish("another secret-path", [], HALF_PAST)
        assert arm_from(store, tmp_path / "desk", shelf)
        lying = {**everything_below(tmp_path / "gate"), **everything_below(tmp_path / "desk")}
    assert "index.sqlite3-wal" in lying
    assert len(lying) > 20
    telling = [
        *(b"secret-path", b"secret-table", b"secret title", b"secret value", SECRET_WORDS[:12]),
        *(b"text/html", b"text/csv", b"image/png", PICTURE[:64]),
    ]
    for file in (PAGE, TABLE, PICTURE):
        telling += [digest(file).encode(), bytes.fromhex(digest(file))]
        for encoded in shelf.lies(digest(file)).values():
            telling += [encoded.key.encode(), bytes.fromhex(encoded.key)]
    for name, found in lying.items():
        for word in telling:
            assert word not in found, f"{name} tells {word[:20]!r}"
            assert word.decode("latin-1") not in name


def test_neither_key_lies_where_it_can_be_stolen_with_what_it_opens(tmp_path: Path) -> None:
    shelf = sealed(tmp_path)
    with closing(a_store(tmp_path / "gate")) as store:
        arm_from(store, tmp_path / "desk", shelf)
        lying = {**everything_below(tmp_path / "gate"), **everything_below(tmp_path / "desk")}
    for secret in (GATE_KEY.secret(), shelf._key.secret(), shelf._secret._raw.hex()):
        for name, found in lying.items():
            assert secret.encode() not in found, name
            assert bytes.fromhex(secret) not in found, name


def test_a_gate_that_lost_its_desk_opens_at_t_from_what_it_holds(tmp_path: Path) -> None:
    shelf = a_shelf(tmp_path)
    with an_app(tmp_path, shelf, [Opening("/x", at(1), content(shelf, RELEASE))]):
        pass
    (tmp_path / "desk").rename(tmp_path / "gone")
    key = tmp_path / "gate.key"
    key.touch(mode=0o600)
    key.write_text(GATE_KEY.secret())
    with closing(Store(tmp_path / "gate", read(key))) as store:
        assert store.timeline("/x", HALF_PAST) == ()
        [opening] = store.timeline("/x", at(1))
    assert opening.path == "/x"


def test_a_restarted_gate_serves_though_nothing_is_left_of_its_desk(tmp_path: Path) -> None:
    shelf = a_shelf(tmp_path)
    opens = CLOCK.now() + timedelta(seconds=4)
    shelf.publish("x", [Opening("/x", opens, content(shelf, RELEASE))], CLOCK.now())
    with a_gate(tmp_path, shelf):
        assert CLOCK.now() < opens, "too slow to see anything"
    (tmp_path / "desk").rename(tmp_path / "gone")
    with started(tmp_path, key_of(shelf)) as gate:
        until(lambda: gate.get("/x")[0] == 200)
        assert gate.get("/x")[2] == RELEASE


def test_a_gate_that_was_shut_out_keeps_what_it_has_and_takes_nothing_more(tmp_path: Path) -> None:
    shelf = a_shelf(tmp_path)
    with an_app(tmp_path, shelf, [Opening("/x", HALF_PAST, content(shelf, RELEASE))]) as gate:
        shelf.shut_out("gate", HALF_PAST)
        shelf.publish("y", [Opening("/y", HALF_PAST, content(shelf, RELEASE))], HALF_PAST)
        with pytest.raises(NotLetIn):
            arm_from(gate.store, tmp_path / "desk", shelf)
        assert body_of(gate.get("/x")) == RELEASE
        assert gate.get("/y").status == 404
        shelf.let_in("gate", GATE_KEY.public, HALF_PAST)
        assert arm_from(gate.store, tmp_path / "desk", shelf)
        assert body_of(gate.get("/y", at(1))) == RELEASE


def test_a_store_opens_with_the_key_it_was_made_with_and_no_other(tmp_path: Path) -> None:
    a_store(tmp_path / "gate").close()
    a_store(tmp_path / "gate").close()
    with pytest.raises(CannotStart, match=r"was made with another key than .*--gate-key"):
        Store(tmp_path / "gate", GateKey.new())


def test_a_store_of_a_version_that_locked_nothing_is_refused_with_what_to_do(
    tmp_path: Path,
) -> None:
    with closing(a_store(tmp_path / "gate")) as store:
        store._index.execute("PRAGMA user_version = 0")
    with pytest.raises(CannotStart, match=r"did not lock its files; remove it"):
        a_store(tmp_path / "gate")


# The file with the gate's key.


def test_a_key_is_made_once_beside_the_store_for_its_owners_eyes_only(tmp_path: Path) -> None:
    file = key_file(tmp_path / "store", None)
    assert file == tmp_path / "store.key"
    key, made = read_or_make(file)
    again, made_again = read_or_make(file)
    assert (made, made_again) == (True, False)
    assert key.public == again.public
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("inside", ["gate.key", "objects/gate.key", "../store/gate.key"])
def test_a_key_is_not_kept_in_the_store(tmp_path: Path, inside: str) -> None:
    (tmp_path / "store").mkdir()
    with pytest.raises(CannotStart, match="expected a file outside the store"):
        key_file(tmp_path / "store", tmp_path / "store" / inside)


def test_a_link_beside_the_store_does_not_bring_the_key_into_it(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "store" / "key")
    with pytest.raises(CannotStart, match="expected a file outside the store"):
        key_file(tmp_path / "store", tmp_path / "link")


def test_a_service_takes_the_key_that_its_manager_gives_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    credential = tmp_path / "credentials" / "gate.key"
    monkeypatch.setenv(CREDENTIALS, str(credential.parent))
    assert key_file(tmp_path / "store", None) == tmp_path / "store.key"
    credential.parent.mkdir()
    credential.write_text(GATE_KEY.secret())
    credential.chmod(0o400)
    assert key_file(tmp_path / "store", None) == credential
    assert read_or_make(credential)[0].public == GATE_KEY.public
    told = tmp_path / "told"
    assert key_file(tmp_path / "store", told) == told


def test_a_key_that_others_can_read_or_that_is_none_stops_the_start(tmp_path: Path) -> None:
    file = tmp_path / "gate.key"
    file.write_text(GATE_KEY.secret())
    file.chmod(0o644)
    with pytest.raises(CannotStart, match=r"can be read by anybody .* chmod 600"):
        read_or_make(file)
    file.chmod(0o600)
    for text in ("", "no key", "é"):
        file.write_text(text)
        with pytest.raises(CannotStart, match="expected a gate's key, 64 hexadecimal digits"):
            read_or_make(file)
    with pytest.raises(CannotStart, match="cannot be made there: No such file"):
        read_or_make(tmp_path / "nowhere" / "gate.key")


def test_at_its_first_start_a_gate_says_how_to_let_it_in_and_then_serves(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "desk", a_shelf(tmp_path / "key")._key, site="site", drill=False)
    shelf.publish("x", [Opening("/x", CLOCK.now(), content(shelf, RELEASE))], CLOCK.now())
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "ninethirty", "gate", str(tmp_path / "gate")),
            *("--from", str(tmp_path / "desk"), "--key", key_of(shelf), "--name", "north"),
            *("--listen", f"127.0.0.1:{a_port()}", "--time-from", "unchecked"),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    try:
        said = ""
        while "ninethirty gates add" not in said:
            said = process.stdout.readline()
            assert said, "it ended"
        words = said.split()
        assert words[:4] == ["ninethirty", "gates", "add", "north"]
        assert words[4] == read(tmp_path / "gate.key").public
        shelf.let_in("north", words[4], CLOCK.now())
        while "gate.armed" not in said:
            said = process.stdout.readline()
            assert said, "it ended"
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()


# Another key takes over.


def test_a_gate_takes_the_next_key_from_the_one_it_trusts_and_then_none_from_that(
    tmp_path: Path,
) -> None:
    shelf = a_shelf(tmp_path)
    told = key_of(shelf)
    shelf.publish("x", [Opening("/x", HALF_PAST, content(shelf, RELEASE))], HALF_PAST)
    copy = tmp_path / "copy"
    shutil.copytree(tmp_path / "desk", copy)
    old_hands = Shelf(copy, shelf._key, site="stats.example", drill=False)
    nobodys = SigningKey.new()
    with closing(a_store(tmp_path / "gate")) as store:

        def arms(folder: Path) -> bool:
            return (
                arm(store, Folder(folder), gate="gate", trusted_key=told, clock=Told(HALF_PAST))
                is not None
            )

        assert arms(tmp_path / "desk")
        shelf.hand_over(nobodys, HALF_PAST)
        third = SigningKey.new()
        after = Shelf(tmp_path / "desk", nobodys, site="stats.example", drill=False)
        after.hand_over(third, HALF_PAST)
        last = Shelf(tmp_path / "desk", third, site="stats.example", drill=False)
        last.publish("y", [Opening("/y", HALF_PAST, content(last, RELEASE))], HALF_PAST)
        assert arms(tmp_path / "desk"), "it was told the first key, and the third signs"
        assert store.timeline("/y", HALF_PAST)
        assert not arms(tmp_path / "desk")
        old_hands.publish("z", [], at(3600))
        with pytest.raises(WrongKey):
            arms(copy)


def test_a_key_that_has_handed_over_signs_no_more(tmp_path: Path) -> None:
    shelf = a_shelf(tmp_path)
    to = SigningKey.new()
    shelf.hand_over(to, HALF_PAST)
    for act in (shelf.root, lambda: shelf.publish("x", [], HALF_PAST)):
        with pytest.raises(WrongKey, match="has handed over to"):
            act()
    with pytest.raises(WrongKey, match="belongs to another key"):
        Shelf(tmp_path / "desk", shelf._key, site="stats.example", drill=False)


def test_killed_at_any_step_of_handing_over_one_of_the_two_keys_goes_on(tmp_path: Path) -> None:
    shelf = a_shelf(tmp_path)
    name, to = shelf.put(RELEASE), SigningKey.new()
    shutil.move(tmp_path / "desk", tmp_path / "before")
    steps, signed = 0, []
    died = True
    while died:
        shutil.copytree(tmp_path / "before", tmp_path / "desk")
        died = handing_over_dies(shelf, to, at_step=steps + 1)
        steps += 1
        works = []
        for key in (shelf._key, to):
            try:
                one = Shelf(tmp_path / "desk", key, site="stats.example", drill=False)
                one.publish("x", [], HALF_PAST)
                assert one.read(name) == RELEASE
                works.append(key)
            except WrongKey:
                continue
        assert len(works) == 1
        signed.append(works[0] is to)
        shutil.rmtree(tmp_path / "desk")
    assert signed == sorted(signed)
    assert signed.count(False) > 3
    assert signed.count(True) > 3


def handing_over_dies(shelf: Shelf, to: SigningKey, *, at_step: int) -> bool:
    """Hand over in another process, killed just before its n-th write. False: it lived."""
    child = os.fork()
    if not child:
        try:
            steps = iter(range(1, at_step))

            def step() -> None:
                if next(steps, None) is None:
                    os.kill(os.getpid(), signal.SIGKILL)

            for owner, name in ((os, "fsync"), (Path, "replace"), (Path, "unlink")):
                setattr(owner, name, stepping(getattr(owner, name), step))
            shelf.hand_over(to, HALF_PAST)
            os._exit(0)
        finally:
            os._exit(1)
    _, how = os.waitpid(child, 0)
    assert os.WIFSIGNALED(how) or os.WEXITSTATUS(how) == 0, "handing over failed"
    return os.WIFSIGNALED(how)
