from datetime import date, timedelta

import pytest

from ninethirty.core.breach import REPORT_FIELDS
from ninethirty.core.forms import FORMS, FURTHER, Form, form_named, form_on, further


def test_the_form_is_that_of_the_day() -> None:
    assert form_on(date(2008, 1, 1)).name == "2009"
    for form in FORMS:
        assert form_on(form.since) is form
        assert form_named(form.name) is form
    assert form_on(FORMS[-1].since - timedelta(days=1)) is FORMS[-2]
    assert form_on(date(2026, 1, 1)) is FORMS[-1]
    with pytest.raises(KeyError):
        form_named("1999")


@pytest.mark.parametrize("form", FORMS, ids=[form.name for form in FORMS])
def test_every_field_has_one_place_on_every_form(form: Form) -> None:
    named = [name for part in form.parts for _, name in part.rows + part.accounts]
    named += [name for _, name in further(form)]
    assert sorted(named) == sorted(REPORT_FIELDS)
    assert set(FURTHER) >= set(REPORT_FIELDS) - form.holds


@pytest.mark.parametrize("form", FORMS, ids=[form.name for form in FORMS])
def test_no_label_stands_for_two_fields(form: Form) -> None:
    labels = [label for part in form.parts for label, _ in part.rows]
    labels += [label for part in form.parts for label, _ in part.accounts if label]
    assert len(labels + [label for label, _ in further(form)]) == len(
        set(labels) | {label for label, _ in further(form)}
    )
