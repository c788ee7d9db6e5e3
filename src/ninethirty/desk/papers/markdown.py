"""The report as Markdown, with tables, as code hosts and note-takers read it."""

import re
from collections.abc import Sequence

from ninethirty.desk.papers.marks import Line
from ninethirty.desk.papers.paper import Block, Heading, Paper, Table

_MARKUP = re.compile(r"[\\`*_\[\]<>&|~{}]")
_AT_START = re.compile(r"^(?:([#+=:-])|([0-9]+)([.)]))")


def markdown_of(told: Paper) -> str:
    return "\n\n".join(_block(block) for block in told.blocks) + "\n"


def _block(block: Block) -> str:
    if isinstance(block, Heading):
        return f"{'#' * block.level} {_escaped(block.text)}"
    if isinstance(block, Table):
        return _table(block)
    return _at_start(_escaped(block.line.whole))


def _table(table: Table) -> str:
    width = len(table.rows[0])
    head = table.head or ("",) * width
    return "\n".join([_row(head), _row(["---"] * width), *(_cells(row) for row in table.rows)])


def _cells(row: Sequence[Sequence[Line]]) -> str:
    return _row(["<br>".join(_escaped(line.whole) for line in lines) for lines in row])


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _escaped(text: str) -> str:
    return _MARKUP.sub(lambda sign: "\\" + sign.group(), text)


def _at_start(text: str) -> str:
    """What would begin a heading, a list or a rule begins a paragraph."""
    return _AT_START.sub(lambda m: f"\\{m[1]}" if m[1] else f"{m[2]}\\{m[3]}", text)
