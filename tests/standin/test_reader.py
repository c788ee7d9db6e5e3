import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from ninethirty.core.times import Clock, Instant
from ninethirty.standin.exchange import Reply, Request
from ninethirty.standin.log import Log, read
from ninethirty.standin.plan import Plan
from ninethirty.standin.reader import Reader
from ninethirty.standin.serving import Serving
from ninethirty.standin.source import Source
from ninethirty.standin.visible import visible_text
from tests.standin.drill import HALF_PAST, Hands, at, drill_clock

DATA = b"year,births\n2018,12\n"
PAGE = b"<nav>Site</nav><main><h1>Births</h1> <p>There were <b>12</b>.</p></main>"
PLACEHOLDER = b"<main>Coming soon</main>"
LINK = b'<section><a href="/media/1/births.csv">births.csv</a></section>'
EDGES = ("127.0.0.31", "127.0.0.32")


class Site:
    """Turns at `turns`; the second edge lags ten drill seconds behind and has a wrong file."""

    def __init__(self, clock: Clock, turns: Instant) -> None:
        self._clock = clock
        self._turns = turns

    def __call__(self, request: Request) -> Reply:
        now = self._clock.now()
        lags = request.address == EDGES[1]
        is_open = now >= (self._turns + (at(seconds=10) - HALF_PAST) if lags else self._turns)
        match request.path:
            case "/feed":
                return Reply(200, b"<feed><entry></entry><entry a='1'></entry></feed>")
            case "/media/1/births.csv":
                content = DATA.replace(b"12", b"13") if lags else DATA
                return Reply(200, content) if is_open else Reply(404)
            case "/births":
                return Reply(200, PAGE + LINK if is_open else PLACEHOLDER)
            case _:
                return Reply(404)


def folder(root: Path) -> Path:
    files = root / "files"
    files.mkdir()
    html = "<head><title>Births</title></head><body><main><h1>Births</h1><p>There were <b>12</b>."
    (files / "index.html").write_text(f"{html}</p></main></body>")
    (files / "births.csv").write_bytes(DATA)
    return files


def plan(root: Path, url: str, until: Instant) -> Plan:
    return Plan(
        opens=HALF_PAST,
        until=until,
        page=f"{url}/births",
        files={"births.csv": f"{url}/media/1/births.csv"},
        feed=f"{url}/feed",
        announced=f"{url}/births",
        edges=EDGES,
        files_dir=folder(root),
        seed=1,
    )


@contextmanager
def site(clock: Clock, turns: Instant = HALF_PAST) -> Iterator[str]:
    with Serving(Site(clock, turns), clock, EDGES, 0) as server:
        yield server.url


def looks(root: Path, **wanted: Any) -> list[dict[str, Any]]:
    return [
        line
        for line in read(root / "log")
        if all(line[name] == value for name, value in wanted.items())
    ]


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A reader's log of a release that opened at T + 1 s, from T - 175 s to T + 150 s."""
    root = tmp_path_factory.mktemp("reader")
    clock = drill_clock(root, at(seconds=-175), speed=60)
    with site(clock, at(seconds=1)) as url, Log(root / "log") as log:
        Reader(plan(root, url, at(seconds=150)), clock, log).run()
    return root


def test_each_look_says_truly_whether_it_was_right(watched: Path) -> None:
    for part in ("page", "births.csv"):
        lines = looks(watched, where="alternate", part=part)
        assert {line["right"] for line in lines} == {False, True}
        for line in lines:
            assert line["right"] or line["begun"] < at(seconds=1).text()
            assert not line["right"] or line["ended"] >= at(seconds=1).text()
    digest = hashlib.sha256(DATA).hexdigest()
    assert {line["sha256"] for line in looks(watched, part="births.csv", right=True)} == {digest}


def test_each_edge_is_asked_once_before_its_time(watched: Path) -> None:
    for edge in EDGES:
        before = [
            line["begun"]
            for line in looks(watched, where="announced", edge=edge)
            if line["begun"] < HALF_PAST.text()
        ]
        assert len(before) == 1
        assert at(seconds=-171).text() < before[0] < at(seconds=-60).text()


def test_a_right_page_is_followed_to_its_files_at_the_same_edge(watched: Path) -> None:
    first, second = (looks(watched, where="announced", part="births.csv", edge=e) for e in EDGES)
    assert [line["right"] for line in first] == [True]
    assert second
    assert {line["right"] for line in second} == {False}


def test_looks_are_many_close_to_the_promised_time_and_fewer_later(tmp_path: Path) -> None:
    public = plan(tmp_path, "http://127.0.0.1:1", at(minutes=90))
    moments = [at(minutes=-9), at(seconds=-5), at(seconds=4), at(seconds=5), at(minutes=3)]
    pauses = [public.alternate_pause(when, Hands(when)) for when in moments]
    assert pauses == [0.2, 0.04, 0.04, 0.5, 2.0]
    assert public.alternate_pause(at(seconds=-5.1), Hands(at(seconds=-5.1))) == pytest.approx(0.1)
    assert public.announced_pause(at(seconds=1), Hands(at(seconds=1))) == 1.0
    assert public.announced_pause(at(minutes=3), Hands(at(minutes=3))) == 5.0


def test_the_feed_is_counted_from_its_time_on(watched: Path) -> None:
    lines = looks(watched, where="feed")
    assert lines
    assert {line["entries"] for line in lines} == {2}
    assert all(line["begun"] >= HALF_PAST.text() for line in lines)


def test_a_server_that_is_down_is_written_down(tmp_path: Path) -> None:
    clock = drill_clock(tmp_path, at(seconds=-1), speed=10)
    with Log(tmp_path / "log") as log:
        Reader(plan(tmp_path, "http://127.0.0.1:1", at(seconds=3)), clock, log).run()
    for where in ("alternate", "announced", "feed"):
        lines = looks(tmp_path, where=where)
        assert lines
        assert all("ConnectionRefusedError" in line["trouble"] for line in lines)
        assert all(line["status"] is None and not line["right"] for line in lines)


def test_a_reader_that_is_stopped_ends_at_once(tmp_path: Path) -> None:
    clock = drill_clock(tmp_path, at(minutes=-30), speed=1)
    with site(clock) as url, Log(tmp_path / "log") as log:
        public = Reader(plan(tmp_path, url, at(minutes=90)), clock, log)
        running = threading.Thread(target=public.run)
        running.start()
        public.stop()
        running.join(5)
        assert not running.is_alive()


def test_a_folder_whose_page_says_nothing_is_refused(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<main><script>12</script></main>")
    with pytest.raises(ValueError, match="says nothing"):
        Source.read(tmp_path)


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("<p>12&nbsp;births</p><p>3</p>", "12 births 3"),
        ("<style>p{}</style>1<script>2</script>", "1"),
        ("<title>not shown</title>", "not shown"),
        ("<head><title>not shown</title></head>shown", "shown"),
    ],
)
def test_only_what_can_be_seen_counts_as_said(html: str, said: str) -> None:
    assert visible_text(html) == said
