"""Faults that only a real socket can have."""

import socket
import ssl
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from ninethirty.core.times import RealClock
from ninethirty.standin.log import read
from ninethirty.standin.platform.certificates import AUTHORITY
from ninethirty.standin.platform.truth import Truth
from ninethirty.standin.serving import Serving
from tests.standin.day import EDGES, A, Day
from tests.standin.drill import Hands, ask, at

LAST_MINUTE = timedelta(seconds=-30)


@contextmanager
def sockets(fault: str, *edges: str) -> Iterator[str]:
    """A day ten seconds after T, at real sockets; its address."""
    day = Day.of(fault, edges=edges or EDGES)
    with Serving(
        lambda request: day.platform.answer(request, at(seconds=10)),
        Hands(at(seconds=10)),
        edges or EDGES,
        0,
    ) as server:
        yield server.url


def free_port() -> int:
    with socket.socket() as held:
        held.bind((A, 0))
        port: int = held.getsockname()[1]
        return port


@contextmanager
def platform(folder: Path, fault: str, *more: str) -> Iterator[dict[str, str]]:
    """A process whose T was half a minute ago; what it said when it was ready."""
    opens = RealClock().now() + LAST_MINUTE
    command = [sys.executable, "-m", "ninethirty.standin", "platform"]
    command += ["--opens", opens.text(), "--port", str(free_port()), "--fault", fault]
    command += ["--log", str(folder / "log"), "--write", str(folder / "right"), *more]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        said: dict[str, str] = {}
        try:
            for line in running.stdout:
                what, _, address = line.strip().partition(" ")
                said.setdefault(what, address)
                if address.endswith("/sign-in"):  # The last it says.
                    break
            yield said
        finally:
            running.terminate()
            assert running.wait(10) == 0


def test_each_edge_is_an_address_and_the_log_tells_what_it_served(tmp_path: Path) -> None:
    with platform(tmp_path, "missing-file", "--edges", "3") as said:
        path = said["page"].removeprefix(said["ready"])
        for edge in EDGES:
            assert b"There were" in ask(said["ready"], path, host=edge).body
        file = ask(said["ready"], said["file"].removeprefix(said["ready"]))
    lines = read(tmp_path / "log")
    assert [line["edge"] for line in lines if line.get("part") == "page" and "client" in line] == [
        "edge-1",
        "edge-2",
        "edge-3",
    ]
    truth = Truth.read(lines)
    now = RealClock().now()
    assert not truth.whole_at(now)
    assert {was.part for was in truth.parts_at(now, "edge-1").values() if was.right} > {"page"}
    right = {one.name: one.read_bytes() for one in (tmp_path / "right").iterdir()}
    assert (file.status, file.body) in [(404, file.body), (200, right.get("births.csv"))]


def test_two_faults_compose_on_the_command_line(tmp_path: Path) -> None:
    with platform(tmp_path, "wrong-page", "--fault", "feed-absent") as said:
        page = ask(said["ready"], said["page"].removeprefix(said["ready"]))
        feed = ask(said["ready"], said["feed"].removeprefix(said["ready"]))
    assert b"There were 99" in page.body
    assert feed.status == 404


@pytest.mark.parametrize(
    ("fault", "complaint"),
    [
        ("tls-expired", "certificate has expired"),
        ("tls-wrong-name", "IP address mismatch"),
        ("tls-untrusted", "self-signed certificate"),
    ],
)
def test_one_thing_only_is_wrong_with_a_certificate(
    tmp_path: Path, fault: str, complaint: str
) -> None:
    with platform(tmp_path, fault) as said:
        assert said["trust"] == str(tmp_path / AUTHORITY)
        trusting = ssl.create_default_context(cafile=said["trust"])
        with pytest.raises(OSError, match=complaint):
            urllib.request.urlopen(said["page"], context=trusting, timeout=5)
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        with urllib.request.urlopen(said["page"], context=trusting, timeout=5) as answer:
            assert b"There were" in answer.read()


@pytest.mark.parametrize(
    ("fault", "complaint"),
    [("tcp-refused", ConnectionRefusedError), ("tcp-timeout", TimeoutError)],
)
def test_a_connection_is_refused_or_never_taken(
    tmp_path: Path, fault: str, complaint: type[OSError]
) -> None:
    with platform(tmp_path, fault) as said:
        port = int(said["ready"].rpartition(":")[2])
        with pytest.raises(complaint):
            socket.create_connection((A, port), timeout=1)


def test_a_connection_is_torn_down() -> None:
    with sockets("tcp-reset") as url, pytest.raises(ConnectionResetError):
        ask(url, Day.of().scene.release.path)


def test_a_page_goes_on_for_as_long_as_anybody_reads() -> None:
    with sockets("endless-bytes") as url:
        answer = urllib.request.urlopen(url + Day.of().scene.release.path, timeout=5)
        assert len(answer.read(20_000_000)) == 20_000_000
        answer.close()


def test_a_body_breaks_off_before_its_declared_end() -> None:
    with sockets("truncated-page") as url:
        host, port = url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=5) as client:
            path = Day.of().scene.release.path.encode()
            client.sendall(b"GET " + path + b" HTTP/1.1\r\nHost: x\r\n\r\n")
            heard = b"".join(iter(lambda: client.recv(4096), b""))
    head, _, body = heard.partition(b"\r\n\r\n")
    declared = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    assert 0 < len(body) < declared


def test_ipv6_is_an_edge_like_any_other() -> None:
    with sockets("ipv6-differs", A, "::1") as url:
        path = Day.of().scene.release.path
        assert b"There were" in ask(url, path).body
        assert b"Coming soon" in ask(url, path, host="::1").body


def test_the_list_of_faults_is_printed() -> None:
    command = [sys.executable, "-m", "ninethirty.standin", "platform", "--list"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "countdown-lost\n  8 March 2018" in printed
    assert "From outside: " in printed


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--opens", "soon", "--port", "9671"], "wall time"),
        (["--opens", "2026-12-01 09:30 Europe/London"], "--port or --listen"),
        (["--port", "9671"], "--opens or --token"),
        (["--port", "9671", "--token", "t", "--fault", "gremlins"], "is no fault"),
        (["--port", "9671", "--opens", "2026-12-01T09:30Z", "--fault", "ipv6-differs"], "::1"),
    ],
)
def test_what_cannot_be_started_is_said_and_ends_with_2(
    tmp_path: Path, arguments: list[str], complaint: str
) -> None:
    command = [sys.executable, "-m", "ninethirty.standin", "platform", *arguments]
    ended = subprocess.run(
        [*command, "--log", str(tmp_path / "log")], capture_output=True, text=True, timeout=20
    )
    assert ended.returncode == 2
    assert complaint in ended.stderr
