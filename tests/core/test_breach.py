from dataclasses import fields as dataclass_fields
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from ninethirty.core.breach import (
    REPORT_FIELDS,
    Bound,
    Event,
    Gap,
    Late,
    Lateness,
    Moment,
    Planned,
    Report,
    Said,
    days_of,
    doubts,
    edition_of,
    fields,
    gaps,
    kind_of,
    lateness,
)
from ninethirty.core.breach_document import as_document, from_document
from ninethirty.core.document import canonical, parse
from ninethirty.core.errors import Malformed
from ninethirty.core.practices import Breach

NOBODY_KNOWS = Gap("Who may be asked?")
TOLD = Said("Users were told at 9:57.", words="at 9:57 users were told", facts=(7, 8))
DOUBTED = Said("2018-03-08", words="8/3/18", doubt="the report is of another year")


def report() -> Report:
    return Report(
        form="2018",
        title=Said("GDP"),
        links=(Said("https://example.org/gdp"),),
        producer=Said("A producer"),
        contact_name=NOBODY_KNOWS,
        contact_email=Said("statistics@example.org"),
        contact_telephone=Said("0"),
        statement=Said("A statement"),
        report_date=Said("2018-03-13"),
        practices=(Said("T3.6"),),
        occurred=(DOUBTED,),
        circumstances=(TOLD, Gap("Why?")),
        impact=(),
        actions=(Gap("What will be done?"),),
        moments=(
            Moment("2018-03-08T09:30", Bound.AT, Event.PROMISED, "at 9:30"),
            Moment("2018-03-08T09:57", Bound.AT, Event.USERS_TOLD, "at 9:57", (7,)),
            Moment("2018-03-08T11:00", Bound.BEFORE, Event.ANNOUNCED_PUBLIC, "before 11:00"),
        ),
        planned=(Planned(Said("A second address."), Said("Head of web"), Gap("By when?")),),
        submitted="The whole letter.",
        reference="2018/1",
        version=2,
        reason="A date was wrong.",
    )


def test_every_field_of_the_record_is_named_in_its_order() -> None:
    told = {field.name for field in dataclass_fields(Report)}
    others = {"form", "moments", "planned", "submitted", "reference", "version", "reason"}
    assert set(REPORT_FIELDS) == told - others
    names = [name for name, _ in fields(report())]
    assert names == sorted(names, key=(*REPORT_FIELDS, "planned").index)
    assert names.count("circumstances") == 2
    assert names.count("planned") == 3
    assert not {"impact", "kind"} & set(names)


def test_what_a_person_must_fill_in_is_listed() -> None:
    assert gaps(report()) == [
        ("contact_name", NOBODY_KNOWS),
        ("circumstances", Gap("Why?")),
        ("actions", Gap("What will be done?")),
        ("planned", Gap("By when?")),
    ]


def test_what_a_person_should_look_at_again_is_listed() -> None:
    assert doubts(report()) == [("occurred", DOUBTED)]


def test_a_value_that_rests_on_nothing_else_rests_on_its_own_words() -> None:
    assert Said("GDP").words == "GDP"
    assert Said("GDP", facts=(3,)).words == ""


def test_the_day_says_which_edition_binds() -> None:
    assert days_of(report()) == (date(2018, 3, 8),)
    edition = edition_of(report())
    assert edition
    assert "2.0" in edition.name
    assert edition_of(replace(report(), occurred=(NOBODY_KNOWS,))) is None


def test_the_kind_is_one_of_ours_or_open() -> None:
    assert kind_of(replace(report(), kind=Said("late"))) is Breach.LATE
    assert kind_of(report()) is None
    assert kind_of(replace(report(), kind=NOBODY_KNOWS)) is None


def _late(*moments: Moment) -> Lateness:
    promised = Moment("2018-03-08T09:30", Bound.AT, Event.PROMISED, "promised")
    return lateness(replace(report(), moments=(promised, *moments)))


ELSEWHERE_AT = Moment("2018-03-08T09:57", Bound.AT, Event.ALTERNATE_PUBLIC, "at 9:57")
ELSEWHERE_BEFORE = Moment("2018-03-08T10:00", Bound.BEFORE, Event.ALTERNATE_PUBLIC, "before 10am")
THERE_BEFORE = Moment("2018-03-08T11:00", Bound.BEFORE, Event.ANNOUNCED_PUBLIC, "before 11am")


def test_both_delays_are_intervals_and_the_closest_time_told_counts() -> None:
    told = _late(ELSEWHERE_BEFORE, ELSEWHERE_AT, THERE_BEFORE)
    assert told == Lateness(Late(0, 27 * 60), Late(0, 90 * 60))
    assert _late(ELSEWHERE_AT) == Lateness(Late(27 * 60, 27 * 60), None)


def test_a_last_look_that_missed_is_the_lower_end() -> None:
    seen = Moment(
        "2018-03-08T10:58:00",
        Bound.BY,
        Event.ANNOUNCED_PUBLIC,
        "seen",
        after="2018-03-08T10:57:30",
    )
    assert _late(seen).announced == Late(5250, 5280)


def test_without_a_promise_or_a_time_no_delay_is_known() -> None:
    assert lateness(replace(report(), moments=(THERE_BEFORE,))) == Lateness(None, None)
    assert _late() == Lateness(None, None)
    assert _late(Moment("10:00", Bound.AT, Event.ANNOUNCED_PUBLIC, "")) == Lateness(None, None)


def test_early_is_not_late() -> None:
    early = Moment("2018-03-08T09:20", Bound.AT, Event.ANNOUNCED_PUBLIC, "at 9:20")
    assert _late(early).announced == Late(0, 0)


def test_a_report_read_back_from_json_is_the_same() -> None:
    moment = replace(report().moments[0], after="2018-03-08T09:29:59", facts=(3,))
    for one in (
        report(),
        replace(report(), kind=Said("late", facts=(5,)), head_name=NOBODY_KNOWS, moments=(moment,)),
        replace(report(), kind=Said("late", words="late", facts=(5,))),
    ):
        assert from_document(parse(canonical(as_document(one)))) == one


def test_words_are_written_only_where_they_differ_from_the_value() -> None:
    document = as_document(report())
    assert document["title"] == {"value": "GDP"}
    assert document["occurred"][0]["words"] == "8/3/18"
    assert document["contact_name"] == {"gap": "Who may be asked?"}
    assert document["kind"] is None


@pytest.mark.parametrize(
    "broken",
    [
        {"title": None},
        {"title": {"value": 3}},
        {"title": {"value": "x", "facts": ["1"]}},
        {"title": {"value": "x", "colour": "red"}},
        {"moments": [{"when": "x"}]},
        {"version": "first"},
        {"links": 4},
        {"form": "1999"},
        {"kind": {"value": "rude"}},
        {"occurred": [{"value": "last week"}]},
        {"report_date": {"value": "2018-02-30"}},
    ],
)
def test_what_is_no_report_is_refused(broken: dict[str, Any]) -> None:
    with pytest.raises(Malformed, match="no breach report"):
        from_document(as_document(report()) | broken)


def test_a_document_that_lacks_a_field_is_refused_and_the_field_named() -> None:
    document = as_document(report())
    del document["practices"]
    with pytest.raises(Malformed, match="practices"):
        from_document(document)
