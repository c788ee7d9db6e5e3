"""A filled form of any generation, read into the record.

What somebody wrote is kept beside what we make of it, and so is the whole text. What cannot be read
is a Gap that quotes the form; it is never guessed. What can be read but does not fit the rest is
read as it is written, with a doubt.
"""

from dataclasses import replace
from datetime import date

from ninethirty.core.breach import Field, Gap, Report, Said
from ninethirty.desk.papers.cells import (
    as_written,
    blank,
    read_email,
    read_link,
    read_links,
    read_name,
    read_telephone,
    read_title,
)
from ninethirty.desk.papers.codes import read_practices
from ninethirty.desk.papers.dates import read_date, read_dates
from ninethirty.desk.papers.labels import Label, Section
from ninethirty.desk.papers.marks import plain
from ninethirty.desk.papers.moments import moments
from ninethirty.desk.papers.sheet import Sheet, read_sheet

_ASKS = {
    Section.CIRCUMSTANCES: "what happened, with dates and times",
    Section.IMPACT: "what the breach meant for users",
    Section.ACTIONS: "what was or will be done so that it does not happen again",
}
_LONGEST_LAG = 200
"""Days from a breach to its report, beyond which one of the two years may be wrong."""


def read_form(text: str) -> Report:
    """Raises FormUnreadable: the text is no such form, or holds more than one."""
    sheet = read_sheet(text)

    def cell(label: Label) -> str:
        return sheet.cells.get(label, "")

    title = read_title(cell(Label.TITLE), "the title of the release")
    report_date = read_date(
        cell(Label.REPORT_DATE), "the date of this report, such as 13 March 2018"
    )
    occurred = tuple(
        _fits(day, report_date)
        for day in read_dates(cell(Label.OCCURRED), "the date of the breach, such as 8 March 2018")
    )
    nature = _told(sheet, Label.NATURE)
    circumstances = nature + _account(sheet, Section.CIRCUMSTANCES, needed=not nature)
    impact = _account(sheet, Section.IMPACT)
    actions = _account(sheet, Section.ACTIONS)
    cause = _told(sheet, Label.REASONS)
    contact = _contact(cell(Label.CONTACT), "who deals with this report")
    head: tuple[Field | None, ...] = (None, None, None)
    if Label.HEAD_OF_PROFESSION in sheet.cells:
        head = _contact(cell(Label.HEAD_OF_PROFESSION), "the Head of Profession")
    told = circumstances + cause + impact + actions
    return Report(
        form=sheet.form,
        title=title,
        links=read_links(cell(Label.TITLE), "the address of the release"),
        producer=_no_title(as_written(cell(Label.PRODUCER), "the name of the producer"), title),
        contact_name=contact[0],
        contact_email=contact[1],
        contact_telephone=contact[2],
        statement=read_link(
            cell(Label.STATEMENT),
            "the address of the published statement about the breach, if there is one",
        ),
        report_date=report_date,
        practices=read_practices(cell(Label.PRACTICES), "the practice of the Code, such as T3.6"),
        occurred=occurred,
        circumstances=circumstances,
        impact=impact,
        actions=actions,
        cause=cause,
        earlier=_told(sheet, Label.EARLIER),
        moments=moments([field.value for field in told if isinstance(field, Said)], occurred[0]),
        submitted=text,
        head_name=head[0],
        head_email=head[1],
        head_telephone=head[2],
    )


def _contact(words: str, who: str) -> tuple[Field, Field, Field]:
    """Name, e-mail address, telephone number."""
    return (
        read_name(words, who),
        read_email(words, f"the e-mail address of {who}"),
        read_telephone(words, f"the telephone number of {who}"),
    )


def _account(sheet: Sheet, section: Section, *, needed: bool = True) -> tuple[Field, ...]:
    if section not in sheet.accounts:
        return (Gap(f"{_ASKS[section]}: the form has no such section"),) if needed else ()
    written = tuple(Said(plain(words), words=words) for words in sheet.accounts[section])
    return written or ((blank(_ASKS[section]),) if needed else ())


def _told(sheet: Sheet, label: Label) -> tuple[Field, ...]:
    return tuple(Said(plain(words), words=words) for words in sheet.told.get(label, ()))


def _fits(day: Field, report_date: Field) -> Field:
    """A day long before its report, or after it, may be one of another year."""
    if isinstance(day, Gap) or isinstance(report_date, Gap):
        return day
    lag = (date.fromisoformat(report_date.value) - date.fromisoformat(day.value)).days
    if 0 <= lag <= _LONGEST_LAG:
        return day
    apart = f"{lag} days before" if lag > 0 else f"{-lag} days after"
    return replace(day, doubt=f"{apart} the date of the report: is the year right?")


def _no_title(producer: Field, title: Field) -> Field:
    if isinstance(producer, Said) and isinstance(title, Said) and producer.value == title.value:
        return replace(producer, doubt="repeats the title of the release")
    return producer
