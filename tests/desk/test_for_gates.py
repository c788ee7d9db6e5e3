"""The shelf over HTTP: for gates alone, each speaking for itself."""

import json
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client

from ninethirty.core import letter
from ninethirty.core.document import digest
from ninethirty.core.keyring import GateKey
from ninethirty.core.letter import Letter
from ninethirty.core.schedule import IDENTITY, Content, Opening
from ninethirty.desk.setup import setup
from ninethirty.gate.arm import arm
from ninethirty.gate.sources import source
from ninethirty.gate.store import Store
from tests.core.made import HALF_PAST
from tests.desk.setting import Desk
from tests.gate.made import Told

RELEASE = b"<p>the release</p>"
NORTH = {"Authorization": "Bearer token-of-north"}
KEYS = {"north": GateKey.new(), "south": GateKey.new()}


def places() -> tuple[str, str, str]:
    """The root, what the release lies in, and a word of ours."""
    name = setup().shelf().lies(digest(RELEASE))[IDENTITY].object
    return "root", f"objects/{name[:2]}/{name}", "acknowledged/north.json"


@pytest.fixture
def with_gates(desk: Desk) -> Desk:
    told = desk.home / "desk.toml"
    gates = [
        f'[[gates]]\nname = "{name}"\npublic = "{key.public}"\ntoken = "token-of-{name}"'
        for name, key in KEYS.items()
    ]
    told.write_text("\n".join([told.read_text(), *gates]))
    setup.cache_clear()
    content = Content(setup().shelf().put(RELEASE), len(RELEASE), "text/html")
    setup().shelf().publish("q", [Opening("/q", HALF_PAST, content)], HALF_PAST)
    return desk


def ask(method: str, where: str, headers: dict[str, str], body: Any = "") -> Any:
    data = body if isinstance(body, str | bytes) else json.dumps(body)
    return Client(HTTP_HOST="127.0.0.1").generic(method, f"/shelf/{where}", data, headers=headers)


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer "}, {"Authorization": "Bearer token-of-a"}]
)
@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize("method", ["GET", "PUT", "POST"])
def test_without_a_gates_token_nothing_is_given_or_taken(
    with_gates: Desk, method: str, place: int, headers: dict[str, str]
) -> None:
    answer = ask(method, places()[place], headers, {"gate": "north"})
    assert answer.status_code == 401
    assert not (with_gates.home / "shelf" / "acknowledged").exists()


def test_a_gate_reads_the_shelf_and_nothing_else(with_gates: Desk) -> None:
    root, content, word = (ask("GET", where, NORTH) for where in places())
    assert b"".join(root.streaming_content) == (with_gates.home / "shelf" / "root").read_bytes()
    lies = b"".join(content.streaming_content)
    assert digest(lies) == places()[1].rpartition("/")[2]
    assert word.status_code == 404
    for where in ("objects/ab/root", "objects/ab/" + "0" * 64, "notes/ab", "root.lock", ""):
        assert ask("GET", where, NORTH).status_code == 404, where
    refused = ask("PUT", "root", NORTH)
    assert (refused.status_code, refused.headers["Allow"]) == (405, "GET")


def test_a_gate_speaks_for_itself_alone(with_gates: Desk) -> None:
    said = {"gate": "north", "key": KEYS["north"].public, "version": 7}
    assert ask("PUT", "acknowledged/north.json", NORTH, said).status_code == 204
    assert setup().shelf().acknowledged() == {"north": 7}
    assert ask("PUT", "acknowledged/south.json", NORTH, said).status_code == 403
    assert ask("GET", "acknowledged/south.json", NORTH).status_code == 403
    bad: list[Any] = [{"gate": "south"}, [], "{", {"gate": "north", "more": "x" * 10_000}]
    for word in bad:
        assert ask("PUT", "acknowledged/north.json", NORTH, word).status_code == 400, word
    assert setup().shelf().acknowledged() == {"north": 7}


def test_a_gate_without_the_desks_disk_takes_its_schedule_from_the_desks_address(
    with_gates: Desk, tmp_path: Path
) -> None:
    with served() as address, closing(Store(tmp_path / "gate", KEYS["north"])) as store:
        armed = arm(
            store,
            source(f"{address}/shelf", token="token-of-north"),
            gate="north",
            trusted_key=setup().key().public,
            clock=Told(drill=True),
        )
        assert armed
        assert store.intact(setup().shelf().lies(digest(RELEASE))[IDENTITY].object)
    assert setup().shelf().acknowledged() == {"north": armed.version}


@contextmanager
def served() -> Iterator[str]:
    class Silent(WSGIRequestHandler):
        def log_message(self, format: str, *_: object) -> None:
            pass

    with make_server("127.0.0.1", 0, WSGIHandler(), handler_class=Silent) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def test_a_gate_hands_in_letters_in_its_own_name_alone(with_gates: Desk) -> None:
    told = letter.write(Letter("/gdp", "Table 2 is empty.", HALF_PAST))
    for name, body, headers, status in (
        ("north-1", told, NORTH, 204),
        ("north-1", told, NORTH, 204),
        ("south-1", told, NORTH, 403),
        ("north-..%2f..%2froot", told, NORTH, 404),
        ("north-2", b"{}", NORTH, 400),
        ("north-3", told, {}, 401),
    ):
        assert ask("PUT", f"inbox/{name}", headers, body).status_code == status, name
    [kept] = setup().shelf().letters()
    assert (kept.name, kept.read_bytes()) == ("north-1", told)
