"""The text of a PDF file: in the order of its structure if it is tagged, else as it is laid out,
with its columns kept apart.
"""

import logging
from io import BytesIO

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from ninethirty.core.errors import FormUnreadable
from ninethirty.desk.papers import tagged

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
        text = tagged.text_of(reader) or _as_laid_out(reader)
    except (
        PyPdfError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        RecursionError,
        OverflowError,
    ) as broken:
        raise FormUnreadable("is no PDF that can be read: save it anew") from broken
    if not text.strip():
        raise FormUnreadable(
            "holds pictures of pages and no text: have it recognised (OCR), or ask for the original"
        )
    return text


def _as_laid_out(reader: PdfReader) -> str:
    return "\n".join(page.extract_text(extraction_mode="layout") for page in reader.pages)
