"""A breach entered by people: a short form of questions for its kind, answered in the same record.

Questions are data: questions.toml. An answer nobody has leaves its field open.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from ninethirty.core.breach import Field, Gap, Planned, Report, Said
from ninethirty.core.breach_document import SEVERAL
from ninethirty.core.errors import FormUnreadable
from ninethirty.core.forms import form_on
from ninethirty.core.practices import Breach, touched
from ninethirty.desk.papers.dates import read_date
from ninethirty.desk.papers.marks import day_in_words, plain
from ninethirty.desk.papers.moments import moments

Answers = Mapping[str, Any]
"""Field -> text, or a list of texts; `planned` a list of tables with what, owner and due."""


@dataclass(frozen=True)
class Question:
    field: str
    asks: str
    several: bool = False
    required: bool = False


@cache
def _asked() -> Mapping[str, tuple[Question, ...]]:
    text = files("ninethirty.desk.papers").joinpath("questions.toml").read_text(encoding="utf-8")
    return {
        kind: tuple(Question(**told) for told in asked)
        for kind, asked in tomllib.loads(text).items()
    }


def questions(kind: Breach) -> tuple[Question, ...]:
    """In the order in which they are asked."""
    asked = _asked()
    return asked["every"] + asked[kind] + asked["last"]


def asked_for(kind: Breach, ask: Callable[[Question], str]) -> dict[str, Any]:
    """The answers a person gives; an empty one ends a list, and is asked for again if required."""
    answers: dict[str, Any] = {}
    for question in questions(kind):
        given = ask(question)
        while question.required and not given.strip():
            given = ask(question)
        if not question.several:
            answers[question.field] = given
            continue
        answers[question.field] = []
        while given.strip():
            answers[question.field].append(given)
            given = ask(question)
    return answers


def entered(kind: Breach, answers: Answers, today: date) -> Report:
    """Raises FormUnreadable: an answer that is missing, of no field, or no day."""
    asked = {question.field: question for question in questions(kind)}
    if unknown := set(answers) - set(asked) - {"planned"}:
        raise FormUnreadable(
            f"answers {', '.join(sorted(unknown))}, which is not asked of {kind}; "
            f"asked: {', '.join(asked)}, planned"
        )
    held: dict[str, Any] = {name: _field(question, answers) for name, question in asked.items()}
    day = held["occurred"][0]
    told = [
        one.value
        for name in ("circumstances", "access", "cause", "impact", "actions")
        for one in held.get(name, ())
        if isinstance(one, Said)
    ]
    return Report(
        form=form_on(today).name,
        kind=Said(str(kind)),
        report_date=Said(today.isoformat(), words=day_in_words(today.isoformat())),
        practices=_practices(kind, day),
        moments=moments(told, day),
        planned=tuple(_planned(one) for one in answers.get("planned", ())),
        **held,
    )


def _field(question: Question, answers: Answers) -> Field | tuple[Field, ...]:
    given = answers.get(question.field, "")
    texts = [given] if isinstance(given, str) else given
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise FormUnreadable(f"{question.field}: expected text or a list of texts, found {given!r}")
    said = [_answer(question, text) for text in texts if text.strip()]
    if not said and question.required:
        raise FormUnreadable(f"{question.field} is missing: {question.asks}")
    fields: list[Field] = [*said] if said else [Gap(question.asks)]
    if question.field in SEVERAL:
        return tuple(fields)
    if len(fields) > 1:
        raise FormUnreadable(f"{question.field}: expected one answer, found {len(fields)}")
    return fields[0]


def _answer(question: Question, text: str) -> Field:
    if question.field != "occurred":
        return Said(plain(text), words=text)
    return _day(text, question.field)


def _day(text: str, name: str) -> Field:
    day = read_date(text, name)
    if isinstance(day, Gap):
        raise FormUnreadable(f"{name}: expected a day such as 2026-12-01, found {text!r}")
    return day


def _practices(kind: Breach, day: Field) -> tuple[Field, ...]:
    """Suggested by the kind and the edition in force that day."""
    assert isinstance(day, Said)
    found = touched(kind, date.fromisoformat(day.value))
    if not found:
        return (Gap("Which practice of the Code, in the edition in force that day?"),)
    return tuple(
        Said(practice.code, doubt="suggested by the kind of breach: confirm it")
        for practice in found
    )


def _planned(told: Any) -> Planned:
    if not isinstance(told, dict) or not set(told) <= {"what", "owner", "due"}:
        raise FormUnreadable(f"planned: expected a table of what, owner and due, found {told!r}")
    asks = {"what": "What will be done?", "owner": "By whom?", "due": "By which day?"}
    parts: dict[str, Field] = {}
    for name, question in asks.items():
        text = str(told.get(name, ""))
        parts[name] = Gap(question) if not text else Said(plain(text), words=text)
    if told.get("due"):
        parts["due"] = _day(str(told["due"]), "planned.due")
    return Planned(**parts)
