"""The watch order: what witnesses look at, how often, and when they must not.

The desk signs it; a witness obeys it. It names files and pages by keyed hashes only, so a stolen
witness can confirm nothing before T. Never a figure or a title: both could be guessed under a key
that opens, and tried.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any

from ninethirty.core.document import Json, SigningKey, open_signed
from ninethirty.core.errors import Malformed, NotAnInstant, OlderOrder, OrderRefused
from ninethirty.core.sighting import View
from ninethirty.core.times import Instant

ORDER = "watch order"
OPENED_KEY = "watch key"
ANNOUNCED = "announced"
ALTERNATE = "alternate"
UPLOADED = "uploaded"
"""A page to which a person put a copy by hand."""
CONTROL = "control"
"""The channel that sightings of controls name."""

PAGE_PART = "page"


class Sort(StrEnum):
    """What a part is. Its name begins with this and a colon, except for the page and the files: no
    file's name has a colon (seal.py)."""

    PAGE = "page"
    FILE = "file"
    LISTING = "listing"
    """A page, feed or search that must link the announced address once the release is out."""
    NOTICE = "notice"
    """Where users are told; must not link the announced address before the page is there."""
    RECORD = "record"
    """What the platform itself says of the page, for machines. Told, and never decides."""
    PLATFORM = "platform"
    """A control: an old page of the same platform."""
    UNRELATED = "unrelated"
    """A control: a page of somebody else. Is it me who is offline?"""


@dataclass(frozen=True)
class Part:
    """An address to look at. `keyed` is over the bytes of a file, and over the visible text of the
    main element of a page; empty where nothing is compared. `previous`, in the same way: what
    stands there until T, if an earlier edition does. size_bytes: of a file, if known."""

    name: str
    url: str
    keyed: str = ""
    previous: str = ""
    size_bytes: int | None = None

    @cached_property
    def sort(self) -> Sort:
        if self.name == PAGE_PART:
            return Sort.PAGE
        sort, colon, _ = self.name.partition(":")
        return Sort(sort) if colon else Sort.FILE

    @property
    def is_page(self) -> bool:
        return self.name == PAGE_PART


@dataclass(frozen=True)
class Channel:
    """An address where the public can get it: the announced one, or an alternate.

    quiet: how long before T nobody may ask for it as a user would, because the asking itself
    could put the old answer in a cache that keeps it across T. Zero for a gate.
    cache_busting: whether a random query gets past the caches.
    """

    name: str
    page: Part
    files: tuple[Part, ...]
    quiet: timedelta
    cache_busting: bool
    listings: tuple[Part, ...] = ()
    notices: tuple[Part, ...] = ()
    records: tuple[Part, ...] = ()

    def __post_init__(self) -> None:
        _check_sorts(self.name, [self.page], Sort.PAGE)
        _check_sorts(self.name, self.files, Sort.FILE)
        _check_sorts(self.name, self.listings, Sort.LISTING)
        _check_sorts(self.name, self.notices, Sort.NOTICE)
        _check_sorts(self.name, self.records, Sort.RECORD)
        names = [part.name for part in (*self.parts, *self.notices, *self.records)]
        if len(set(names)) < len(names):
            raise OrderRefused(f"channel {self.name}: two parts have one name")

    @property
    def parts(self) -> tuple[Part, ...]:
        """All that must be right before the release is there."""
        return (self.page, *self.files, *self.listings)


LONGEST_PROVISIONAL = timedelta(seconds=60)
LONGEST_CONFIRMED = timedelta(seconds=120)


@dataclass(frozen=True)
class Policy:
    """How sure we must be: the graces after T, and who must agree.

    `witnesses` must miss it before it is late, `agree` must see it before it is on time (or in
    part wrong), each of them spread over `networks`. One witness alone may judge, and its verdict
    says so.

    Raises OrderRefused for graces so long that they would teach the alarm to sleep.
    """

    provisional_after: timedelta = timedelta(seconds=20)
    confirmed_after: timedelta = timedelta(seconds=60)
    witnesses: int = 3
    agree: int = 2
    networks: int = 2

    def __post_init__(self) -> None:
        _check_grace("first", self.provisional_after, timedelta(0), LONGEST_PROVISIONAL)
        _check_grace("second", self.confirmed_after, self.provisional_after, LONGEST_CONFIRMED)
        if min(self.witnesses, self.agree, self.networks) < 1:
            raise OrderRefused("a quorum is of one witness and one network at least")


