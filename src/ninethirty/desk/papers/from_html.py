"""The text of an HTML page, a row of a table to the line."""

import re
from html.parser import HTMLParser

_LINES = {"address", "blockquote", "br", "div", "dd", "dt", "h1", "h2", "h3", "h4", "li", "p", "tr"}
_APART = {"h1", "h2", "h3", "h4", "p", "table", "ul", "ol"}
_CELLS = {"td", "th"}
_UNSEEN = {"script", "style", "template", "head", "caption"}


def text_of(page: str) -> str:
    reader = _Reader()
    reader.feed(page)
    reader.close()
    lines = "".join(reader.said).split("\n")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.strip(" ") for line in lines)).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._unseen = 0
        self._in_cell = False
        self._between = False
        self._link = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag in _CELLS:
            self._cell()
        elif tag == "tr":
            self._between = True
            self._line()
        elif tag == "a":
            self._link = dict(attrs).get("href") or ""
        elif tag in _LINES:
            self._line()

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag in _CELLS:
            self._between = True
        elif tag == "tr":
            self._in_cell = self._between = False
            self._line()
        elif tag == "a" and self._link:
            self._address()
        elif tag in _APART and not self._in_cell:
            self.said.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen and not (self._between and data.isspace()):
            self.said.append(re.sub(r"\s+", " ", data))

    def _cell(self) -> None:
        # Between cells a tab; before the first of a row nothing.
        if self._in_cell:
            self.said.append("\t")
        self._in_cell = True
        self._between = False

    def _line(self) -> None:
        self.said.append("\n")

    def _address(self) -> None:
        """An address behind words is put after them."""
        shown = "".join(self.said[-3:])
        web = self._link.startswith(("https://", "http://"))
        if web and self._link not in shown:
            self.said.append(f" ({self._link})")
        self._link = ""
