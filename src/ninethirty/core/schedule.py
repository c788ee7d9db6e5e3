"""What opens, where, when; to and from signed bytes.

    root (signed: site, version, digests of up to 256 lists)
      └── list (document name -> digest)
            └── document (the openings of one release or site page)

All are canonical JSON kept by digest, so a change makes one document, one list and one root, and
whoever trusts the root can check everything below it. The desk makes them; gates read them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Any

from ninethirty.core.document import Json, SigningKey, canonical, digest, open_signed, parse
from ninethirty.core.errors import Malformed, NotAnInstant, ScheduleRefused
from ninethirty.core.times import Instant

ROOT = "schedule"
_EPOCH = Instant(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Content:
    """These bytes, as this type."""

    digest: str
    size_bytes: int
    media_type: str


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
    """The top of a schedule. `version` is the signing time in ms, never below the last."""

    site: str
    version: int
    drill: bool
    lists: Mapping[str, str]


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
    value = parse(data)
    try:
        if value["name"] != name:
            raise Malformed(f"expected the document {name}, found {value['name']}")
        openings = tuple(
            Opening(row["path"], Instant.parse(row["opens"]), read_answer(row["answer"]))
            for row in value["openings"]
        )
    except (KeyError, TypeError, NotAnInstant) as wrong:
        raise Malformed(f"{name}: not a schedule document ({wrong!r})") from wrong
    for opening in openings:
        check_path(opening.path)
    return openings


def write_answer(answer: Answer | None) -> Json | None:
    match answer:
        case None:
            return None
        case Content():
            return {
                "digest": answer.digest,
                "size_bytes": answer.size_bytes,
                "media_type": answer.media_type,
            }
        case Redirect():
            return {"location": answer.location}
        case _:
            return {"gone": answer.reason}


def read_answer(value: Any) -> Answer | None:
    match value:
        case None:
            return None
        case {"digest": str(name), "size_bytes": int(size), "media_type": str(media_type)}:
            return Content(name, size, media_type)
        case {"location": str(location)}:
            return Redirect(location)
        case {"gone": str(reason)}:
            return Gone(reason)
        case _:
            raise Malformed(f"not an answer: {value!r}")


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
        },
    )


def read_root(data: bytes, trusted_key: str) -> Root:
    """Raises Malformed, WrongKey or SealBroken: keep the schedule in force, and tell a person."""
    match open_signed(ROOT, data, trusted_key):
        case {
            "site": str(site),
            "version": int(version),
            "drill": bool(drill),
            "lists": dict(lists),
        }:
            return Root(site, version, drill, lists)
        case _:
            raise Malformed("not the root of a schedule")


def next_version(now: Instant, last: int) -> int:
    """The signing time in milliseconds; above the last even if the clock was set back."""
    return max((now - _EPOCH) // timedelta(milliseconds=1), last + 1)
