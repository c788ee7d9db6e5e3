"""A paper that we wrote, read back: the same record, whatever the format it went through."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ninethirty.core.breach import REPORT_FIELDS, Field, Gap, Moment, Planned, Report
from ninethirty.core.breach_document import SEVERAL
from ninethirty.core.errors import FormUnreadable
from ninethirty.core.forms import FORMS, RECORD, Form, form_named, further
from ninethirty.desk.papers.marks import fields_of, moment_of, plain
from ninethirty.desk.papers.paper import PLANNED, RECORD_ROWS, TIMELINE, TIMES, TIMES_HEAD

_ASKED = ("kind", "head_name", "head_email", "head_telephone")


def is_own(text: str) -> bool:
    """The heading of our last section, and the form named below it."""
    lines = [line.strip() for line in text.splitlines()]
    return RECORD in lines and any(line.startswith(f"{RECORD_ROWS[0]}\t") for line in lines)


def read_own(text: str) -> Report:
    """Raises FormUnreadable: it was changed so that it can no longer be read back."""
    lines = text.splitlines()
    form = _form(lines)
    read = _Reading(form)
    for line in lines:
        if line.strip() == TIMELINE:
            break
        read.line(line)
    return read.report(text)


def _moment(cells: Sequence[str]) -> Moment:
    try:
        return moment_of(cells)
    except ValueError as changed:
        raise FormUnreadable(
            f"was changed where it tells the times: {changed}; put the row right, or take it out"
        ) from changed


def _form(lines: Sequence[str]) -> Form:
    row = f"{RECORD_ROWS[0]}\t"
    named = [line.removeprefix(row).strip() for line in lines if line.startswith(row)]
    try:
        return form_named(named[-1])
    except KeyError as unknown:
        known = ", ".join(form.name for form in FORMS)
        raise FormUnreadable(
            f"is written on a form called {named[-1]!r}; this version knows {known}"
        ) from unknown


@dataclass
class _Reading:
    """Where in the paper we are, and the lines found so far for each field."""

    form: Form
    _section: str = ""
    _account: str = ""
    _row: list[str] | None = None
    _lines: dict[str, list[str]] = field(default_factory=dict)
    _planned: list[tuple[str, list[str]]] = field(default_factory=list)
    _record: dict[str, str] = field(default_factory=dict)
    _moments: list[Moment] = field(default_factory=list)

    def line(self, line: str) -> None:
        words = plain(line)
        if not words:
            self._row = None
        elif words in self._sections:
            self._enter(words)
        elif words in self._subheadings:
            self._account, self._row = self._subheadings[words], None
        elif "\t" in line:
            self._cells([plain(cell) for cell in line.split("\t")])
        elif self._row is not None:
            self._row.append(words)
        elif self._account:
            self._lines.setdefault(self._account, []).append(words)

    @property
    def _sections(self) -> Mapping[str, str]:
        """Heading of each section still to come, and the account that begins it."""
        headings = [part.heading for part in self.form.parts]
        come = headings.index(self._section) + 1 if self._section in headings else 0
        if self._section == RECORD:
            return {}
        firsts = {
            part.heading: next((name for label, name in part.accounts if not label), "")
            for part in self.form.parts[come:]
        }
        return {**firsts, RECORD: ""}

    @property
    def _subheadings(self) -> Mapping[str, str]:
        part = next((part for part in self.form.parts if part.heading == self._section), None)
        if part is None:
            return {}
        return {**{label: name for label, name in part.accounts if label}, TIMES: TIMES}

    def _enter(self, section: str) -> None:
        self._account, self._section, self._row = self._sections[section], section, None

    def _cells(self, cells: Sequence[str]) -> None:
        self._row = None
        if self._account == TIMES:
            if tuple(cells) != TIMES_HEAD:
                self._moments.append(_moment(cells))
            return
        label, value = cells[0], " ".join(cells[1:])
        names = dict(PLANNED)
        if label in names and self._section != RECORD:
            self._row = [value]
            self._planned.append((names[label], self._row))
        elif label in RECORD_ROWS and self._section == RECORD:
            self._record[label] = value
        elif label in self._labels:
            self._row = self._lines.setdefault(self._labels[label], [])
            self._row.append(value)

    @property
    def _labels(self) -> Mapping[str, str]:
        if self._section == RECORD:
            return dict(further(self.form))
        return next((dict(p.rows) for p in self.form.parts if p.heading == self._section), {})

    def report(self, text: str) -> Report:
        held: dict[str, Any] = {}
        for name in REPORT_FIELDS:
            found = fields_of(name, self._lines.get(name, ()))
            if name in SEVERAL:
                held[name] = found
            elif found:
                held[name] = found[0]
            elif name not in _ASKED:
                held[name] = Gap(f"{name.replace('_', ' ')}: the paper lacks it")
        form, reference, version, reason = (self._record.get(label, "") for label in RECORD_ROWS)
        return Report(
            form=form,
            reference=reference,
            version=int(version) if version.isdigit() else 1,
            reason=reason,
            moments=tuple(self._moments),
            planned=tuple(self._plans()),
            submitted=text,
            **held,
        )

    def _plans(self) -> list[Planned]:
        fields: list[Field] = [fields_of(part, lines)[0] for part, lines in self._planned]
        return [Planned(*fields[at : at + 3]) for at in range(0, len(fields) - 2, 3)]
