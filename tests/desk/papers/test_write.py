"""A report written and read back is the same report, in every format."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ninethirty.core.breach import (
    REPORT_FIELDS,
    Bound,
    Event,
    Field,
    Gap,
    Moment,
    Planned,
    Report,
    Said,
)
from ninethirty.core.breach_document import SEVERAL
from ninethirty.core.errors import FormUnreadable
from ninethirty.core.forms import FORMS
from ninethirty.core.practices import Breach
from ninethirty.desk.papers.marks import day_in_words
from ninethirty.desk.papers.read import read_bytes
from ninethirty.desk.papers.write import FORMATS, write
from tests.core.test_breach import report

_SIGNS = "abcdeXYZ019 .,;:-\u2013\u2014\u2019\u201c\u201d'\"()[]{}<>&*_#|\\/~`!?%@+=$£éŵñ"
_WORDS = (
    st.text(_SIGNS, min_size=1, max_size=50)
    .map(lambda text: " ".join(text.split()))
    .filter(lambda text: text != "")
)
_FACTS = st.lists(st.integers(1, 999), max_size=3, unique=True).map(tuple)
_DAYS = st.dates().map(lambda day: day.isoformat())


@st.composite
def _said(draw: st.DrawFn, name: str) -> Said:
    facts = draw(_FACTS)
    doubt = draw(st.just("") | _WORDS)
    if name == "kind":
        value = str(draw(st.sampled_from(Breach)))
        shown = value
    elif name in ("occurred", "report_date", "due"):
        value = draw(_DAYS)
        shown = day_in_words(value)
    else:
        value = shown = draw(_WORDS)
    words = draw(_WORDS | st.just("")) if facts else draw(st.just(shown) | _WORDS)
    return Said(value, words, facts, doubt)


def _field(name: str) -> st.SearchStrategy[Field]:
    return _said(name) | _WORDS.map(Gap)


_CLOCKS = st.times().map(lambda t: f"{t:%H:%M}") | st.times().map(lambda t: f"{t:%H:%M:%S}")
_INSTANTS = st.tuples(_DAYS, _CLOCKS).map("T".join)
_MOMENTS = st.builds(
    Moment,
    _INSTANTS | _DAYS | _CLOCKS,
    st.sampled_from(Bound),
    st.sampled_from(Event),
    _WORDS,
    _FACTS,
    st.just("") | _INSTANTS,
)
_PLANNED = st.builds(Planned, _field("what"), _field("owner"), _field("due"))


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """Any record, of any generation of the form."""
    held: dict[str, Any] = {
        name: draw(
            st.lists(_field(name), max_size=3).map(tuple)
            if name in SEVERAL
            else _field(name)
            if name not in ("kind", "head_name", "head_email", "head_telephone")
            else st.none() | _field(name)
        )
        for name in REPORT_FIELDS
    }
    moments = draw(st.lists(_MOMENTS, max_size=4))
    return Report(
        form=draw(st.sampled_from(FORMS)).name,
        moments=tuple(sorted(moments, key=lambda moment: moment.when)),
        planned=tuple(draw(st.lists(_PLANNED, max_size=2))),
        reference=draw(st.just("") | _WORDS),
        version=draw(st.integers(1, 99)),
        reason=draw(st.just("") | _WORDS),
        **held,
    )


@pytest.mark.parametrize("into", FORMATS)
@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(reports(), st.just("") | st.just("Draft"))
def test_a_report_read_back_from_its_paper_is_the_same(
    into: str, report: Report, note: str
) -> None:
    back = read_bytes(write(report, into, note=note, timeline=[(3, "09:30:00", "a <b> fact")]))
    assert replace(back, submitted="") == report


@pytest.mark.parametrize("into", FORMATS)
def test_a_report_of_a_drill_says_so_and_is_read_by_no_desk(into: str) -> None:
    marked = write(report(), into, drill=True)
    if into in ("html", "md"):
        assert "A drill: none of this is real." in marked.decode()
    with pytest.raises(FormUnreadable, match="of a drill"):
        read_bytes(marked)
    assert read_bytes(write(report(), into)).title == report().title
