from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ninethirty.core.period import Asked, Of, Row, sum_up
from ninethirty.core.punctuality import UNKNOWN, Kept, Lag, Source
from ninethirty.core.times import Instant
from tests.core.made import seconds

ASKED = Asked(Of.PLATFORM, "platform.example", date(2017, 7, 1), date(2018, 2, 28))


def kept(day: str, over: float | None, at_most: float | None, **more: Any) -> Kept:
    lag = Lag(
        None if over is None else seconds(over), None if at_most is None else seconds(at_most)
    )
    opens = Instant.parse(f"{day}T09:30:00Z")
    one = Kept(f"release/{day}", "gdp", "office", "platform.example", opens, lag, lag)
    return replace(one, **more)


ALL = [
    kept("2017-07-03", -1, 0.4),
    kept("2017-07-04", 80, 90, cause="cached", reference="br-2017-0001"),
    kept("2017-08-01", None, -60, producer="another"),
    kept("2018-01-02", 3600, None, cause="cached"),
    kept("2018-02-01", None, None, source=Source.REPORTED),
    kept("2018-02-02", 50, 70),
]


def test_each_release_is_counted_once_by_month_and_once_by_producer() -> None:
    found = sum_up(ASKED, ALL)
    assert found.months == {
        "2017-07": Row(on_time=1, late=1),
        "2017-08": Row(early=1),
        "2018-01": Row(late=1),
        "2018-02": Row(on_time=1, unknown=1),
    }
    assert found.producers == {"another": Row(early=1), "office": Row(2, 2, 0, 1)}
    assert sum(row.scheduled for row in found.months.values()) == len(ALL)
    assert found.sources == {Source.REPORTED: 1, Source.WITNESSED: 5}


def test_what_was_surely_late_or_early_is_listed_and_what_was_possibly_on_time_is_not() -> None:
    """The last one may have taken 50 seconds, or 70."""
    found = sum_up(ASKED, ALL)
    assert list(found.late) == [ALL[1], ALL[2], ALL[3]]


def test_a_cause_has_its_first_and_last_day() -> None:
    span = sum_up(ASKED, ALL).causes["cached"]
    assert (span.first, span.last, span.count) == (date(2017, 7, 4), date(2018, 1, 2), 2)


def test_the_query_says_all_that_is_asked() -> None:
    assert ASKED.query == (
        'ninethirty period --platform "platform.example" --from 2017-07-01 --to 2018-02-28 '
        "--late-after 60 --zone Europe/London"
    )


@given(st.permutations(range(len(ALL))), st.integers(0, len(ALL) - 1), st.integers(0, 4))
def test_the_digest_is_of_every_line_and_of_nothing_else(
    order: list[int], place: int, what: int
) -> None:
    digest = sum_up(ASKED, ALL).digest
    assert sum_up(replace(ASKED, name="other"), ALL).digest == digest
    assert (sum_up(ASKED, [ALL[n] for n in order]).digest == digest) is (order == sorted(order))
    changes: list[dict[str, Any]] = [
        {"announced": Lag(timedelta(0), timedelta(microseconds=1))},
        {"anywhere": Lag(timedelta(0), timedelta(microseconds=1))},
        {"cause": "x"},
        {"reference": "x"},
        {"producer": "x"},
    ]
    changed = [*ALL]
    changed[place] = replace(ALL[place], **changes[what])
    assert sum_up(ASKED, changed).digest != digest


def test_a_period_without_releases_has_no_figures() -> None:
    found = sum_up(ASKED, [])
    assert (found.figures.releases, found.figures.worst, found.months) == (0, UNKNOWN, {})
