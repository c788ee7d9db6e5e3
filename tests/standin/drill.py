"""Clocks and a client for the stand-ins' tests."""

import base64
import json
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from ninethirty.core.times import Clock, Instant, Pace, RealClock, clock, write_paces

HALF_PAST = Instant(2018, 3, 8, 9, 30, tzinfo=UTC)
TOKEN = "let-me-in"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@dataclass
class Hands:
    """A clock whose hands a test moves."""

    time: Instant
    drill: bool = True

    def now(self) -> Instant:
        return self.time

    def seconds_until(self, instant: Instant) -> float:
        return (instant - self.time).total_seconds()

    def show(self, time: Instant) -> None:
        self.time = time


def at(minutes: float = 0, seconds: float = 0) -> Instant:
    """So long after half past nine."""
    return HALF_PAST + timedelta(minutes=minutes, seconds=seconds)


def drill_file(folder: Path, begins: Instant, speed: float) -> Path:
    file = folder / "drill.json"
    write_paces(file, [Pace(RealClock().now(), begins, speed)])
    return file


def drill_clock(folder: Path, begins: Instant, speed: float) -> Clock:
    return clock(drill_file(folder, begins, speed))


@dataclass(frozen=True)
class Heard:
    status: int
    headers: dict[str, str]
    body: bytes = field(repr=False)

    def json(self) -> Any:
        return json.loads(self.body)


def ask(
    url: str,
    path: str,
    *,
    method: str = "GET",
    body: Any = None,
    headers: dict[str, str] | None = None,
    host: str | None = None,
    patience: float = 5,
) -> Heard:
    """`body`: bytes as they are, anything else as JSON. `host`: another address, the same port."""
    address, _, port = url.removeprefix("http://").partition(":")
    sent = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    connection = HTTPConnection(host or address, int(port), timeout=patience)
    try:
        connection.request(method, path, body=sent, headers=headers or {})
        answer = connection.getresponse()
        named = {name.lower(): value for name, value in answer.getheaders()}
        return Heard(answer.status, named, answer.read())
    finally:
        connection.close()


def basic(user: str) -> dict[str, str]:
    pair = base64.b64encode(f"{user}:{TOKEN}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}
