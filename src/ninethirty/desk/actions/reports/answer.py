"""At a body: advise on a report, return it with questions, or accept it."""

from typing import Any

from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.report import Advice
from ninethirty.core.submission import Says
from ninethirty.desk.actions.act import kept
from ninethirty.desk.actions.reports.act import acting, note, version_of
from ninethirty.desk.actions.reports.hear import KINDS
from ninethirty.desk.actions.reports.receive import give
from ninethirty.desk.record.register import subject_of


def advise(reference: str, advice: Advice, text: str, *, by: str) -> Fact:
    """Raises NotAllowed: also "is not a breach" without a because."""
    if advice is Advice.IS_NOT and not text.strip():
        raise NotAllowed(f"{reference}: say why it is not a breach")
    return _answer(reference, Says.ADVISED, by, text, str(advice))


def return_report(reference: str, questions: str, *, by: str) -> Fact:
    """Raises NotAllowed: also without questions."""
    if not questions.strip():
        raise NotAllowed(f"{reference}: a report is returned with questions")
    return _answer(reference, Says.RETURNED, by, questions)


def accept_report(reference: str, *, by: str, text: str = "") -> Fact:
    """Raises NotAllowed."""
    return _answer(reference, Says.ACCEPTED, by, text)


def _answer(reference: str, says: Says, by: str, text: str, advice: str = "") -> Fact:
    kind: Kind = KINDS[says]
    with acting(reference, kind, by) as (breach, _):
        details: dict[str, Any] = {"version": breach.version}
        if text:
            details["message"] = kept(subject_of(reference), kind, text)
        if advice:
            details["advice"] = advice
        give(breach, version_of(breach).digest, says, advice=advice, text=text)
        return note(reference, kind, by, **details)
