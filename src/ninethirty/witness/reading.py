"""What an answer says, as far as words can tell: read once, when the transfer is over."""

import html as entities
import re
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urljoin, urlsplit

from ninethirty.core.document import digest
from ninethirty.core.errors import Malformed
from ninethirty.core.page import signs, similar_permille, visible_text
from ninethirty.core.reported import Reported
from ninethirty.core.sighting import Sign
from ninethirty.core.watch import Part, Sort
from ninethirty.witness.govuk import read_record
from ninethirty.witness.transfer import Heard

READ_BEFORE = 10_000
"""Readings remembered: a few hundred bytes each."""

LONG_BYTES = 200_000
"""A body longer than this takes so long to read that other looks would come late."""


@dataclass(frozen=True)
class Reading:
    """text: what a reader sees, of a page. The rest as in `Sighting`."""

    text: str = ""
    text_digest: str = ""
    placeholder: bool = False
    signs: tuple[Sign, ...] = ()
    similar_permille: int = 0
    home: bool = False
    mentions: bool = False
    reported: Reported | None = None


@dataclass(frozen=True)
class Sought:
    """What to read for. page_url: the announced address, which a listing must link. decoy: the
    words at a made-up address beside the part's own; empty if not known."""

    part: Part
    page_url: str
    placeholder: tuple[str, ...]
    decoy: str = ""


class Readings:
    """Reads answers; the same answer to the same question is read once. For one thread.

    A page stays the same from second to second, and reading it costs more than fetching it.
    """

    def __init__(self) -> None:
        self._known: OrderedDict[Hashable, Reading] = OrderedDict()

    def read(self, heard: Heard, sought: Sought) -> Reading:
        key = (
            heard.body.digest,
            heard.trouble,
            heard.url.partition("?")[0],
            heard.headers.get("content-type"),
            sought,
        )
        found = self._known.get(key)
        if found is None:
            found = read_answer(heard, sought)
            # Words are kept of no page; only a decoy's are asked for, and those are asked seldom.
            self._known[key] = replace(found, text="")
            if len(self._known) > READ_BEFORE:
                self._known.popitem(last=False)
        else:
            self._known.move_to_end(key)
        return found


def read_answer(heard: Heard, sought: Sought) -> Reading:
    """Of a whole answer; of one that was cut off, or too long to keep, nothing is said."""
    if heard.trouble or not heard.body.is_whole:
        return Reading()
    body = heard.body.kept()
    sort = sought.part.sort
    if sort is Sort.RECORD:
        return Reading(reported=read_record(heard))
    if sort in (Sort.LISTING, Sort.NOTICE):
        return Reading(mentions=mentions(decoded(heard.headers, body), heard.url, sought.page_url))
    is_html = "html" in heard.headers.get("content-type", "").lower()
    if sort is not Sort.PAGE and not is_html:
        return Reading()
    html = decoded(heard.headers, body)
    text = page_text(html)
    return Reading(
        text=text,
        # Only a strange charset can make words that UTF-8 has no bytes for.
        text_digest=digest(text.encode(errors="replace")),
        placeholder=says_not_yet(text, sought.placeholder),
        signs=signs(html),
        similar_permille=_similar(text, sought.decoy),
        home=_is_home(html, heard.url, sought.part.url),
    )


def decoded(headers: Mapping[str, str], body: bytes) -> str:
    try:
        return body.decode(_charset(headers), errors="replace")
    except (LookupError, ValueError):
        # A charset that is not one.
        return body.decode(errors="replace")


def page_text(html: str) -> str:
    try:
        return visible_text(html)
    except Malformed:
        return ""  # more tags than any page of statistics: not the release


def says_not_yet(text: str, phrases: tuple[str, ...]) -> bool:
    folded = text.casefold()
    return any(phrase.casefold() in folded for phrase in phrases)


def mentions(text: str, base: str, url: str) -> bool:
    """Whether a page, feed or answer of an API at `base` links `url`, its query and fragment left
    aside. A longer address that begins with it is another page."""
    wanted, path = _bare(url), urlsplit(url).path
    # As JSON writes a slash, and as HTML writes a character.
    text = entities.unescape(text.replace("\\/", "/"))
    if path not in text:
        return False
    return any(
        path in piece and _bare(urljoin(base, piece)) == wanted
        for piece in re.split(r"[\s\"'<>()]+", text)
    )


def _similar(text: str, decoy: str) -> int:
    """0 where one is more than twice as long as the other: comparing is costly, and they could not
    be alike enough to matter."""
    short, long = sorted((len(text), len(decoy)))
    return similar_permille(text, decoy) if 0 < long <= 2 * short else 0


def _bare(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url)
        return parts.netloc.lower(), parts.path.rstrip("/")
    except ValueError:
        return "", ""


def _is_home(html: str, url: str, asked: str) -> bool:
    """It led to the front page, or says that it is the front page under another address."""
    if urlsplit(asked).path in ("", "/"):
        return False
    if urlsplit(url).path in ("", "/"):
        return True
    for tag in re.findall(r"<link\b[^>]{0,1000}>", html, re.IGNORECASE):
        href = re.search(r"""\bhref\s*=\s*["']?([^"'\s>]*)""", tag, re.IGNORECASE)
        if href and re.search(r"""\brel\s*=\s*["']?canonical\b""", tag, re.IGNORECASE):
            return _bare(urljoin(url, href[1]))[1] == ""
    return False


def _charset(headers: Mapping[str, str]) -> str:
    found = re.search(r"charset=\"?([\w.:-]+)", headers.get("content-type", ""), re.IGNORECASE)
    return found[1] if found else "utf-8"
