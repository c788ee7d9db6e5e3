"""The report as a PDF file that readers of screens can use: PDF/UA-1, checked as it is made.

Should the standard refuse a paper, a tagged PDF without its seal is made instead: on the day of a
breach a paper is better than none.
"""

from importlib.resources import files

import typst

from ninethirty.desk.papers.marks import Line, Role
from ninethirty.desk.papers.paper import Block, Heading, Paper, Paragraph, Table


def pdf_of(told: Paper) -> bytes:
    source = _source(told).encode()
    try:
        made = typst.compile(source, format="pdf", pdf_standards="ua-1")
    except typst.TypstError:
        made = typst.compile(source, format="pdf")
    assert isinstance(made, bytes)
    return made


def _source(told: Paper) -> str:
    style = files("ninethirty.desk.papers").joinpath("page.typ").read_text(encoding="utf-8")
    body = "\n\n".join(_block(block) for block in told.blocks)
    return f"#let told = {_quoted(told.title)}\n{style}\n{body}\n"


def _block(block: Block) -> str:
    match block:
        case Heading(level, text):
            return f"#heading(level: {level})[{_words(text)}]"
        case Paragraph(line):
            return _line(line)
        case Table():
            return _table(block)


def _table(table: Table) -> str:
    width = len(table.rows[0])
    columns = {2: "(1fr, 2fr)", 3: "(1fr, 1fr, 2fr)"}.get(width, f"({'1fr, ' * width})")
    head = "".join(f"[*{_words(name)}*], " for name in table.head)
    rows = ",\n".join(
        ", ".join(_cell(lines, bold=at == 0) for at, lines in enumerate(row)) for row in table.rows
    )
    above = f"table.header({head})," if head else ""
    return f"#table(columns: {columns}, {above}\n{rows})"


def _cell(lines: tuple[Line, ...], *, bold: bool) -> str:
    inside = "\n\n".join(_line(line) for line in lines)
    return f"[#strong[{inside}]]" if bold else f"[{inside}]"


def _line(line: Line) -> str:
    match line.role:
        case Role.SAID:
            return _words(line.whole)
        case Role.GAP:
            return f"#open[{_words(line.whole)}]"
        case Role.WRITTEN | Role.DOUBT:
            return f"#aside[{_words(line.whole)}]"


def _words(text: str) -> str:
    return f"#{_quoted(text)}"


def _quoted(text: str) -> str:
    """A string of typst's, which holds no markup."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
