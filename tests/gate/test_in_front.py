"""The shipped configurations of nginx and Varnish, in real time across T."""

import random
import re
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path
from time import sleep

import pytest

from ninethirty.core.schedule import Content, Opening
from ninethirty.core.times import Instant
from ninethirty.desk.shelf import Shelf
from tests.gate.in_front import DEPLOY, a_varnish, an_nginx, program
from tests.gate.made import (
    CLOCK,
    Gate,
    a_gate,
    a_port,
    a_shelf,
    answers,
    content,
    until,
)

OLD = b"the old page " * 200
NEW = b"the new page " * 200
PATHS = 40

Front = Callable[[Path, int], AbstractContextManager[int]]


@contextmanager
def nginx(folder: Path, gate_port: int) -> Iterator[int]:
    with an_nginx(folder, gate_port) as port:
        yield port


@contextmanager
def varnish(folder: Path, gate_port: int) -> Iterator[int]:
    with a_varnish(folder, gate_port) as port:
        yield port


@contextmanager
def varnish_built_in(folder: Path, gate_port: int) -> Iterator[int]:
    with a_varnish(folder, gate_port, built_in=True) as port:
        yield port


@dataclass(frozen=True)
class Look:
    path: str
    begun: Instant
    ended: Instant
    status: int
    headers: dict[str, str]
    body: bytes


def look(port: int, path: str, method: str = "GET", **headers: str) -> Look:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        return look_over(connection, path, method, **headers)
    finally:
        connection.close()


def look_over(connection: HTTPConnection, path: str, method: str = "GET", **headers: str) -> Look:
    begun = CLOCK.now()
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    fields = {name.lower(): value for name, value in answer.getheaders()}
    return Look(path, begun, CLOCK.now(), answer.status, fields, body)


def fresh_until(seen: Look) -> Instant:
    """Until when a browser that got this may show it without asking (RFC 9111, section 4.2)."""
    control = seen.headers["cache-control"]
    if "no-store" in control:
        return seen.ended
    age = timedelta(seconds=int(seen.headers.get("age", "0")))
    if found := re.search(r"max-age=(\d+)", control):
        return seen.ended + timedelta(seconds=int(found[1])) - age
    said = parsedate_to_datetime(seen.headers["date"])
    return seen.ended + (parsedate_to_datetime(seen.headers["expires"]) - said) - age


def page(shelf: Shelf, body: bytes) -> Content:
    return content(shelf, body, "text/html; charset=utf-8")


def wait_until(moment: Instant) -> None:
    sleep(max(0.0, CLOCK.seconds_until(moment)))


def a_flip(shelf: Shelf, opens: Instant) -> None:
    """Paths that change at `opens`; every second one is not there before."""
    openings = [Opening(f"/{n}", opens, page(shelf, NEW)) for n in range(PATHS)]
    openings += [
        Opening(f"/{n}", opens - timedelta(days=1), page(shelf, OLD)) for n in range(0, PATHS, 2)
    ]
    shelf.publish("release/flip", openings, CLOCK.now())


def hammer(port: int, until_then: Instant, looks: list[Look]) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    while CLOCK.now() < until_then:
        for path in ("/0", "/1"):
            looks.append(look_over(connection, path))
    connection.close()


@pytest.mark.parametrize("front", [nginx, varnish, varnish_built_in])
def test_nobody_behind_the_cache_sees_it_early_nor_the_old_page_after(
    tmp_path: Path, front: Front
) -> None:
    shelf = a_shelf(tmp_path)
    chance = random.Random(int(CLOCK.now().timestamp()))
    opens = CLOCK.now() + timedelta(seconds=14)
    a_flip(shelf, opens)
    with a_gate(tmp_path, shelf) as gate, front(tmp_path / "front", gate.port) as port:
        assert CLOCK.now() < opens - timedelta(seconds=10.1), "started too slowly"
        looks: list[list[Look]] = [[] for _ in range(4)]
        end = opens + timedelta(seconds=1)
        readers = [threading.Thread(target=hammer, args=(port, end, mine)) for mine in looks]
        for reader in readers:
            reader.start()
        moments = sorted((chance.uniform(-10, -0.05), n) for n in range(2, PATHS))
        once: list[Look] = []
        for offset, n in moments:
            wait_until(opens + timedelta(seconds=offset))
            once.append(look(port, f"/{n}"))
        wait_until(opens + timedelta(seconds=0.2))
        again = [look(port, f"/{n}") for n in range(2, PATHS)]
        for reader in readers:
            reader.join()
    every = once + again + [seen for mine in looks for seen in mine]
    assert {seen.status for seen in every if seen.ended < opens} == {200, 404}
    assert not [seen for seen in every if seen.ended < opens and seen.body == NEW], "early"
    late = [
        seen for seen in every if seen.begun >= opens and (seen.status, seen.body) != (200, NEW)
    ]
    assert not late, [(seen.path, seen.begun - opens, seen.status) for seen in late]
    assert len([seen for seen in every if seen.begun >= opens]) > 100
    kept_too_long = [
        seen for seen in every if seen.body != NEW and seen.ended < opens <= fresh_until(seen)
    ]
    assert not kept_too_long, "a browser behind the cache may keep it past T"


@contextmanager
def a_site(folder: Path, *openings: tuple[str, bytes, str]) -> Iterator[tuple[Gate, Shelf]]:
    shelf = a_shelf(folder)
    day_ago = CLOCK.now() - timedelta(days=1)
    shelf.publish(
        "release/q",
        [Opening(path, day_ago, content(shelf, body, kind)) for path, body, kind in openings],
        CLOCK.now(),
    )
    with a_gate(folder, shelf) as gate:
        until(lambda: "content-encoding" in look(gate.port, "/page", **TAKES_GZIP).headers)
        yield gate, shelf


