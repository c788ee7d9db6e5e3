"""Two at once, killed half-way, no room: the old schedule or the new one, never a mix."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from ninethirty.core.schedule import Content
from ninethirty.gate.arm import arm
from ninethirty.gate.source import Folder
from ninethirty.gate.store import Store
from tests.desk.shelving.setting import CLOCK, LONG_HENCE, Place, a_folder
from tests.gate.made import Told

ROOT = Path(__file__).parents[3]

SEAL_TEN = """
import sys
from tests.desk.shelving.setting import run
folder, store, key, name = sys.argv[1:]
for n in range(10):
    ran = run("seal", folder, "--path", f"/{name}/{n}", "--opens", "2099-12-01 09:30 UTC",
              "--store", store, "--key", key)
    assert ran.code == 0, ran
"""

KILL_AT = """
import json, os, pathlib, signal, sys
from tests.desk.shelving.setting import run

words, calls = json.loads(sys.argv[1]), 0
steps = []

def dies_at(what, real, n):
    def step(*given, **more):
        global calls
        calls += 1
        if calls == n:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*given, **more)
    return step

n = 0
while True:
    n += 1
    child = os.fork()
    if child == 0:
        os.fsync = dies_at("fsync", os.fsync, n)
        pathlib.Path.replace = dies_at("replace", pathlib.Path.replace, n)
        pathlib.Path.mkdir = dies_at("mkdir", pathlib.Path.mkdir, n)
        ran = run(*words)
        os._exit(ran.code)
    _, status = os.waitpid(child, 0)
    print(json.dumps({"killed": os.WIFSIGNALED(status), "code": os.waitstatus_to_exitcode(status)}),
          flush=True)
    if sys.stdin.readline() != "on\\n":
        break
"""


def start(code: str, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *words],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_two_that_seal_at_once_lose_neither_release(tmp_path: Path) -> None:
    place = Place(tmp_path)
    told = [str(a_folder(tmp_path / "f")), str(place.store), str(place.key)]
    both = [start(SEAL_TEN, *told, name) for name in ("a", "b")]
    for one in both:
        one.communicate(timeout=60)
    assert [one.returncode for one in both] == [0, 0]
    assert {entry.path for entry in place.book.entries()} == {
        f"/{name}/{n}" for name in ("a", "b") for n in range(10)
    }


def test_sealing_waits_for_whoever_is_deciding_on_the_schedule(tmp_path: Path) -> None:
    place = Place(tmp_path)
    folder = a_folder(tmp_path / "f")
    place.sealed(folder, path="/other")
    before = place.root()
    code = "from tests.desk.shelving.entry import main\nmain()"
    words = ["seal", str(folder), "--path", "/x", "--opens", LONG_HENCE]
    with place.shelf().alone("change"):
        other = start(code, *words, "--store", str(place.store), "--key", str(place.key))
        time.sleep(1.5)
        assert other.poll() is None
        assert place.root() == before
    other.communicate(timeout=60)
    assert other.returncode == 0
    assert place.root() != before


def test_two_that_seal_the_same_path_at_once_leave_one_of_them_whole(tmp_path: Path) -> None:
    place = Place(tmp_path)
    folders = [a_folder(tmp_path / name, {"data.csv": name.encode()}) for name in ("one", "two")]
    words = ["--path", "/x", "--opens", LONG_HENCE, "--store", str(place.store)]
    code = "import sys\nfrom tests.desk.shelving.entry import main\nmain()"
    both = [start(code, "seal", str(f), *words, "--key", str(place.key)) for f in folders]
    said = "".join(one.communicate(timeout=60)[0] for one in both)
    assert [one.returncode for one in both] == [0, 0]
    assert said.count("replaces  what was to open") == 1
    assert len(place.openings("/x")) == 2


def test_killed_at_any_step_of_sealing_leaves_the_old_schedule_or_the_new_one(
    tmp_path: Path,
) -> None:
    place = Place(tmp_path)
    folder = a_folder(tmp_path / "f", before=True)
    place.sealed(folder, path="/other")
    place.sealed(folder)
    place.lets_in("gate")
    old = place.root()
    (folder / "data.csv").write_bytes(b"second")
    (folder / "index.html").write_bytes(b"second page")
    words = ["seal", str(folder), "--path", "/statistics/x", "--opens", "2099-12-02 09:30 UTC"]
    words += ["--store", str(place.store), "--key", str(place.key)]
    process = start(KILL_AT, json.dumps(words))
    assert process.stdin is not None
    assert process.stdout is not None
    kills, changed = 0, False
    while True:
        ended = json.loads(process.stdout.readline())
        check_whole(place)
        changed = changed or place.root() != old
        if not ended["killed"]:
            break
        # Once the new schedule is there, sealing again is "nothing changed", and is not killed.
        kills += 1
        process.stdin.write("on\n")
        process.stdin.flush()
    process.communicate("end\n", timeout=20)
    assert ended["code"] == 0
    assert changed
    assert kills > 12
    assert {entry.path for entry in place.book.entries()} == {"/other", "/statistics/x"}


def check_whole(place: Place) -> None:
    """Everything the schedule names is there, with a note, and a gate takes it."""
    for entry in place.book.entries():
        assert entry.note is not None
        for opening in entry.openings:
            if isinstance(opening.answer, Content):
                place.shelf().check(opening.answer.digest, opening.path)
    assert place.run("schedule").code == 0
    store = Store(place.folder / "gate", place.gate_key("gate"))
    try:
        arm(
            store,
            Folder(place.store),
            gate="gate",
            trusted_key=place.signing.public,
            clock=Told(CLOCK.now()),
        )
        assert store.root() == place.root()
    finally:
        store.close()


def test_no_room_for_a_file_leaves_the_schedule_as_it_was(tmp_path: Path) -> None:
    place = Place(tmp_path)
    folder = a_folder(tmp_path / "f")
    place.sealed(folder, path="/other")
    (folder / "large.bin").write_bytes(bytes(1 << 20))
    before, files = place.root(), set(place.store.rglob("*"))
    code = (
        "import resource, sys\nresource.setrlimit(resource.RLIMIT_FSIZE, (1 << 19, 1 << 19))\n"
        "from tests.desk.shelving.entry import main\nmain()"
    )
    words = ["seal", str(folder), "--path", "/x", "--opens", LONG_HENCE]
    refused = subprocess.run(
        [sys.executable, "-c", code, *words, "--store", str(place.store), "--key", str(place.key)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert refused.returncode == 2
    assert refused.stderr == (
        "ninethirty: large.bin cannot be copied to the store: File too large; the schedule in "
        "force is as it was\n"
    )
    assert place.root() == before
    assert not list(place.store.rglob("*.part"))
    assert files <= set(place.store.rglob("*"))
