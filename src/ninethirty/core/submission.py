"""What goes from a producer to a body and back, signed: a report with its papers, and answers.

A submission carries the whole record, so that the body can read it without the papers, and the
papers, so that a person can. An answer names the version it is about, by its digest.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from ninethirty.core.document import Json, SigningKey, digest, open_signed
from ninethirty.core.errors import Malformed, NotAnInstant
from ninethirty.core.times import Instant

T = TypeVar("T")

_SUBMISSION, _ANSWER = "breach-report", "breach-answer"


@dataclass(frozen=True)
class Submission:
    """known: when the producer knew of the breach. papers: file name -> bytes."""

    reference: str
    version: int
    digest: str
    report: Json
    sender: str
    to: str
    at: Instant
    known: Instant
    platform: str = ""
    cause: str = ""
    statement: str = ""
    papers: Mapping[str, bytes] = field(default_factory=dict)


class Says(StrEnum):
    RECEIVED = "received"
    ADVISED = "advised"
    RETURNED = "returned"
    ACCEPTED = "accepted"


@dataclass(frozen=True)
class Answer:
    """advice: of ADVISED, whether it is a breach. text: the questions, or the reasons."""

    reference: str
    version: int
    digest: str
    says: Says
    at: Instant
    advice: str = ""
    text: str = ""


def write_submission(one: Submission, key: SigningKey) -> bytes:
    papers = [
        {"name": name, "digest": digest(data), "base64": base64.b64encode(data).decode()}
        for name, data in sorted(one.papers.items())
    ]
    body = {
        "reference": one.reference,
        "version": one.version,
        "digest": one.digest,
        "report": one.report,
        "sender": one.sender,
        "to": one.to,
        "at": one.at.text(),
        "known": one.known.text(),
        "platform": one.platform,
        "cause": one.cause,
        "statement": one.statement,
        "papers": papers,
    }
    return key.sign(_SUBMISSION, body)


def read_submission(data: bytes, trusted_key: str) -> Submission:
    """Raises Malformed, WrongKey or SealBroken: nothing of it may be used."""
    body = open_signed(_SUBMISSION, data, trusted_key)
    try:
        papers = {paper["name"]: base64.b64decode(paper["base64"]) for paper in body["papers"]}
        for paper in body["papers"]:
            if digest(papers[paper["name"]]) != paper["digest"]:
                raise Malformed(f"{paper['name']}: not the bytes its digest names")
        return Submission(
            **{name: _is(body, name, str) for name in _TEXTS},
            version=_is(body, "version", int),
            report=_is(body, "report", dict),
            at=Instant.parse(body["at"]),
            known=Instant.parse(body["known"]),
            papers=papers,
        )
    except (KeyError, TypeError, ValueError, NotAnInstant) as wrong:
        raise Malformed(f"not a submitted report: {wrong!r}") from wrong


def write_answer(one: Answer, key: SigningKey) -> bytes:
    body = {
        "reference": one.reference,
        "version": one.version,
        "digest": one.digest,
        "says": str(one.says),
        "at": one.at.text(),
        "advice": one.advice,
        "text": one.text,
    }
    return key.sign(_ANSWER, body)


def read_answer(data: bytes, trusted_key: str) -> Answer:
    """Raises Malformed, WrongKey or SealBroken."""
    body = open_signed(_ANSWER, data, trusted_key)
    try:
        return Answer(
            **{name: _is(body, name, str) for name in ("reference", "digest", "advice", "text")},
            version=_is(body, "version", int),
            says=Says(body["says"]),
            at=Instant.parse(body["at"]),
        )
    except (KeyError, TypeError, ValueError, NotAnInstant) as wrong:
        raise Malformed(f"not an answer to a report: {wrong!r}") from wrong


_TEXTS = ("reference", "digest", "sender", "to", "platform", "cause", "statement")


def _is(body: Json, name: str, kind: type[T]) -> T:
    value = body[name]
    if type(value) is not kind:
        raise TypeError(f"{name}: expected {kind.__name__}, found {value!r}")
    return value
