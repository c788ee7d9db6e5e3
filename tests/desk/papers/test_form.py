from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ninethirty.core.breach import Gap, Report, Said, fields
from ninethirty.core.errors import FormUnreadable
from ninethirty.desk.papers.form import read_form
from tests.desk.papers.forms import TITLE, asks, form, value


def test_every_field_of_a_filled_form_is_read() -> None:
    report = read_form(form(statement="https://stats.example/statement"))
    assert report.form == "2018"
    assert value(report.title) == "Barley yields, 2019"
    assert value(report.links[0]) == "https://stats.example/barley-2019"
    assert value(report.producer) == "Department for Examples"
    assert value(report.contact_name) == "Head of statistics"
    assert value(report.contact_email) == "stats@producer.example"
    assert value(report.contact_telephone) == "01632 960001"
    assert value(report.statement) == "https://stats.example/statement"
    assert report.report_date == Said("2019-06-04", words="4 June 2019")
    assert report.practices == (Said("T3.6", words="T3.6 Release at the announced time"),)
    assert value(report.occurred[0]) == "2019-06-03"
    assert [value(said) for said in report.circumstances] == ["The page was late."]
    assert [value(said) for said in report.impact] == ["Readers had to wait."]
    assert [value(said) for said in report.actions] == ["A second address will be kept ready."]


def test_a_blank_field_is_open_and_does_not_take_its_neighbour() -> None:
    report = read_form(form(statement="", producer=""))
    assert "does not say" in asks(report.statement)
    assert "does not say" in asks(report.producer)
    assert value(report.report_date) == "2019-06-04"


def test_values_stand_below_their_labels_too() -> None:
    text = form().replace("\t", "\n")
    assert _without_words(read_form(text)) == _without_words(read_form(form()))


def test_values_stand_after_several_spaces_a_colon_or_one_space() -> None:
    for between in ("    ", ": ", " "):
        assert _without_words(read_form(form().replace("\t", between))) == _without_words(
            read_form(form())
        )


def test_white_space_of_any_kind_changes_nothing() -> None:
    text = "\ufeff" + form().replace(" ", "\xa0").replace("\n", " \t\r\n")
    assert _without_words(read_form(text)) == _without_words(read_form(form()))


def test_the_words_of_the_form_are_kept_as_they_are() -> None:
    report = read_form(form(circumstances="The\xa0“old” page  stayed\nfor an hour."))
    assert report.circumstances == (
        Said("The “old” page stayed for an hour.", words="The\xa0“old” page  stayed\nfor an hour."),
    )


def test_a_label_broken_over_lines_is_still_one_label() -> None:
    text = form().replace(
        "Link to published statement about the breach (if relevant)\t",
        "Link to published statement\nabout the breach\n(if relevant)\thttps://stats.example/word",
    )
    assert value(read_form(text).statement) == "https://stats.example/word"


def test_a_label_broken_beside_its_value_is_read_in_columns() -> None:
    text = form().replace(
        "Name and contact details of person dealing with report\tHead of statistics ",
        "Name and contact details of      Head of statistics\nperson dealing with report       ",
    )
    report = read_form(text)
    assert value(report.producer) == "Department for Examples"
    assert value(report.contact_name) == "Head of statistics"
    assert value(report.contact_email) == "stats@producer.example"


def test_sections_without_numbers_or_capitals_are_sections() -> None:
    text = form().replace("1. Core Information", "core information")
    text = text.replace("2. Circumstances of", "CIRCUMSTANCES OF").replace("3. Impact", "impact")
    text = text.replace("4. Corrective", "corrective")
    assert _but_for_its_text(text) == _but_for_its_text(form())


def test_a_heading_broken_over_two_lines_is_one_heading() -> None:
    text = form().replace("planned) to prevent", "planned)\nto prevent")
    assert value(read_form(text).actions[0]) == "A second address will be kept ready."


def test_a_missing_section_is_open() -> None:
    report = read_form(form().partition("3. Impact")[0])
    assert "has no such section" in asks(report.impact[0])
    assert "has no such section" in asks(report.actions[0])
    assert value(report.circumstances[0]) == "The page was late."


def test_an_empty_section_is_open() -> None:
    assert "does not say" in asks(read_form(form(impact="")).impact[0])


def test_the_form_of_2020_is_told_by_its_plural() -> None:
    report = read_form(form().replace("principle and practice", "principle(s) and practice(s)"))
    assert report.form == "2020"
    assert value(report.practices[0]) == "T3.6"


