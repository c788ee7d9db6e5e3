"""A report from a file of any format: somebody's filled form, or a paper of our own."""

import json
from pathlib import Path

from ninethirty.core.breach import Report
from ninethirty.core.breach_document import from_document
from ninethirty.core.errors import FormUnreadable, Malformed
from ninethirty.desk.papers.form import read_form
from ninethirty.desk.papers.own import is_own, read_own
from ninethirty.desk.papers.paper import DRILL
from ninethirty.desk.papers.text import bytes_of, text_in

_OF_A_DRILL = "is a report of a drill, and no breach; nothing was read from it"


def read(file: Path) -> Report:
    """Raises FormUnreadable: what it is instead, and what to do about it."""
    return read_bytes(bytes_of(file))


def read_bytes(data: bytes) -> Report:
    """Raises FormUnreadable."""
    if data.lstrip().startswith(b'{"') or data.lstrip().startswith(b"{\n"):
        return _record(data)
    return read_text(text_in(data))


def read_text(text: str) -> Report:
    """Raises FormUnreadable."""
    if DRILL in text:
        raise FormUnreadable(_OF_A_DRILL)
    return read_own(text) if is_own(text) else read_form(text)


def _record(data: bytes) -> Report:
    try:
        document = json.loads(data)
        if document.get("drill"):
            raise FormUnreadable(_OF_A_DRILL)
        return from_document(document)
    except (ValueError, RecursionError, Malformed) as wrong:
        raise FormUnreadable(f"is JSON, but no report of ours: {wrong}") from wrong
