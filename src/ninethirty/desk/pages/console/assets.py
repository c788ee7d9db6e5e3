"""The style sheets and scripts of the console: brought by hatch_build.py, or our own."""

from functools import cache
from pathlib import Path

import allauth

from ninethirty.core.document import digest
from ninethirty.core.errors import CannotStart
from ninethirty.desk import public

FOLDERS = (
    Path(public.__file__).parent / "assets",
    Path(__file__).parent / "assets",
    Path(__file__).parent / "own",
    # Those by which a browser asks for a passkey.
    Path(allauth.__file__).parent / "mfa" / "static",
    Path(allauth.__file__).parent / "account" / "static",
)
"""WhiteNoise serves what lies here, under /assets/."""


@cache
def address(name: str) -> str:
    """Another one for every content. Raises CannotStart: the package was not built."""
    for folder in FOLDERS:
        if (folder / name).is_file():
            return f"/assets/{name}?{digest((folder / name).read_bytes())[:16]}"
    raise CannotStart(
        f"{name} is not there; it comes when the package is built: "
        "pip install --no-deps --no-build-isolation -e ."
    )
