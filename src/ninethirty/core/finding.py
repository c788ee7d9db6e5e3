"""What one look found: a stable code, and what it counts as.

Codes stand in evidence, statistics and tickets, so they never change their meaning. A look counts
as right only if its content is what was sealed; what no rule here names comes out as something
else that stands there. So a fault nobody has thought of is never "on time".
"""

import re
from collections.abc import Collection, Mapping
from enum import IntEnum, StrEnum, auto
from functools import lru_cache

from ninethirty.core.document import keyed
from ninethirty.core.sighting import Sighting, Sign, Trouble
from ninethirty.core.watch import Part, Sort


class Counts(IntEnum):
    """As what a look counts."""

    RIGHT = auto()
    PRESENT = auto()
    """Something that can be it, and cannot be compared."""
    OLD = auto()
    """What stood there before: placeholder, earlier edition, mirror."""
    ABSENT = auto()
    DIFFERENT = auto()
    BROKEN = auto()
    """An answer that was cut off: rarer noise than silence, and noise still."""
    SILENT = auto()
    """No answer, or one of a server in trouble. Noise is silent too, so it takes more of these."""
    WALLED = auto()
    """The platform keeps robots out, or us: it says nothing of what others see."""
    UNSURE = auto()
    """It may be the release or the earlier edition: nothing to compare it with."""


GOOD = frozenset({Counts.RIGHT, Counts.PRESENT})
UNREAD = frozenset({Counts.SILENT, Counts.BROKEN})
SAYS_OTHERWISE = frozenset({Counts.OLD, Counts.ABSENT, Counts.DIFFERENT})
"""An answer, and not the release."""


class Finding(StrEnum):
    """The class of a look."""

    counts: Counts
    says: str

    def __new__(cls, code: str, counts: Counts, says: str) -> "Finding":
        member = str.__new__(cls, code)
        member._value_ = code
        member.counts = counts
        member.says = says
        return member

    RIGHT = "right", Counts.RIGHT, "as sealed"
    PRESENT = "present", Counts.PRESENT, "there; content not compared"
    UNSURE = "unsure", Counts.UNSURE, "there; an earlier edition stood here, content not compared"

    COMING_SOON = "coming-soon", Counts.OLD, "the platform's placeholder"
    STALE_PREVIOUS = "stale-previous", Counts.OLD, "what stood there before"
    MIRROR = "mirror", Counts.OLD, "served by a mirror"
    STOOD = "stood", Counts.OLD, "not what was sealed, and there since the first look"

    HTTP_404 = "http-404", Counts.ABSENT, "not found"
    SOFT_404 = "soft-404", Counts.ABSENT, "answered 200, but is the page for what is not there"
    REDIRECT_HOME = "redirect-home", Counts.ABSENT, "led to the home page"
    SIGN_IN = "sign-in", Counts.ABSENT, "asks to sign in"
    LISTING_ABSENT = "listing-absent", Counts.ABSENT, "does not list the release"
    EMPTY = "empty", Counts.ABSENT, "an empty answer"
    REDIRECTS = "redirects", Counts.ABSENT, "leads elsewhere, or in a ring"
    PRIVATE_ADDRESS = "private-address", Counts.ABSENT, "leads to a private network"
    HTTP_OTHER = "http-other", Counts.ABSENT, "a status that says nothing is there"

    WRONG_PAGE = "wrong-page", Counts.DIFFERENT, "another page than was sealed"
    WRONG_FILE = "hash-mismatch", Counts.DIFFERENT, "another file than was sealed"
    WRONG_LENGTH = "wrong-length", Counts.DIFFERENT, "a file of another length than was sealed"
    TOO_LARGE = "too-large", Counts.DIFFERENT, "longer than is read"
    BAD_BODY = "bad-body", Counts.DIFFERENT, "cannot be decoded"

    HTTP_403 = "http-403", Counts.WALLED, "forbidden"
    HTTP_429 = "http-429", Counts.WALLED, "too many requests"
    BOT_WALL = "bot-wall", Counts.WALLED, "asks to prove that we are no robot"

    DNS_NXDOMAIN = "dns-nxdomain", Counts.SILENT, "no such name"
    DNS_SERVFAIL = "dns-servfail", Counts.SILENT, "the name server fails"
    DNS_TIMEOUT = "dns-timeout", Counts.SILENT, "the name server does not answer"
    DNS = "dns", Counts.SILENT, "the name is not resolved"
    TCP_REFUSED = "tcp-refused", Counts.SILENT, "connection refused"
    TCP_TIMEOUT = "tcp-timeout", Counts.SILENT, "no connection"
    TCP_RESET = "tcp-reset", Counts.SILENT, "connection reset"
    TLS_EXPIRED = "tls-expired", Counts.SILENT, "certificate expired"
    TLS_NAME = "tls-name", Counts.SILENT, "certificate of another name"
    TLS_CHAIN = "tls-chain", Counts.SILENT, "certificate not trusted"
    TLS = "tls-handshake", Counts.SILENT, "no secure connection"
    TIMEOUT = "timeout", Counts.SILENT, "not answered in time"
    SLOW = "slow", Counts.SILENT, "connected, and no first byte in time"
    TRUNCATED = "truncated", Counts.BROKEN, "cut off"
    HTTP_5XX = "http-5xx", Counts.SILENT, "the server fails"
    OTHER = "other", Counts.SILENT, "failed in a way that has no name"

    EARLY_NOTICE = "notice", Counts.PRESENT, "users are told of the address"
    NO_NOTICE = "no-notice", Counts.ABSENT, "users are not told"


_OF_TROUBLE: dict[Trouble, Finding] = {
    trouble: Finding(str(trouble))  # type: ignore[call-arg]  # looked up by value alone
    for trouble in Trouble
    if trouble is not Trouble.NONE
}

