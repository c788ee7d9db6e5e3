"""A thousand readers open what they may see early, of fifty releases: how long each waits.

By a real desk, over HTTP, several at a time; each opening is a fact on the disk before it is
answered. NINETHIRTY_BENCH_READERS makes it shorter.
"""

import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from bench.figure import Figure, percentile
from bench.serving import free_port
from ninethirty.core.document import SigningKey
from ninethirty.core.times import RealClock, WallTime, at_local
from ninethirty.desk.command import prepare
from tests.core.made_browser import Browser

READERS = int(os.environ.get("NINETHIRTY_BENCH_READERS", "1000"))
RELEASES = 50
AT_ONCE = 4
ZONE = "Europe/London"
_ASKED = ("index.html", "data.csv")
_FORM = {"Content-Type": "application/x-www-form-urlencoded", "Host": "localhost"}

Reader = tuple[str, Browser]
"""Token of the link, and the browser that is signed in."""


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as made:
        home = Path(made)
        (home / "desk.toml").write_text('site = "http://bench.example"\nproducer = "bench"\n')
        (home / "desk.key").write_text(SigningKey.new().secret())
        prepare(home)
        readers = _readers()
        port = free_port()
        command = [sys.executable, "-m", "ninethirty", "desk", "--home", made]
        desk = subprocess.Popen([*command, "--listen", f"127.0.0.1:{port}"])
        try:
            _up(port)
            took, refused = _open_all(port, readers)
        finally:
            desk.terminate()
            desk.wait()
        written = _written()
    what = f"of {len(took)} openings by {READERS} readers, {RELEASES} releases, {AT_ONCE} at once"
    return [
        Figure(f"ms, 95th percentile {what}", round(percentile(took, 0.95), 1), most=150),
        Figure("ms, median", round(percentile(took, 0.5), 1)),
        Figure("ms, worst", round(max(took), 1)),
        Figure("openings refused", refused, most=0),
        Figure("openings without a fact", len(took) - written, most=0),
    ]


def _readers() -> list[Reader]:
    """Listed, confirmed and signed in, of releases that open in some hours."""
    from ninethirty.core.facts import Kind
    from ninethirty.core.release import Role
    from ninethirty.core.seal import files_of
    from ninethirty.desk.actions.access.link import link_for
    from ninethirty.desk.record.facts import New, append_all
    from ninethirty.desk.record.fit import make_fit
    from ninethirty.desk.record.models import AccessEntry, AccessList, Person, Release
    from ninethirty.desk.record.models import Reader as Row
    from ninethirty.desk.setup import setup

    make_fit(setup())
    Person.objects.create(id="clerk", name="clerk", role=Role.STATISTICIAN)
    now = RealClock().now()
    local = at_local(now + timedelta(hours=3), ZONE)
    opens = f"{local:%Y-%m-%d %H:%M} {ZONE}"
    for n in range(RELEASES):
        page = f"<html><body><main><h1>{n}</h1>{'<p>It grew.</p>' * 200}</main></body></html>"
        contents = {"index.html": page.encode(), "data.csv": b"a,b\n" + b"1,2\n" * 2000}
        for body in contents.values():
            setup().shelf().put(body)
        manifest = {
            "release": f"r-{n}",
            "title": f"Release {n}",
            "opens": opens,
            "path": f"/r/{n}",
            "announced": "https://platform.example/r",
            "files": [vars(file) for file in files_of(contents)],
        }
        Release.objects.create(
            id=f"r-{n}", title=f"Release {n}", opens=opens, path=f"/r/{n}", seal="0" * 64,
            announced="https://platform.example/r", manifest=manifest,
        )  # fmt: skip
        promise = {"opens": opens, "instant": WallTime.parse(opens).resolve().text()}
        news = [
            New(f"r-{n}", Kind.ANNOUNCED, now, details=promise),
            *(New(f"r-{n}", kind, now) for kind in (Kind.STAGED, Kind.SEALED)),
        ]
        append_all(news, actor="clerk", recorded=now)
        AccessList.objects.create(release=f"r-{n}", law="uk")
    found: list[Reader] = []
    for n in range(READERS):
        release, browser = f"r-{n % RELEASES}", Browser()
        row = Row.objects.create(
            name=f"Reader {n}", address=f"reader-{n}@bench.example", job="clerk", organisation="x"
        )
        entry = AccessEntry.objects.create(
            release=release, reader=row, job="clerk", organisation="x", purpose="bench",
            tier="pre-release", begins=1440, written_by="clerk", confirmed=opens,
        )  # fmt: skip
        token = link_for(release, entry.id, by="clerk").rpartition("/")[2]
        AccessEntry.objects.filter(id=entry.id).update(accepted=now, browser=browser.key)
        found.append((token, browser))
    return found


def _up(port: int) -> None:
    for _ in range(600):
        with suppress(OSError):
            asking = HTTPConnection("127.0.0.1", port, timeout=30)
            asking.request("GET", "/sign-in", headers={"Host": "localhost"})
            asking.getresponse().read()
            return
        time.sleep(0.1)
    raise TimeoutError("the desk did not come up")


def _open_all(port: int, readers: list[Reader]) -> tuple[list[float], int]:
    """Milliseconds of each, and how many were refused."""
    asked: queue.SimpleQueue[Reader] = queue.SimpleQueue()
    for one in readers:
        asked.put(one)
    took: list[float] = []
    refused: list[int] = []

    def work() -> None:
        while True:
            try:
                token, browser = asked.get_nowait()
            except queue.Empty:
                return
            for name in _ASKED:
                at, signed = browser.asks(token, name, RealClock().now())
                sent = urlencode({"act": "open", "what": name, "at": at, "signed": signed})
                begun = time.perf_counter()
                asking = HTTPConnection("127.0.0.1", port, timeout=60)
                asking.request("POST", f"/before-release/{token}", sent, _FORM)
                answer = asking.getresponse()
                answer.read()
                asking.close()
                took.append(1000 * (time.perf_counter() - begun))
                if answer.status != 200:
                    refused.append(answer.status)

    workers = [threading.Thread(target=work) for _ in range(AT_ONCE)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return took, len(refused)


def _written() -> int:
    from ninethirty.core.facts import Kind
    from ninethirty.desk.record.models import FactRow

    return FactRow.objects.filter(kind=str(Kind.ACCESS_OPENED)).count()
