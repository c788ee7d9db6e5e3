"""Of PDF files: people named in their properties, and what a screen reader needs."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError


def look(content: bytes) -> Iterator[str]:
    try:
        reader = PdfReader(BytesIO(content))
        told: dict[str, Any] = dict(reader.metadata or {})
        root = reader.root_object
        author, title = str(told.get("/Author") or ""), str(told.get("/Title") or "")
        tagged, language = "/StructTreeRoot" in root, str(root.get("/Lang") or "")
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        yield "cannot be read as a PDF; save it anew, without a password"
        return
    if author.strip():
        yield f"its properties name {author.strip()}; take the name out before the file is public"
    if not tagged:
        yield "is not tagged, so that a screen reader cannot tell its parts; export it tagged"
    if not language.strip():
        yield "does not say its language; set it"
    if not title.strip():
        yield "its properties give no title, which is read aloud first; give it one"
