"""The file that holds a gate's own key: never in the store, which alone tells nothing."""

import os
from pathlib import Path

from ninethirty.core.errors import CannotStart, Malformed
from ninethirty.core.keyring import GateKey

CREDENTIALS = "CREDENTIALS_DIRECTORY"
"""Environment: where a service manager puts what only the service may read."""

FILE = "gate.key"
MODE = 0o600


def key_file(store: Path, told: Path | None) -> Path:
    """The file named by a person; else the service's credential; else one beside the store.

    Raises:
        CannotStart: it would lie in the store, and be stolen with it.
    """
    credentials = os.environ.get(CREDENTIALS)
    if told is None and credentials and (Path(credentials) / FILE).exists():
        told = Path(credentials) / FILE
    file = told or store.absolute().with_name(f"{store.absolute().name}.key")
    if file.resolve().is_relative_to(store.resolve()):
        raise CannotStart(
            f"--gate-key {file}: expected a file outside the store {store}, since whoever takes "
            "the store would have the key with it"
        )
    return file


def read_or_make(file: Path) -> tuple[GateKey, bool]:
    """The key in this file, and whether it was made now.

    Raises:
        CannotStart: it cannot be read or made, others may read it, or it holds something else.
    """
    try:
        return _make(file), True
    except FileExistsError:
        return read(file), False
    except OSError as wrong:
        if file.exists():  # a credential, in a folder where nothing can be made
            return read(file), False
        raise CannotStart(
            f"{file}: the gate's key cannot be made there: {wrong.strerror}; name another file "
            "with --gate-key"
        ) from wrong


def read(file: Path) -> GateKey:
    """Raises CannotStart."""
    try:
        with file.open("rb") as source:
            mode = os.fstat(source.fileno()).st_mode
            text = source.read(1000).decode("ascii")
        key = GateKey.read(text)
    except OSError as wrong:
        raise CannotStart(f"{file}: the gate's key cannot be read: {wrong.strerror}") from wrong
    except (Malformed, UnicodeDecodeError) as wrong:
        raise CannotStart(
            f"{file}: expected a gate's key, 64 hexadecimal digits, found something else"
        ) from wrong
    if mode & 0o007:
        raise CannotStart(f"{file} can be read by anybody on this machine; run: chmod 600 {file}")
    return key


def _make(file: Path) -> GateKey:
    key = GateKey.new()
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE)
    try:
        with open(handle, "w") as target:  # noqa: PTH123  # a handle, not a path
            target.write(key.secret() + "\n")
            target.flush()
            os.fsync(handle)
    except OSError:
        file.unlink(missing_ok=True)
        raise
    return key
