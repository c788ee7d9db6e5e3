from dataclasses import fields as dataclass_fields

from ninethirty.core.breach import (
    REPORT_FIELDS,
    Bound,
    Event,
    Gap,
    Moment,
    Report,
    Said,
    as_document,
    fields,
    gaps,
)
from ninethirty.core.document import canonical, parse

NOBODY_KNOWS = Gap("Who may be asked?")
TOLD = Said("Users were told at 9:57.", words="at 9:57 users were told", facts=(7, 8))


def report() -> Report:
    return Report(
        form="2018",
        title=Said("GDP"),
        link=Said("https://example.org/gdp"),
        producer=Said("A producer"),
        contact_name=NOBODY_KNOWS,
        contact_email=Said("statistics@example.org"),
        contact_telephone=Said("0"),
        statement=Said("A statement"),
        report_date=Said("2018-03-13"),
        practices=(Said("T3.6"),),
        occurred_on=Said("2018-03-08"),
        circumstances=(TOLD, Gap("Why?")),
        impact=(),
        actions=(Gap("What will be done?"),),
        moments=(
            Moment("2018-03-08T09:57", Bound.AT, Event.USERS_TOLD, "at 9:57", (7,)),
            Moment("2018-03-08T11:00", Bound.BEFORE, Event.ANNOUNCED_PUBLIC, "before 11:00"),
        ),
    )


def test_every_field_of_the_form_is_named_in_its_order() -> None:
    told = {field.name for field in dataclass_fields(Report)} - {"form", "moments"}
    assert set(REPORT_FIELDS) == told
    names = [name for name, _ in fields(report())]
    assert names == sorted(names, key=REPORT_FIELDS.index)
    assert names.count("circumstances") == 2
    assert "impact" not in names


def test_what_a_person_must_fill_in_is_listed() -> None:
    assert gaps(report()) == [
        ("contact_name", NOBODY_KNOWS),
        ("circumstances", Gap("Why?")),
        ("actions", Gap("What will be done?")),
    ]


def test_a_report_is_a_document() -> None:
    document = as_document(report())
    assert parse(canonical(document)) == document
    assert document["form"] == "2018"


def test_a_value_says_what_it_rests_on() -> None:
    document = as_document(report())
    assert document["title"] == {"value": "GDP"}
    assert document["circumstances"][0] == {
        "value": "Users were told at 9:57.",
        "words": "at 9:57 users were told",
        "facts": [7, 8],
    }


def test_what_nobody_determined_stays_a_gap_in_the_document() -> None:
    document = as_document(report())
    assert document["contact_name"] == {"gap": "Who may be asked?"}
    assert document["actions"] == [{"gap": "What will be done?"}]
    assert document["impact"] == []


def test_every_clock_time_of_the_account_is_in_the_document() -> None:
    assert as_document(report())["moments"] == [
        {
            "when": "2018-03-08T09:57",
            "bound": "at",
            "event": "users_told",
            "words": "at 9:57",
            "facts": [7],
        },
        {
            "when": "2018-03-08T11:00",
            "bound": "before",
            "event": "announced_public",
            "words": "before 11:00",
        },
    ]
