"""The link in a page by which whoever is paged says that they are at it, without signing in.

It holds release, person and time, locked: it tells nothing to whoever reads it over somebody's
shoulder, nobody else can make one, and it is good for that one purpose.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import timedelta

from ninethirty.core.document import canonical
from ninethirty.core.errors import Malformed, SealBroken
from ninethirty.core.keyring import Box
from ninethirty.core.times import Instant

PATH = "/at-it/"

GOOD_FOR = timedelta(days=1)
"""By then another is on call, and an old page on a lost telephone must not silence theirs."""

_ABOUT = b"a page"


@dataclass(frozen=True)
class PageLink:
    """at: when the page was made."""

    release: str
    person: str
    at: Instant


def path(link: PageLink, box: Box) -> str:
    told = canonical([link.release, link.person, link.at.text()])
    return PATH + urlsafe_b64encode(box.close(told, _ABOUT)).decode().rstrip("=")


def read(token: str, box: Box, now: Instant) -> PageLink:
    """Raises Malformed: not made by us for this, or longer ago than GOOD_FOR."""
    try:
        closed = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        release, person, at = json.loads(box.open(closed, _ABOUT))
    except (ValueError, SealBroken) as wrong:
        raise Malformed("this is not a link out of a page") from wrong
    link = PageLink(release, person, Instant.parse(at))
    if now > link.at + GOOD_FOR:
        raise Malformed("this link is more than a day old: use that of a newer page, or sign in")
    return link
