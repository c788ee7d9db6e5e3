"""A report as a file, in each of the formats people ask for; the same words in all of them."""

import json
from collections.abc import Callable, Mapping

from ninethirty.core.breach import Report
from ninethirty.core.breach_document import as_document
from ninethirty.desk.papers.html import html_of
from ninethirty.desk.papers.markdown import markdown_of
from ninethirty.desk.papers.paper import Paper, Timeline, paper
from ninethirty.desk.papers.to_docx import docx_of
from ninethirty.desk.papers.to_odt import odt_of
from ninethirty.desk.papers.to_pdf import pdf_of

_WRITERS: Mapping[str, Callable[[Paper], bytes]] = {
    "html": lambda told: html_of(told).encode(),
    "docx": docx_of,
    "odt": odt_of,
    "pdf": pdf_of,
    "md": lambda told: markdown_of(told).encode(),
}
FORMATS = (*_WRITERS, "json")


def write(
    report: Report, into: str, *, note: str = "", timeline: Timeline = (), drill: bool = False
) -> bytes:
    """`into`: one of FORMATS. `note` says what the paper is ("Draft"); `timeline` is the appendix
    its facts are in. JSON is the record itself, and has neither. drill: marked as one's in every
    format, and read by no desk again."""
    if into == "json":
        return json_of(report, drill=drill).encode()
    return write_paper(paper(report, note=note, timeline=timeline, drill=drill), into)


def write_paper(told: Paper, into: str) -> bytes:
    """Any paper, in one of FORMATS but JSON."""
    return _WRITERS[into](told)


def json_of(report: Report, *, drill: bool = False) -> str:
    marked = {"drill": True} if drill else {}
    return json.dumps({**marked, **as_document(report)}, indent=2, ensure_ascii=False) + "\n"
