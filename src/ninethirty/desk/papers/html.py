"""The report as one page of HTML: complete in itself, for a screen, a phone, a printer, a reader
of screens. What is open is said in words; every sentence links to the facts it rests on.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from html import escape
from importlib.resources import files

from ninethirty.core.breach import Bound, Event, Field, Gap, Moment, Report, Said, gaps

HEADING = "Report of a breach of the Code of Practice for Statistics"

_BOUND = {Bound.AT: "", Bound.BEFORE: "before ", Bound.BY: "by ", Bound.ABOUT: "about "}
_EVENT = {
    Event.PROMISED: "Promised time of release",
    Event.ALTERNATE_PUBLIC: "Public at another address",
    Event.USERS_TOLD: "Users told",
    Event.TICKET_RAISED: "Raised with the platform\u2019s support",
    Event.ANNOUNCED_PUBLIC: "Public at the announced address",
    Event.CAUSE_STATED: "Cause stated by the platform",
    Event.FIX_REPORTED: "Fix reported",
    Event.OTHER: "Named in the account",
}


def write_html(
    report: Report,
    *,
    title_note: str = "",
    timeline: Sequence[tuple[int, str, str]] = (),
) -> str:
    """`title_note` says what the page is ("Draft"). `timeline` is the appendix the facts of a
    draft link to: number, local time in words, what happened.
    """
    page = _Page(frozenset(number for number, _, _ in timeline))
    name = report.title.value if isinstance(report.title, Said) else "untitled release"
    note = f"{title_note}: " if title_note else ""
    style = files("ninethirty.desk.papers").joinpath("page.css").read_text(encoding="utf-8")
    parts = [
        _note(title_note),
        f"<h1>{HEADING}</h1>",
        _open_fields(report),
        "<h2>1. Core information</h2>",
        page.table(
            "Core information",
            [
                ("Title of the statistical output", report.title),
                *(("Link to the statistical output", link) for link in report.links),
                ("Statistical producer", report.producer),
                ("Person dealing with the report", report.contact_name),
                ("E-mail", report.contact_email),
                ("Telephone", report.contact_telephone),
                ("Published statement about the breach", report.statement),
                ("Date of report", _date_in_words(report.report_date)),
            ],
        ),
        "<h2>2. Circumstances of the breach</h2>",
        page.table(
            "Practice and date",
            [
                *(("Relevant practice", practice) for practice in report.practices),
                *(("Date of occurrence", _date_in_words(day)) for day in report.occurred),
            ],
        ),
        page.account(report.circumstances),
        page.moments(report.moments),
        "<h2>3. Impact of the breach</h2>",
        page.account(report.impact),
        "<h2>4. Corrective actions, taken or planned</h2>",
        page.account(report.actions),
        _timeline(timeline),
    ]
    body = "\n".join(part for part in parts if part)
    return (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(note)}Breach report: {escape(name)}</title>\n"
        f"<style>\n{style}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


class _Page:
    """Writes fields; knows which facts the page shows, so that no link leads nowhere."""

    def __init__(self, shown: frozenset[int]) -> None:
        self._shown = shown

    def table(self, caption: str, rows: Sequence[tuple[str, Field]]) -> str:
        cells = "\n".join(
            f'<tr><th scope="row">{name}</th><td>{self._value(field)}</td></tr>'
            for name, field in rows
        )
        unseen = 'class="unseen"'  # the heading above says the same to those who see it
        return (
            f"<table>\n<caption {unseen}>{caption}</caption>\n<tbody>\n{cells}\n</tbody>\n</table>"
        )

    def account(self, sentences: Sequence[Field]) -> str:
        return "\n".join(
            f'<p class="{"gap" if isinstance(one, Gap) else "said"}">{self._inline(one)}</p>'
            for one in sentences
        )

    def moments(self, moments: Sequence[Moment]) -> str:
        if not moments:
            return ""
        rows = "\n".join(
            f'<tr><th scope="row">{escape(_when(moment))}</th><td>{_EVENT[moment.event]}</td>'
            f"<td>{escape(moment.words)}{self._facts(moment.facts)}</td></tr>"
            for moment in sorted(moments, key=lambda moment: moment.when)
        )
        return (
            "<h3>Times in this account</h3>\n<table>\n<caption>Local time</caption>\n<thead><tr>"
            '<th scope="col">When</th><th scope="col">What</th><th scope="col">In the words of the '
            f"account</th></tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>"
        )

    def _value(self, field: Field) -> str:
        if isinstance(field, Gap):
            return f'<p class="gap">{self._inline(field)}</p>'
        written = ""
        if field.words and " ".join(field.words.split()) != field.value:
            written = f'<span class="written">Written as: {escape(field.words)}</span>'
        return self._inline(field) + written

    def _inline(self, field: Field) -> str:
        if isinstance(field, Gap):
            return f"<strong>To be filled in by a person:</strong> {escape(field.asks)}"
        return _linked(field.value) + self._facts(field.facts)

    def _facts(self, facts: Sequence[int]) -> str:
        if not facts:
            return ""
        numbers = ", ".join(
            f'<a href="#fact-{n}">{n}</a>' if n in self._shown else str(n) for n in facts
        )
        return f' <span class="facts">({"fact" if len(facts) == 1 else "facts"} {numbers})</span>'


def _linked(value: str) -> str:
    # Only the web's own schemes: a form's text may hold any other.
    if value.startswith(("https://", "http://")) and len(value.split()) == 1:
        return f'<a href="{escape(value)}">{escape(value)}</a>'
    return escape(value)


def _when(moment: Moment) -> str:
    day, _, clock = moment.when.rpartition("T")
    if not day and "-" in clock:
        return _BOUND[moment.bound] + _in_words(clock)
    return _BOUND[moment.bound] + clock + (f" on {_in_words(day)}" if day else "")


def _date_in_words(field: Field) -> Field:
    if isinstance(field, Gap):
        return field
    try:
        return replace(field, value=_in_words(field.value))
    except ValueError:
        return field  # Already put in words by whoever drafted it.


def _in_words(day: str) -> str:
    parsed = date.fromisoformat(day)
    return f"{parsed.day} {parsed:%B %Y}"


def _note(title_note: str) -> str:
    return f'<p class="note">{escape(title_note)}</p>' if title_note else ""


def _open_fields(report: Report) -> str:
    count = len(gaps(report))
    if not count:
        return ""
    entries = "One entry is" if count == 1 else f"{count} entries are"
    return f'<p class="gap">{entries} still to be filled in by a person, and marked so below.</p>'


def _timeline(timeline: Sequence[tuple[int, str, str]]) -> str:
    if not timeline:
        return ""
    rows = "\n".join(
        f'<tr id="fact-{number}"><th scope="row">{number}</th><td>{escape(when)}</td>'
        f"<td>{escape(words)}</td></tr>"
        for number, when, words in timeline
    )
    return (
        "<h2>The timeline</h2>\n<table>\n<caption>The facts this report rests on</caption>\n"
        '<thead><tr><th scope="col">Fact</th><th scope="col">When</th>'
        f'<th scope="col">What happened</th></tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>'
    )
