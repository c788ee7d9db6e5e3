"""Decide again, from stored evidence alone."""

from dataclasses import dataclass
from pathlib import Path

from ninethirty.core.document import Json
from ninethirty.core.errors import Malformed, SealBroken
from ninethirty.core.sighting import Sighting, read
from ninethirty.core.times import Instant
from ninethirty.core.verdict import Verdict, judge
from ninethirty.core.watch import WatchOrder, read_order
from ninethirty.witness.evidence.chain import CHAIN, Kind, Line, read_chain
from ninethirty.witness.verdicts import verdict_document


@dataclass(frozen=True)
class Replayed:
    order: WatchOrder
    channel: str
    at: Instant
    sightings: tuple[Sighting, ...]
    verdict: Verdict
    given: int
    """How many verdicts were given at the time, all of them the same now. None by a witness that
    only looks, for a desk to judge."""


def replay(folder: Path) -> Replayed:
    """The last verdict, after each that was given has been given again; if none was, the verdict on
    the first channel by the last look.

    Raises:
        CannotStart, Malformed, SealBroken: no evidence, or changed. SealBroken too if a verdict
        now comes out differently: it says which, and both.
    """
    order: WatchOrder | None = None
    key: bytes | None = None
    sightings: list[Sighting] = []
    last: Replayed | None = None
    given = 0
    for line in read_chain(folder):
        match line.kind:
            case Kind.BEGUN:
                order = read_order(line.said["order"].encode(), line.said["order_key"])
            case Kind.KEY:
                key = bytes.fromhex(line.said["key"])
            case Kind.SIGHTING:
                sightings.append(read(line.said["sighting"]))
            case Kind.VERDICT if order:
                given += 1
                last = _again(line, order, key, sightings, given)
            case _:
                pass
    if last is None:
        if order is None or not sightings:
            raise Malformed(f"{folder / CHAIN}: nothing was seen in this watch")
        last = _first_time(order, key, sightings)
    return last


def _first_time(order: WatchOrder, key: bytes | None, sightings: list[Sighting]) -> Replayed:
    channel, at = order.channels[0], max(sighting.ended for sighting in sightings)
    verdict = judge(order, channel, sightings, at, key)
    return Replayed(order, channel.name, at, tuple(sightings), verdict, 0)


def _again(
    line: Line, order: WatchOrder, key: bytes | None, sightings: list[Sighting], given: int
) -> Replayed:
    at = Instant.parse(line.said["at"])
    channel = order.channel(line.said["channel"])
    # A sighting may be written while a verdict is being found: it was found from those before.
    known = tuple(sightings[: line.said["sightings"]])
    verdict = judge(order, channel, known, at, key)
    now, then = verdict_document(verdict), line.said["verdict"]
    if now != then:
        raise SealBroken(
            f"{CHAIN} line {line.n + 1}: the verdict given was {_words(then)}; "
            f"from the same evidence it is {_words(now)}"
        )
    return Replayed(order, channel.name, at, known, verdict, given)


def _words(verdict: Json) -> str:
    return f"{verdict.get('call')} ({'; '.join(verdict.get('reasons', []))})"
