"""The parts of a DOCX or ODT file, looked at before any library opens it."""

import re
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from ninethirty.core.errors import FormUnreadable

MOST_PARTS = 2_000
LARGEST_UNPACKED = 100_000_000
"""Bytes, of all parts together."""

_MACROS = ("vbaProject.bin", "Basic/")
_OUTSIDE = re.compile(
    # Of DOCX: parts that lie elsewhere. An address behind words is no part. Of ODT: pictures,
    # objects and sections from elsewhere; what lies in the file has no scheme.
    rb"<Relationship\b(?![^>]*/hyperlink\")[^>]*TargetMode=\"External\""
    rb"|<(?:draw:(?:image|object|object-ole|plugin)|text:section-source)\b"
    rb"[^>]*xlink:href=\"(?:[a-z]+:|\.\./|/)",
    re.IGNORECASE,
)
_NAMED = ("mimetype", "META-INF/manifest.xml")


def parts_of(data: bytes) -> dict[str, bytes]:
    """Name -> content of the parts that say what it is; the others are there by name only.

    Raises FormUnreadable: broken, behind a password, too large when unpacked, with macros, with
    pieces that lie elsewhere, or with XML that would grow when it is read.
    """
    try:
        with ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_PARTS:
                raise FormUnreadable(f"expected at most {MOST_PARTS} parts, found {len(entries):,}")
            left = LARGEST_UNPACKED
            found = {}
            for entry in entries:
                if entry.flag_bits & 1:
                    raise FormUnreadable("is behind a password: save it without one")
                if any(macro in entry.filename for macro in _MACROS):
                    raise FormUnreadable("holds macros: save it without them (DOCX or ODT)")
                # What the archive says of its own sizes need not be so: count what comes out.
                with archive.open(entry) as part:
                    content = part.read(left + 1)
                left -= len(content)
                if left < 0:
                    raise FormUnreadable(
                        f"expected at most {LARGEST_UNPACKED:,} bytes when unpacked, found more"
                    )
                if entry.filename.endswith((".xml", ".rels")):
                    _check_xml(entry.filename, content)
                found[entry.filename] = content if entry.filename in _NAMED else b""
    except (BadZipFile, EOFError, NotImplementedError, ValueError) as broken:
        raise FormUnreadable("is cut off or damaged: send it again") from broken
    if b"manifest:encryption-data" in found.get("META-INF/manifest.xml", b""):
        raise FormUnreadable("is behind a password: save it without one")
    return found


def _check_xml(name: str, content: bytes) -> None:
    # No office writes these, and entities are how a small file becomes a large one.
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise FormUnreadable(f"its part {name} declares entities, which no form does")
    if _OUTSIDE.search(content):
        raise FormUnreadable(
            f"its part {name} holds pieces that lie outside the file: save it with all of them in "
            "it, or without them"
        )
