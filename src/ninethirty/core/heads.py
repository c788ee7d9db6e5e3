"""Heads: one digest over the end of every timeline, so that a cut tail and a lost timeline show.

A chain of facts proves that nothing inside it was changed. That its end was not cut off, or that a
whole timeline was not taken out, it cannot prove. So now and then a fact tells the end of every
timeline that has grown since, with one digest over them all. Those facts are a chain themselves,
whose newest hash is signed and published: whoever keeps a copy can hold us to it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ninethirty.core.document import Json, SigningKey, canonical, digest, open_signed
from ninethirty.core.errors import ChainBroken, Malformed
from ninethirty.core.facts import Fact
from ninethirty.core.times import Instant

SUBJECT = "heads"
"""The timeline of these facts; its own end is not in them, but in what is signed."""

_DOCUMENT = "heads"

Heads = Mapping[str, tuple[int, str]]
"""Subject -> how many facts its timeline has, and the hash of the last."""


@dataclass(frozen=True)
class Signed:
    """What is published: the newest of these facts by number and hash."""

    n: int
    hash: str
    digest: str
    subjects: int
    at: Instant


def is_due(last: Instant | None, now: Instant, *, news: bool) -> bool:
    """Every minute with news, and daily without."""
    if last is None:
        return news
    return (news and minute(now) != minute(last)) or now.date() != last.date()


def minute(instant: Instant) -> str:
    return instant.text()[:16]


def digest_of(heads: Heads) -> str:
    return digest(
        canonical([[subject, n, hashed] for subject, (n, hashed) in sorted(heads.items())])
    )


def grown(before: Heads, now: Heads) -> list[list[str | int]]:
    """The ends that changed, as [subject, n, hash].

    Raises:
        ChainBroken: a timeline that was signed is gone, shorter, or of the same length and other.
    """
    for subject, (n, hashed) in sorted(before.items()):
        found = now.get(subject)
        if found is None:
            raise ChainBroken(f"{subject}: signed with {n} facts, and not there any more")
        if found[0] < n or (found[0] == n and found[1] != hashed):
            raise ChainBroken(f"{subject}: signed with {n} facts, found {found[0]} that differ")
    return [
        [subject, *now[subject]] for subject in sorted(now) if now[subject] != before.get(subject)
    ]


def details_of(before: Heads, now: Heads) -> Json:
    """What the fact tells. Raises ChainBroken as `grown` does."""
    return {"digest": digest_of(now), "subjects": len(now), "grown": grown(before, now)}


def replay(facts: Iterable[Fact]) -> dict[str, tuple[int, str]]:
    """Every end as last told. Raises ChainBroken: they do not add up to the digest."""
    heads: dict[str, tuple[int, str]] = {}
    for fact in facts:
        heads |= {subject: (n, hashed) for subject, n, hashed in fact.details["grown"]}
        if digest_of(heads) != fact.details["digest"]:
            raise ChainBroken(f"{SUBJECT}: fact {fact.n} tells ends that are not those it signs")
    return heads


def write_signed(signed: Signed, key: SigningKey) -> bytes:
    return key.sign(
        _DOCUMENT,
        {
            "n": signed.n,
            "hash": signed.hash,
            "digest": signed.digest,
            "subjects": signed.subjects,
            "at": signed.at.text(),
        },
    )


def read_signed(data: bytes, trusted_key: str) -> Signed:
    """Raises Malformed, WrongKey or SealBroken."""
    match open_signed(_DOCUMENT, data, trusted_key):
        case {
            "n": int(n),
            "hash": str(hashed),
            "digest": str(over),
            "subjects": int(subjects),
            "at": str(at),
        }:
            return Signed(n, hashed, over, subjects, Instant.parse(at))
        case _:
            raise Malformed("not the ends of timelines")
