"""A report in the formats people open, as files with their names."""

from collections.abc import Iterable

from ninethirty.core.breach import Report
from ninethirty.desk.papers.write import write


def papers_of(report: Report, formats: Iterable[str]) -> dict[str, bytes]:
    """File name -> bytes; `formats`: of papers.write.FORMATS."""
    return {f"{report.reference}.{name}": write(report, name) for name in formats}
