"""What opens, where, when; to and from signed bytes.

    root (signed: site, version, digests of the keyring and of up to 256 lists)
      └── list (opaque document name -> digest)
            └── document, locked (the openings of one release or site page)
                  └── file, locked under its own key, which only the document tells

All are canonical JSON kept by digest, so a change makes one document, one list and one root, and
whoever trusts the root can check everything below it. The desk makes them; gates read them. Root
and lists tell a stranger counts and sizes; see core/keyring.py for who can open a document.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from typing import Any

from ninethirty.core.document import Json, SigningKey, canonical, digest, open_signed, parse
from ninethirty.core.errors import Malformed, NotAnInstant, ScheduleRefused
from ninethirty.core.times import Instant

ROOT = "schedule"
HANDOVER = "handover"
_DIGEST = re.compile("[0-9a-f]{64}")
"""Of an object: it becomes the name of a file. A key is written the same."""
_EPOCH = Instant(1970, 1, 1, tzinfo=UTC)


IDENTITY = "identity"
"""The encoding of a file that is sent as it is."""


@dataclass(frozen=True)
class Lying:
    """Bytes that lie locked in a store (core/locked.py).

    object: digest of what lies there, which is its name. key: what opens it, in hex. size_bytes:
    of what comes out.
    """

    object: str
    key: str
    size_bytes: int


@dataclass(frozen=True)
class Content:
    """These bytes, as this type.

    digest, size_bytes: of the plain file. lies: where it lies, by encoding; whatever is served has
    an identity, and more if they are smaller. Where it lies does not make it another content.
    """

    digest: str
    size_bytes: int
    media_type: str
    lies: Mapping[str, Lying] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Redirect:
    location: str


@dataclass(frozen=True)
class Gone:
    """Withdrawn: 410 with the reason."""

    reason: str


Answer = Content | Redirect | Gone


@dataclass(frozen=True)
class Opening:
    """What a path answers from an instant on. None closes it again."""

    path: str
    opens: Instant
    answer: Answer | None


@dataclass(frozen=True)
class Root:
    """The top of a schedule. `version` is the signing time in ms, never below the last; `keyring`
    is the digest of the keyring. `handovers`: by which the desk's first key handed over to the
    next, and so on to the key that signed this."""

    site: str
    version: int
    drill: bool
    lists: Mapping[str, str]
    keyring: str
    handovers: tuple[str, ...] = ()


def check_path(path: str) -> None:
    """Raises ScheduleRefused unless this is the one way to write a path on the site."""
    if not isinstance(path, str) or not path.startswith("/"):
        raise ScheduleRefused(f"{path!r}: a path begins with /")
    parts = path[1:].split("/")
    if path != "/" and any(part in ("", ".", "..") for part in parts):
        raise ScheduleRefused(f"{path!r}: leads outside the site, or has an empty part")
    # U+FFFD is what a server makes of bytes that are no text, so /%ff would be one more way.
    if not path.isprintable() or any(sign in path for sign in "\\%?#\ufffd"):
        raise ScheduleRefused(f"{path!r}: has a character that is not safe in a path")


def write_document(name: str, openings: Iterable[Opening]) -> bytes:
    """One release or site page.

    Raises:
        ScheduleRefused: a bad path, or one path that opens twice at one instant.
    """
    rows: list[Json] = []
    seen: set[tuple[str, Instant]] = set()
    for opening in sorted(openings, key=lambda opening: (opening.path, opening.opens)):
        check_path(opening.path)
        if (opening.path, opening.opens) in seen:
            raise ScheduleRefused(f"{name}: {opening.path} opens twice at {opening.opens.text()}")
        seen.add((opening.path, opening.opens))
        rows.append(
            {
                "path": opening.path,
                "opens": opening.opens.text(),
                "answer": write_answer(opening.answer),
            }
        )
    return canonical({"name": name, "openings": rows})


def read_document(name: str, data: bytes) -> tuple[Opening, ...]:
    """Raises Malformed if it is another document, or not one at all."""
    found, openings = read_any_document(data)
    if found != name:
        raise Malformed(f"expected the document {name}, found {found}")
    return openings


def read_any_document(data: bytes) -> tuple[str, tuple[Opening, ...]]:
    """Its name, and what it says. Raises Malformed, ScheduleRefused."""
    value = parse(data)
    name = value.get("name") if isinstance(value, dict) else None
    if not isinstance(name, str):
        raise Malformed("not a schedule document")
    try:
        openings = tuple(
            Opening(row["path"], Instant.parse(row["opens"]), read_answer(row["answer"]))
            for row in value["openings"]
        )
    except (KeyError, TypeError, NotAnInstant) as wrong:
        raise Malformed(f"{name}: not a schedule document ({wrong!r})") from wrong
    for opening in openings:
        check_path(opening.path)
    return name, openings


def write_answer(answer: Answer | None) -> Json | None:
    match answer:
        case None:
            return None
        case Content():
            return {
                "digest": answer.digest,
                "size_bytes": answer.size_bytes,
                "media_type": answer.media_type,
                "lies": {
                    encoding: {"object": one.object, "key": one.key, "size_bytes": one.size_bytes}
                    for encoding, one in answer.lies.items()
                },
            }
        case Redirect():
            return {"location": answer.location}
        case _:
            return {"gone": answer.reason}


def read_answer(value: Any) -> Answer | None:
    match value:
        case None:
            return None
        case {
            "digest": str(name),
            "size_bytes": int(size),
            "media_type": str(media_type),
            "lies": dict(lies),
        }:
            return Content(name, size, media_type, read_lying(lies))
        case {"location": str(location)}:
            return Redirect(location)
        case {"gone": str(reason)}:
            return Gone(reason)
        case _:
            raise Malformed(f"not an answer: {value!r}")


def read_lying(value: Mapping[str, Any]) -> dict[str, Lying]:
    """Encoding -> where it lies. Raises Malformed."""
    lies: dict[str, Lying] = {}
    for encoding, one in value.items():
        match one:
            case {"object": str(name), "key": str(key), "size_bytes": int(size)} if (
                _DIGEST.fullmatch(name) and _DIGEST.fullmatch(key)
            ):
                lies[encoding] = Lying(name, key, size)
            case _:
                raise Malformed(f"not an answer: {encoding} lies nowhere")
    return lies


def list_for(document_name: str) -> str:
    """Which of the 256 lists names this document."""
    return digest(document_name.encode())[:2]


def write_list(documents: Mapping[str, str]) -> bytes:
    return canonical({"documents": dict(documents)})


def read_list(data: bytes) -> dict[str, str]:
    value = parse(data)
    match value:
        case {"documents": dict(documents)} if all(
            isinstance(name, str) and isinstance(named, str) for name, named in documents.items()
        ):
            return documents
        case _:
            raise Malformed("not a list of documents")


def write_root(root: Root, key: SigningKey) -> bytes:
    return key.sign(
        ROOT,
        {
            "site": root.site,
            "version": root.version,
            "drill": root.drill,
            "lists": dict(root.lists),
            "keyring": root.keyring,
            "handovers": list(root.handovers),
        },
    )


def read_root(data: bytes, trusted_key: str) -> Root:
    """A root signed by the key we trust, or by one that it handed over to.

    Raises:
        Malformed, WrongKey or SealBroken: keep the schedule in force, and tell a person.
    """
    return _root(open_signed(ROOT, data, signer(data, trusted_key)))


def signer(data: bytes, trusted_key: str) -> str:
    """The key to expect on this root: the one we trust, or the last that it handed over to.

    A gate trusts the signer of the root it holds. So once it took a root from the next key it takes
    none from the one before, which may be in other hands.

    Raises:
        Malformed, SealBroken.
    """
    match parse(data):
        case {"body": {"handovers": [*handovers]}} if all(isinstance(o, str) for o in handovers):
            for handover in handovers:
                match parse(handover.encode()):
                    case {"key": str(key)} if key == trusted_key:
                        trusted_key = read_handover(handover, trusted_key)
    return trusted_key


def write_handover(key: SigningKey, to: str) -> str:
    """That from now on the key with this public half signs."""
    return key.sign(HANDOVER, {"to": to}).decode()


def read_handover(handover: str, trusted_key: str) -> str:
    """The public key that signs from now on. Raises Malformed, WrongKey or SealBroken."""
    match open_signed(HANDOVER, handover.encode(), trusted_key):
        case {"to": str(to)} if _DIGEST.fullmatch(to):
            return to
        case _:
            raise Malformed("not a hand-over to another key")


def _root(body: Json) -> Root:
    match body:
        case {
            "site": str(site),
            "version": int(version),
            "drill": bool(drill),
            "lists": dict(lists),
            "keyring": str(keyring),
            "handovers": [*handovers],
        } if _DIGEST.fullmatch(keyring):
            return Root(site, version, drill, lists, keyring, tuple(handovers))
        case {"site": str(), "lists": dict()} if "keyring" not in body:
            raise Malformed(
                "the schedule was signed by a version that did not lock its files; begin a new "
                "store, and seal into it what is to open"
            )
        case _:
            raise Malformed("not the root of a schedule")


def next_version(now: Instant, last: int) -> int:
    """The signing time in milliseconds; above the last even if the clock was set back."""
    return max((now - _EPOCH) // timedelta(milliseconds=1), last + 1)
