"""A source at an address: the desk's, or any place that serves a shelf's files and takes a PUT."""

import io
from typing import BinaryIO, cast
from urllib.parse import quote

import requests
from urllib3.exceptions import HTTPError

from ninethirty.core.document import Json, canonical
from ninethirty.core.errors import FileMissing, OutsideFailed
from ninethirty.gate.source import as_said

TIMEOUT = (1.0, 10.0)
"""Real seconds to connect, and to wait for the next bytes."""

PLAIN = {"Accept-Encoding": "identity"}


class Web:
    def __init__(self, address: str, token: str) -> None:
        """token: what proves to the desk which gate this is; empty: none is sent."""
        self._address = address.rstrip("/")
        self._session = requests.Session()
        # Else proxy settings of the environment decide what schedule a gate is shown.
        self._session.trust_env = False
        if token:
            self._session.headers["Authorization"] = f"Bearer {token}"

    def root(self) -> bytes | None:
        answer = self._ask("GET", "root")
        return None if answer is None else answer.content

    def open(self, name: str) -> BinaryIO:
        answer = self._ask("GET", f"objects/{name[:2]}/{name}", stream=True)
        if answer is None:
            raise FileMissing(f"{name[:12]}…: not at {self._address}")
        return cast(BinaryIO, io.BufferedReader(_Body(answer, self._address)))

    def acknowledged(self, gate: str) -> Json | None:
        answer = self._ask("GET", _acknowledgement(gate))
        return None if answer is None else as_said(answer.content)

    def acknowledge(self, gate: str, document: Json) -> None:
        self._ask("PUT", _acknowledgement(gate), data=canonical(document))

    def hand_in(self, gate: str, name: str, letter: bytes) -> None:
        self._ask("PUT", f"inbox/{quote(gate, safe='')}-{name}", data=letter)

    def _ask(
        self, method: str, where: str, *, data: bytes | None = None, stream: bool = False
    ) -> requests.Response | None:
        """None: there is no such thing."""
        url = f"{self._address}/{where}"
        try:
            answer = self._session.request(
                method,
                url,
                data=data,
                stream=stream,
                timeout=TIMEOUT,
                headers=PLAIN,
                allow_redirects=False,
            )
        except requests.RequestException as wrong:
            raise OutsideFailed(
                f"{self._address}: expected an answer, got none ({type(wrong).__name__})",
                retry=True,
            ) from wrong
        if answer.status_code == 404 and method == "GET":
            answer.close()
            return None
        if answer.status_code not in (200, 201, 204):
            answer.close()
            raise OutsideFailed(
                f"{method} {url}: expected 200, found {answer.status_code}; is --token-file right?",
                retry=True,
            )
        return answer


class _Body(io.RawIOBase):
    """What comes over the wire, so that a wire that breaks is an OutsideFailed."""

    def __init__(self, answer: requests.Response, address: str) -> None:
        self._answer = answer
        self._address = address

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            piece: bytes = self._answer.raw.read(len(buffer))
        except (HTTPError, OSError) as wrong:
            raise OutsideFailed(
                f"{self._address}: broke off in the middle of a file ({type(wrong).__name__})",
                retry=True,
            ) from wrong
        buffer[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        self._answer.close()
        super().close()


def _acknowledgement(gate: str) -> str:
    return f"acknowledged/{quote(gate, safe='')}.json"
