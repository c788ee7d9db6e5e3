"""The text of a PDF file, with its columns kept apart."""

import logging
from io import BytesIO

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from ninethirty.core.errors import FormUnreadable

MOST_PAGES = 60

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # It warns of what it mends itself.


def text_of(data: bytes) -> str:
    """Raises FormUnreadable: also where the pages are pictures of text."""
    try:
        reader = PdfReader(BytesIO(data))
        if reader.is_encrypted:
            raise FormUnreadable("is behind a password: save it without one")
        count = len(reader.pages)
        if count > MOST_PAGES:
            raise FormUnreadable(f"expected at most {MOST_PAGES} pages, found {count}")
        pages = [page.extract_text(extraction_mode="layout") for page in reader.pages]
    except (PyPdfError, ValueError, KeyError, TypeError, RecursionError, OverflowError) as broken:
        raise FormUnreadable("is no PDF that can be read: save it anew") from broken
    text = "\n".join(pages)
    if not text.strip():
        raise FormUnreadable(
            "holds pictures of pages and no text: have it recognised (OCR), or ask for the original"
        )
    return text
