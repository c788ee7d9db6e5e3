"""The line to the desk, which may be down for as long as it likes."""

import threading
from dataclasses import dataclass
from enum import StrEnum
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

import structlog

from ninethirty.core.errors import CannotStart

log = structlog.get_logger()

TIMEOUT_SECONDS = 3.0

REFUSALS = {400, 413, 422}
"""What was sent is not acceptable, and would not be later either."""


class Line(StrEnum):
    UP = "up"
    DOWN = "down"
    """No answer, or one of a server in trouble."""
    BARRED = "barred"
    """It does not want us: a wrong token, or a wrong address."""


@dataclass(frozen=True)
class Reply:
    """taken: the desk has done what was asked; else it never will, and `body` says why."""

    taken: bool
    body: bytes


class Desk:
    """A new connection for each request. May be used by several threads."""

    def __init__(self, url: str, token: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise CannotStart(f"--desk {url}: expected an address such as http://127.0.0.1:8000")
        self._secure = parts.scheme == "https"
        self._address = parts.netloc.rpartition("@")[2]
        self._path = parts.path.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._lock = threading.Lock()
        self._line: tuple[Line, str] | None = None

    def ask(self, method: str, path: str, body: bytes | None = None) -> Reply | None:
        """None: no answer of use; ask again after a pause."""
        try:
            status, text = self._exchange(method, path, body)
        except (OSError, HTTPException) as failed:
            self._note(Line.DOWN, type(failed).__name__)
            return None
        if 200 <= status < 300 or status in REFUSALS:
            self._note(Line.UP, "")
            return Reply(status not in REFUSALS, text)
        self._note(Line.DOWN if status >= 500 else Line.BARRED, f"status {status}")
        return None

    def _exchange(self, method: str, path: str, body: bytes | None) -> tuple[int, bytes]:
        kind = HTTPSConnection if self._secure else HTTPConnection
        connection = kind(self._address, timeout=TIMEOUT_SECONDS)
        try:
            connection.request(method, self._path + path, body, self._headers)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def _note(self, line: Line, why: str) -> None:
        """Logged once per change: a desk that is down for a night is one line."""
        with self._lock:
            if self._line == (line, why):
                return
            self._line = (line, why)
        match line:
            case Line.UP:
                log.info("desk.up")
            case Line.DOWN:
                log.warning("desk.down", why=why)
            case Line.BARRED:
                log.error("desk.barred", why=why)
