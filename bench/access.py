"""A thousand readers open what they may see early, of fifty releases: how long each waits.

By a real desk, over HTTP, several at a time; each opening is a fact on the disk before it is
answered. NINETHIRTY_BENCH_READERS makes it shorter.

And one in Chromium has it on the screen when it is taken back: how long until the desk refuses, and
until the screen shows nothing. Skipped where there is no Chromium.
"""

import os
import queue
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Page, sync_playwright

from bench.figure import Figure, percentile
from bench.serving import free_port
from ninethirty.core.document import SigningKey
from ninethirty.core.times import RealClock, WallTime, at_local
from ninethirty.desk.command import prepare
from tests.core.made_browser import Browser
from tests.desk.mailbox import Mailbox, mailbox

READERS = int(os.environ.get("NINETHIRTY_BENCH_READERS", "1000"))
RELEASES = 50
AT_ONCE = 4
TAKEN_BACK = 5
ZONE = "Europe/London"
_ASKED = ("index.html", "data.csv")
_FORM = {"Content-Type": "application/x-www-form-urlencoded", "Host": "localhost"}

Reader = tuple[str, Browser]
"""Token of the link, and the browser that is signed in."""


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as made, mailbox() as box:
        home = Path(made)
        (home / "desk.toml").write_text(
            'site = "http://bench.example"\nproducer = "bench"\n'
            f'[services.readers]\nurl = "{box.url}"\nsender = "desk@bench.example"\n'
        )
        (home / "desk.key").write_text(SigningKey.new().secret())
        prepare(home)
        readers = _readers()
        port = free_port()
        command = [sys.executable, "-m", "ninethirty", "desk", "--home", made]
        desk = subprocess.Popen([*command, "--listen", f"127.0.0.1:{port}"])
        try:
            _up(port)
            took, refused = _open_all(port, readers)
            written = _written()
            gone = list(_taken_back(port, box))
        finally:
            desk.terminate()
            desk.wait()
    what = f"of {len(took)} openings by {READERS} readers, {RELEASES} releases, {AT_ONCE} at once"
    return [
        Figure(f"ms, 95th percentile {what}", round(percentile(took, 0.95), 1), most=150),
        Figure("ms, median", round(percentile(took, 0.5), 1)),
        Figure("ms, worst", round(max(took), 1)),
        Figure("openings refused", refused, most=0),
        Figure("openings without a fact", len(took) - written, most=0),
        *gone,
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


def _taken_back(port: int, box: Mailbox) -> Iterator[Figure]:
    """Of a few in turn, each of whom has the page on the screen."""
    from ninethirty.desk.actions.access.enter import revoke
    from ninethirty.desk.actions.access.link import link_for
    from ninethirty.desk.record.models import AccessEntry
    from tests.desk.pages.console.staff import CHROMIUM

    if not CHROMIUM.exists():
        return
    refused, covered = [], []
    entries = list(AccessEntry.objects.order_by("id")[:TAKEN_BACK])
    with _chromium() as tab:
        for entry in entries:
            token = link_for(entry.release, entry.id, by="clerk").rpartition("/")[2]
            _shows(tab, f"http://localhost:{port}/before-release/{token}", box)
            begun = time.perf_counter()
            revoke(entry.release, entry.id, by="clerk")
            while _stands(port, token):
                pass
            refused.append(time.perf_counter() - begun)
            tab.locator("iframe").wait_for(state="detached")
            covered.append(time.perf_counter() - begun)
    said = f"until the first refusal, worst of {len(entries)}"
    yield Figure(f"s from taking it back {said}", round(max(refused), 3), most=5)
    said = f"until nothing is on the screen, worst of {len(entries)}"
    yield Figure(f"s from taking it back {said}", round(max(covered), 3), most=5)


@contextmanager
def _chromium() -> Iterator[Page]:
    from tests.desk.pages.console.staff import CHROMIUM, FLAGS

    # Playwright keeps a loop of its own in this thread; nothing of ours is asynchronous.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "yes"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser.new_page()
        browser.close()


def _shows(tab: Page, address: str, box: Mailbox) -> None:
    """Signed in by the code that is mailed, with the page on the screen."""
    tab.goto(address)
    tab.get_by_role("button", name="Send me a code").click()
    tab.get_by_label("Code").wait_for()
    code = re.search(r"\d{8}", box.taken[-1].get_content())
    assert code is not None, "the mail has no code in it"
    tab.get_by_label("Code").fill(code[0])
    tab.get_by_role("button", name="Sign in").click()
    tab.get_by_role("button", name="Show the page").click()
    tab.frame_locator("iframe").get_by_text("It grew.").first.wait_for()


def _stands(port: int, token: str) -> bool:
    asking = HTTPConnection("127.0.0.1", port, timeout=60)
    asking.request("GET", f"/before-release/{token}/stands", headers={"Host": "localhost"})
    status = asking.getresponse().status
    asking.close()
    return status == 200


def _written() -> int:
    from ninethirty.core.facts import Kind
    from ninethirty.desk.record.models import FactRow

    return FactRow.objects.filter(kind=str(Kind.ACCESS_OPENED)).count()
