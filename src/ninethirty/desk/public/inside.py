"""What is in a file, shown beside it: the first rows of a CSV file, the sheets of a workbook.

A file may be large, or made to look small: no more of it is unpacked or read than is shown.
"""

from collections.abc import Iterator
from io import BytesIO
from itertools import islice
from pathlib import PurePosixPath
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError

from ninethirty.core.errors import BundleRefused
from ninethirty.core.site import Preview
from ninethirty.desk.public.rows import bytes_for, first_rows

MOST_ROWS = 5
MOST_COLUMNS = 12
MOST_SHEETS = 50
LONGEST_CELL = 80
"""Characters."""

LARGEST_UNPACKED = 100_000_000
"""Bytes of XML that are looked through for the names of sheets; a second or two of work."""

_PIECE = 1 << 16
# In which part the sheets are named, and by which element.
_BOOKS = {".ods": ("content.xml", "table"), ".xlsx": ("xl/workbook.xml", "sheet")}
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"


def looks_inside(name: str) -> bool:
    """Is anything of such a file shown?"""
    kind = PurePosixPath(name).suffix.lower()
    return kind == ".csv" or kind in _BOOKS


def preview(name: str, content: bytes) -> Preview | None:
    """None: nothing of such a file is shown.

    Raises:
        BundleRefused: it is not what its name says, or broken, and what to do about it.
    """
    kind = PurePosixPath(name).suffix.lower()
    try:
        if kind == ".csv":
            return _rows(content)
        if kind in _BOOKS:
            return Preview(sheets=tuple(_sheets(content, *_BOOKS[kind])))
    except BundleRefused as wrong:
        raise BundleRefused(f"{name}: {wrong}") from wrong
    return None


def _rows(content: bytes) -> Preview:
    most = MOST_ROWS + 1
    found = first_rows(content, most)
    # Only of a file that was read to its end anyway.
    more = None if len(content) >= bytes_for(most) or found.more else 0
    cells = (row[:MOST_COLUMNS] for row in found.rows)
    return Preview(tuple(tuple(_short(cell) for cell in row) for row in cells), more)


def _short(cell: str) -> str:
    folded = " ".join(cell.split())
    return folded if len(folded) <= LONGEST_CELL else f"{folded[: LONGEST_CELL - 1]}…"


def _sheets(content: bytes, part: str, element: str) -> list[str]:
    if content.startswith(_OLD_OFFICE):
        raise BundleRefused(
            "is an old Office file, or one behind a password; save it anew as ODS or XLSX, without "
            "a password"
        )
    try:
        with ZipFile(BytesIO(content)) as archive:
            if archive.getinfo(part).flag_bits & 1:
                raise BundleRefused("is behind a password; save it without one")
            names = _names(archive, part, element)
            found = [_short(name) for name in islice(names, MOST_SHEETS)]
    except (BadZipFile, KeyError, EOFError, NotImplementedError, ValueError, ZlibError) as broken:
        raise BundleRefused("is cut off or damaged; save it anew") from broken
    if not found:
        raise BundleRefused("is a workbook without a sheet; save it anew")
    return found


def _names(archive: ZipFile, part: str, element: str) -> Iterator[str]:
    """The attribute `name` of these elements, as they come; what is around them is not kept."""
    found: list[str] = []
    reader = expat.ParserCreate(namespace_separator=" ")

    def begins(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(" ")[2] == element:
            found.extend(v for k, v in attributes.items() if k.rpartition(" ")[2] == "name")

    def declares(*_: object) -> None:
        # No office writes these, and entities are how a small file becomes a large one.
        raise BundleRefused(f"its part {part} declares entities, which no workbook does")

    reader.StartElementHandler = begins
    reader.EntityDeclHandler = declares
    left = LARGEST_UNPACKED
    with archive.open(part) as opened:
        while piece := opened.read(_PIECE):
            left -= len(piece)
            if left < 0:
                raise BundleRefused(
                    f"expected at most {LARGEST_UNPACKED:,} bytes when unpacked, found more"
                )
            try:
                reader.Parse(piece)
            except expat.ExpatError as broken:
                raise BundleRefused("is cut off or damaged; save it anew") from broken
            yield from found
            found.clear()
