"""A folder, an address and a bucket are one thing to a gate."""

import http.server
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import obstore
import pytest
import requests
from moto.server import ThreadedMotoServer
from obstore.store import S3Store

from ninethirty.core.document import Json, digest
from ninethirty.core.errors import CannotStart, FileMissing, OutsideFailed, SealBroken
from ninethirty.core.schedule import Opening
from ninethirty.desk.shelf import Shelf
from ninethirty.gate.arm import arm
from ninethirty.gate.source import Backed, Folder, Source
from ninethirty.gate.sources import InOrder, source
from ninethirty.gate.store import Store
from tests.core.made import HALF_PAST
from tests.gate.made import PAGE, RELEASE, Told, a_port, a_shelf, a_store, content, key_of, lying

TOKEN = "let-me-in"
LARGE = b"0123456789abcdef" * 200_000


@dataclass
class Served:
    """A shelf, how a gate is told to find it, and what stands there as its acknowledgement."""

    told: str
    shelf: Shelf
    place: Path

    @property
    def source(self) -> Source:
        return source(self.told, token=TOKEN)

    def changed(self) -> None:
        """Bring what is on the shelf to where it is served from."""

    def word(self) -> bytes:
        return (self.place / "acknowledged" / "gate.json").read_bytes()


@contextmanager
def in_a_folder(folder: Path) -> Iterator[Served]:
    yield Served(str(folder / "desk"), a_shelf(folder), folder / "desk")


class _Files(http.server.SimpleHTTPRequestHandler):
    """Any server that gives files and takes them."""

    def do_GET(self) -> None:
        if self.headers["Authorization"] == f"Bearer {TOKEN}":
            super().do_GET()
        else:
            self.send_error(401)

    def do_PUT(self) -> None:
        place = Path(self.translate_path(self.path))
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *_: object) -> None:
        pass


@contextmanager
def at_an_address(folder: Path) -> Iterator[Served]:
    shelf = a_shelf(folder)

    def handler(*given: Any) -> _Files:
        return _Files(*given, directory=str(folder / "desk"))

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            told = f"http://127.0.0.1:{server.server_address[1]}/"
            yield Served(told, shelf, folder / "desk")
        finally:
            server.shutdown()
            thread.join()


@dataclass
class InABucket(Served):
    bucket: S3Store

    def changed(self) -> None:
        # The root last: what it names must be there before it.
        files = sorted(place for place in self.place.rglob("*") if place.is_file())
        for place in sorted(files, key=lambda place: place.name == "root"):
            obstore.put(self.bucket, str(place.relative_to(self.place)), place.read_bytes())

    def word(self) -> bytes:
        return bytes(obstore.get(self.bucket, "acknowledged/gate.json").bytes())


@contextmanager
def in_a_bucket(folder: Path) -> Iterator[Served]:
    moto = ThreadedMotoServer("127.0.0.1", a_port(), verbose=False)
    moto.start()
    try:
        with pytest.MonkeyPatch.context() as environment:
            host, port = moto.get_host_and_port()
            address = f"http://{host}:{port}"
            name = f"statistics-{port}"  # what a server is given outlives it, in this process
            for setting, value in {
                "AWS_ENDPOINT": address,
                "AWS_ACCESS_KEY_ID": "gate",
                "AWS_SECRET_ACCESS_KEY": "secret",
                "AWS_REGION": "eu-west-2",
            }.items():
                environment.setenv(setting, value)
            requests.put(f"{address}/{name}", timeout=5).raise_for_status()
            told = f"s3://{name}/desk"
            bucket = S3Store.from_url(told, client_options={"allow_http": True})
            yield InABucket(told, a_shelf(folder), folder / "desk", bucket)
    finally:
        moto.stop()


KINDS = {"folder": in_a_folder, "address": at_an_address, "bucket": in_a_bucket}


@pytest.fixture(params=list(KINDS))
def served(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Served]:
    with KINDS[request.param](tmp_path) as served:
        yield served


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(a_store(tmp_path / "gate")) as store:
        yield store


def published(served: Served, body: bytes = RELEASE) -> str:
    shelf = served.shelf
    named = shelf.publish("q", [Opening(PAGE, HALF_PAST, content(shelf, body))], HALF_PAST)
    served.changed()
    return named


def where(served: Served) -> Path:
    """What the release lies in."""
    name = lying(served.shelf, RELEASE)
    return served.place / "objects" / name[:2] / name


def take(store: Store, source: Source, served: Served) -> bool:
    armed = arm(store, source, gate="gate", trusted_key=key_of(served.shelf), clock=Told())
    return armed is not None


def test_a_schedule_is_taken_and_the_word_goes_back_the_same_way(
    served: Served, store: Store
) -> None:
    assert served.source.acknowledged("gate") is None
    root = published(served, LARGE)
    assert take(store, served.source, served)
    assert store.intact(lying(served.shelf, LARGE))
    assert f'"root":"{root}"'.encode() in served.word()
    said = served.source.acknowledged("gate")
    assert said
    assert said["root"] == root
    assert said["clock"] == "trusted"
    assert not take(store, served.source, served)


