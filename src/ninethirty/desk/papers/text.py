"""The words of a file somebody filled in, as plain text: a table's row is a line with tabs.

What a file is, its bytes say, not its name. Nothing in it is run, and nothing it points to is
fetched.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ninethirty.core.errors import FormUnreadable
from ninethirty.desk.papers import from_docx, from_html, from_markdown, from_odt, from_pdf
from ninethirty.desk.papers.zipped import parts_of

if TYPE_CHECKING:
    from _typeshed import SupportsRead

LARGEST_BYTES = 20_000_000
"""A thousand times a filled form with its pictures."""

LARGEST_TEXT = 2_000_000
"""Characters; a form of a hundred pages has 300,000."""

_BEGINNINGS = {
    b"\xd0\xcf\x11\xe0": "an old Office file, or one behind a password: save it anew as DOCX, "
    "without a password",
    b"-----BEGIN PGP": "an encrypted file: decrypt it first",
    b"\x1f\x8b": "a compressed file: unpack it first",
    b"{\\rtf": "an RTF file: save it as DOCX or as plain text first",
}
# What a text may hold below the space: tab, line feed, form feed, carriage return.
_NO_TEXT = frozenset(range(32)) - {9, 10, 12, 13}


def text_of(file: Path) -> str:
    """Raises FormUnreadable: not a file we can read, and what to do about it."""
    return text_in(bytes_of(file))


def bytes_of(file: Path) -> bytes:
    """Raises FormUnreadable: cannot be opened, or is far too large for a form."""
    try:
        with file.open("rb") as opened:
            return taken(opened)
    except OSError as wrong:
        raise FormUnreadable(f"cannot be opened: {wrong.strerror}") from wrong


def taken(opened: "SupportsRead[bytes]") -> bytes:
    """All of it, of which no more than that is read. Raises FormUnreadable: far too large."""
    data = opened.read(LARGEST_BYTES + 1)
    if len(data) > LARGEST_BYTES:
        raise FormUnreadable(f"expected a form of at most {LARGEST_BYTES:,} bytes, found more")
    return data


def text_in(data: bytes) -> str:
    """Raises FormUnreadable."""
    text = _reader(data)(data)
    if len(text) > LARGEST_TEXT:
        raise FormUnreadable(f"expected at most {LARGEST_TEXT:,} characters, found {len(text):,}")
    return text


def _reader(data: bytes) -> Callable[[bytes], str]:
    for beginning, kind in _BEGINNINGS.items():
        if data.startswith(beginning):
            raise FormUnreadable(f"expected a filled form, found {kind}")
    if data.startswith(b"%PDF"):
        return from_pdf.text_of
    if data.startswith(b"PK\x03\x04"):
        return _zip_reader(data)
    if data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<!doctype html", b"<html")):
        return lambda page: from_html.text_of(_decoded(page))
    if data.startswith(b"# "):
        return lambda words: from_markdown.text_of(_decoded(words))
    return _decoded


def _zip_reader(data: bytes) -> Callable[[bytes], str]:
    parts = parts_of(data)
    if "word/document.xml" in parts:
        return from_docx.text_of
    if parts.get("mimetype") == b"application/vnd.oasis.opendocument.text":
        return from_odt.text_of
    kind = "a zip file"
    if any(name.startswith("xl/") for name in parts) or b"spreadsheet" in parts.get(
        "mimetype", b""
    ):
        kind = "a spreadsheet"
    raise FormUnreadable(f"expected a filled form (DOCX, ODT, PDF, HTML or text), found {kind}")


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _as(data, "utf-16")
    if not _NO_TEXT.isdisjoint(data):
        raise FormUnreadable("expected a filled form, found bytes that are no text")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _as(data, "cp1252")  # Windows before it wrote UTF-8.


def _as(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as wrong:
        raise FormUnreadable("expected a filled form, found bytes that are no text") from wrong
