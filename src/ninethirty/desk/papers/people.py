"""Names and contacts of people in a report, and a copy without them for the public.

A report is public for as long as there is a register; the names of staff in it need not be. What a
cell for names says is left out whole. In accounts left out are addresses, telephone numbers, the
names those cells hold, and what stands behind a form of address.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from ninethirty.core.breach import REPORT_FIELDS, Field, Gap, Moment, Planned, Report, Said
from ninethirty.desk.papers.cells import EMAIL, TELEPHONE

LEFT_OUT = "[left out]"
_CELLS = tuple(
    f"{role}_{what}" for role in ("contact", "head") for what in ("name", "email", "telephone")
)
_TITLED = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sir|Dame|Lord|Lady)\b\.?"
    r"(?:\s+(?:[A-Z][\w'\u2019-]+|[A-Z]\.?)){1,3}"
)
_MAILTO = re.compile(r"(?:mailto:)?" + EMAIL.pattern)
_NAMES = re.compile(r"[A-Z][\w'\u2019-]+(?:\s+[A-Z][\w'\u2019.-]+)+")
_ROLE = re.compile(
    r"\b(?:head|chief|director|deputy|lead|team|statistics|statistician|statistical|officer|office"
    r"|official|profession|adviser|manager|unit|branch|desk|press|enquiries)\b",
    re.IGNORECASE,
)


def people_in(report: Report) -> frozenset[str]:
    """Names and contacts found in it."""
    return frozenset(
        name
        for cell in _CELLS
        if isinstance(field := getattr(report, cell), Said)
        for name in (field.value, *(_NAMES.findall(field.value) if cell.endswith("name") else ()))
        if not (cell.endswith("name") and _ROLE.search(name))
    )


def public(report: Report) -> Report:
    """The copy for the public: nobody's name and contact, and not the text as it was submitted."""
    hidden = _pattern(people_in(report))
    changed: dict[str, Any] = {}
    for name in REPORT_FIELDS:
        value = getattr(report, name)
        if name in _CELLS:
            changed[name] = value if value is None else _left_out(value)
        elif isinstance(value, tuple):
            changed[name] = tuple(_without(one, hidden) for one in value)
        elif value is not None:
            changed[name] = _without(value, hidden)
    return replace(
        report,
        moments=tuple(_moment(moment, hidden) for moment in report.moments),
        planned=tuple(
            Planned(*(_without(part, hidden) for part in (one.what, one.owner, one.due)))
            for one in report.planned
        ),
        submitted="",
        **changed,
    )


def _left_out(field: Field) -> Field:
    """A role or a mailbox for all would be left out too: whether it is one, nobody can tell."""
    return field if isinstance(field, Gap) and "\u201c" not in field.asks else Said(LEFT_OUT)


def _without(field: Field, hidden: re.Pattern[str]) -> Field:
    if isinstance(field, Gap):
        return Gap(_blotted(field.asks, hidden))
    return replace(field, value=_blotted(field.value, hidden), words=_blotted(field.words, hidden))


def _moment(moment: Moment, hidden: re.Pattern[str]) -> Moment:
    return replace(moment, words=_blotted(moment.words, hidden))


def _blotted(words: str, hidden: re.Pattern[str]) -> str:
    for pattern in (_MAILTO, hidden, _TITLED, TELEPHONE):
        words = pattern.sub(LEFT_OUT, words)
    return words


def _pattern(names: Iterable[str]) -> re.Pattern[str]:
    """Whole names, and the last of several words: "Person" of "A. Person"."""
    alone = {name.split()[-1] for name in names if len(name.split()) in (2, 3) and "@" not in name}
    words = sorted({*names, *alone} - {""}, key=len, reverse=True)
    joined = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in words)
    return re.compile(rf"(?<!\w)(?:{joined})(?!\w)" if joined else r"(?!)", re.IGNORECASE)