def test_what_is_not_there_is_missing(served: Served) -> None:
    with pytest.raises(FileMissing, match=f"{digest(RELEASE)[:12]}…: not "):
        served.source.open(digest(RELEASE))


def test_other_bytes_than_were_sealed_are_not_taken(served: Served, store: Store) -> None:
    published(served)
    altered = where(served)
    altered.write_bytes(altered.read_bytes()[:-1] + b"!")
    served.changed()
    with pytest.raises(SealBroken):
        take(store, served.source, served)
    assert store.root() is None


def test_an_acknowledgement_that_cannot_be_read_is_said_again(served: Served, store: Store) -> None:
    published(served)
    take(store, served.source, served)
    whole = served.word()
    served.source.acknowledge("gate", {"not": "what a gate says"})
    assert served.word() != whole
    assert not take(store, served.source, served)
    assert served.word() == whole


@pytest.mark.parametrize("served", ["address", "bucket"], indirect=True)
def test_a_source_that_is_down_says_so_and_may_be_asked_again(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = f"http://127.0.0.1:{a_port()}"
    monkeypatch.setenv("AWS_ENDPOINT", nowhere)
    down = source(nowhere if served.told.startswith("http") else served.told)
    for ask in (
        down.root,
        lambda: down.open(digest(RELEASE)),
        lambda: down.acknowledged("gate"),
        lambda: down.acknowledge("gate", {}),
    ):
        with pytest.raises(OutsideFailed) as failed:
            ask()
        assert failed.value.retry


def test_without_its_token_a_gate_is_given_nothing(tmp_path: Path) -> None:
    with (
        at_an_address(tmp_path) as served,
        pytest.raises(OutsideFailed, match=r"401; is --token"),
    ):
        source(served.told, token="wrong").root()


def test_a_wire_that_breaks_in_the_middle_of_a_file_leaves_nothing_half(
    tmp_path: Path, store: Store
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def half() -> None:
            asking, _ = listening.accept()
            with asking:
                asking.recv(10_000)
                asking.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf")

        thread = threading.Thread(target=half)
        thread.start()
        broken = source(f"http://127.0.0.1:{listening.getsockname()[1]}")
        with (
            broken.open(digest(RELEASE)) as content,
            pytest.raises(OutsideFailed, match="broke off in the middle"),
        ):
            store.take(digest(RELEASE), content)
        thread.join()
    assert not store.place(digest(RELEASE)).exists()
    assert not list((tmp_path / "gate").rglob("*.part"))


def test_a_file_that_one_source_lost_comes_from_the_next(tmp_path: Path, store: Store) -> None:
    with in_a_folder(tmp_path) as served:
        published(served)
        shutil.copytree(served.place, tmp_path / "copy")
        where(served).unlink()
        with pytest.raises(FileMissing, match=r"not in .*/desk"):
            take(store, Backed(served.source, [Folder(tmp_path / "nothing")]), served)
        assert take(store, Backed(served.source, [Folder(tmp_path / "copy")]), served)
        assert b'"gate"' in served.word()
        assert not (tmp_path / "copy" / "acknowledged").exists()


class Asked:
    """A source that counts how often it is asked for a file."""

    def __init__(self) -> None:
        self.opened = 0

    def root(self) -> bytes | None:
        return b"root"

    def open(self, name: str) -> BinaryIO:
        self.opened += 1
        return BytesIO(b"")

    def acknowledged(self, gate: str) -> Json | None:
        return None

    def acknowledge(self, gate: str, document: Json) -> None: ...

    def hand_in(self, gate: str, name: str, letter: bytes) -> None: ...


def test_a_source_that_failed_rests_while_the_others_are_asked() -> None:
    first, second = Asked(), Asked()
    order = InOrder([first, second])
    assert [place for place, _ in order.awake()] == [0, 1]
    order.rest(0)
    [(place, one)] = order.awake()
    assert place == 1
    one.open("x")
    assert (first.opened, second.opened) == (0, 1)


@pytest.mark.parametrize("told", ["ftp://desk.example", "s4://bucket"])
def test_a_source_of_another_kind_stops_the_start(told: str) -> None:
    with pytest.raises(CannotStart, match=f"--from {told}: expected a folder, http"):
        source(told)


def test_a_letter_of_a_reader_is_handed_in_the_same_way(served: Served) -> None:
    for _ in range(2):
        served.source.hand_in("gate", "20261201T093000-ab", b"{}")
    if isinstance(served, InABucket):
        found = bytes(obstore.get(served.bucket, "inbox/gate-20261201T093000-ab").bytes())
        assert found == b"{}"
    else:
        [place] = (served.place / "inbox").iterdir()
        assert (place.name, place.read_bytes()) == ("gate-20261201T093000-ab", b"{}")
