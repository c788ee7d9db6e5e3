"""The filled form this project descends from. It names people, so it stays outside the project."""

from pathlib import Path

import pytest

from ninethirty.core.breach import Bound, Event, Report, gaps
from ninethirty.desk.papers.form import read_form
from tests.desk.papers.forms import value

CASE = Path(__file__).parents[4] / "shared" / "data" / "case"


@pytest.fixture(scope="module")
def real() -> Report:
    files = sorted(CASE.glob("*.txt"))
    if not files:
        pytest.skip(f"the real form is not here: no text file in {CASE}")
    return read_form(files[0].read_text(encoding="utf-8"))


def test_only_the_statement_is_open(real: Report) -> None:
    assert [name for name, _ in gaps(real)] == ["statement"]


def test_its_fields_are_read(real: Report) -> None:
    assert real.form == "2018"
    assert value(real.report_date) == "2018-03-13"
    assert value(real.occurred[0]) == "2018-03-08"
    assert [value(practice) for practice in real.practices] == ["T3.6"]
    assert value(real.links[0]).startswith("https://")
    assert "http" not in value(real.title)
    assert "@" in value(real.contact_email)
    assert "@" not in value(real.contact_name)
    assert value(real.contact_telephone).startswith("0")
    assert [len(part) for part in (real.circumstances, real.impact, real.actions)] == [4, 2, 2]


def test_every_time_it_names_is_told_with_what_happened(real: Report) -> None:
    assert {(m.when, m.bound, m.event) for m in real.moments} == {
        ("2018-03-08T09:30", Bound.AT, Event.PROMISED),
        ("2018-03-08T09:30", Bound.AT, Event.OTHER),
        ("2018-03-08T10:00", Bound.BEFORE, Event.ALTERNATE_PUBLIC),
        ("2018-03-08T09:57", Bound.AT, Event.ALTERNATE_PUBLIC),
        ("2018-03-08T09:57", Bound.AT, Event.USERS_TOLD),
        ("2018-03-08T10:08", Bound.AT, Event.TICKET_RAISED),
        ("2018-03-08T11:00", Bound.BEFORE, Event.ANNOUNCED_PUBLIC),
        ("2018-03-08T13:49", Bound.AT, Event.CAUSE_STATED),
        ("2018-03-12", Bound.AT, Event.FIX_REPORTED),
    }
