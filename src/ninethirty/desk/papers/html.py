"""The report as one page of HTML: complete in itself, for a screen, a phone, a printer, a reader
of screens. What is open is said in words; every sentence links to the facts it rests on.
"""

from collections.abc import Sequence
from html import escape
from importlib.resources import files

from ninethirty.core.breach import Report
from ninethirty.desk.papers.marks import OPEN, Line, Role
from ninethirty.desk.papers.paper import Block, Heading, Paper, Paragraph, Table, Timeline, paper


def write_html(report: Report, *, title_note: str = "", timeline: Timeline = ()) -> str:
    return html_of(paper(report, note=title_note, timeline=timeline))


def html_of(told: Paper) -> str:
    page = _Page(frozenset(_ids(told.blocks)))
    style = files("ninethirty.desk.papers").joinpath("page.css").read_text(encoding="utf-8")
    body = "\n".join(page.block(block) for block in told.blocks)
    return (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(told.title)}</title>\n"
        f"<style>\n{style}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _ids(blocks: Sequence[Block]) -> list[str]:
    return [name for block in blocks if isinstance(block, Table) for name in block.ids]


class _Page:
    """Writes blocks; knows which rows the page shows, so that no link leads nowhere."""

    def __init__(self, shown: frozenset[str]) -> None:
        self._shown = shown

    def block(self, block: Block) -> str:
        match block:
            case Heading(level, text):
                return f"<h{level}>{escape(text)}</h{level}>"
            case Paragraph(line, aside):
                role = "note" if aside and line.role is Role.SAID else line.role
                return f'<p class="{role}">{self._line(line)}</p>'
            case Table():
                return self._table(block)

    def _table(self, table: Table) -> str:
        ids = table.ids or ("",) * len(table.rows)
        rows = "\n".join(self._row(row, name) for row, name in zip(table.rows, ids, strict=True))
        # Without columns' names the heading above says the same to those who see it.
        caption = "<caption>" if table.head else '<caption class="unseen">'
        columns = "".join(f'<th scope="col">{escape(name)}</th>' for name in table.head)
        head = f"<thead><tr>{columns}</tr></thead>\n" if columns else ""
        return (
            f"<table>\n{caption}{escape(table.caption)}</caption>\n{head}"
            f"<tbody>\n{rows}\n</tbody>\n</table>"
        )

    def _row(self, row: Sequence[Sequence[Line]], name: str) -> str:
        first, *others = row
        start = f'<tr id="{name}">' if name else "<tr>"
        cells = "".join(f"<td>{self._cell(lines)}</td>" for lines in others)
        return f'{start}<th scope="row">{self._cell(first)}</th>{cells}</tr>'

    def _cell(self, lines: Sequence[Line]) -> str:
        first, *others = lines
        said = self._line(first)
        if first.role is Role.GAP:
            said = f'<span class="gap">{said}</span>'
        return said + "".join(f'<div class="{one.role}">{self._line(one)}</div>' for one in others)

    def _line(self, line: Line) -> str:
        if line.text.startswith(OPEN) and line.role is Role.GAP:
            return f"<strong>{OPEN.strip()}</strong> {escape(line.text.removeprefix(OPEN))}"
        return _linked(line.text) + self._mark(line)

    def _mark(self, line: Line) -> str:
        if not line.mark:
            return ""
        numbers = ", ".join(
            f'<a href="#fact-{n}">{n}</a>' if f"fact-{n}" in self._shown else str(n)
            for n in line.facts
        )
        said = f"({line.mark.split()[0][1:]} {numbers})" if line.facts else line.mark
        return f' <span class="facts">{said}</span>'


def _linked(value: str) -> str:
    # Only the web's own schemes: a form's text may hold any other.
    if value.startswith(("https://", "http://")) and len(value.split()) == 1:
        return f'<a href="{escape(value)}">{escape(value)}</a>'
    return escape(value)
