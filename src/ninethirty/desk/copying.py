"""Where copies go: the tables [[copies]] in desk.toml.

[[copies]]
kind = "folder"                          # or s3, rsync; print for a twin that only prints
place = "/srv/www/statistics"            # the folder, or the bucket

[[copies]]
kind = "s3"
place = "statistics"
url = "https://storage.example"          # empty: Amazon's own
region = "eu-west-2"
account = "AKIA..."                      # the access key's id
token = "file:/etc/ninethirty/s3-secret"

[[copies]]
kind = "rsync"                           # by ssh, as its own configuration says
place = "desk@www.example:/srv/www/statistics"
"""

import re
from dataclasses import dataclass, fields
from typing import Any

from ninethirty.desk.credential import Proven

MOST = 4
"""Copies of one desk: each is a step of the runbook."""

_NEEDS: dict[str, tuple[str, ...]] = {
    "folder": ("place",),
    "s3": ("place", "account", "token"),
    "rsync": ("place",),
    "print": (),
}

_THERE = re.compile(r"(\w[\w.-]*@)?\w[\w.-]*:/.+")
"""USER@HOST:/FOLDER. No host begins with a dash, which ssh would take for an option."""


@dataclass(frozen=True, repr=False)
class Copying(Proven):
    kind: str = ""
    place: str = ""
    url: str = ""
    region: str = "us-east-1"
    account: str = ""
    token: str = ""


def read_copies(told: Any) -> tuple[Copying, ...]:
    """Raises ValueError, saying which setting is wrong."""
    if not isinstance(told, list) or len(told) > MOST:
        raise ValueError(f"copies: expected at most {MOST} tables [[copies]]")
    return tuple(_copy(f"copies[{place}]", table) for place, table in enumerate(told))


def _copy(where: str, told: Any) -> Copying:
    known = [setting.name for setting in fields(Copying)]
    if not isinstance(told, dict):
        raise ValueError(f"{where} is not a table")
    for name, value in told.items():
        if name not in known:
            raise ValueError(f"{where}.{name} is not a setting; known: {', '.join(sorted(known))}")
        if not isinstance(value, str):
            raise ValueError(f"{where}.{name} is not a text")
    copy = Copying(**told)
    if copy.kind not in _NEEDS:
        raise ValueError(f"{where}.kind: expected {', '.join(_NEEDS)}, found {copy.kind!r}")
    for needed in _NEEDS[copy.kind]:
        if not getattr(copy, needed):
            raise ValueError(f"{where}.{needed} is missing")
    if copy.kind == "rsync" and not _THERE.fullmatch(copy.place):
        raise ValueError(f"{where}.place: expected USER@HOST:/FOLDER, found {copy.place!r}")
    return copy
