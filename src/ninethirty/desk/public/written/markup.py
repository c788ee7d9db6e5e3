"""What HTML a page may hold that is made of somebody's words."""

import re

import nh3

from ninethirty.core.page import main_html, visible_text

_ANY = re.DOTALL | re.IGNORECASE
_HEADINGS = {f"h{level}" for level in range(2, 7)}
_TEXT = {
    *_HEADINGS, "p", "a", "strong", "em", "code", "pre", "blockquote", "ul", "ol", "li", "hr", "br",
    "sup", "sub", "section", "div", "figure", "figcaption", "img", "time",
}  # fmt: skip
_TABLE = {"table", "caption", "thead", "tbody", "tr", "th", "td"}
_DRAWING = {"svg", "title", "desc", "defs", "pattern", "path", "rect", "line", "text"}
_EVERYWHERE = {"class", "id", "role", "aria-label", "aria-labelledby", "tabindex"}
_ATTRIBUTES = {
    "*": _EVERYWHERE,
    "a": {"href"},
    "ol": {"start"},
    "img": {"src", "alt", "width", "height"},
    "time": {"datetime"},
    "th": {"scope"},
    "svg": {"viewBox", "width", "height", "font-family", "font-size", "fill"},
    "pattern": {"width", "height", "patternUnits"},
    "path": {"d", "fill", "stroke", "stroke-width", "stroke-dasharray", "transform"},
    "rect": {"x", "y", "width", "height", "fill", "stroke"},
    "line": {"x1", "y1", "x2", "y2", "stroke"},
    "text": {"x", "y", "text-anchor"},
}


def clean(html: str) -> str:
    """The same, if all of it is allowed; else without what is not. Never a script, a style, or an
    address that runs something."""
    return nh3.clean(
        html,
        tags=_TEXT | _TABLE | _DRAWING,
        attributes=_ATTRIBUTES,
        url_schemes={"https", "http", "mailto"},
        link_rel=None,
    )


def body_of(index: str, title: str) -> str:
    """What a page of ours shows of the producer's own page, below the title that we give it: what
    is in its main element, without the heading that is that title. Other headings of that level
    become h2."""

    def repeated(heading: re.Match[str]) -> str:
        return "" if visible_text(heading[0]) == " ".join(title.split()) else heading[0]

    untitled = re.sub(r"<h1\b.*?</h1\s*>\s*", repeated, main_html(index), count=1, flags=_ANY)
    return clean(re.sub(r"<(/?)h1\b", r"<\1h2", untitled, flags=_ANY))
