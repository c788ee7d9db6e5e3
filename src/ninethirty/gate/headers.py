"""The header fields of answers: what a browser, and every cache on the way, is told."""

from email.utils import formatdate
from functools import lru_cache
from urllib.parse import quote

from ninethirty.core.schedule import IDENTITY, Content
from ninethirty.core.times import Instant

Header = tuple[str, str]

NOSNIFF: Header = ("x-content-type-options", "nosniff")
NEVER_KEPT: Header = ("cache-control", "no-store")

NO_SCRIPT: Header = (
    "content-security-policy",
    "script-src 'none'; object-src 'none'; base-uri 'none'",
)
_CAN_HOLD_SCRIPT = (
    "text/html",
    "application/xhtml+xml",
    "image/svg+xml",
    "text/xml",
    "application/xml",
)

_SAVED_SUFFIXES = (".csv", ".ods", ".xlsx", ".zip")
_SAVED_TYPES = (
    "text/csv",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/zip",
)
"""What people open in another program than the browser."""


def times(now: Instant, lifetime: int) -> list[Header]:
    """When this was said, and for how long it is true.

    `Expires` says the same as an instant. nginx passes max-age on unchanged from its cache and adds
    no Age, so a browser behind it would count anew; see deploy/nginx.conf.
    """
    return list(_times(int(now.timestamp()), lifetime))


@lru_cache(maxsize=256)
def _times(second: int, lifetime: int) -> tuple[Header, ...]:
    return (
        ("date", formatdate(second, usegmt=True)),
        ("expires", formatdate(second + lifetime, usegmt=True)),
        (
            "cache-control",
            f"public, max-age={lifetime}, must-revalidate, "
            "stale-while-revalidate=0, stale-if-error=0",
        ),
    )


def date(now: Instant) -> Header:
    return ("date", _http_date(now))


def known_by(content: Content, encoding: str, modified: Instant | None) -> tuple[Header, ...]:
    """What tells this answer from others at the address; a 304 says it too."""
    fields = [("etag", tag(content.digest, encoding))]
    if modified:
        fields.append(("last-modified", _http_date(modified)))
    if len(content.lies) > 1:
        fields.append(("vary", "accept-encoding"))
    return tuple(fields)


def tag(digest: str, encoding: str) -> str:
    """Strong: each encoding of a file was made once, so this names the very bytes sent."""
    return f'"{digest}"' if encoding == IDENTITY else f'"{digest}-{encoding}"'


def describing(content: Content, path: str, encoding: str) -> tuple[Header, ...]:
    """What a browser is to do with the bytes."""
    fields = [("content-type", content.media_type), NOSNIFF]
    if encoding == IDENTITY:
        fields.append(("accept-ranges", "bytes"))
    else:
        fields.append(("content-encoding", encoding))
    media_type = _bare(content.media_type)
    if media_type in _CAN_HOLD_SCRIPT:
        fields.append(NO_SCRIPT)
    if media_type in _SAVED_TYPES or path.lower().endswith(_SAVED_SUFFIXES):
        fields.append(("content-disposition", _attachment(path.rpartition("/")[2])))
    return tuple(fields)


def content_range(part: str) -> Header:
    return ("content-range", f"bytes {part}")


def location(address: str) -> Header:
    """A redirect's target, in signs that a header may hold; what is encoded already stays so."""
    return ("location", quote(address, safe="!#$%&'()*+,-./:;=?@[]_~"))


def _http_date(instant: Instant) -> str:
    return formatdate(int(instant.timestamp()), usegmt=True)


def _attachment(name: str) -> str:
    plain = "".join(sign if sign.isascii() and sign not in '"\\' else "_" for sign in name)
    if plain == name:
        return f'attachment; filename="{name}"'
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _bare(media_type: str) -> str:
    return media_type.partition(";")[0].strip().lower()
