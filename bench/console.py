"""The console as people ask for it: the real desk server on SQLite, readers on the same cores.

NINETHIRTY_BENCH_UPLOAD, in bytes, makes the upload smaller than 2 GB; it takes twice that on disk.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from typing import Any

from bench.figure import Figure, percentile
from bench.serving import Served, free_port
from ninethirty.core.document import SigningKey
from ninethirty.core.times import RealClock, WallTime, at_local
from ninethirty.desk.command import prepare

UPLOAD = int(os.environ.get("NINETHIRTY_BENCH_UPLOAD", "2000000000"))
RELEASES, FACTS, PEOPLE = 200, 10_000, 50
TIMES, SECONDS = 100, 20
BAR_MS, BAR_BEHIND = 150, 1.0
POLLS = re.compile(rb'hx-trigger="every (\d+)ms"')
PIECE = 4 << 20
ZONE = "Europe/London"
ROOM = "/incidents/bench-late"
CLOCK = RealClock()


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as made:
        home = Path(made) / "desk"
        _fill(home)
        with _served(home) as desk:
            ask = _Person(desk.port, _cookie("officer"))
            return [
                *_today(desk, ask),
                *_room(desk, ask),
                *_fifty(desk, [_Person(desk.port, _cookie(f"p-{n}")) for n in range(PEOPLE)]),
                *_behind(desk.port),
                *_upload(desk, _Person(desk.port, _cookie("statistician"))),
            ]


def _today(desk: Served, ask: "_Person") -> list[Figure]:
    what = f"Today, {RELEASES} releases"
    ask("/")
    used = desk.cpu_seconds()
    whole = [ask("/").ms for _ in range(TIMES)]
    used = desk.cpu_seconds() - used
    live = [ask("/today/rows").ms for _ in range(TIMES)]
    again = desk.cpu_seconds()
    other = []
    for n in range(TIMES):
        _checked(1 + n)
        other.append(ask("/").ms)
    again = desk.cpu_seconds() - again
    return [
        Figure(f"{what}: ms, p95", _p95(whole), most=BAR_MS),
        Figure(f"{what}: ms of processor", round(1000 * used / TIMES)),
        Figure(f"{what}, live part: ms, p95", _p95(live), most=BAR_MS),
        Figure(f"{what}, a new fact each time: ms, p95", _p95(other), most=BAR_MS),
        Figure(f"{what}, a new fact each time: ms of processor", round(1000 * again / TIMES)),
    ]


def _room(desk: Served, ask: "_Person") -> list[Figure]:
    what = f"incident room, {FACTS:,} facts"
    first = ask(ROOM).ms

    def after(change: Callable[[], object]) -> list[float]:
        took = []
        for _ in range(TIMES):
            change()
            took.append(ask(ROOM).ms)
        return took

    same = after(lambda: None)
    used = desk.cpu_seconds()
    other, looked = after(_happens), after(_looks)
    used = desk.cpu_seconds() - used
    return [
        Figure(f"{what}, the first time: ms", round(first)),
        Figure(f"{what}, unchanged: ms, p95", _p95(same), most=BAR_MS),
        Figure(f"{what}, a new fact each time: ms, p95", _p95(other), most=BAR_MS),
        Figure(f"{what}, a new look each time: ms, p95", _p95(looked), most=BAR_MS),
        Figure(f"{what}, something new each time: ms of processor", round(500 * used / TIMES)),
    ]


def _fifty(desk: Served, people: list["_Person"]) -> list[Figure]:
    """All open the room at one moment, then ask for the live part as often as the page says, while
    a fact is written each second."""
    happened: dict[int, float] = {}
    opened: list[float] = []
    took: list[float] = []
    behind: list[float] = []
    odd: list[str] = []
    begin = threading.Barrier(len(people) + 1)
    over = threading.Event()

    def one(ask: _Person) -> None:
        begin.wait()
        said = ask(ROOM)
        opened.append(said.ms)
        pause = int(POLLS.findall(said.body)[0]) / 1000
        while not over.wait(pause):
            polled = ask(f"{ROOM}/live?since={said.since}")
            took.append(polled.ms)
            if polled.status == 200:
                now = time.monotonic()
                behind.extend(now - happened[n] for n in polled.facts if n in happened)
                said = polled
            elif polled.status != 204:
                odd.append(f"{polled.status}")

    threads = [threading.Thread(target=one, args=(ask,)) for ask in people]
    for thread in threads:
        thread.start()
    begin.wait()
    used, begun = desk.cpu_seconds(), time.monotonic()
    for second in range(SECONDS):
        time.sleep(max(0.0, begun + second + 1 - time.monotonic()))
        at = time.monotonic()
        happened[_happens()] = at
    time.sleep(2)
    used = (desk.cpu_seconds() - used) / (time.monotonic() - begun)
    over.set()
    for thread in threads:
        thread.join()
    return [
        Figure(f"{PEOPLE} open the room at one moment: ms, the last", round(max(opened))),
        Figure(f"{PEOPLE} in the room, a fact a second: ms for the live part, p95", _p95(took)),
        Figure(f"{PEOPLE} in the room: errors", len(odd), most=0),
        Figure(f"{PEOPLE} in the room: facts seen, of {PEOPLE * SECONDS}", len(behind)),
        Figure(f"{PEOPLE} in the room: s behind, p95", _s(behind, 0.95), most=BAR_BEHIND),
        Figure(f"{PEOPLE} in the room: cores used by the desk", round(used, 2)),
    ]


_WATCH = """
() => {
  window.seen = {};
  new MutationObserver(() => {
    for (const one of document.querySelectorAll("#timeline > li"))
      window.seen[one.id] ??= Date.now() / 1000;
  }).observe(document.body, { childList: true, subtree: true });
}
"""


def _behind(port: int) -> list[Figure]:
    """From a fact to a line of it in Chromium."""
    from playwright.sync_api import sync_playwright

    from tests.desk.pages.console.staff import CHROMIUM, FLAGS

    # Playwright keeps a loop of its own running in this thread; nothing of ours is asynchronous.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    seen: list[float] = []
    at = f"http://localhost:{port}"
    cookie = _cookie("officer")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = browser.new_context(base_url=at)
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": at}])
        page = context.new_page()
        page.goto(ROOM)
        page.evaluate(_WATCH)
        for n in range(SECONDS):
            time.sleep(0.37 + n % 7 / 10)  # not in step with the page
            written = CLOCK.now().timestamp()
            fact = _happens()
            page.wait_for_selector(f"#timeline > #fact-{fact}")
            seen.append(page.evaluate(f"window.seen['fact-{fact}']") - written)
        browser.close()
    return [
        Figure("live part in a browser: s behind, median", _s(seen, 0.5)),
        Figure("live part in a browser: s behind, longest", _s(seen, 1), most=BAR_BEHIND),
    ]


def _upload(desk: Served, ask: "_Person") -> list[Figure]:
    """Piece by piece as the page's script sends it, then all at once as the plain form does."""
    page = b"<!doctype html><html lang=en><title>x</title><main><h1>x</h1></main></html>"
    figures = []
    at = "/releases/bench-0/hand-in"
    token = re.findall(rb'csrfmiddlewaretoken" value="(\w+)"', ask("/releases/bench-0").body)[0]
    for way, send in (("in pieces", _in_pieces), ("as one form", _as_one_form)):
        desk.forget_peak()
        before, begun = desk.peak_bytes(), time.monotonic()
        send(ask, at, token.decode(), page)
        took = time.monotonic() - begun
        peak, what = desk.peak_bytes(), f"{UPLOAD / 1e9:g} GB {way}"
        figures += [
            Figure(f"{what}: s", round(took, 1)),
            Figure(f"{what}: MB resident at the most, of the whole desk", _mb(peak)),
            Figure(f"{what}: MB of it that came with the upload", _mb(peak - before), most=64),
        ]
    return figures


