"""A breach that people notice is entered by a short form of questions for its kind."""

from datetime import date
from typing import Any

import pytest

from ninethirty.core.breach import Gap, Planned, Report, Said, kind_of
from ninethirty.core.errors import FormUnreadable
from ninethirty.core.practices import Breach
from ninethirty.desk.papers.entered import Question, asked_for, entered, questions
from tests.desk.papers.forms import asks, value

TODAY = date(2021, 6, 3)
ANSWERS: dict[str, Any] = {
    "title": "Barley yields, 2021",
    "producer": "Department for Examples",
    "occurred": "1 June 2021",
    "circumstances": ["Sent at 10:05am to one reader too many.", "Called back at 10:20am."],
}


def enter(kind: Breach = Breach.WRONG_AUDIENCE, **changed: Any) -> Report:
    return entered(kind, {**ANSWERS, **changed}, TODAY)


@pytest.mark.parametrize("kind", Breach)
def test_every_kind_has_its_questions_and_becomes_a_record(kind: Breach) -> None:
    asked = [question.field for question in questions(kind)]
    assert len(asked) == len(set(asked))
    assert {"title", "occurred", "circumstances", "cause", "impact"} <= set(asked)
    report = enter(kind)
    assert kind_of(report) is kind
    assert report.form == "2020"
    assert value(report.report_date) == "2021-06-03"


def test_answers_become_fields_and_times_become_moments() -> None:
    report = enter()
    assert report.title == Said("Barley yields, 2021")
    assert report.occurred == (Said("2021-06-01", words="1 June 2021"),)
    assert [value(one) for one in report.circumstances] == ANSWERS["circumstances"]
    assert [moment.when for moment in report.moments] == ["2021-06-01T10:05", "2021-06-01T10:20"]


def test_what_nobody_answered_is_open_and_says_what_was_asked() -> None:
    report = enter(impact=["  "])
    assert asks(report.impact[0]) == "What it meant for users"
    assert isinstance(report.contact_name, Gap)


def test_practices_are_suggested_for_the_edition_of_that_day() -> None:
    assert [value(one) for one in enter().practices] == ["T3.3", "T3.4"]
    in_2009 = enter(occurred="2 March 2009")
    assert [value(one) for one in in_2009.practices] == ["Protocol 2", "Protocol 2.8"]
    assert all(isinstance(one, Said) and one.doubt for one in in_2009.practices)
    assert isinstance(enter(Breach.WRONG_CONTENT).practices[0], Gap)


def test_a_planned_action_has_an_owner_and_a_day() -> None:
    report = enter(planned=[{"what": "Send links.", "owner": "Head", "due": "1 July 2021"}])
    assert report.planned == (
        Planned(Said("Send links."), Said("Head"), Said("2021-07-01", words="1 July 2021")),
    )
    (open_one,) = enter(planned=[{"what": "Send links."}]).planned
    assert isinstance(open_one.owner, Gap)
    assert isinstance(open_one.due, Gap)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"title": ""}, "title is missing"),
        ({"occurred": "some day in June"}, "occurred: expected a day"),
        ({"colour": "red"}, "answers colour, which is not asked of wrong_audience"),
        ({"title": ["a", "b"]}, "title: expected one answer, found 2"),
        ({"title": 4}, "title: expected text"),
        ({"planned": ["a"]}, "planned: expected a table"),
        ({"planned": [{"what": "a", "due": "soon"}]}, "planned.due: expected a day"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_by_its_name(
    changed: dict[str, Any], why: str
) -> None:
    with pytest.raises(FormUnreadable, match=why):
        enter(**changed)


def test_a_person_is_asked_again_for_what_is_required_and_an_empty_line_ends_a_list() -> None:
    given = iter(["", "Barley", "", "Office", "", "", "", "", "1 June 2021", ""])
    asked: list[str] = []

    def ask(question: Question) -> str:
        asked.append(question.field)
        return next(given, "")

    answers = asked_for(Breach.LATE, ask)
    assert asked[:3] == ["title", "title", "links"]
    assert answers["title"] == "Barley"
    assert answers["links"] == []
    assert answers["occurred"] == ["1 June 2021"]
    assert entered(Breach.LATE, answers, TODAY).title == Said("Barley")
