"""Markdown -> the title of a release, and the body of its page.

Everything that is wrong is said at once, each with its line, so that a producer mends it in one go.
"""

import re
from collections.abc import Callable, Collection, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import unescape
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.footnote import footnote_plugin

from ninethirty.core.errors import BundleRefused
from ninethirty.desk.public.written.chart import read_chart
from ninethirty.desk.public.written.figure import figure, scroll_open
from ninethirty.desk.public.written.look import (
    CLASSES,
    dress,
    footnote_anchor,
    footnotes_open,
)
from ninethirty.desk.public.written.markup import clean

SOURCE = "index.md"
LARGEST_BYTES = 1_000_000

_MARKS = ("correction", "notice")
"""What stands out with its date: ::: correction 2026-12-03"""

_CAPTION = re.compile(r"Table:\s*")
_NO_FOOTNOTE = re.compile(r"\[\^[^\]\s]+\]")
_PNG = b"\x89PNG\r\n\x1a\n"

Read = Callable[[str], bytes]
"""The bytes of a file of the folder, by its name. Raises KeyError: there is none."""


@dataclass(frozen=True)
class Written:
    """title: plain text. body: safe HTML whose headings begin at h2."""

    title: str
    body: str


def write(source: bytes, files: Collection[str], read: Read, path: str) -> Written:
    """path: where the page will be; its files are below it.

    Raises:
        BundleRefused: everything that has to be mended, by line.
    """
    return _Writer(_text(source), files, read, path).written()


