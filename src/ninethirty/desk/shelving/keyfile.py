"""The file that holds a signing key: 64 hexadecimal digits, for its owner's eyes only."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

from ninethirty.core.document import SigningKey
from ninethirty.core.errors import CannotStart, Malformed

MODE = 0o600
PUBLIC_DIGITS = 64


def new(file: Path) -> SigningKey:
    """Make a key and the file that holds it.

    Raises:
        CannotStart: there is something at that place already, or nothing can be written there.
    """
    key = SigningKey.new()
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE)
    except FileExistsError as there:
        raise CannotStart(
            f"{file} is there already and is not overwritten: gates trust the key they know; "
            "choose another name"
        ) from there
    except OSError as wrong:
        raise CannotStart(f"{file} cannot be written: {wrong.strerror}") from wrong
    try:
        with open(handle, "w") as target:  # noqa: PTH123  # a handle, not a path
            os.fchmod(handle, MODE)
            target.write(key.secret() + "\n")
            target.flush()
            os.fsync(handle)
    except OSError as wrong:
        file.unlink(missing_ok=True)
        raise CannotStart(f"{file} cannot be written: {wrong.strerror}") from wrong
    return key


def read(file: Path, warn: Callable[[str], None]) -> SigningKey:
    """The key in this file.

    warn: hears a sentence if others on this machine may read it.

    Raises:
        CannotStart: it is not there, cannot be read, or holds something else.
    """
    try:
        with file.open("rb") as source:
            mode = stat.S_IMODE(os.fstat(source.fileno()).st_mode)
            text = source.read(1000).decode("ascii")
        key = SigningKey.read(text)
    except FileNotFoundError as missing:
        if _is_public(str(file)):
            raise CannotStart(
                f"--key {str(file)[:12]}…: expected the file with the desk's key, found a public "
                "key; what is sealed is locked, and a public key opens nothing"
            ) from missing
        raise CannotStart(
            f"{file} is not there; expected a key made by: ninethirty key new {file}"
        ) from missing
    except OSError as wrong:
        raise CannotStart(f"{file} cannot be read: {wrong.strerror}") from wrong
    except (Malformed, UnicodeDecodeError) as wrong:
        raise CannotStart(
            f"{file}: not a signing key: expected {PUBLIC_DIGITS} hexadecimal digits, found "
            f"something else; keys are made by: ninethirty key new KEYFILE"
        ) from wrong
    if mode & 0o077:
        warn(f"{file} can be read by others (mode {mode:04o}); run: chmod 600 {file}")
    return key


def public_key(told: str, warn: Callable[[str], None]) -> str:
    """The public key that a person named: 64 hexadecimal digits, or a file with the signing key.

    Raises:
        CannotStart: neither.
    """
    return told.lower() if _is_public(told) else read(Path(told), warn).public


def _is_public(told: str) -> bool:
    return len(told) == PUBLIC_DIGITS and not set(told.lower()) - set("0123456789abcdef")