def _in_pieces(ask: "_Person", at: str, token: str, page: bytes) -> None:
    listed = [("index.html", len(page)), ("data.bin", UPLOAD)]
    sent = {"X-CSRFToken": token, "Content-Type": "application/octet-stream"}
    told = [{"name": name, "size": size, "modified": 1} for name, size in listed]
    assert ask(f"{at}/begin", json.dumps(told).encode(), sent).status == 200
    assert ask(f"{at}/piece?n=0&from=0", page, sent).status == 200
    for start in range(0, UPLOAD, PIECE):
        data = os.urandom(min(PIECE, UPLOAD - start))
        assert ask(f"{at}/piece?n=1&from={start}", data, sent).status == 200
    done = ask(f"{at}/finish", b"", sent)
    assert done.status == 200, done.body


def _as_one_form(ask: "_Person", at: str, token: str, page: bytes) -> None:
    part = '--{}\r\nContent-Disposition: form-data; name="{}"{}\r\n\r\n'
    edge = "edge-of-the-form"
    file = '; filename="{}"\r\nContent-Type: application/octet-stream'

    def head(name: str, filename: str = "") -> bytes:
        return part.format(edge, name, file.format(filename) if filename else "").encode()

    before = [head("csrfmiddlewaretoken"), token.encode(), b"\r\n"]
    before += [head("files", "index.html"), page, b"\r\n", head("files", "data.bin")]
    after = [b"\r\n", head("end"), b"1\r\n", f"--{edge}--\r\n".encode()]
    size = sum(map(len, before + after)) + UPLOAD

    def body() -> Iterator[bytes]:
        yield from before
        for start in range(0, UPLOAD, PIECE):
            yield os.urandom(min(PIECE, UPLOAD - start))
        yield from after

    told = {
        "Content-Type": f"multipart/form-data; boundary={edge}",
        "Content-Length": str(size),
    }
    done = ask(at, body(), told)
    assert done.status == 302, done.body