class _Markdown(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # as the library calls it
        """Every address is looked at by us, who can say in which line it is."""
        return True


class _Writer:
    def __init__(self, text: str, files: Collection[str], read: Read, path: str) -> None:
        self._lines = re.split(r"\r\n?|\n", text)  # As the parser counts them.
        self._files, self._read, self._path = files, read, path
        self._wrong: list[tuple[int, str]] = []
        self._charts = 0
        self._markdown = _Markdown("commonmark", {"html": True}).enable("table")
        self._markdown.use(footnote_plugin)
        for mark in _MARKS:
            self._markdown.use(container_plugin, mark)
        self._markdown.add_render_rule("footnote_block_open", footnotes_open)
        self._markdown.add_render_rule("footnote_anchor", footnote_anchor)
        self._env: MutableMapping[str, Any] = {}
        self._tokens = self._markdown.parse(text, self._env)

    def written(self) -> Written:
        title = self._take_title()
        self._shift_headings()
        self._check_footnotes()
        html = self._rendered(self._laid_out(self._tokens))
        if self._wrong:
            raise BundleRefused(
                "\n".join(f"{SOURCE}, line {line}: {what}" for line, what in sorted(self._wrong))
            )
        return Written(title, clean(html))

    def _rendered(self, tokens: Sequence[Token]) -> str:
        html: str = self._markdown.renderer.render(tokens, self._markdown.options, self._env)
        return html

    def _is_wrong(self, line: int, what: str) -> None:
        self._wrong.append((line, what))

    def _take_title(self) -> str:
        first = self._tokens[:3]
        if not first or first[0].tag != "h1":
            self._is_wrong(
                _line(first[0]) if first else 1,
                "expected the title of the release first, as “# Title”",
            )
            return ""
        del self._tokens[:3]
        self._check_inline(first[1], _line(first[0]))
        return _plain(first[1])

    def _shift_headings(self) -> None:
        """The first level below the title becomes h2, whichever the producer began with."""
        levels = [int(token.tag[1]) for token in self._tokens if token.type == "heading_open"]
        shift = 2 - min(levels, default=2)
        before = 1
        for token in self._tokens:
            if token.type not in ("heading_open", "heading_close"):
                continue
            level = int(token.tag[1]) + shift
            if token.type == "heading_open":
                if level > before + 1:
                    fitting = "#" * (before + 1 - shift)
                    self._is_wrong(
                        _line(token),
                        f"expected a heading of at most {len(fitting)} #, found {level - shift}: "
                        "a level is left out",
                    )
                before = level
            token.tag = f"h{min(level, 6)}"

    def _check_footnotes(self) -> None:
        notes = self._env.get("footnotes", {})
        for label, used in notes.get("refs", {}).items():
            if used < 0:
                line = self._line_of(f"[^{label[1:]}]:")
                self._is_wrong(line, f"the footnote [^{label[1:]}] is nowhere in the text")

    def _line_of(self, beginning: str) -> int:
        return next(
            (n for n, line in enumerate(self._lines, 1) if line.lstrip().startswith(beginning)), 1
        )

    def _laid_out(self, tokens: Sequence[Token]) -> list[Token]:
        """The tokens as they are to be rendered; what is wrong in them is noted."""
        out: list[Token] = []
        line, caption, first_cell = 1, "", False
        for token in tokens:
            line = _line(token) if token.map else line
            dress(token)
            match token.type:
                case "html_block":
                    self._is_wrong(line, _no_html(token.content))
                case "fence" if token.info.strip() == "chart":
                    out.append(_html(self._chart(token)))
                    continue
                case "inline":
                    self._check_inline(token, line)
                case "table_open":
                    caption = self._caption(out, line)
                    out.append(_html(scroll_open(_unmarked(caption))))
                case "tr_open":
                    first_cell = True
                case "th_open":
                    token.attrSet("scope", "col")
                case "td_open" | "td_close" if first_cell:
                    # Every row is about what its first cell says.
                    first_cell = token.nesting == 1
                    token.tag = "th"
                    if token.nesting == 1:
                        token.attrSet("class", CLASSES["th"])
                        token.attrSet("scope", "row")
                case "container_correction_open" | "container_notice_open":
                    token.attrSet("class", "govuk-inset-text")
                    out += [token, _html(self._dated(token, line))]
                    continue
            out.append(token)
            if token.type == "table_open" and caption:
                out.append(_html(f'<caption class="govuk-table__caption">{caption}</caption>'))
            if token.type == "table_close":
                out.append(_html("</div>\n"))
        return out

    def _caption(self, before: list[Token], line: int) -> str:
        """The HTML of the paragraph "Table: …" above a table, which is taken away there."""
        if len(before) >= 3 and before[-1].type == "paragraph_close":
            inline = before[-2]
            if _CAPTION.match(inline.content) and inline.children:
                inline.children[0].content = _CAPTION.sub("", inline.children[0].content)
                del before[-3:]
                if caption := self._rendered([inline]).strip():
                    return caption
        self._is_wrong(line, "expected the table's caption above it, as “Table: What it shows”")
        return ""

    def _chart(self, token: Token) -> str:
        self._charts += 1
        try:
            chart = read_chart(token.content, self._read)
        except BundleRefused as wrong:
            self._is_wrong(_line(token), f"the chart {wrong}")
            return ""
        return figure(chart, f"chart-{self._charts}", self._below(chart.csv))

    def _dated(self, token: Token, line: int) -> str:
        """What a correction or a notice begins with."""
        mark, _, told = token.info.strip().partition(" ")
        assert token.map is not None
        begins, ends = token.map
        if ends >= len(self._lines) or not self._lines[ends].lstrip().startswith(":::"):
            self._is_wrong(line, f"expected a line “:::” where the {mark} ends, found none")
        elif not "".join(self._lines[begins + 1 : ends]).strip():
            self._is_wrong(line, f"expected the reason of the {mark} below this line, found none")
        try:
            day = date.fromisoformat(told.strip())
        except ValueError:
            self._is_wrong(line, f"expected the day, as “::: {mark} 2026-12-03”, found {told!r}")
            return ""
        return (
            f'<p class="govuk-body"><strong>{mark.capitalize()}, <time datetime="{day}">'
            f"{day.day} {day:%B %Y}</time></strong></p>"
        )

    def _check_inline(self, inline: Token, line: int) -> None:
        if inline.content.startswith(":::"):
            self._is_wrong(line, f"expected “::: {' or '.join(_MARKS)}” and a day")
        for token in inline.children or ():
            dress(token)
            match token.type:
                case "softbreak" | "hardbreak":
                    line += 1
                case "html_inline":
                    self._is_wrong(line, _no_html(token.content))
                case "text" if found := _NO_FOOTNOTE.search(token.content):
                    self._is_wrong(line, f"the footnote {found[0]} is not written below")
                case "link_open":
                    token.attrSet("href", self._address(str(token.attrs["href"]), line))
                case "image":
                    self._image(token, line)

    def _address(self, told: str, line: int) -> str:
        parts = urlsplit(told)
        if parts.scheme in ("http", "https", "mailto") or re.match("/(?!/)", told):
            return told
        name = unquote(told)
        if name in self._files:
            return self._below(name)
        self._is_wrong(
            line,
            f"expected an address that begins with https:// or /, or a file of the folder; found "
            f"{told!r}",
        )
        return ""

    def _image(self, image: Token, line: int) -> None:
        name = unquote(str(image.attrs["src"]))
        if not image.content.strip():
            self._is_wrong(
                line, f"the image {name} has no text for those who cannot see it: ![text]({name})"
            )
        if name not in self._files:
            self._is_wrong(line, f"the image {name} is not in the folder")
            return
        image.attrSet("src", self._below(name))
        for side, pixels in _size(self._read(name)).items():
            image.attrSet(side, str(pixels))

    def _below(self, name: str) -> str:
        return f"{self._path.rstrip('/')}/{quote(name)}"


def _text(source: bytes) -> str:
    if len(source) > LARGEST_BYTES:
        raise BundleRefused(
            f"{SOURCE}: expected at most {LARGEST_BYTES:,} bytes, found {len(source):,}"
        )
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = source.count(b"\n", 0, wrong.start) + 1
        raise BundleRefused(
            f"{SOURCE}, line {line}: is not UTF-8 text; save it as UTF-8"
        ) from wrong


def _html(content: str) -> Token:
    return Token("html_block", "", 0, content=content)


def _line(token: Token) -> int:
    return token.map[0] + 1 if token.map else 1


def _plain(inline: Token) -> str:
    return " ".join(
        "".join(
            child.content if child.type in ("text", "code_inline") else " "
            for child in inline.children or ()
            if child.nesting == 0
        ).split()
    )


def _unmarked(html: str) -> str:
    return unescape(re.sub("<[^>]*>", "", html))


def _no_html(found: str) -> str:
    return (
        f"expected Markdown, found HTML: {found.strip().splitlines()[0][:60]!r}; to show a < write "
        "&lt;"
    )


def _size(image: bytes) -> Mapping[str, int]:
    """Width and height of a PNG, so that a page does not jump when it comes."""
    if not image.startswith(_PNG) or len(image) < 24:
        return {}
    return {
        "width": int.from_bytes(image[16:20]),
        "height": int.from_bytes(image[20:24]),
    }
