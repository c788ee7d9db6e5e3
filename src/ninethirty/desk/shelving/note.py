"""What somebody meant by a document of the schedule, kept beside it.

A schedule says what opens when; gates need no more. People also want to know in which zone a time
was promised, what was held, and what stood there before. That is a note: locked under the shelf's
secret, named after the document it is on, and written before the schedule that names the document.
So whichever schedule is in force, its notes are there.
"""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ninethirty.core.document import Json, canonical, parse
from ninethirty.core.errors import DocumentError, Malformed, NotAnInstant, SealBroken
from ninethirty.core.times import Instant
from ninethirty.desk.secret import NOTE, Secret

FOLDER = "notes"


class What(StrEnum):
    SEALED = "sealed"
    HELD = "held"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Note:
    path: str
    what: What
    at: Instant
    """When this was done."""
    opens: Instant
    """T of the release that it was done to."""
    zone: str
    """Where T was promised."""
    seal: str
    """Digest of the manifest; empty if a desk made the document."""
    public: Instant | None
    """Since when a release, or its withdrawal, has been public here at the time; a page of
    `before/` does not count."""
    reason: str
    replaces: str
    """The object that the document before lies as; empty if there was none."""


def write_note(note: Note) -> bytes:
    return canonical(
        {
            "path": note.path,
            "what": note.what.value,
            "at": note.at.text(),
            "opens": note.opens.text(),
            "zone": note.zone,
            "seal": note.seal,
            "public": note.public.text() if note.public else None,
            "reason": note.reason,
            "replaces": note.replaces,
        }
    )


def read_note(store: Path, document: str, secret: Secret) -> Note | None:
    """The note on the document with this digest; None if there is none.

    Raises:
        SealBroken: it is not as it was written.
    """
    place = store / FOLDER / secret.place(NOTE, document)
    try:
        data = place.read_bytes()
    except FileNotFoundError:
        return None
    try:
        return _read(parse(secret.open(NOTE, document, data)))
    except (DocumentError, NotAnInstant, KeyError, TypeError, ValueError) as wrong:
        raise SealBroken(
            f"{place} is not as it was written ({wrong}); bring it back from a copy of the store, "
            "or remove it: only what people meant is lost, not what opens"
        ) from wrong


def _read(body: Json) -> Note:
    texts = [body[name] for name in ("path", "zone", "seal", "reason", "replaces")]
    if not all(isinstance(text, str) for text in texts):
        raise Malformed("not a note")
    path, zone, seal, reason, replaces = texts
    return Note(
        path=path,
        what=What(body["what"]),
        at=Instant.parse(body["at"]),
        opens=Instant.parse(body["opens"]),
        zone=zone,
        seal=seal,
        public=Instant.parse(body["public"]) if body["public"] else None,
        reason=reason,
        replaces=replaces,
    )
