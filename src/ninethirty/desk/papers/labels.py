"""The printed words of the form: its title, its four headings and its labels.

They vary from form to form by a word, a plural or a bracket, are numbered or not, stand beside
or above what was filled in, and are broken over lines. In the patterns below a space stands for
any white space.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, IntEnum, auto
from typing import Generic, TypeVar


class Section(IntEnum):
    CORE = 1
    CIRCUMSTANCES = 2
    IMPACT = 3
    ACTIONS = 4
    RAISED_BY = 5


class Label(Enum):
    TITLE = auto()
    PRODUCER = auto()
    HEAD_OF_PROFESSION = auto()
    CONTACT = auto()
    STATEMENT = auto()
    REPORT_DATE = auto()
    PRACTICES = auto()
    OCCURRED = auto()
    NATURE = auto()
    EARLIER = auto()
    REASONS = auto()


_WHO = (Label.HEAD_OF_PROFESSION, Label.CONTACT, Label.STATEMENT, Label.REPORT_DATE)
_WHICH = (Label.PRACTICES, Label.OCCURRED)

LABELS_OF: Mapping[Section, tuple[Label, ...]] = {
    Section.CORE: (Label.TITLE, Label.PRODUCER, *_WHO, *_WHICH),
    Section.CIRCUMSTANCES: (*_WHICH, Label.NATURE, Label.EARLIER, Label.REASONS),
    Section.IMPACT: (),
    Section.ACTIONS: (),
    Section.RAISED_BY: _WHO,
}
TOLD_AT_LENGTH = frozenset({Label.NATURE, Label.EARLIER, Label.REASONS})
"""Cells that hold paragraphs."""

_TITLE = (
    r"(?:report(?:ing)? (?:of |on )?)?a? ?(?:suspected )?breach(?:es)? of the code of practice for"
    r" (?:official )?statistics(?: ?[:,-]? ?(?:report|form))?"
    r"|(?:note|report)(?:ing)?(?: of| on)?(?: a)? concerns?"
    r" (?:about|under|with) the code of practice for statistics"
)
_HEADINGS = {
    Section.CORE: r"(?:core|background)(?: information)?|what it is about",
    Section.CIRCUMSTANCES: r"(?:circumstances|details)(?: of (?:the )?breach)?|what happened",
    Section.IMPACT: r"(?:(?:reactions?(?: and|/| to(?: and)?) )?impact(?: of (?:the )?breach)?)"
    r"|reactions? to (?:the )?breach|what it meant",
    Section.ACTIONS: r"corrective actions?(?: ?\(?,? ?taken (?:or|and) planned\)?)?"
    r"(?: to prevent (?:any )?re-? ?(?:oc)?currences?)?|what was done(?: and will be done)?",
    Section.RAISED_BY: r"who raises (?:it|this)",
}
_LABELS = {
    Label.TITLE: r"(?:titles?|names?)(?:\(s\))? (?:and|&) links?(?:\(s\))?"
    r" (?:to|of|for) (?:the )?(?:statistical )?(?:output|release|publication)s?(?:\(s\))?",
    Label.PRODUCER: r"names? of (?:the )?(?:statistical )?producer(?: organisation)?",
    Label.HEAD_OF_PROFESSION: r"names? and contact(?: details)? (?:of|for) (?:the )?"
    r"(?:head of profession|hop|chief statistician|senior statistician|lead official)"
    r"(?: (?:for|of) statistics)?(?: ?\(hop\))?(?: or (?:the )?lead official)?",
    Label.CONTACT: r"names? and contact(?: details)? (?:of|for) (?:the )?"
    r"person dealing with (?:the |this )?(?:breach )?report"
    r"|(?:name of )?(?:the )?person (?:submitting|raising) (?:this |the |it)?(?: ?report)?",
    Label.STATEMENT: r"links? to (?:the |any )?(?:published |public )?statement"
    r"(?: about (?:the |this )?breach)?(?: ?\((?:if|where) (?:relevant|applicable|available)\))?",
    Label.REPORT_DATE: r"date of (?:the |this )?(?:report|note|submission)",
    Label.PRACTICES: r"relevant (?:principle(?:s|\(s\))?|protocol)(?: or protocol)?"
    r" (?:and|or) practice(?:s|\(s\))?|practices?(?:\(s\))? of the code",
    Label.OCCURRED: r"date(?:s|\(s\))? of (?:the )?"
    r"(?:occurrence(?: of (?:the |this )?breach)?|breach)",
    Label.NATURE: r"nature of (?:the )?breach",
    Label.EARLIER: r"(?:links? to )?(?:earlier|previous) breaches",
    Label.REASONS: r"reasons? for (?:the )?breach",
}

_NUMBER = r"(?:section ?)?(?:[-*•]|\(?[0-9](?:\.[0-9])?[.):]?|\(?[a-h][.)])? ?"
_MOST_LINES = 3
"""Over how many lines a label may be broken."""

_GAP = re.compile(r"\s*\t\s*|\s{2,}")
_REMARK = re.compile(r"\s*\([^()]*\)\s*:?\s*")


def _compiled(words: str, end: str) -> re.Pattern[str]:
    spaced = (f"{_NUMBER}(?:{words})").replace(" ?", r"\s*").replace(" ", r"\s+")
    return re.compile(spaced + end, re.IGNORECASE)


_TITLE_PATTERN = {True: _compiled(_TITLE, r"\s*$")}
_HEADING_PATTERNS = {
    what: _compiled(words, r"[^\S\n]*(?::|$)") for what, words in _HEADINGS.items()
}
_LABEL_PATTERNS = {what: _compiled(words, r"(?!\w)[^\S\n]*:?") for what, words in _LABELS.items()}

T = TypeVar("T")


@dataclass(frozen=True)
class Found(Generic[T]):
    what: T
    words: str
    filled_in: tuple[str, ...]
    """What stands beside it, line by line."""
    after: int
    """The line that follows."""


def title_at(lines: Sequence[str], at: int) -> Found[bool] | None:
    return _longest(lines, at, _TITLE_PATTERN, in_columns=False)


def heading_at(lines: Sequence[str], at: int, among: Iterable[Section]) -> Found[Section] | None:
    return _longest(
        lines, at, {section: _HEADING_PATTERNS[section] for section in among}, in_columns=False
    )


def label_at(lines: Sequence[str], at: int, among: Iterable[Label]) -> Found[Label] | None:
    return _longest(lines, at, {label: _LABEL_PATTERNS[label] for label in among}, in_columns=True)


def is_row(line: str) -> bool:
    """Words, a tab, words: a label and its value, whether we know the label or not."""
    before, tab, after = line.partition("\t")
    return bool(before.strip() and tab and after.strip())


def _longest(
    lines: Sequence[str], at: int, patterns: Mapping[T, re.Pattern[str]], *, in_columns: bool
) -> Found[T] | None:
    """Three lines are tried before two and one, lest the end of a label pass for a value.

    In columns: what was filled in stands beside each line of a broken label.
    """
    for count in range(_MOST_LINES, 0, -1):
        taken = lines[at : at + count]
        if len(taken) < count or not all(line.strip() for line in taken):
            continue
        cells = [_cells(line) for line in taken]
        if not in_columns and any(right for _, right in cells[:-1]):
            continue
        before_last = "".join(left + "\n" for left, _ in cells[:-1])
        printed = before_last + cells[-1][0]
        for what, pattern in patterns.items():
            match = pattern.match(printed)
            if match and match.end() > len(before_last):
                beside = [right for _, right in cells[:-1]]
                beside.append(_rest(taken[-1], cells[-1], match.end() - len(before_last)))
                filled_in = tuple(words for words in beside if words.strip())
                return Found(what, match.group(), filled_in, at + count)
    return None


def _cells(line: str) -> tuple[str, str]:
    """A line's left column, and the rest of it."""
    left, *right = _GAP.split(line.strip(), maxsplit=1)
    return left, right[0] if right else ""


def _rest(line: str, cells: tuple[str, str], printed: int) -> str:
    left, right = cells
    if right and _REMARK.fullmatch(left[printed:]):
        return right  # "(dd/mm/yyyy)" after a label belongs to the label.
    return line.strip()[printed:].strip()
