"""A real granian, real files, the real clock: what a reader gets across T."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from ninethirty.core.document import SigningKey
from ninethirty.core.schedule import Content, Gone, Opening, Redirect
from ninethirty.core.times import Instant, RealClock
from ninethirty.desk.shelf import Shelf

CLOCK = RealClock()
PAGE = "/statistics/qualifications"
SOON = b"<p>coming soon</p>"
RELEASE = b"<p>the release</p>" * 1000


def a_port() -> int:
    with socket.socket() as asking:
        asking.bind(("127.0.0.1", 0))
        port: int = asking.getsockname()[1]
        return port


def a_shelf(folder: Path) -> Shelf:
    return Shelf(folder / "desk", SigningKey.new(), site="stats.example", drill=False)


def content(shelf: Shelf, body: bytes, media_type: str = "text/html; charset=utf-8") -> Content:
    return Content(shelf.put(body), len(body), media_type)


@dataclass(frozen=True)
class Gate:
    process: subprocess.Popen[bytes]
    port: int

    def get(
        self, path: str, method: str = "GET", **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request(method, path, headers=headers)
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()


@contextmanager
def a_gate(folder: Path, shelf: Shelf, *more: str) -> Iterator[Gate]:
    port = a_port()
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "ninethirty", "gate", str(folder / "gate")),
            *("--from", str(folder / "desk"), "--key", shelf._key.public),
            *("--listen", f"127.0.0.1:{port}", *more),
        ]
    )
    gate = Gate(process, port)
    try:
        until(lambda: bool(shelf.acknowledged()) and answers(port))
        yield gate
    finally:
        process.terminate()
        process.wait(10)


def answers(port: int) -> bool:
    with socket.socket() as asking:
        asking.settimeout(1)
        return asking.connect_ex(("127.0.0.1", port)) == 0


def until(so: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)


def test_eight_readers_across_t_never_get_it_early_nor_the_old_page_after(tmp_path: Path) -> None:
    shelf = a_shelf(tmp_path)
    # T is set when the gate already runs, so that the readers are hammering well before it.
    shelf.publish(
        "release/other", [Opening("/other", CLOCK.now(), content(shelf, SOON))], CLOCK.now()
    )
    with a_gate(tmp_path, shelf) as gate:
        opens = CLOCK.now() + timedelta(seconds=3)
        shelf.publish(
            "release/q",
            [
                Opening(PAGE, opens - timedelta(days=1), content(shelf, SOON)),
                Opening(PAGE, opens, content(shelf, RELEASE)),
                Opening(f"{PAGE}/table.csv", opens, content(shelf, RELEASE, "text/csv")),
            ],
            CLOCK.now(),
        )
        until(lambda: gate.get(PAGE)[0] == 200)
        seen: list[tuple[Instant, Instant, str, int, bytes]] = []

        def read(path: str) -> None:
            connection = http.client.HTTPConnection("127.0.0.1", gate.port, timeout=5)
            while CLOCK.now() < opens + timedelta(seconds=1):
                begun = CLOCK.now()
                connection.request("GET", path)
                answer = connection.getresponse()
                body = answer.read()
                seen.append((begun, CLOCK.now(), path, answer.status, body))
            connection.close()

        paths = [PAGE, f"{PAGE}/table.csv"] * 4
        readers = [threading.Thread(target=read, args=(path,)) for path in paths]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()

    before = [look for look in seen if look[1] < opens]
    after = [look for look in seen if look[0] >= opens]
    assert len(before) > 100
    assert len(after) > 100
    assert not [look for look in before if look[4] == RELEASE], "early"
    assert {(look[3], look[4]) for look in after} == {(200, RELEASE)}, "old after T"


def test_before_its_time_a_file_looks_like_any_address_that_is_not_there(tmp_path: Path) -> None:
    shelf = a_shelf(tmp_path)
    opens = CLOCK.now() + timedelta(hours=1)
    shelf.publish("release/q", [Opening(PAGE, opens, content(shelf, RELEASE))], CLOCK.now())
    with a_gate(tmp_path, shelf) as gate:
        waiting = gate.get(PAGE)
        nothing = gate.get("/statistics/no-such-thing")
        head = gate.get(PAGE, "HEAD")
    dateless = [
        {k: v for k, v in answer[1].items() if k != "date"} for answer in (waiting, nothing)
    ]
    assert waiting[0] == nothing[0] == head[0] == 404
    assert dateless[0] == dateless[1]
    assert waiting[2] == nothing[2]
    assert waiting[1]["cache-control"] == "public, max-age=5, must-revalidate"


def test_a_reader_who_has_it_already_is_told_so(tmp_path: Path) -> None:
    shelf = a_shelf(tmp_path)
    now = CLOCK.now()
    shelf.publish(
        "release/q",
        [
            Opening(PAGE, now - timedelta(days=1), content(shelf, RELEASE)),
            Opening("/old", now - timedelta(days=1), Redirect(PAGE)),
            Opening("/taken-back", now - timedelta(days=1), Gone("withdrawn: <b>error</b>")),
        ],
        now,
    )
    with a_gate(tmp_path, shelf) as gate:
        first = gate.get(PAGE)
        again = gate.get(PAGE, **{"If-None-Match": first[1]["etag"]})
        assert first[0] == 200
        assert again[0] == 304
        assert again[1]["cache-control"] == first[1]["cache-control"]
        assert gate.get("/old")[1]["location"] == PAGE
        assert gate.get("/taken-back")[0] == 410
        assert b"<b>" not in gate.get("/taken-back")[2]
        assert gate.get(PAGE, "POST")[0] == 405


def test_bytes_that_are_not_what_was_sealed_are_never_served(tmp_path: Path) -> None:
    shelf = a_shelf(tmp_path)
    sealed = content(shelf, RELEASE)
    shelf.publish("release/q", [Opening(PAGE, CLOCK.now(), sealed)], CLOCK.now())
    with a_gate(tmp_path, shelf) as gate:
        place = tmp_path / "gate" / "objects" / sealed.digest[:2] / sealed.digest
        place.write_bytes(b"x" * sealed.size_bytes)
        status, _, body = gate.get(PAGE)
    assert status == 500
    assert b"xxx" not in body


def test_a_file_larger_than_memory_allows_comes_whole(tmp_path: Path) -> None:
    shelf = a_shelf(tmp_path)
    large = os.urandom(3 << 20)
    shelf.publish("release/q", [Opening("/large", CLOCK.now(), content(shelf, large))], CLOCK.now())
    with a_gate(tmp_path, shelf) as gate:
        assert gate.get("/large")[2] == large


def test_a_schedule_signed_by_a_stranger_changes_nothing(tmp_path: Path) -> None:
    shelf = a_shelf(tmp_path)
    shelf.publish("release/q", [Opening(PAGE, CLOCK.now(), content(shelf, RELEASE))], CLOCK.now())
    with a_gate(tmp_path, shelf) as gate:
        stranger = Shelf(tmp_path / "desk", SigningKey.new(), site="stats.example", drill=False)
        (tmp_path / "desk" / "root").unlink()
        stranger.publish(
            "release/x", [Opening("/x", CLOCK.now(), content(stranger, b"x"))], CLOCK.now()
        )
        time.sleep(1)
        assert gate.get("/x")[0] == 404
        assert gate.get(PAGE)[2] == RELEASE


def test_a_taken_port_is_named_with_the_option_that_changes_it(tmp_path: Path) -> None:
    shelf = a_shelf(tmp_path)
    shelf.publish("release/q", [Opening(PAGE, CLOCK.now(), content(shelf, RELEASE))], CLOCK.now())
    with a_gate(tmp_path, shelf) as gate:
        second = subprocess.run(
            [
                *(sys.executable, "-m", "ninethirty", "gate", str(tmp_path / "second")),
                *("--from", str(tmp_path / "desk"), "--key", "00" * 32),
                *("--listen", f"127.0.0.1:{gate.port}"),
            ],
            capture_output=True,
            timeout=20,
            check=False,
        )
    assert second.returncode == 2
    assert second.stderr.decode() == (
        f"ninethirty: 127.0.0.1:{gate.port} is taken by another program; "
        "choose another: --listen HOST:PORT\n"
    )


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_nothing_answers_after_the_main_process_is_gone(tmp_path: Path, how: int) -> None:
    shelf = a_shelf(tmp_path)
    shelf.publish("release/q", [Opening(PAGE, CLOCK.now(), content(shelf, RELEASE))], CLOCK.now())
    with a_gate(tmp_path, shelf) as gate:
        gate.process.send_signal(how)
        gate.process.wait(10)
        until(lambda: not answers(gate.port), seconds=5)
