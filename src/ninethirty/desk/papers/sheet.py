"""The sheet: a filled form's text cut into its cells and its accounts, nothing changed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ninethirty.core.errors import FormUnreadable
from ninethirty.desk.papers.dates import days
from ninethirty.desk.papers.labels import (
    LABELS_OF,
    TOLD_AT_LENGTH,
    Found,
    Label,
    Section,
    heading_at,
    is_row,
    label_at,
    title_at,
)

_TWO = (
    "expected one breach report, found the beginning of a second one in the same text: "
    "give each its own file"
)
_A_DATE_IS_SHORT = 30
"""Characters beside the days it names."""
_BULLET = re.compile(r"\s*(?:[-*•]\s|\(?\w{1,2}[.)]\s)")
_ENDED = re.compile(r"[.?!:][\"'\u201d\u2019)]?\s*$")


@dataclass(frozen=True)
class Sheet:
    """Cells and accounts as somebody wrote them; what is absent has no label or heading."""

    cells: Mapping[Label, str]
    accounts: Mapping[Section, tuple[str, ...]]
    """Paragraph by paragraph."""
    told: Mapping[Label, tuple[str, ...]]
    """The cells that hold paragraphs."""
    form: str
    """The generation, told by its printed words."""


def read_sheet(text: str) -> Sheet:
    """Raises FormUnreadable: the text is no such form, or holds more than one."""
    lines = text.removeprefix("\ufeff").splitlines()
    cut = _Cut()
    title, at = _after_title(lines)
    while at < len(lines):
        if title_at(lines, at):
            raise FormUnreadable(_TWO)
        after = cut.heading(lines, at) or cut.label(lines, at)
        if after is None:
            cut.line(lines[at])
        at = after or at + 1
    return cut.sheet(title)


class _Cut:
    """The text cut so far, and where the next line belongs."""

    def __init__(self) -> None:
        self._cells: dict[Label, list[str]] = {}
        self._accounts: dict[Section, list[str]] = {}
        self._section = Section.CORE
        self._cell: Label | None = None
        self._plural = False
        self._unended: Label | None = None

    def heading(self, lines: Sequence[str], at: int) -> int | None:
        """The line after a heading. One that comes out of order is a line like any other."""
        later = [section for section in Section if section > self._section]
        found = heading_at(lines, at, [Section.CORE, *later])
        if found is None:
            return None
        if found.what is Section.CORE and self._accounts:
            raise FormUnreadable(_TWO)
        self._section, self._cell = found.what, None
        self._accounts[found.what] = list(found.filled_in)
        return found.after

    def label(self, lines: Sequence[str], at: int) -> int | None:
        found = label_at(lines, at, (*LABELS_OF[self._section], Label.TITLE))
        if found is None:
            return None
        again = found.what in self._cells
        if found.what is Label.TITLE and (again or self._section is not Section.CORE):
            raise FormUnreadable(_TWO)
        if again:
            return None
        self._cell = found.what
        if self._section is Section.CIRCUMSTANCES:
            self._unended = found.what
        self._cells[found.what] = list(found.filled_in) or [""]
        self._plural = self._plural or _is_plural(found)
        return found.after

    def line(self, line: str) -> None:
        if self._section is Section.CORE and self._cell is not Label.CONTACT and is_row(line):
            self._cell = None  # A label we do not know: its value is not the cell's above it.
        elif self._cell:
            self._cells[self._cell].append(line)
        elif self._section in self._accounts:
            self._accounts[self._section].append(line)

    def sheet(self, title: str) -> Sheet:
        if not self._accounts and not self._cells:
            raise FormUnreadable(
                "expected the four sections of a breach report below its title, found none of them"
            )
        if self._unended and self._unended not in TOLD_AT_LENGTH:
            _end_cell(self._unended, self._cells, self._accounts)
        told = [*self._accounts.values(), *(self._cells.get(label, ()) for label in TOLD_AT_LENGTH)]
        width = max((len(line) for lines in told for line in lines), default=0)
        return Sheet(
            {label: "\n".join(lines).strip() for label, lines in self._cells.items()},
            {section: _paragraphs(lines, width) for section, lines in self._accounts.items()},
            {
                label: _paragraphs(self._cells[label], width)
                for label in sorted(TOLD_AT_LENGTH & set(self._cells), key=lambda one: one.value)
            },
            self._form(title),
        )

    def _form(self, title: str) -> str:
        if "concern" in title.lower():
            return "2022"
        if "official" in title.lower() or TOLD_AT_LENGTH & set(self._cells):
            return "2009"
        later = self._plural or Label.HEAD_OF_PROFESSION in self._cells
        return "2020" if later else "2018"


def _is_plural(label: Found[Label]) -> bool:
    words = label.words.lower()
    return label.what is Label.PRACTICES and ("(s)" in words or "practices" in words)


def _after_title(lines: Sequence[str]) -> tuple[str, int]:
    """Its words, and the line below it."""
    for at in range(len(lines)):
        if title := title_at(lines, at):
            return title.words, title.after
    first = next((line.strip() for line in lines if line.strip()), "nothing")
    raise FormUnreadable(
        "expected a form that begins “Reporting a breach of the Code of Practice for Statistics”, "
        f"found {first[:60]!r}"
    )


def _end_cell(
    last: Label, cells: dict[Label, list[str]], accounts: dict[Section, list[str]]
) -> None:
    """No label ends the last cell of section 2: the account begins below it, unmarked."""
    lines = cells[last]
    start = next((n for n, line in enumerate(lines) if line.strip()), len(lines))
    end = start
    if last is Label.PRACTICES:
        while end < len(lines) and lines[end].strip():
            end += 1
    elif start == 0 or (start < len(lines) and _may_be_date(lines[start])):
        end = start + 1  # Beside the label, or below it and short.
    cells[last] = lines[start:end]
    # What stood above the labels, if anything, is a paragraph of its own.
    accounts[Section.CIRCUMSTANCES] += ["", *lines[end:]]


def _may_be_date(line: str) -> bool:
    besides = len(line.strip()) - sum(day.end - day.start for day in days(line))
    return besides <= _A_DATE_IS_SHORT and any(sign.isdigit() for sign in line)


def _paragraphs(lines: Sequence[str], width: int) -> tuple[str, ...]:
    """A blank line ends a paragraph; so does a full stop after which the next word had room."""
    paragraphs: list[list[str]] = []
    open_ = False
    for line in lines:
        if not line.strip():
            open_ = False
            continue
        if open_ and not _starts_anew(paragraphs[-1][-1], line, width):
            paragraphs[-1].append(line)
        else:
            paragraphs.append([line])
        open_ = True
    return tuple("\n".join(paragraph).strip() for paragraph in paragraphs)


def _starts_anew(before: str, line: str, width: int) -> bool:
    if _BULLET.match(line):
        return True
    had_room = len(before) + 1 + len(line.split()[0]) <= width
    return had_room and bool(_ENDED.search(before))
