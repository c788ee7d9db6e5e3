"""The watch order: what witnesses look at, how often, and when they must not.

The desk signs it; a witness obeys it. It names files and pages by keyed hashes only, so a stolen
witness can confirm nothing before T.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from ninethirty.core.document import Json, SigningKey, open_signed
from ninethirty.core.errors import Malformed, NotAnInstant
from ninethirty.core.sighting import View
from ninethirty.core.times import Instant

ORDER = "watch order"
ANNOUNCED = "announced"
ALTERNATE = "alternate"
UPLOADED = "uploaded"
"""A page to which a person put a copy by hand."""
PAGE_PART = "page"


@dataclass(frozen=True)
class Part:
    """The page of a channel, or one of its files. `keyed` is over the bytes of a file, and over
    the visible text of the main element of a page."""

    name: str
    url: str
    keyed: str

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

    @property
    def parts(self) -> tuple[Part, ...]:
        return (self.page, *self.files)


@dataclass(frozen=True)
class Policy:
    """How sure we must be: the graces after T, and who must agree.

    `witnesses` must miss it before it is late, `agree` must see it before it is on time (or in
    part wrong), each of them spread over `networks`.
    """

    provisional_after: timedelta = timedelta(seconds=20)
    confirmed_after: timedelta = timedelta(seconds=60)
    witnesses: int = 3
    agree: int = 2
    networks: int = 2


@dataclass(frozen=True)
class WatchOrder:
    release: str
    opens: Instant
    channels: tuple[Channel, ...]
    placeholder: tuple[str, ...]
    """Phrases by which the platform's page says that it is not yet the release."""
    policy: Policy

    def channel(self, name: str) -> Channel:
        return next(channel for channel in self.channels if channel.name == name)


LEAK_WATCH = timedelta(seconds=5)
LAST_SECONDS = timedelta(seconds=10)
AT_T = timedelta(seconds=30)
LONG_INCIDENT = timedelta(minutes=10)


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
        return timedelta(seconds=60)
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
            "placeholder": list(order.placeholder),
            "channels": [
                {
                    "name": channel.name,
                    "page": _write_part(channel.page),
                    "files": [_write_part(part) for part in channel.files],
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
    """Raises Malformed, WrongKey or SealBroken: a witness then goes on with what it has."""
    body = open_signed(ORDER, data, trusted_key)
    try:
        policy = body["policy"]
        return WatchOrder(
            release=body["release"],
            opens=Instant.parse(body["opens"]),
            placeholder=tuple(body["placeholder"]),
            channels=tuple(
                Channel(
                    name=channel["name"],
                    page=_read_part(channel["page"]),
                    files=tuple(_read_part(part) for part in channel["files"]),
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
    except (KeyError, TypeError, OverflowError, NotAnInstant) as wrong:
        raise Malformed(f"not a watch order ({wrong!r})") from wrong


def _write_part(part: Part) -> Json:
    return {"name": part.name, "url": part.url, "keyed": part.keyed}


def _read_part(value: Any) -> Part:
    return Part(name=value["name"], url=value["url"], keyed=value["keyed"])


def _ms(duration: timedelta) -> int:
    return duration // timedelta(milliseconds=1)