def test_the_form_of_2020_is_told_by_its_head_of_profession_who_is_not_the_contact() -> None:
    report = read_form(
        form().replace(
            "Name and contact details of person",
            "Name and contact details of Head of Profession\tChief adviser hop@producer.example\n"
            "Name and contact details of person",
        )
    )
    assert report.form == "2020"
    assert value(report.producer) == "Department for Examples"
    assert value(report.contact_email) == "stats@producer.example"


def test_a_remark_in_brackets_after_a_label_is_not_its_value() -> None:
    text = form().replace("statistical producer\t", "statistical producer (organisation)\t")
    assert value(read_form(text).producer) == "Department for Examples"


def test_a_contact_may_have_rows_of_its_own() -> None:
    report = read_form(
        form(contact="Head of statistics\nE-mail\tstats@producer.example\nTel.\t01632 960001")
    )
    assert value(report.contact_name) == "Head of statistics"
    assert value(report.contact_email) == "stats@producer.example"
    assert value(report.contact_telephone) == "01632 960001"


def test_a_row_with_a_label_we_do_not_know_is_not_part_of_the_cell_above() -> None:
    text = form().replace("Name and contact", "Reference of the office\tB-17\nName and contact")
    assert value(read_form(text).producer) == "Department for Examples"


def test_a_line_that_had_room_for_more_ends_a_paragraph() -> None:
    full = "It stayed as it was until somebody looked at it, which was not soon."
    report = read_form(
        form(
            circumstances=f"{full}\nThen it was mended.",
            impact="Some waited.\nOthers went away.",
            actions="- a second address\n- a witness",
        )
    )
    assert [value(said) for said in report.circumstances] == [f"{full} Then it was mended."]
    assert [value(said) for said in report.impact] == ["Some waited.", "Others went away."]
    assert [value(said) for said in report.actions] == ["- a second address", "- a witness"]


def test_an_account_may_follow_the_date_at_once() -> None:
    text = form().replace("3 June 2019\n\nThe page", "3 June 2019\nThe page")
    assert _but_for_its_text(text) == _but_for_its_text(form())


def test_an_account_is_not_taken_for_the_date_that_is_missing() -> None:
    for text in (form(occurred=""), form(occurred="").replace("\n\nThe page", "\nThe page")):
        report = read_form(text)
        assert "does not say" in asks(report.occurred[0])
        assert value(report.circumstances[0]) == "The page was late."


def test_what_is_no_such_form_is_refused_with_what_was_found() -> None:
    with pytest.raises(FormUnreadable, match=r"expected a form that begins.*found 'Dear reader'"):
        read_form("\nDear reader\n")
    with pytest.raises(FormUnreadable, match="found 'nothing'"):
        read_form("")
    with pytest.raises(FormUnreadable, match="four sections"):
        read_form(TITLE + "\n\nThe page was late.")


@pytest.mark.parametrize(
    "second",
    [form(), TITLE, "1. Core Information", "Title and link to statistical output\tRye"],
)
def test_two_forms_in_one_text_are_refused(second: str) -> None:
    with pytest.raises(FormUnreadable, match="second one"):
        read_form(form() + second)


_LINES = [*form().splitlines(), *form(circumstances="At 9:30am it broke, then").splitlines()]
_TEXTS = st.lists(
    st.sampled_from(_LINES)
    | st.text(max_size=60)
    | st.text(alphabet="T3.6 :apm019/@-+(\n\t", max_size=40),
    max_size=30,
).map("\n".join)


@settings(deadline=None, max_examples=300)
@given(st.text() | _TEXTS | _TEXTS.map(lambda text: f"{TITLE}\n1. Core information\n{text}"))
def test_any_text_is_read_or_refused_and_nothing_is_invented(text: str) -> None:
    try:
        report = read_form(text)
    except FormUnreadable:
        return
    written = _squeezed(text)
    for name, field in fields(report):
        if isinstance(field, Said):
            assert field.words
            assert all(_squeezed(line) in written for line in field.words.splitlines()), name
    for moment in report.moments:
        assert moment.words
        assert moment.words in written


def _but_for_its_text(text: str) -> Report:
    return replace(read_form(text), submitted="")


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _without_words(report: Report) -> list[object]:
    values = [field.asks if isinstance(field, Gap) else field.value for _, field in fields(report)]
    return [*values, *report.moments]
