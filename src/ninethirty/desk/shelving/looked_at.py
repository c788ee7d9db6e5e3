"""The bytes of a file or an address: their digest, read in constant memory."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote, urlsplit

import requests

from ninethirty.core.errors import CannotStart, OutsideFailed

TIMEOUT = (3.0, 10.0)
"""Real seconds to connect, and to wait for the next bytes."""

_PIECE = 1 << 20


@dataclass(frozen=True)
class LookedAt:
    """What was found. `path` is where an address says it is, empty for a file; `status` is 200 for
    a file; `digest` is empty if there was nothing, or more than `most_bytes`."""

    digest: str
    status: int
    path: str
    modified: str = ""
    """Since when it has been so, as the address says."""


def look_at(place: str, *, most_bytes: int) -> LookedAt:
    """Read a file, or ask an address as a reader does.

    most_bytes: nothing longer can be what was sealed, so no more is read.

    Raises:
        CannotStart: there is no such file. OutsideFailed: the address gave no answer.
    """
    if place.startswith(("http://", "https://")):
        return _address(place, most_bytes)
    file = Path(place)
    if not file.is_file():
        found = "a folder" if file.is_dir() else "nothing there"
        raise CannotStart(f"{place}: expected a file, or an address with http://, found {found}")
    try:
        with file.open("rb") as content:
            return LookedAt(_digest(iter(lambda: content.read(_PIECE), b""), most_bytes), 200, "")
    except OSError as wrong:
        raise CannotStart(f"{place} cannot be read: {wrong.strerror}") from wrong


def fetch(url: str, *, most_bytes: int) -> bytes:
    """The bytes an address answers with, if they are not more than that.

    Raises OutsideFailed: it answers with something else, or not at all.
    """
    try:
        with requests.Session() as session:
            session.trust_env = False
            with session.get(
                url, timeout=TIMEOUT, stream=True, headers={"Accept-Encoding": "identity"}
            ) as answer:
                content = bytearray()
                for piece in answer.iter_content(_PIECE):
                    content += piece
                    if len(content) > most_bytes:
                        raise OutsideFailed(f"{url}: longer than {most_bytes} bytes", retry=False)
    except (requests.RequestException, ValueError) as wrong:
        raise OutsideFailed(
            f"{url}: expected an answer, got none ({type(wrong).__name__})", retry=True
        ) from wrong
    if answer.status_code != 200:
        raise OutsideFailed(f"{url}: expected 200, found {answer.status_code}", retry=False)
    return bytes(content)


def _address(url: str, most_bytes: int) -> LookedAt:
    try:
        path = unquote(urlsplit(url).path) or "/"
        with requests.Session() as session:
            # Else proxy settings of the environment would show us another view of the site.
            session.trust_env = False
            with session.get(
                url, timeout=TIMEOUT, stream=True, headers={"Accept-Encoding": "identity"}
            ) as answer:
                if answer.status_code != 200:
                    return LookedAt("", answer.status_code, path)
                found = _digest(answer.iter_content(_PIECE), most_bytes)
                modified = answer.headers.get("Last-Modified", "")
                return LookedAt(found, answer.status_code, path, modified)
    except (requests.RequestException, ValueError) as wrong:
        raise OutsideFailed(
            f"{url}: expected an answer, got none ({type(wrong).__name__}); is the address right, "
            "and does something serve there?",
            retry=True,
        ) from wrong


def _digest(pieces: Iterable[bytes], most_bytes: int) -> str:
    found, size_bytes = sha256(), 0
    for piece in pieces:
        found.update(piece)
        size_bytes += len(piece)
        if size_bytes > most_bytes:
            return ""
    return found.hexdigest()
