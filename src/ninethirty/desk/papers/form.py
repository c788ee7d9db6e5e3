"""A filled form of 2018, or of the years after with its few more words, read into the record.

What somebody wrote is kept beside what we make of it. What cannot be read is a Gap that quotes
the form; it is never guessed. The form's cell for the head of profession has no place in the
record: it is recognised, so that it cannot pass for another cell, and left out.
"""

from ninethirty.core.breach import Field, Gap, Report, Said
from ninethirty.desk.papers.cells import (
    as_written,
    blank,
    plain,
    read_email,
    read_link,
    read_name,
    read_practices,
    read_telephone,
    read_title,
)
from ninethirty.desk.papers.dates import read_date
from ninethirty.desk.papers.labels import Label, Section
from ninethirty.desk.papers.moments import moments
from ninethirty.desk.papers.sheet import Sheet, read_sheet

_ASKS = {
    Section.CIRCUMSTANCES: "what happened, with dates and times",
    Section.IMPACT: "what the breach meant for users",
    Section.ACTIONS: "what was or will be done so that it does not happen again",
}


def read_form(text: str) -> Report:
    """Raises FormUnreadable: the text is no such form, or holds more than one."""
    sheet = read_sheet(text)
    title = sheet.cells.get(Label.TITLE, "")
    contact = sheet.cells.get(Label.CONTACT, "")
    occurred_on = read_date(
        sheet.cells.get(Label.OCCURRED, ""), "the date of the breach, such as 8 March 2018"
    )
    circumstances = _account(sheet, Section.CIRCUMSTANCES)
    impact = _account(sheet, Section.IMPACT)
    actions = _account(sheet, Section.ACTIONS)
    return Report(
        form="2020" if sheet.plural or Label.HEAD_OF_PROFESSION in sheet.cells else "2018",
        title=read_title(title, "the title of the release"),
        links=(read_link(title, "the address of the release"),),
        producer=as_written(sheet.cells.get(Label.PRODUCER, ""), "the name of the producer"),
        contact_name=read_name(contact, "who deals with this report"),
        contact_email=read_email(contact, "the e-mail address of who deals with this report"),
        contact_telephone=read_telephone(contact, "the telephone number of who deals with it"),
        statement=read_link(
            sheet.cells.get(Label.STATEMENT, ""),
            "the address of the published statement about the breach, if there is one",
        ),
        report_date=read_date(
            sheet.cells.get(Label.REPORT_DATE, ""), "the date of this report, such as 13 March 2018"
        ),
        practices=read_practices(
            sheet.cells.get(Label.PRACTICES, ""), "the practice of the Code, such as T3.6"
        ),
        occurred=(occurred_on,),
        circumstances=circumstances,
        impact=impact,
        actions=actions,
        moments=moments(
            [field.value for field in circumstances + impact + actions if isinstance(field, Said)],
            occurred_on,
        ),
    )


def _account(sheet: Sheet, section: Section) -> tuple[Field, ...]:
    if section not in sheet.accounts:
        return (Gap(f"{_ASKS[section]}: the form has no such section"),)
    written = tuple(Said(plain(words), words=words) for words in sheet.accounts[section])
    return written or (blank(_ASKS[section]),)
