"""The generations of the breach form, as data: which section holds what, under which label.

A report keeps the form it was made on; a new one takes the form in use on its day. The labels are
ours, short, and one to a value: a form that printed one cell for a title and its address is written
out as two rows. What a generation has no place for stands in a last section of the record.
"""

from dataclasses import dataclass
from datetime import date

from ninethirty.core.breach import REPORT_FIELDS


@dataclass(frozen=True)
class Part:
    """A section. `rows`: label and the field it holds, in a table; `accounts`: the fields told in
    paragraphs below it, each under its own subheading, if that is not empty."""

    heading: str
    rows: tuple[tuple[str, str], ...] = ()
    accounts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Form:
    """since: the first day it was in use; certain: whether we know the day."""

    name: str
    since: date
    heading: str
    parts: tuple[Part, ...]
    certain: bool = True

    @property
    def holds(self) -> frozenset[str]:
        named = (name for part in self.parts for _, name in part.rows + part.accounts)
        return frozenset(named)


_OUTPUT = (
    ("Title of statistical output", "title"),
    ("Link to statistical output", "links"),
    ("Statistical producer", "producer"),
)
_CONTACT = (
    ("Person dealing with the report", "contact_name"),
    ("E-mail", "contact_email"),
    ("Telephone", "contact_telephone"),
)
_HEAD = (
    ("Head of Profession or lead official", "head_name"),
    ("E-mail of Head of Profession", "head_email"),
    ("Telephone of Head of Profession", "head_telephone"),
)
_DATED = (
    ("Published statement about the breach", "statement"),
    ("Date of report", "report_date"),
)
_ACCOUNT = (
    ("", "circumstances"),
    ("Who could see it when", "access"),
    ("Cause", "cause"),
    ("Earlier breaches", "earlier"),
    ("Exemptions and alternative release times", "leave"),
)
_IMPACT = Part("3. Impact of the breach", accounts=(("", "impact"),))
_ACTIONS = Part("4. Corrective actions, taken or planned", accounts=(("", "actions"),))

RECORD = "Further particulars of the record"
"""The last section of every form: what its generation had no place for."""

FURTHER: dict[str, str] = {
    "kind": "Kind of breach",
    "head_name": "Head of Profession",
    "head_email": "E-mail of Head of Profession",
    "head_telephone": "Telephone of Head of Profession",
    "statement": "Published statement about the breach",
    "leave": "Exemptions and alternative release times",
    "access": "Who could see it when",
}

FORMS = (
    Form(
        "2009",
        date(2009, 1, 6),
        "Report of a breach of the Code of Practice for Official Statistics",
        (
            Part(
                "1. Background information",
                (
                    *_OUTPUT,
                    ("Person submitting the report", "contact_name"),
                    *_CONTACT[1:],
                    ("Date of report", "report_date"),
                ),
            ),
            Part(
                "2. Circumstances of the breach",
                (
                    ("Relevant principle or protocol and practice", "practices"),
                    ("Date of occurrence", "occurred"),
                ),
                (
                    ("Nature of the breach", "circumstances"),
                    ("Earlier breaches", "earlier"),
                    ("Reasons for the breach", "cause"),
                ),
            ),
            Part("3. Reactions and impact", accounts=(("", "impact"),)),
            _ACTIONS,
        ),
        certain=False,
    ),
    Form(
        "2018",
        date(2018, 2, 22),
        "Report of a breach of the Code of Practice for Statistics",
        (
            Part("1. Core information", (*_OUTPUT, *_CONTACT, *_DATED)),
            Part(
                "2. Circumstances of the breach",
                (
                    ("Relevant principle and practice", "practices"),
                    ("Date of occurrence", "occurred"),
                ),
                _ACCOUNT,
            ),
            _IMPACT,
            _ACTIONS,
        ),
    ),
    Form(
        "2020",
        date(2020, 10, 1),
        "Report of a breach of the Code of Practice for Statistics",
        (
            Part("1. Core information", (*_OUTPUT, *_HEAD, *_CONTACT, *_DATED)),
            Part(
                "2. Circumstances of the breach",
                (
                    ("Relevant principle(s) and practice(s)", "practices"),
                    ("Date of occurrence", "occurred"),
                ),
                _ACCOUNT,
            ),
            _IMPACT,
            _ACTIONS,
        ),
        certain=False,
    ),
    Form(
        "2022",
        date(2022, 1, 1),
        "Note of concern under the Code of Practice for Statistics",
        (
            Part(
                "1. What it is about",
                (
                    *_OUTPUT,
                    ("Kind of concern", "kind"),
                    ("Practice of the Code", "practices"),
                    ("Date of occurrence", "occurred"),
                ),
            ),
            Part(
                "2. What happened",
                accounts=_ACCOUNT,
            ),
            Part("3. What it meant", accounts=(("", "impact"),)),
            Part("4. What was done and will be done", accounts=(("", "actions"),)),
            Part("5. Who raises it", (*_CONTACT, *_HEAD, *_DATED)),
        ),
        certain=False,
    ),
)
"""In order of time."""


def form_on(day: date) -> Form:
    """The form in use that day; before there was one, the first."""
    return next((form for form in reversed(FORMS) if form.since <= day), FORMS[0])


def form_named(name: str) -> Form:
    """Raises KeyError."""
    return _BY_NAME[name]


def further(form: Form) -> tuple[tuple[str, str], ...]:
    """Label and name of what this generation has no place for, in the order of the record."""
    return tuple((FURTHER[name], name) for name in REPORT_FIELDS if name not in form.holds)


_BY_NAME = {form.name: form for form in FORMS}
