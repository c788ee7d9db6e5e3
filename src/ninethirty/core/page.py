"""What a reader sees of a page: the visible text of its main element.

Platforms wrap a page in frames, banners and nonces that change by the minute; the words in the
main element are what was approved, and what a witness compares. The page comes from outside, so it
is read by a real HTML parser, and its size is bounded.
"""

import html as entities
import re

import nh3

from ninethirty.core.errors import Malformed

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
