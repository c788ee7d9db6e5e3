"""The period report: from the record, in every format, and the same again."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import docx
import pytest

from ninethirty.core.cause import Cause
from ninethirty.core.errors import Malformed, NotAllowed
from ninethirty.core.facts import Kind
from ninethirty.core.period import Asked, Of, Period, Row
from ninethirty.core.punctuality import UNKNOWN, Kept, Lag, Source
from ninethirty.core.times import Instant, Interval
from ninethirty.desk.actions.keep_punctuality import backfill, keep_punctuality
from ninethirty.desk.actions.problems.tell import report_fix, state_cause
from ninethirty.desk.actions.sum_up_period import sum_up_period
from ninethirty.desk.papers.period import write_period
from ninethirty.desk.papers.write import FORMATS
from ninethirty.desk.record.kept import keep, kept
from ninethirty.desk.record.models import KeptPromise
from tests.core.made import HALF_PAST, at
from tests.desk.reports.made import opened
from tests.desk.reports.test_problems import OPERATOR, problem
from tests.desk.setting import RELEASE, Desk, happens, watched

PLATFORM = "platform.example"
YEAR = Asked(Of.PLATFORM, PLATFORM, date(2026, 1, 1), date(2026, 12, 31))
GOVUK = Path(__file__).parents[4] / "shared/data/govuk/scheduled_publication.json"


def one(release: str, day: str, seconds: float, **more: Any) -> Kept:
    lag = Lag(timedelta(seconds=seconds - 0.25), timedelta(seconds=seconds))
    opens = Instant.parse(f"{day}T09:30:00Z")
    told = {"series": "gdp", "producer": "office", "platform": PLATFORM, "title": "GDP", **more}
    return Kept(release=release, promised=opens, anywhere=lag, announced=lag, **told)


def test_a_promise_is_read_back_as_it_was_kept(desk: Desk) -> None:
    told = [one("a", "2026-02-01", 0.5), one("b", "2026-01-01", 90, cause="cached")]
    assert keep(told) == 2
    assert list(kept(YEAR)) == [told[1], told[0]]
    assert keep([one("a", "2026-02-01", 7)]) == 1
    assert [found.announced.at_most for found in kept(YEAR)][1] == timedelta(seconds=7)


def test_bounds_are_widened_never_narrowed(desk: Desk) -> None:
    moment = timedelta(microseconds=1)
    lag = Lag(-moment, moment)
    keep([Kept("a", "s", "office", PLATFORM, Instant.parse("2026-02-01T09:30:00Z"), lag, lag)])
    [found] = kept(YEAR)
    assert found.announced == Lag(timedelta(milliseconds=-1), timedelta(milliseconds=1))


def test_a_platforms_own_word_counts_where_no_witness_looked(desk: Desk) -> None:
    keep([one("a", "2026-02-01", 90, source=Source.REPORTED), one("a", "2026-02-01", 100)])
    keep([one("b", "2026-02-01", 90, source=Source.REPORTED)])
    assert [(found.release, found.source) for found in kept(YEAR)] == [
        ("a", Source.WITNESSED),
        ("b", Source.REPORTED),
    ]


def test_days_are_those_of_the_zone_that_was_asked_for(desk: Desk) -> None:
    midnight = Instant.parse("2026-06-30T23:00:00Z")
    keep([Kept("a", "s", "o", PLATFORM, midnight, UNKNOWN, UNKNOWN)])
    july = Asked(Of.PLATFORM, PLATFORM, date(2026, 7, 1), date(2026, 7, 31))
    june = Asked(Of.PLATFORM, PLATFORM, date(2026, 6, 1), date(2026, 6, 30))
    assert (len(list(kept(july))), len(list(kept(june)))) == (1, 0)


def test_how_a_promise_was_kept_is_worked_out_from_the_timeline(desk: Desk) -> None:
    opened(desk, release=RELEASE)
    watched()
    watched("release/to-come")
    happens(Kind.LATE, at(60))
    happens(Kind.FIRST_SEEN, Interval(at(1600), at(1620)), channel="alternate")
    happens(Kind.FIRST_SEEN, Interval(at(5220), at(5400)), channel="announced")
    assert keep_punctuality() == []
    desk.show(at(7200))
    assert len(keep_punctuality()) == 2
    assert keep_punctuality() == []
    found = sum_up_period(YEAR)
    assert [late.reference for late in found.late] == ["br-2026-0001"]
    assert found.late[0].announced == Lag(timedelta(seconds=5220), timedelta(seconds=5400))
    assert found.late[0].anywhere == Lag(timedelta(seconds=1600), timedelta(seconds=1620))
    assert found.figures.releases == 2


def full(desk: Desk) -> Period:
    id = problem(desk)
    state_cause(id, Cause.OUTAGE, "A machine stopped.", by=OPERATOR)
    state_cause(id, Cause.CACHED, "It was a cache.", by=OPERATOR)
    report_fix(id, "The cache asks again.", by=OPERATOR)
    keep(
        [
            one("release/a", "2026-11-30", 0.5),
            one("release/b", "2026-12-01", 5400, cause="cached", reference="br-2026-0001"),
            one("release/c", "2026-12-02", 90, source=Source.REPORTED),
        ]
    )
    return sum_up_period(YEAR)


def test_it_tells_what_the_operator_found_and_what_is_open(desk: Desk) -> None:
    found = full(desk)
    [fault] = found.faults
    assert [words for _, words in fault.causes] == ["A machine stopped.", "It was a cache."]
    assert (fault.hits, fault.is_open, fault.watched) == (2, True, "not watched yet")
    assert found.months == {"2026-11": Row(on_time=1), "2026-12": Row(late=2)}
    before = Asked(Of.PRODUCER, "Another office", date(2020, 1, 1), date(2020, 1, 2))
    assert [one.id for one in sum_up_period(before).faults] == [fault.id]


def test_made_again_from_the_same_facts_it_is_the_same_to_the_last_byte(desk: Desk) -> None:
    first = full(desk)
    desk.show(at(86400))
    for name in ("html", "md", "json"):
        assert write_period(first, name) == write_period(sum_up_period(YEAR), name)


def test_every_format_holds_the_same_figures(desk: Desk) -> None:
    found = full(desk)
    papers = {name: write_period(found, name, note="Draft") for name in FORMATS}
    told = json.loads(papers["json"])
    assert (told["digest"], told["query"], told["releases"]) == (
        found.digest,
        YEAR.query,
        3,
    )
    assert [row["report"] for row in told["not_on_time"]] == ["br-2026-0001", ""]
    text = papers["md"].decode()
    for words in ("br-2026-0001", found.digest, "It was a cache.", "problem-2026-0001", "Draft"):
        assert words in text.replace("\\", "")
        assert words in papers["html"].decode()
    (desk.home / "p.docx").write_bytes(papers["docx"])
    tables = docx.Document(str(desk.home / "p.docx")).tables
    cells = [cell.text for table in tables for row in table.rows for cell in row.cells]
    assert {"br-2026-0001", "2026-12", "It was a cache."} <= {
        part for cell in cells for part in (cell, cell.partition(": ")[2])
    }
    assert papers["pdf"].startswith(b"%PDF")
    assert b"as reported by the platform" in papers["html"]


def test_a_period_that_ends_before_it_begins_is_refused(desk: Desk) -> None:
    with pytest.raises(NotAllowed, match="the last day is before the first"):
        sum_up_period(Asked(Of.PLATFORM, PLATFORM, date(2026, 2, 1), date(2026, 1, 1)))


ITEM = {
    "base_path": "/statistics/apples",
    "title": "Apples",
    "publishing_scheduled_at": "2026-05-01T08:30:00+00:00",
    "scheduled_publishing_delay_seconds": 110,
    "links": {"organisations": [{"title": "The office of fruit"}]},
}


def test_what_a_platform_says_of_itself_is_taken_over_and_labelled(desk: Desk) -> None:
    assert backfill([("a.json", ITEM), ("b.json", {"base_path": "/x"})], PLATFORM) == 1
    [found] = kept(YEAR)
    assert (found.producer, found.source) == ("The office of fruit", Source.REPORTED)
    assert found.announced == Lag(timedelta(seconds=109), timedelta(seconds=111))


def test_a_backfill_with_one_bad_file_leaves_nothing_half_done(desk: Desk) -> None:
    bad = {**ITEM, "scheduled_publishing_delay_seconds": "soon"}
    with pytest.raises(Malformed, match=r"b\.json: not a content item: scheduled_publishing"):
        backfill([("a.json", ITEM), ("b.json", bad)], PLATFORM)
    assert KeptPromise.objects.count() == 0


@pytest.mark.skipif(not GOVUK.exists(), reason=f"{GOVUK} is not here: the real item is not read")
def test_the_real_item_of_the_platform_is_read(desk: Desk) -> None:
    assert backfill([(GOVUK.name, json.loads(GOVUK.read_text()))], "www.gov.uk") == 1
    row = KeptPromise.objects.get()
    assert (row.announced_over, row.announced_most) == (109_000, 111_000)
    assert row.promised == Instant.parse("2016-05-03T14:10:00Z") != HALF_PAST
