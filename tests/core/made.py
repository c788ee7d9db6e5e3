"""Made-up instants, facts, orders and sightings: small functions that the tests build from."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any

from hypothesis import strategies as st

from ninethirty.core.document import keyed
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.punctuality import Lag
from ninethirty.core.sighting import Sighting, Trouble, View
from ninethirty.core.times import Instant, When
from ninethirty.core.watch import ANNOUNCED, PAGE_PART, Channel, Part, Policy, WatchOrder

HALF_PAST = Instant(2026, 12, 1, 9, 30, tzinfo=UTC)
"""09:30 in London on a winter Tuesday."""

BEFORE_CLOCKS_CHANGE = Instant(2026, 3, 27, 9, 30, tzinfo=UTC)
AFTER_CLOCKS_CHANGE = Instant(2026, 3, 30, 8, 30, tzinfo=UTC)
"""09:30 in London on the Friday before and the Monday after the clocks go forward."""

KEY = b"opens at T"
FILE_PART = "data.csv"

RIGHT, PLACEHOLDER, ABSENT, DIFFERENT, FAILED = (
    "right",
    "placeholder",
    "absent",
    "different",
    "failed",
)
MISSES = (PLACEHOLDER, ABSENT, DIFFERENT, FAILED)

NETWORKS = {"a": "north", "b": "south", "c": "north", "d": "west"}


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def lag(over: float | None, at_most: float | None) -> Lag:
    return Lag(
        None if over is None else seconds(over), None if at_most is None else seconds(at_most)
    )


def at(offset: float) -> Instant:
    """That many seconds after T."""
    return HALF_PAST + seconds(offset)


def instants_near(moment: Instant, within: timedelta = timedelta(seconds=5)) -> Any:
    """To the microsecond, and often exactly the moment itself."""
    span = within // timedelta(microseconds=1)
    offsets = st.one_of(
        st.sampled_from([0, -1, 1, -1_000_000, 1_000_000]), st.integers(-span, span)
    )
    return offsets.map(lambda offset: moment + timedelta(microseconds=offset))


def with_a_bit_flipped(data: bytes) -> Iterator[bytes]:
    """Every byte string that differs from this one in one bit."""
    for where in range(len(data)):
        for bit in range(8):
            yield data[:where] + bytes([data[where] ^ 1 << bit]) + data[where + 1 :]


def fact(
    kind: Kind,
    when: When = HALF_PAST,
    *,
    n: int = 1,
    recorded: Instant | None = None,
    actor: str = "desk",
    **details: Any,
) -> Fact:
    by = when if isinstance(when, Instant) else when.by
    return Fact("release/gdp", n, kind, when, recorded or by, actor, f"{kind}/{n}", details)


def channel(
    name: str = ANNOUNCED,
    *,
    files: Iterable[str] = (FILE_PART,),
    quiet: timedelta = timedelta(minutes=31),
    cache_busting: bool = True,
) -> Channel:
    return Channel(
        name=name,
        page=Part(PAGE_PART, "https://example.org/gdp", keyed(KEY, "page as sealed")),
        files=tuple(
            Part(file, f"https://example.org/gdp/{file}", keyed(KEY, f"{file} as sealed"))
            for file in files
        ),
        quiet=quiet,
        cache_busting=cache_busting,
    )


def order(policy: Policy | None = None, *channels: Channel) -> WatchOrder:
    return WatchOrder(
        release="gdp",
        opens=HALF_PAST,
        channels=channels or (channel(),),
        placeholder=("coming soon",),
        policy=policy or Policy(),
        issued=at(-7200),
    )


ALONE = Policy(witnesses=1, agree=1, networks=1)


def look(
    witness: str,
    offset: float,
    found: str,
    *,
    part: str = PAGE_PART,
    view: View = View.USER,
    took: float = 0.2,
    network: str = "",
    clock_offset_ms: int = 0,
    headers: Mapping[str, str] | None = None,
) -> Sighting:
    """What a witness saw of one part, in a look begun so many seconds after T."""
    sighting = Sighting(
        witness=witness,
        network=network or NETWORKS[witness],
        release="gdp",
        channel=ANNOUNCED,
        part=part,
        view=view,
        started=at(offset),
        ended=at(offset + took),
        status=200,
        digest="another digest",
        text_digest="another text",
        size_bytes=100,
        peer="192.0.2.1",
        clock_offset_ms=clock_offset_ms,
        headers=headers or {},
    )
    match found:
        case "right" if part == PAGE_PART:
            return replace(sighting, text_digest="page as sealed")
        case "right":
            return replace(sighting, digest=f"{part} as sealed")
        case "placeholder":
            return replace(sighting, placeholder=True)
        case "absent":
            return replace(sighting, status=404, digest="", text_digest="")
        case "failed":
            return replace(
                sighting, trouble=Trouble.TIMEOUT, status=0, digest="", text_digest="", peer=""
            )
        case _:
            return sighting


def watching(
    witness: str,
    first: float,
    last: float,
    found: str,
    *,
    file: str | None = None,
    every: float = 2,
    headers: Mapping[str, str] | None = None,
) -> list[Sighting]:
    """Looks at the page and the file every so often. The file goes the way of the page unless
    told otherwise."""
    seen: list[Sighting] = []
    offset = first
    while offset <= last:
        seen.append(look(witness, offset, found, headers=headers))
        seen.append(look(witness, offset + 0.3, file or found, part=FILE_PART))
        offset += every
    return seen