TAKES_GZIP = {"Accept-Encoding": "gzip"}
THE_PAGE = ("/page", OLD, "text/html; charset=utf-8")


@pytest.mark.parametrize("front", [nginx, varnish])
def test_when_the_gate_is_gone_nothing_old_is_shown_in_its_place(
    tmp_path: Path, front: Front
) -> None:
    shelf = a_shelf(tmp_path)
    opens = CLOCK.now() + timedelta(seconds=7)
    a_flip(shelf, opens)
    with a_gate(tmp_path, shelf) as gate, front(tmp_path / "front", gate.port) as port:
        assert look(port, "/2").body == OLD
        gate.process.terminate()
        gate.process.wait(10)
        assert CLOCK.now() < opens
        wait_until(opens)
        seen = look(port, "/2")
    assert seen.status in (502, 503)
    assert seen.body != OLD
    assert fresh_until(seen) == seen.ended


@pytest.mark.parametrize(
    ("asked", "got"),
    [
        ("gzip, deflate, br, zstd", "br"), ("gzip, deflate", "gzip"), ("zstd, gzip", "zstd"),
        ("br;q=0, gzip;q=0.5", "gzip"), ("br;q=0.001", "br"), ("brotli", None), ("", None),
        ("br;q=0.0", None), ("gzip;q=0.000", None),
    ],
)  # fmt: skip
def test_behind_nginx_each_reader_gets_an_encoding_it_takes(
    tmp_path: Path, asked: str, got: str | None
) -> None:
    with a_site(tmp_path, THE_PAGE) as (gate, _), an_nginx(tmp_path / "n", gate.port) as port:
        for _ in range(2):  # from the gate, then from the cache
            seen = look(port, "/page", **({"Accept-Encoding": asked} if asked else {}))
            assert seen.headers.get("content-encoding") == got
            plain = look(port, "/page")
            assert (plain.body, plain.headers["vary"]) == (OLD, "accept-encoding")
            assert seen.headers["etag"].startswith('"')


@pytest.mark.parametrize("front", [nginx, varnish])
def test_behind_the_cache_parts_heads_and_tags_work(tmp_path: Path, front: Front) -> None:
    table = ("/t.csv", bytes(range(256)) * 100, "application/octet-stream")
    with a_site(tmp_path, THE_PAGE, table) as (gate, _), front(tmp_path / "f", gate.port) as port:
        whole = look(port, "/t.csv")
        part = look(port, "/t.csv", Range="bytes=10-19")
        assert (part.status, part.body) == (206, table[1][10:20])
        assert part.headers["content-range"] == "bytes 10-19/25600"
        head = look(port, "/t.csv", "HEAD")
        assert (head.status, head.body, head.headers["content-length"]) == (200, b"", "25600")
        assert look(port, "/t.csv", **{"If-None-Match": whole.headers["etag"]}).status == 304
        posted = look(port, "/t.csv", "POST")
        assert (posted.status, posted.headers["allow"]) == (405, "GET, HEAD")
        assert posted.headers["cache-control"] == "no-store"
        encoded = look(port, "/page", Range="bytes=0-4", **TAKES_GZIP)
        assert (encoded.status, encoded.body) in [(206, OLD[:5]), (200, OLD)] or (
            encoded.headers["content-encoding"] == "gzip"
        )


def test_what_nginx_holds_it_shows_without_asking_the_gate(tmp_path: Path) -> None:
    with a_site(tmp_path, THE_PAGE) as (gate, _), an_nginx(tmp_path / "n", gate.port) as port:
        before = look(port, "/page")
        gate.process.terminate()
        gate.process.wait(10)
        after = look(port, "/page")
    assert before.body == after.body == OLD


def test_two_slashes_behind_nginx_do_not_hide_the_page_with_one(tmp_path: Path) -> None:
    with a_site(tmp_path, THE_PAGE) as (gate, _), an_nginx(tmp_path / "n", gate.port) as port:
        assert look(port, "//page").status == 404
        assert look(port, "/page").status == 200
        assert look(port, "/x/../page").status == 404


def test_tls_and_http2_answer_with_the_same_rules(tmp_path: Path) -> None:
    port = a_port()
    subprocess.run(
        [
            *(program("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"),
            *("-subj", "/CN=localhost", "-keyout", "key.pem", "-out", "cert.pem"),
        ],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    tls = (DEPLOY / "nginx-tls.conf").read_text()
    tls = tls.replace("listen 443", f"listen 127.0.0.1:{port}")
    tls = tls.replace("/etc/ssl/certs/statistics.pem", str(tmp_path / "cert.pem"))
    tls = tls.replace("/etc/ssl/private/statistics.key", str(tmp_path / "key.pem"))
    (tmp_path / "tls.conf").write_text(tls)
    included = ("# include nginx-tls.conf;", f"include {tmp_path}/tls.conf;")
    trusting = ssl.create_default_context(cafile=tmp_path / "cert.pem")
    trusting.check_hostname = False
    trusting.set_alpn_protocols(["h2"])
    with (
        a_site(tmp_path, THE_PAGE) as (gate, _),
        an_nginx(tmp_path / "n", gate.port, included),
    ):
        until(lambda: answers(port))
        connection = HTTPSConnection("127.0.0.1", port, timeout=5, context=trusting)
        connection.connect()
        assert isinstance(connection.sock, ssl.SSLSocket)
        assert connection.sock.selected_alpn_protocol() == "h2"
        connection.close()
        trusting.set_alpn_protocols(["http/1.1"])
        connection = HTTPSConnection("127.0.0.1", port, timeout=5, context=trusting)
        seen = look_over(connection, "/page")
        connection.close()
    assert seen.body == OLD
    assert seen.headers["cache-control"].startswith("public, must-revalidate")
