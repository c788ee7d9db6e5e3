"""A real gate, real files, the real clock: what a reader gets across T."""

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import zlib
from datetime import timedelta
from pathlib import Path

import pytest

from ninethirty.core.schedule import Gone, Opening, Redirect
from ninethirty.core.times import Instant
from tests.gate.made import (
    CLOCK,
    PAGE,
    RELEASE,
    SOON,
    a_gate,
    a_shelf,
    answers,
    content,
    until,
    worker_of,
)


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
    assert waiting[1]["cache-control"] == (
        "public, max-age=5, must-revalidate, stale-while-revalidate=0, stale-if-error=0"
    )


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
        name = sealed.lies["identity"].object
        place = tmp_path / "gate" / "objects" / name[:2] / name
        place.write_bytes(b"x" * place.stat().st_size)
        status, _, body = gate.get(PAGE)
    assert status == 500
    assert b"xxx" not in body


def test_a_large_file_comes_whole_or_in_part_in_little_memory(tmp_path: Path) -> None:
    shelf = a_shelf(tmp_path)
    large = os.urandom(1 << 20) * 200
    now = CLOCK.now()
    shelf.publish("release/q", [Opening("/x.zip", now, content(shelf, large, "x/y"))], now)
    with a_gate(tmp_path, shelf) as gate:
        assert gate.get("/nothing")[0] == 404
        worker = worker_of(gate)
        before = most_memory(worker)
        assert gate.get("/x.zip")[2] == large
        part = gate.get("/x.zip", Range="bytes=-1000000")
        assert (part[0], part[2]) == (206, large[-1_000_000:])
        assert part[1]["content-length"] == "1000000"
        assert "transfer-encoding" not in part[1]
        head = gate.get("/x.zip", "HEAD")
        assert (head[0], head[1]["content-length"], head[2]) == (200, str(len(large)), b"")
        assert most_memory(worker) - before < 40 << 20


def most_memory(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) << 10
    raise AssertionError("no VmHWM")


def test_what_is_put_on_the_wire_before_t_is_the_same_for_every_odd_request(
    tmp_path: Path,
) -> None:
    shelf = a_shelf(tmp_path)
    opens = CLOCK.now() + timedelta(hours=1)
    shelf.publish("release/q", [Opening(PAGE, opens, content(shelf, RELEASE))], CLOCK.now())
    with a_gate(tmp_path, shelf) as gate:

        def raw(target: str, *fields: str, method: str = "GET") -> bytes:
            lines = [f"{method} {target} HTTP/1.1", "Host: x", "Connection: close", *fields]
            with socket.create_connection(("127.0.0.1", gate.port), timeout=5) as asking:
                asking.sendall("\r\n".join([*lines, "", ""]).encode())
                told = b"".join(iter(lambda: asking.recv(65_536), b""))
            # The clock goes on between two requests.
            return re.sub(rb"(date|expires): [^\r]*\r\n", b"", told)

        ordinary = raw("/no-such-thing")
        assert ordinary.startswith(b"HTTP/1.1 404 ")
        for target in (
            PAGE, PAGE.replace("/q", "%2Fq"), PAGE.replace("q", "%71"), f"{PAGE}?x=1", f"/{PAGE}",
            f"{PAGE}/", f"{PAGE}/.", f"/x/..{PAGE}", f"{PAGE}%00", f"{PAGE}%ff", f"{PAGE}%",
            f"{PAGE}%0d%0aX:%20y", f"{PAGE}#x", f"http://x{PAGE}", f"{PAGE};x", f"{PAGE}%20",
        ):  # fmt: skip
            assert raw(target) == ordinary, target
        for field in (
            "Range: bytes=0-0", "If-None-Match: *", "Accept-Encoding: br", "If-Range: x",
            "Range: bytes=0-0\r\nRange: bytes=5-9", "If-Modified-Since: x", "TE: trailers",
            "Accept-Encoding: \xff",
        ):  # fmt: skip
            assert raw(PAGE, field) == ordinary, field
        head = raw(PAGE, method="HEAD")
        assert head == raw("/no-such-thing", method="HEAD")
        assert head == ordinary.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"


def test_smaller_encodings_are_there_when_it_opens(tmp_path: Path) -> None:
    shelf = a_shelf(tmp_path)
    opens = CLOCK.now() + timedelta(seconds=2)
    shelf.publish("release/q", [Opening(PAGE, opens, content(shelf, RELEASE))], CLOCK.now())
    with a_gate(tmp_path, shelf) as gate:
        until(lambda: gate.get(PAGE)[0] == 200)
        answer = gate.get(PAGE, **{"Accept-Encoding": "gzip"})
    assert answer[1]["content-encoding"] == "gzip"
    assert zlib.decompress(answer[2], 31) == RELEASE


def test_a_schedule_signed_by_a_stranger_changes_nothing(tmp_path: Path) -> None:
    shelf = a_shelf(tmp_path)
    shelf.publish("release/q", [Opening(PAGE, CLOCK.now(), content(shelf, RELEASE))], CLOCK.now())
    with a_gate(tmp_path, shelf) as gate:
        stranger = a_shelf(tmp_path / "other")
        stranger.publish(
            "release/x", [Opening("/x", CLOCK.now(), content(stranger, b"x"))], CLOCK.now()
        )
        theirs, ours = tmp_path / "other" / "desk", tmp_path / "desk"
        shutil.copytree(theirs / "objects", ours / "objects", dirs_exist_ok=True)
        shutil.copy(theirs / "root", ours / "root")
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


def test_a_key_that_is_none_stops_the_start(tmp_path: Path) -> None:
    started = subprocess.run(
        [
            *(sys.executable, "-m", "ninethirty", "gate", str(tmp_path / "gate")),
            *("--from", str(tmp_path), "--key", "zz", "--listen", "127.0.0.1:0"),
        ],
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert started.returncode == 2
    assert started.stderr == (
        "ninethirty: --key zz: expected the desk's public key, 64 hexadecimal digits\n"
    )