@dataclass(frozen=True)
class WatchOrder:
    """issued: when the desk wrote it; of two orders for one release the later holds.
    platform: by which name the witness knows what the announced address is run on.
    key_url: where the key to compare content opens at T, on a gate. after_fix: a fault of the
    platform was mended lately; until then it is looked at harder, and for longer."""

    release: str
    opens: Instant
    channels: tuple[Channel, ...]
    placeholder: tuple[str, ...]
    """Phrases by which the platform's page says that it is not yet the release."""
    policy: Policy
    issued: Instant
    controls: tuple[Part, ...] = ()
    platform: str = ""
    key_url: str = ""
    after_fix: Instant | None = None

    def __post_init__(self) -> None:
        if not all(phrase.strip() for phrase in self.placeholder):
            raise OrderRefused("an empty phrase would find a placeholder on every page")
        _check_sorts(CONTROL, self.controls, Sort.PLATFORM, Sort.UNRELATED)

    def harder(self, now: Instant) -> bool:
        """Whether it stands under the watch after a fix."""
        return self.after_fix is not None and now < self.after_fix

    def channel(self, name: str) -> Channel:
        return next(channel for channel in self.channels if channel.name == name)


def check_newer(order: WatchOrder, held: WatchOrder | None) -> None:
    """Raises OlderOrder: what is in force for the release was issued later. Somebody plays back an
    old order, or the way here was slow."""
    if held and held.release == order.release and order.issued < held.issued:
        raise OlderOrder(
            f"{order.release}: the order in force was issued {held.issued.text()}, "
            f"this one {order.issued.text()}"
        )


def _check_sorts(where: str, parts: Iterable[Part], *expected: Sort) -> None:
    for part in parts:
        try:
            sort = part.sort
        except ValueError:
            sort = None
        if sort not in expected:
            raise OrderRefused(
                f"{where}: {part.name!r} is not the name of a {' or '.join(expected)}"
            )


def _check_grace(which: str, grace: timedelta, least: timedelta, most: timedelta) -> None:
    if not least <= grace <= most:
        raise OrderRefused(
            f"the {which} grace is {grace.total_seconds():g} s; it may be from "
            f"{least.total_seconds():g} to {most.total_seconds():g} s"
        )


LEAK_WATCH = timedelta(seconds=5)
LAST_SECONDS = timedelta(seconds=10)
AT_T = timedelta(seconds=30)
LONG_INCIDENT = timedelta(minutes=10)
SETTLED = timedelta(seconds=60)
AFTER_FIX = timedelta(seconds=30)
"""In place of SETTLED while it is watched harder."""


def interval(
    order: WatchOrder, channel: Channel, view: View, now: Instant, *, settled: bool
) -> timedelta | None:
    """How long to wait between looks now; None: do not look at all.

    Cadences of `detection.md` section 3.4. `settled`: whole there already, so only watch that it
    stays.
    """
    if view is View.BUSTED and not channel.cache_busting:
        return None
    since = now - order.opens
    if since < timedelta(0):
        if view is View.USER and channel.quiet:
            return None
        if not channel.quiet and -since <= LAST_SECONDS:
            return timedelta(seconds=1)
        return LEAK_WATCH
    if settled:
        return AFTER_FIX if order.harder(now) else SETTLED
    if since <= AT_T:
        return timedelta(seconds=1)
    if view is View.BUSTED:
        return timedelta(seconds=5 if since <= LONG_INCIDENT else 15)
    if since <= 2 * order.policy.confirmed_after:
        return timedelta(seconds=2)
    return timedelta(seconds=5 if since <= LONG_INCIDENT else 15)


