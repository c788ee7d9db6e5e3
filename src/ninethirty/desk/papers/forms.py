"""A report in the formats people open, as files with their names."""

from collections.abc import Iterable
from dataclasses import replace

from ninethirty.core.breach import Report, Said
from ninethirty.desk.papers.write import write


def papers_of(report: Report, formats: Iterable[str]) -> dict[str, bytes]:
    """File name -> bytes; `formats`: of papers.write.FORMATS."""
    return {f"{report.reference}.{name}": write(report, name) for name in formats}


_LEFT_OUT = "Left out of the public copy"


def public_copy(report: Report) -> Report:
    """Without the fields that name people and how to reach them, and without the text as it was
    submitted, which names them too."""
    named = {
        name: Said(_LEFT_OUT)
        for name in (
            "contact_name",
            "contact_email",
            "contact_telephone",
            "head_name",
            "head_email",
            "head_telephone",
        )
        if isinstance(getattr(report, name), Said)
    }
    return replace(report, submitted="", **named)
