"""What a platform itself says of a page: its own record of it.

The word of the party being watched. It is told beside a verdict and never decides one.
"""

import re
from dataclasses import dataclass
from typing import Any

from ninethirty.core.document import Json
from ninethirty.core.errors import Malformed, NotAnInstant
from ninethirty.core.times import Instant

WORD = re.compile(r"[a-z_]{1,60}")
PATH = re.compile(r"(/(?!/)[\w./~%-]{0,300})?")
"""What is told to people and kept in facts is a word and a path, whatever was sent."""


@dataclass(frozen=True)
class Reported:
    """document_type: a word of the platform's. delay_seconds: how late its own scheduler was; None
    if it did not say. attachments: addresses of the files it lists. leads_to: the path to which the
    page was moved."""

    document_type: str
    public_updated_at: Instant | None = None
    scheduled_at: Instant | None = None
    delay_seconds: int | None = None
    attachments: tuple[str, ...] = ()
    leads_to: str = ""

    def says(self, opens: Instant) -> tuple[str, ...]:
        """In sentences, labelled as the platform's word. Without addresses: facts hold none."""
        said = [f"reported by the platform: {self.document_type}"]
        if self.public_updated_at:
            said.append(f"public since {self.public_updated_at.text()}")
        if self.scheduled_at:
            said.append(f"scheduled for {self.scheduled_at.text()}")
        if self.delay_seconds is not None:
            said.append(f"its own scheduler {self.delay_seconds} s late")
        if self.attachments:
            said.append(f"attachments: {len(self.attachments)}")
        if self.leads_to:
            said.append(f"leads to {self.leads_to}")
        sentences = [", ".join(said)]
        if self.scheduled_at and self.scheduled_at != opens:
            sentences.append("by the platform's record it is scheduled for another time than T")
        return tuple(sentences)


def document(reported: Reported) -> Json:
    def text(at: Instant | None) -> str:
        return at.text() if at else ""

    return {
        "document_type": reported.document_type,
        "public_updated_at": text(reported.public_updated_at),
        "scheduled_at": text(reported.scheduled_at),
        "delay_seconds": reported.delay_seconds,
        "attachments": list(reported.attachments),
        "leads_to": reported.leads_to,
    }


def read(value: Any) -> Reported:
    """Raises Malformed."""
    try:
        word, path = value["document_type"], value["leads_to"]
        if not (WORD.fullmatch(word) and PATH.fullmatch(path)):
            raise ValueError("no word, or no path")
        return Reported(
            word,
            _instant(value["public_updated_at"]),
            _instant(value["scheduled_at"]),
            None if value["delay_seconds"] is None else int(value["delay_seconds"]),
            tuple(str(url) for url in value["attachments"]),
            path,
        )
    except (KeyError, TypeError, ValueError, NotAnInstant) as wrong:
        raise Malformed(f"reported: not a record ({wrong!r})") from wrong


def _instant(text: str) -> Instant | None:
    return Instant.parse(text) if text else None
