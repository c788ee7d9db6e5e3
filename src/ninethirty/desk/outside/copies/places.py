"""The place that a table [[copies]] of desk.toml names."""

from pathlib import Path

from ninethirty.core.errors import CannotStart
from ninethirty.desk.copying import Copying
from ninethirty.desk.outside.copies.folder import Folder
from ninethirty.desk.outside.copies.port import Place
from ninethirty.desk.outside.copies.printed import Printed

_PRINTED = Printed()


def place(told: Copying) -> Place:
    """Raises CannotStart: what it needs is not installed. OutsideFailed: its token is not to be
    had."""
    match told.kind:
        case "folder":
            return Folder(Path(told.place))
        case "s3":
            try:
                from ninethirty.desk.outside.copies.s3 import Bucket
            except ImportError as missing:
                raise CannotStart(
                    "copies: a bucket needs obstore; pip install 'ninethirty[s3]'"
                ) from missing
            return Bucket(told)
        case _:
            return _PRINTED
