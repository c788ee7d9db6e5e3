"""A report as blocks of a paper: headings, tables, paragraphs, in the order of its own form.

Every format is written from these, so that all of them say the same words.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ninethirty.core.breach import Report, Said, gaps, said_in
from ninethirty.core.forms import RECORD, Part, form_named, further
from ninethirty.desk.papers.marks import Line, Role, cells_of, lines_of, plain

TIMES = "Times in this account"
TIMES_HEAD = ("When", "What", "In the words of the account")
TIMELINE = "The timeline"
PLANNED = (("Planned", "what"), ("By whom", "owner"), ("Until when", "due"))
DRILL = "A drill: none of this is real."
RECORD_ROWS = ("Form", "Reference", "Version", "Reason for this version")


@dataclass(frozen=True)
class Heading:
    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    line: Line
    aside: bool = False
    """About the paper, not part of it: "Draft"."""


@dataclass(frozen=True)
class Table:
    """The first cell of a row is its heading. `head`: of the columns, may be empty. `ids`: of the
    rows, for links to them."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[tuple[Line, ...], ...], ...]
    ids: tuple[str, ...] = ()


Block = Heading | Paragraph | Table
Timeline = Sequence[tuple[int, str, str]]
"""Number of a fact, local time in words, what happened."""


@dataclass(frozen=True)
class Paper:
    title: str
    blocks: tuple[Block, ...]


def paper(report: Report, *, note: str = "", timeline: Timeline = (), drill: bool = False) -> Paper:
    """`note` says what the paper is ("Draft"); `timeline` is the appendix its facts are in. drill:
    it says above all else that it is one's."""
    name = report.title.value if isinstance(report.title, Said) else "untitled release"
    title = f"{note}: Breach report: {name}" if note else f"Breach report: {name}"
    blocks = tuple(_blocks(report, note, timeline))
    if drill:
        first, *rest = blocks
        title, blocks = f"Drill: {title}", (first, Paragraph(Line(DRILL), aside=True), *rest)
    return Paper(plain(title), blocks)


def _blocks(report: Report, note: str, timeline: Timeline) -> Iterator[Block]:
    form = form_named(report.form)
    yield Heading(1, form.heading)
    if note:
        yield Paragraph(Line(note), aside=True)
    if count := len(gaps(report)):
        entries = "One entry is" if count == 1 else f"{count} entries are"
        still = f"{entries} still to be filled in by a person, and marked so below."
        yield Paragraph(Line(still, Role.GAP), aside=True)
    for part in form.parts:
        yield from _part(report, part)
    yield Heading(2, RECORD)
    yield _table(RECORD, [*_numbered(report), *_rows(report, further(form))])
    if timeline:
        yield Heading(2, TIMELINE)
        yield Table(
            "The facts this report rests on",
            ("Fact", "When", "What happened"),
            tuple(((Line(str(n)),), (Line(when),), (Line(words),)) for n, when, words in timeline),
            ids=tuple(f"fact-{n}" for n, _, _ in timeline),
        )


Row = tuple[str, tuple[Line, ...]]


def _part(report: Report, part: Part) -> Iterator[Block]:
    yield Heading(2, part.heading)
    if rows := _rows(report, part.rows):
        yield _table(part.heading, rows)
    for label, name in part.accounts:
        said = said_in(report, name)
        if label and said:
            yield Heading(3, label)
        for field in said:
            yield from (Paragraph(line) for line in lines_of(name, field))
        if name == "circumstances" and report.moments:
            yield Heading(3, TIMES)
            ordered = sorted(report.moments, key=lambda moment: moment.when)
            cells = tuple(tuple((cell,) for cell in cells_of(moment)) for moment in ordered)
            yield Table("Local time", TIMES_HEAD, cells)
        if name == "actions" and report.planned:
            yield _table("Planned", _planned(report))


def _rows(report: Report, labelled: Sequence[tuple[str, str]]) -> list[Row]:
    return [
        (label, lines_of(name, field))
        for label, name in labelled
        for field in said_in(report, name)
    ]


def _planned(report: Report) -> list[Row]:
    return [
        (label, lines_of(part, getattr(one, part)))
        for one in report.planned
        for label, part in PLANNED
    ]


def _numbered(report: Report) -> list[Row]:
    told = (report.form, report.reference, str(report.version), plain(report.reason))
    named = zip(RECORD_ROWS, told, strict=True)
    return [(label, (Line(value),)) for label, value in named if value]


def _table(caption: str, rows: Sequence[Row]) -> Table:
    return Table(caption, (), tuple(((Line(label),), lines) for label, lines in rows))