# A platform answers with a few bodies, over and over.
_keyed = lru_cache(maxsize=1024)(keyed)

SOFT_404_PERMILLE = 900
"""As like the page at a made-up address as this, a page is that page."""

_NAMES = {"via", "server", "x-served-by", "x-backend", "x-origin", "x-cache", "cache-status"}

_SIGN_IN_ADDRESS = re.compile(r"[/.](?:log-?in|sign-?in|sso|auth|account)\b", re.IGNORECASE)


def classify(
    sighting: Sighting,
    part: Part,
    key: bytes | None,
    stood_before: Collection[str] = (),
    first: str | None = None,
) -> Finding:
    """The class of a look at that part.

    key: opens the keyed hashes; without it presence is all there is to go by. stood_before: digests
    of what was seen there before T, which cannot be the release. first: of a look before T, the
    digest of the first answer there; empty if that was that nothing is there.
    """
    if sighting.trouble:
        return _troubled(sighting)
    if sighting.status != 200:
        return _refused(sighting)
    if part.sort is Sort.LISTING:
        return Finding.RIGHT if sighting.mentions else _instead(sighting) or Finding.LISTING_ABSENT
    if part.sort is Sort.NOTICE:
        return Finding.EARLY_NOTICE if sighting.mentions else Finding.NO_NOTICE
    found = content(sighting, part)
    # A hash match cannot be noise, whatever else the page looks like.
    hidden = _keyed(key, found) if key and found else ""
    if hidden and hidden == part.keyed:
        return Finding.RIGHT
    mirrored = says_mirror(sighting.headers)
    if hidden and hidden == part.previous:
        return Finding.MIRROR if mirrored else Finding.STALE_PREVIOUS
    if mirrored:
        return Finding.MIRROR
    instead = _instead(sighting)
    if instead:
        return instead
    if not found or not sighting.size_bytes:
        return Finding.EMPTY
    if part.sort is Sort.FILE and _is_page(sighting) and not part.url.lower().endswith("html"):
        return Finding.SOFT_404
    if found in stood_before:
        return Finding.STALE_PREVIOUS
    came = first is not None and found != first
    unlike = _unlike(
        sighting, part, compared=bool(key and part.keyed), known=bool(stood_before) or came
    )
    if part.sort is Sort.FILE and unlike.counts is Counts.DIFFERENT and found == first:
        # Known not to be the release, and it did not come while we watched: nobody's leak.
        return Finding.STOOD
    return unlike


def content(sighting: Sighting, part: Part) -> str:
    """The digest that is compared: of a page's words, of a file's bytes."""
    return sighting.text_digest if part.is_page else sighting.digest


def says_mirror(headers: Mapping[str, str]) -> bool:
    """Only where servers name themselves: other fields list whatever a page may load."""
    fields = {name.lower(): value.lower() for name, value in headers.items()}
    return any("mirror" in name or ("mirror" in fields[name] and name in _NAMES) for name in fields)


def _troubled(sighting: Sighting) -> Finding:
    if sighting.trouble is Trouble.REDIRECTS and _leads_to_sign_in(sighting):
        return Finding.SIGN_IN
    phases = sighting.phases_ms
    if sighting.trouble is Trouble.TIMEOUT and phases.connect and not phases.first_byte:
        return Finding.SLOW
    return _OF_TROUBLE[sighting.trouble]


def _refused(sighting: Sighting) -> Finding:
    if Sign.BOT_WALL in sighting.signs and sighting.status not in (404, 410):
        return Finding.BOT_WALL
    match sighting.status:
        case 401:
            return Finding.SIGN_IN
        case 403:
            return Finding.HTTP_403
        case 404 | 410:
            return Finding.HTTP_404
        case 429:
            return Finding.HTTP_429
        case status if 300 <= status < 400:
            return Finding.SIGN_IN if _leads_to_sign_in(sighting) else Finding.REDIRECTS
        case status if 500 <= status < 600:
            return Finding.HTTP_5XX
    return Finding.HTTP_OTHER


def _instead(sighting: Sighting) -> Finding | None:
    """What a page says that it is, other than what was asked for."""
    if sighting.placeholder:
        return Finding.COMING_SOON
    if Sign.BOT_WALL in sighting.signs:
        return Finding.BOT_WALL
    if Sign.SIGN_IN in sighting.signs or (sighting.hops and _leads_to_sign_in(sighting)):
        return Finding.SIGN_IN
    if sighting.home:
        return Finding.REDIRECT_HOME
    if Sign.NOT_FOUND in sighting.signs or sighting.similar_permille >= SOFT_404_PERMILLE:
        return Finding.SOFT_404
    return None


def _leads_to_sign_in(sighting: Sighting) -> bool:
    headers = [*(hop.headers for hop in sighting.hops), sighting.headers]
    locations = [
        value for each in headers for name, value in each.items() if name.lower() == "location"
    ]
    return any(_SIGN_IN_ADDRESS.search(location) for location in locations)


def _is_page(sighting: Sighting) -> bool:
    types = [v for name, v in sighting.headers.items() if name.lower() == "content-type"]
    return any("html" in value.lower() for value in types)


def _unlike(sighting: Sighting, part: Part, *, compared: bool, known: bool) -> Finding:
    """Something that has none of the marks of what might stand there instead."""
    wrong_length = part.size_bytes is not None and sighting.size_bytes != part.size_bytes
    if not part.is_page and wrong_length:
        return Finding.WRONG_LENGTH
    if compared:
        return Finding.WRONG_PAGE if part.is_page else Finding.WRONG_FILE
    # Without the key an earlier edition can only be told by what was seen there before T.
    return Finding.UNSURE if part.previous and not known else Finding.PRESENT
