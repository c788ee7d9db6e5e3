"""Ask clamd whether a file holds a virus, over its socket, in constant memory."""

import socket
import struct
from pathlib import Path

from ninethirty.core.errors import BundleRefused, OutsideFailed

PATIENCE = 60.0
"""Real seconds for clamd to take a piece, or to answer."""

_PIECE = 1 << 16
_LONGEST = 4096


def scan(file: Path, name: str, clamd: str) -> None:
    """clamd: the path of its socket, or HOST:PORT. name: what people know the file by.

    Raises:
        BundleRefused: there is a virus in it. OutsideFailed: clamd is not there, or did not say.
    """
    try:
        with _connected(clamd) as daemon, file.open("rb") as content:
            daemon.sendall(b"zINSTREAM\0")
            while piece := content.read(_PIECE):
                daemon.sendall(struct.pack("!I", len(piece)) + piece)
            daemon.sendall(struct.pack("!I", 0))
            said = _answer(daemon)
    except OSError as wrong:
        raise OutsideFailed(f"the virus scan does not answer: {wrong}", retry=True) from wrong
    if said.endswith(" OK"):
        return
    if said.endswith(" FOUND"):
        what = said.removeprefix("stream: ").removesuffix(" FOUND")
        raise BundleRefused(f"{name}: the virus scan found {what}; nothing was taken")
    raise OutsideFailed(f"the virus scan said {said[:100]!r} of {name}", retry=False)


def _connected(clamd: str) -> socket.socket:
    host, colon, port = clamd.rpartition(":")
    if colon and port.isdecimal():
        return socket.create_connection((host, int(port)), timeout=PATIENCE)
    made = socket.socket(socket.AF_UNIX)
    made.settimeout(PATIENCE)
    try:
        made.connect(clamd)
    except OSError:
        made.close()
        raise
    return made


def _answer(daemon: socket.socket) -> str:
    said = b""
    while not said.endswith(b"\0") and len(said) < _LONGEST:
        piece = daemon.recv(_LONGEST)
        if not piece:
            break
        said += piece
    return said.rstrip(b"\0").decode(errors="replace").strip()
