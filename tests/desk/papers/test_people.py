"""A copy for the public holds nobody's name and contact; the rest of it says the same."""

import json

from ninethirty.core.breach import Gap, Said
from ninethirty.core.breach_document import as_document
from ninethirty.desk.papers.form import read_form
from ninethirty.desk.papers.people import LEFT_OUT, people_in, public
from tests.desk.papers.forms import form, value

FILLED = form(
    contact="Ada Example ada.example@producer.example 01632 960001",
    circumstances=(
        "Ada Example told the desk at 9:57am. Example then rang Dr B. Sample on 01632 960003.\n\n"
        "The mail went to other.person@press.example. Sir Tobias wrote back at 10:30am."
    ),
    actions="Ms Third will keep a second address ready by 1 July 2019.",
)


def test_no_name_and_no_contact_is_left_anywhere() -> None:
    copy = json.dumps(as_document(public(read_form(FILLED))))
    for hidden in ("Ada", "Example ", "Sample", "Third", "Tobias", "@", "01632"):
        assert hidden not in copy.replace("Department for Examples", ""), hidden


def test_what_is_no_name_stays() -> None:
    report = read_form(FILLED)
    copy = public(report)
    assert copy.title == report.title
    assert copy.producer == report.producer
    assert copy.occurred == report.occurred
    assert value(copy.circumstances[0]) == (
        f"{LEFT_OUT} told the desk at 9:57am. {LEFT_OUT} then rang {LEFT_OUT} on {LEFT_OUT}."
    )
    assert [moment.when for moment in copy.moments] == [moment.when for moment in report.moments]
    assert "1 July 2019" in value(copy.actions[0])


def test_the_text_as_submitted_is_not_in_it() -> None:
    assert public(read_form(FILLED)).submitted == ""


def test_people_are_found() -> None:
    assert people_in(read_form(FILLED)) == {
        "Ada Example",
        "ada.example@producer.example",
        "01632 960001",
    }


def test_the_words_of_a_role_are_not_struck_from_the_account() -> None:
    told = "The head of statistics was told at 9:57am."
    copy = public(read_form(form(circumstances=told)))
    assert value(copy.circumstances[0]) == told
    assert copy.contact_name == Said(LEFT_OUT)


def test_a_cell_that_was_open_stays_open_and_quotes_nobody() -> None:
    blank = public(read_form(form(contact="")))
    assert isinstance(blank.contact_name, Gap)
    two = public(read_form(form(contact="Ada Example a@x.example b@x.example 01632 960001")))
    assert two.contact_email == Said(LEFT_OUT)
