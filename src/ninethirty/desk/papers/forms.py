"""A report in the forms people open, as files with their names."""

from collections.abc import Iterable

from ninethirty.core.breach import Report
from ninethirty.desk.papers.html import write_html
from ninethirty.desk.papers.plain import write_json


def papers_of(report: Report, formats: Iterable[str]) -> dict[str, bytes]:
    """File name -> bytes."""
    writers = {"html": write_html, "json": write_json}
    return {
        f"{report.reference}.{name}": writers[name](report).encode()
        for name in formats
        if name in writers
    }