class _Said:
    def __init__(self, status: int, body: bytes, ms: float) -> None:
        self.status, self.body, self.ms = status, body, ms

    @property
    def since(self) -> str:
        return str(re.findall(r"live\?since=([\d.]+)", self.body.decode())[0])

    @property
    def facts(self) -> list[int]:
        return [int(n) for n in re.findall(rb'id="fact-(\d+)"', self.body)]


class _Person:
    """Somebody with a connection of their own."""

    def __init__(self, port: int, cookie: str) -> None:
        self._desk = HTTPConnection("127.0.0.1", port, timeout=600)
        self._cookies = {"sessionid": cookie}

    def __call__(self, path: str, body: Any = None, more: dict[str, str] | None = None) -> _Said:
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        headers = {"Host": "localhost", "Cookie": cookies, **(more or {})}
        begun = time.monotonic()
        self._desk.request("GET" if body is None else "POST", path, body, headers)
        answer = self._desk.getresponse()
        data = answer.read()
        took = 1000 * (time.monotonic() - begun)
        for given in answer.headers.get_all("Set-Cookie", []):
            name, _, value = given.partition(";")[0].partition("=")
            self._cookies[name] = value
        return _Said(answer.status, data, took)


@contextmanager
def _served(home: Path) -> Iterator[Served]:
    port = free_port()
    command = [sys.executable, "-m", "ninethirty", "desk", "--home", str(home)]
    command += ["--listen", f"127.0.0.1:{port}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as desk:
        try:
            assert desk.stdout
            assert desk.stdout.readline().startswith(b"ready")
            yield Served(port, desk)
        finally:
            desk.terminate()


def _fill(home: Path) -> None:
    """People, releases of the coming days that are armed, and one that has been late for a day and
    ten thousand facts."""
    home.mkdir()
    (home / "desk.toml").write_text('site = "http://bench.example"\nproducer = "bench"\n')
    (home / "desk.toml").chmod(0o600)
    (home / "desk.key").write_text(SigningKey.new().secret())
    prepare(home)
    from ninethirty.core.facts import Kind
    from ninethirty.core.release import Role
    from ninethirty.desk.actions.announce import announce
    from ninethirty.desk.record.fit import make_fit
    from ninethirty.desk.setup import setup
    from tests.desk.pages.console.staff import somebody
    from tests.desk.setting import happens

    make_fit(setup())
    somebody(Role.STATISTICIAN, "statistician")
    somebody(Role.PUBLISHING_OFFICER, "officer")
    for n in range(PEOPLE):
        somebody((Role.PUBLISHING_OFFICER, Role.STATISTICIAN, Role.APPROVER)[n % 3], f"p-{n}")
    days = _workdays()
    for n in range(RELEASES):
        name = f"bench-{n}"
        announce(
            name,
            title=f"Index number {n}, monthly, by region and by industry",
            opens=days[n % len(days)],
            path=f"/bench/{n}",
            announced=f"http://platform.example/bench/{n}",
            by="statistician",
        )
        if n == 0:
            continue
        for kind in (Kind.STAGED, Kind.SEALED, Kind.APPROVED, Kind.ARMED):
            happens(kind, CLOCK.now(), subject=name, gates=[], seal="")
        happens(Kind.STEP_DONE, CLOCK.now(), subject=name, step="check_day_before", attempt=1)
    _late()


def _workdays() -> list[WallTime]:
    today = at_local(CLOCK.now(), ZONE)
    days = [today + timedelta(days=n) for n in range(1, 7)]
    return [WallTime.parse(f"{day:%Y-%m-%d} 09:30 {ZONE}") for day in days if day.weekday() < 5]


def _late() -> None:
    """As a real day leaves it: tries at notices that failed, calls, looks of three witnesses."""
    from dataclasses import replace

    from ninethirty.core.facts import Kind
    from ninethirty.core.watch import ALTERNATE, write_order
    from ninethirty.desk.record.facts import New, append_all
    from ninethirty.desk.record.models import Release
    from ninethirty.desk.record.sightings import store
    from ninethirty.desk.setup import setup
    from tests.core.made import HALF_PAST, KEY, PLACEHOLDER, RIGHT, channel, order, watching

    release = "bench-late"
    opens = CLOCK.now() - timedelta(hours=1)
    ahead = opens - HALF_PAST
    watch = order(None, channel(), channel(ALTERNATE, quiet=timedelta(0)))
    watch = replace(watch, release=release, opens=opens)
    Release.objects.create(
        id=release,
        title="Bench",
        opens=f"{opens:%Y-%m-%d %H:%M} UTC",
        path="/bench/late",
        announced="http://platform.example/late",
        key=KEY.hex(),
        order=write_order(watch, setup().key()),
    )

    def new(kind: Kind, after: float, **details: Any) -> New:
        return New(release, kind, opens + timedelta(seconds=after), details=details)

    facts = [
        new(Kind.LATE_PROVISIONAL, 20),
        new(Kind.INCIDENT_OPENED, 21),
        new(Kind.STEP_DONE, 22, step="open_incident", attempt=1),
        new(Kind.STEP_DONE, 30, step="check_alternate", attempt=1),
        new(Kind.ALTERNATE_VERIFIED, 30, channel=ALTERNATE),
        new(Kind.LATE, 61),
    ]
    for n in count(1):
        if len(facts) >= FACTS:
            break
        step, after = ("tell_x", "tell_news", "raise_ticket")[n % 3], 62 + n / 2
        facts += [
            new(Kind.STEP_CLAIMED, after, step=step, attempt=n, runner="r"),
            new(Kind.STEP_FAILED, after, step=step, attempt=n, retry=True),
            new(Kind.PAGED, after, alarm="late", to="lead", person="officer"),
            new(Kind.READER_WROTE, after),
        ]
    for start in range(0, len(facts), 1000):
        append_all(facts[start : start + 1000], actor="r", recorded=CLOCK.now())
    for on, found in (("announced", PLACEHOLDER), (ALTERNATE, RIGHT)):
        for witness in ("a", "b", "c"):
            looks = watching(witness, -60, 3595, found)
            here = [replace(look, channel=on, release=release) for look in looks]
            store(
                [
                    replace(look, started=look.started + ahead, ended=look.ended + ahead)
                    for look in here
                ]
            )


def _checked(n: int) -> None:
    """One of the releases of these days was looked over by the runner once more."""
    from ninethirty.core.facts import Kind
    from tests.desk.setting import happens

    about = f"bench-{n}"
    happens(Kind.STEP_DONE, CLOCK.now(), subject=about, step="check_day_before", attempt=2)


def _happens() -> int:
    """Another fact of the incident; its number."""
    from ninethirty.core.facts import Kind
    from tests.desk.setting import happens

    return happens(Kind.BLIND, CLOCK.now(), subject="bench-late").n


def _looks() -> None:
    """A witness has looked once more."""
    from dataclasses import replace

    from ninethirty.desk.record.sightings import store
    from tests.core.made import PLACEHOLDER, watching

    now = CLOCK.now()
    [seen] = watching("a", 0, 0, PLACEHOLDER)[:1]
    store([replace(seen, release="bench-late", started=now, ended=now)])


def _cookie(person: str) -> str:
    from ninethirty.core.release import Role
    from tests.desk.pages.console.staff import client_of, somebody

    return client_of(somebody(Role.STATISTICIAN, person)).cookies["sessionid"].value


def _p95(ms: list[float]) -> float:
    return round(percentile(ms, 0.95), 1)


def _s(seconds: list[float], part: float) -> float:
    return round(percentile(seconds, part), 2)


def _mb(size_bytes: int) -> int:
    return round(size_bytes / 1e6)
