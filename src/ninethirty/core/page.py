"""What a reader sees of a page: the visible text of its main element.

Platforms wrap a page in frames, banners and nonces that change by the minute; the words in the
main element are what was approved, and what a witness compares.
"""

import re
from html.parser import HTMLParser

_UNSEEN = {"script", "style", "template", "noscript", "svg", "head"}
_VOID = {
    "area",
    "base",
    "br",
    "col",
    "embed",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "source",
    "wbr",
}


class _Visible(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.main: list[str] = []
        self.all: list[str] = []
        self.title: list[str] = []
        self._open: list[str] = []
        self._main_depth = 0
        self._unseen_depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            return
        self._open.append(tag)
        self._main_depth += tag == "main"
        self._unseen_depth += tag in _UNSEEN

    def handle_endtag(self, tag: str) -> None:
        if tag not in self._open:
            return
        # A tag left open by the author ends where its parent ends.
        while True:
            closed = self._open.pop()
            self._main_depth -= closed == "main"
            self._unseen_depth -= closed in _UNSEEN
            if closed == tag:
                return

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "title":
            self.title.append(data)
        if self._unseen_depth:
            return
        self.all.append(data)
        if self._main_depth:
            self.main.append(data)


def visible_text(html: str) -> str:
    """The words in <main> (all visible words if there is none), white space folded."""
    page = _parsed(html)
    return _folded(page.main or page.all)


def title(html: str) -> str:
    return _folded(_parsed(html).title)


def main_html(html: str) -> str:
    """The markup inside <main>, else inside <body>, else all of it."""
    for tag in ("main", "body"):
        found = re.search(rf"<{tag}\b[^>]*>(.*)</{tag}\s*>", html, re.DOTALL | re.IGNORECASE)
        if found:
            return found.group(1).strip()
    return html


def _parsed(html: str) -> _Visible:
    page = _Visible()
    page.feed(html)
    page.close()
    return page


def _folded(words: list[str]) -> str:
    return " ".join(" ".join(words).split())