def write_order(order: WatchOrder, key: SigningKey) -> bytes:
    return key.sign(
        ORDER,
        {
            "release": order.release,
            "opens": order.opens.text(),
            "issued": order.issued.text(),
            "platform": order.platform,
            "key_url": order.key_url,
            "after_fix": order.after_fix.text() if order.after_fix else None,
            "placeholder": list(order.placeholder),
            "controls": _write_parts(order.controls),
            "channels": [
                {
                    "name": channel.name,
                    "page": _write_part(channel.page),
                    "files": _write_parts(channel.files),
                    "listings": _write_parts(channel.listings),
                    "notices": _write_parts(channel.notices),
                    "records": _write_parts(channel.records),
                    "quiet_ms": _ms(channel.quiet),
                    "cache_busting": channel.cache_busting,
                }
                for channel in order.channels
            ],
            "policy": {
                "provisional_after_ms": _ms(order.policy.provisional_after),
                "confirmed_after_ms": _ms(order.policy.confirmed_after),
                "witnesses": order.policy.witnesses,
                "agree": order.policy.agree,
                "networks": order.policy.networks,
            },
        },
    )


def read_order(data: bytes, trusted_key: str) -> WatchOrder:
    """Raises Malformed, WrongKey, SealBroken or OrderRefused: a witness then goes on with what it
    has."""
    body = open_signed(ORDER, data, trusted_key)
    try:
        policy = body["policy"]
        return WatchOrder(
            release=body["release"],
            opens=Instant.parse(body["opens"]),
            issued=Instant.parse(body["issued"]),
            platform=body["platform"],
            key_url=body["key_url"],
            # Orders written before there was such a field are in force for days.
            after_fix=Instant.parse(body["after_fix"]) if body.get("after_fix") else None,
            placeholder=tuple(body["placeholder"]),
            controls=_read_parts(body["controls"]),
            channels=tuple(
                Channel(
                    name=channel["name"],
                    page=_read_part(channel["page"]),
                    files=_read_parts(channel["files"]),
                    listings=_read_parts(channel["listings"]),
                    notices=_read_parts(channel["notices"]),
                    # Orders of before there was such a thing are still in force.
                    records=_read_parts(channel.get("records", ())),
                    quiet=timedelta(milliseconds=channel["quiet_ms"]),
                    cache_busting=channel["cache_busting"],
                )
                for channel in body["channels"]
            ),
            policy=Policy(
                provisional_after=timedelta(milliseconds=policy["provisional_after_ms"]),
                confirmed_after=timedelta(milliseconds=policy["confirmed_after_ms"]),
                witnesses=policy["witnesses"],
                agree=policy["agree"],
                networks=policy["networks"],
            ),
        )
    except (KeyError, TypeError, AttributeError, OverflowError, NotAnInstant) as wrong:
        raise Malformed(f"not a watch order ({wrong!r})") from wrong


def write_key(release: str, key: bytes, signing: SigningKey) -> bytes:
    """The document that a gate opens at T: with it a witness compares what it saw with what was
    sealed."""
    return signing.sign(OPENED_KEY, {"release": release, "key": key.hex()})


def read_key(data: bytes, trusted_key: str, release: str) -> bytes:
    """Raises Malformed, WrongKey or SealBroken: go on without comparing."""
    body = open_signed(OPENED_KEY, data, trusted_key)
    try:
        if body["release"] != release:
            raise Malformed(f"the key is for {body['release']}, expected {release}")
        return bytes.fromhex(body["key"])
    except (KeyError, TypeError, ValueError) as wrong:
        raise Malformed(f"not a watch key ({wrong!r})") from wrong


def _write_parts(parts: Iterable[Part]) -> list[Json]:
    return [_write_part(part) for part in parts]


def _write_part(part: Part) -> Json:
    return {
        "name": part.name,
        "url": part.url,
        "keyed": part.keyed,
        "previous": part.previous,
        "size_bytes": part.size_bytes,
    }


def _read_parts(values: Any) -> tuple[Part, ...]:
    return tuple(_read_part(value) for value in values)


def _read_part(value: Any) -> Part:
    return Part(
        name=value["name"],
        url=value["url"],
        keyed=value["keyed"],
        previous=value["previous"],
        size_bytes=value["size_bytes"],
    )


def _ms(duration: timedelta) -> int:
    return duration // timedelta(milliseconds=1)
