"""What a reader sees of a page: the visible text of its main element.

Platforms wrap a page in frames, banners and nonces that change by the minute; the words in the
main element are what was approved, and what a witness compares. The page comes from outside, so it
is read by a real HTML parser, and its size is bounded.
"""

import html as entities
import re

import nh3

from ninethirty.core.errors import Malformed
from ninethirty.core.sighting import Sign

MOST_TAGS = 50_000
"""More than any page of statistics; a hostile one of this size is read in seconds, not hours."""

_UNSEEN = {"script", "style", "template", "noscript", "svg", "title"}


def visible_text(html: str) -> str:
    """The words in <main> (all visible words if there is none), white space folded.

    Raises:
        Malformed: more tags than we read.
    """
    if html.count("<") > MOST_TAGS:
        raise Malformed(f"a page of more than {MOST_TAGS} tags is not read")
    # Half a surrogate can come out of a charset such as UTF-7, and is no text.
    html = html.encode(errors="replace").decode()
    # A space before each tag keeps words apart that a table cell or a line break keeps apart.
    seen = nh3.clean(
        html.replace("<", " <"), tags={"main"}, attributes={}, clean_content_tags=_UNSEEN
    )
    main = re.search(r"<main>(.*)</main>", seen, re.DOTALL)
    text = main[1] if main and main[1].strip() else seen
    return " ".join(entities.unescape(re.sub("</?main>", " ", text)).split())


def title(html: str) -> str:
    found = re.search(r"<title\b[^>]*>([^<]*)</title", html, re.IGNORECASE)
    return " ".join(entities.unescape(found[1]).split()) if found else ""


def main_html(html: str) -> str:
    """The markup inside <main>, else inside <body>, else all of it."""
    for tag in ("main", "body"):
        found = re.search(rf"<{tag}\b[^>]*>(.*)</{tag}\s*>", html, re.DOTALL | re.IGNORECASE)
        if found:
            return found[1].strip()
    return html


SHINGLE = 4
"""Words. One word changed in a page of a hundred then leaves 92 % of its shingles."""


def similar_permille(one: str, other: str) -> int:
    """How far two visible texts are made of the same runs of words: 0 to 1000 (Jaccard index)."""
    mine, theirs = _shingles(one), _shingles(other)
    return 1000 * len(mine & theirs) // len(mine | theirs)


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = text.casefold().split()
    return {tuple(words[at : at + SHINGLE]) for at in range(max(1, len(words) - SHINGLE + 1))}


_NOT_FOUND = re.compile(
    r"\b(?:page|file|document|content|resource) (?:was |is |has )?(?:not |no longer |been |moved )"
    r"|\bnot found\b|\b404\b|\b(?:can(?:no|')t|could(?: not|n't)) (?:be found|find)\b"
    r"|\bdoes(?: not|n't) exist\b"
)
_SIGN_IN = re.compile(r"\b(?:sign|log)[ -]?in\b|\bauthenticat|\bpassword\b")
_BOT_WALL = re.compile(
    r"\bcaptcha\b|\bare (?:you )?(?:a )?(?:human|robot)\b|\bchecking (?:if|your browser)\b"
    r"|\benable javascript and cookies\b|\bjust a moment\b|\battention required\b"
    r"|\bunusual traffic\b|\btoo many requests\b|\baccess denied\b|\brequest blocked\b"
)


def signs(html: str) -> tuple[Sign, ...]:
    """What the title and the first heading say the page is instead of what was asked for.

    The text itself is not searched: a release may speak of passwords.
    """
    said = f"{title(html)} | {_heading(html)}".casefold().replace(
        "\N{RIGHT SINGLE QUOTATION MARK}", "'"
    )
    found = ((Sign.NOT_FOUND, _NOT_FOUND), (Sign.SIGN_IN, _SIGN_IN), (Sign.BOT_WALL, _BOT_WALL))
    return tuple(sign for sign, phrases in found if phrases.search(said))


def _heading(html: str) -> str:
    found = re.search(r"<h1\b[^>]*>(.{0,2000}?)</h1", html, re.IGNORECASE | re.DOTALL)
    return " ".join(entities.unescape(re.sub(r"<[^>]*>", " ", found[1])).split()) if found else ""
