"""The place that a table [[copies]] of desk.toml names."""

from pathlib import Path

from ninethirty.core.errors import CannotStart, OutsideFailed
from ninethirty.desk.copying import Copying
from ninethirty.desk.outside.copies.folder import Folder
from ninethirty.desk.outside.copies.port import Place
from ninethirty.desk.outside.copies.printed import Printed
from ninethirty.desk.outside.copies.rsync import Rsync
from ninethirty.desk.setup import Setup

_PRINTED = Printed()


def place(told: Copying) -> Place:
    """Raises CannotStart: what it needs is not installed. OutsideFailed: its token is not to be
    had."""
    match told.kind:
        case "folder":
            return Folder(Path(told.place))
        case "rsync":
            return Rsync(told.place)
        case "s3":
            try:
                from ninethirty.desk.outside.copies.s3 import Bucket
            except ImportError as missing:
                raise CannotStart(
                    "a bucket needs obstore; pip install 'ninethirty[s3]'"
                ) from missing
            return Bucket(told)
        case _:
            return _PRINTED


def check_copies(setup: Setup) -> None:
    """Raises CannotStart: one that cannot work is found at the start, and not at T."""
    for number, told in enumerate(setup.copies):
        try:
            place(told)
        except (OutsideFailed, CannotStart) as failed:
            raise CannotStart(f"copies[{number}]: {failed}") from failed
