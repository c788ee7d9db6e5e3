"""Of ODS, XLSX and DOCX files: people named in their properties, and tables that are hard to read
without eyes."""

import re
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from itertools import islice
from pathlib import PurePosixPath
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError

KINDS = (".docx", ".ods", ".odt", ".xlsx")

_MOST = 5_000_000
"""Bytes of a part that are looked through."""

_MOST_SHEETS = 50
_PEOPLE = re.compile(
    rb"<(?:dc:creator|cp:lastModifiedBy|meta:initial-creator|Manager)\b[^>]*>([^<]+)<"
)
_DULL = re.compile(r"(?:sheet|table|tabelle|feuille)\s*\d+", re.IGNORECASE)
_MERGED = re.compile(
    rb"<mergeCell\b|table:number-(?:columns|rows)-spanned=\"(?!1\")\d+\"", re.IGNORECASE
)
_SHEET = re.compile(rb"<(?:table:table|sheet)\b[^>]*?\b(?:table:)?name=\"([^\"]*)\"")
_TITLE = re.compile(rb"<(?:\w+:)?title\b[^>]*>[^<]+<")


def look(name: str, content: bytes) -> Iterator[str]:
    """What to look at again; nothing of a file that is no such file."""
    kind = PurePosixPath(name).suffix.lower()
    try:
        with ZipFile(BytesIO(content)) as archive:
            properties = b"".join(
                _part(archive, part)
                for part in ("docProps/core.xml", "docProps/app.xml", "meta.xml")
            )
            yield from _people(properties)
            if not _TITLE.search(properties):
                yield "its properties give no title, which is read aloud first; give it one"
            if kind in (".ods", ".xlsx"):
                yield from _tables(archive, kind)
    except (BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError, ZlibError):
        yield "is cut off, damaged or behind a password; save it anew"


def _people(properties: bytes) -> Iterator[str]:
    named = {unescape(one.decode(errors="replace")).strip() for one in _PEOPLE.findall(properties)}
    for person in sorted(named - {"", "openpyxl"}):
        yield f"its properties name {person}; take the name out before the file is public"


def _tables(archive: ZipFile, kind: str) -> Iterator[str]:
    book = _part(archive, "content.xml" if kind == ".ods" else "xl/workbook.xml")
    for sheet in islice(_SHEET.findall(book), _MOST_SHEETS):
        named = unescape(sheet.decode(errors="replace"))
        if _DULL.fullmatch(named):
            yield f"its sheet {named} is not named by what is in it; name it"
    sheets = [book] if kind == ".ods" else []
    if kind == ".xlsx":
        names = [part for part in archive.namelist() if part.startswith("xl/worksheets/sheet")]
        sheets = [_part(archive, part) for part in islice(names, _MOST_SHEETS)]
    if any(_MERGED.search(sheet) for sheet in sheets):
        yield "has merged cells, in which a screen reader loses its place; take them apart"


def _part(archive: ZipFile, name: str) -> bytes:
    """No more than is looked through, whatever it unpacks to."""
    if name not in archive.namelist():
        return b""
    with archive.open(name) as part:
        return part.read(_MOST)
