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


def write(report: Report, into: str, *, note: str = "", timeline: Timeline = ()) -> bytes:
    """`into`: one of FORMATS. `note` says what the paper is ("Draft"); `timeline` is the appendix
    its facts are in. JSON is the record itself, and has neither."""
    if into == "json":
        return json_of(report).encode()
    return write_paper(paper(report, note=note, timeline=timeline), into)


def write_paper(told: Paper, into: str) -> bytes:
    """Any paper, in one of FORMATS but JSON."""
    return _WRITERS[into](told)


def json_of(report: Report) -> str:
    return json.dumps(as_document(report), indent=2, ensure_ascii=False) + "\n"
