"""What proves to a service that we may use it, or where that is kept.

token = "env:NINETHIRTY_X_TOKEN"        # in the environment
token = "file:/etc/ninethirty/x-token"  # in a file that nobody else may read
token = "..."                           # as it is; then nobody else may read desk.toml

It is read at every use, so a new one counts without a restart, and is kept nowhere else.
"""

import os
from dataclasses import fields
from pathlib import Path
from typing import Any

from ninethirty.core.errors import OutsideFailed

ENVIRONMENT = "env:"
FILE = "file:"


class Proven:
    """What desk.toml tells of one to whom we prove who we are by a token: the base of a dataclass
    with repr=False, for what is shown must not show the token."""

    token: str

    @property
    def secret(self) -> str:
        """What the token is now. Raises OutsideFailed."""
        return read_credential(self.token)

    def __repr__(self) -> str:
        told: dict[str, Any] = {one.name: getattr(self, one.name) for one in fields(self)}  # type: ignore[arg-type]
        shown = ", ".join(f"{name}={value!r}" for name, value in told.items() if name != "token")
        return f"{type(self).__name__}({shown})"


def is_in_clear(told: str) -> bool:
    return bool(told) and not told.startswith((ENVIRONMENT, FILE))


def read_credential(told: str) -> str:
    """Raises OutsideFailed: it is not where it should be, or others may read it. It may be tried
    again: perhaps somebody is putting a new one there."""
    if told.startswith(ENVIRONMENT):
        name = told.removeprefix(ENVIRONMENT)
        found = os.environ.get(name, "")
        if not found:
            raise OutsideFailed(f"{name} is not set in the environment", retry=True)
        return found
    if not told.startswith(FILE):
        return told
    file = Path(told.removeprefix(FILE))
    try:
        if others_may_read(file):
            raise OutsideFailed(
                f"{file}: others may read it; chmod 600 it, and change what it holds", retry=True
            )
        found = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as wrong:
        raise OutsideFailed(
            f"{file}: cannot be read ({type(wrong).__name__})", retry=True
        ) from wrong
    if not found:
        raise OutsideFailed(f"{file}: is empty", retry=True)
    return found


def others_may_read(file: Path) -> bool:
    """Raises OSError."""
    return bool(file.stat().st_mode & 0o077)
