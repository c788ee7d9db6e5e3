"""How promises were kept, as the public reads it."""

import json
from dataclasses import replace
from datetime import date, timedelta

import html5lib  # type: ignore[import-untyped]
import pytest

from ninethirty.core.facts import Kind
from ninethirty.core.punctuality import Source
from ninethirty.core.schedule import Content
from ninethirty.core.tally import measure
from ninethirty.core.times import Interval
from ninethirty.desk.actions.opening import scheduled
from ninethirty.desk.actions.show_punctuality import show_punctuality
from ninethirty.desk.public.punctuality import front_pages, group_pages
from ninethirty.desk.record.kept import day_of, keep, kept_as, kept_between, measures_between
from ninethirty.desk.setup import setup
from tests.core.made import at
from tests.desk.public.accounts import TOLD, YEAR, groups, pages_of_account, told
from tests.desk.public.sites import every_state
from tests.desk.reports.made import opened
from tests.desk.setting import RELEASE, Desk, happens, watched


def front() -> str:
    return front_pages(every_state(), TOLD, groups("producer", "platform"))[
        "/punctuality"
    ].body.decode()


def test_the_front_page_tells_shares_and_who_kept_them_how_with_three_charts() -> None:
    page = front()
    assert "25 November 2025 to 24 November 2026. 5 releases, of which 1 as reported" in page
    assert "within 60 s: 2 surely and 3 possibly, of 5 at the address promised" in page
    assert page.count("<svg") == 3
    assert 'href="/punctuality/by-producer/isles-statistical-service"' in page
    assert 'href="/punctuality/by-platform/platform.example"' in page
    assert 'href="/register/br-2026-0001">Fuel &lt;prices&gt; of 11-10' in page
    assert 'href="/register/periods/p">2025' in page


def test_each_release_is_told_on_the_page_of_its_series() -> None:
    pages = group_pages(every_state(), told(*YEAR[:3]), "series", YEAR[0].series, {})
    page = pages["/punctuality/by-series/road-fuel-oil-prices"].body.decode()
    assert page.count("<svg") == 3
    assert "early, by at least 10 minutes" in page
    assert "not seen" in page


def test_how_each_series_did_is_told_by_its_producer() -> None:
    pages = group_pages(every_state(), TOLD, "producer", YEAR[0].producer, groups("series"))
    page = pages["/punctuality/by-producer/office-for-example-statistics"].body.decode()
    assert 'href="/punctuality/by-series/road-fuel-oil-prices">Road fuel &amp; oil prices' in page


def test_the_same_figures_are_there_as_json() -> None:
    found = json.loads(
        front_pages(every_state(), TOLD, groups("producer", "platform"))["/punctuality.json"].body
    )
    assert (found["releases"], found["early"], found["not_seen"]) == (5, 1, 1)
    assert found["within_s"]["60"] == {"of": 5, "surely": 2, "possibly": 3}
    assert found["promises"][4]["announced"] == {"over_s": 5399.0, "at_most_s": 5400.0}
    assert {one["name"]: one["releases"] for one in found["by"]["producer"]} == {
        "Isles Statistical Service": 1,
        "Office for Example Statistics": 4,
    }


def test_where_nobody_watched_the_page_says_so() -> None:
    nothing = front_pages(every_state(), told(periods=()), {})
    page = nothing["/punctuality"].body.decode()
    assert "Nobody has watched a release in these days" in page
    assert "<svg" not in page


def test_where_the_gate_has_no_calendar_nothing_leads_to_one() -> None:
    for path, shown in pages_of_account(replace(every_state(), calendar=False)).items():
        if not path.endswith(".json"):
            assert 'href="/calendar"' not in shown.body.decode(), path
            assert 'href="/register"' in shown.body.decode(), path


@pytest.mark.parametrize("path", [p for p in pages_of_account(every_state()) if ".json" not in p])
def test_pages_of_account_are_html_in_the_frame_of_the_site(path: str) -> None:
    page = pages_of_account(every_state())[path].body.decode()
    html5lib.HTMLParser(strict=True).parse(page)
    assert 'class="nt-header__name" href="/"' in page
    assert 'href="/how-we-measure"' in page


def shown(document: str) -> dict[str, str]:
    return {
        one.path: setup().shelf().read(one.answer.digest).decode()
        for one in scheduled(document)
        if isinstance(one.answer, Content)
    }


def test_it_is_filled_from_the_record_and_anew_when_more_was_seen(desk: Desk) -> None:
    breach = opened(desk, release=RELEASE)
    watched()
    happens(Kind.LATE, at(60))
    happens(Kind.FIRST_SEEN, Interval(at(5220), at(5400)), channel="announced")
    now = at(0) + timedelta(hours=2)
    desk.show(now)
    assert show_punctuality(now) is not None
    page = shown("site/punctuality")["/punctuality"]
    assert "1 release." in page
    assert "within 300 s: 0 of 1 at the address promised" in page
    assert f'href="/register/{breach.reference}"' not in page, "its report is not public"
    assert "/punctuality/by-platform/platform.example" in shown(
        "punctuality/platform/platform.example"
    )
    assert any(path.startswith("/assets/site-") for path in shown("site/assets"))
    assert show_punctuality(now) is None
    keep([replace(YEAR[0], promised=at(0) - timedelta(days=2), release="release/x")])
    again = show_punctuality(now, whole=True)
    assert again is not None
    assert again.changed > 0
    assert "2 releases." in shown("site/punctuality")["/punctuality"]


def test_rows_are_measured_as_they_are_read_one_by_one(desk: Desk) -> None:
    both = replace(YEAR[0], anywhere=YEAR[1].announced, series="", producer="The  office!")
    keep([both, replace(both, source=Source.REPORTED), *YEAR[1:], replace(YEAR[2], release="x")])
    rows = measures_between(date(2026, 1, 1), date(2026, 12, 31), "Europe/London")
    all_kept = list(kept_between(date(2026, 1, 1), date(2026, 12, 31), "Europe/London"))
    assert len(rows) == len(YEAR) + 1, "a platform's word is left out where witnesses saw it"
    assert sorted(repr(row[2:]) for row in rows) == sorted(
        repr((*measure(0, one)[2:5], str(one.source), *measure(0, one)[6:])) for one in all_kept
    )
    assert [day_of(row.promised, "Asia/Tokyo") for row in rows][:2] == [
        date(2026, 2, 3),
        date(2026, 3, 3),
    ]
    assert day_of(rows[0].promised, "Pacific/Kiritimati") == date(2026, 2, 3)
    assert {one.release for one in kept_as([row.id for row in rows]).values()} == {
        one.release for one in all_kept
    }


def test_names_that_share_an_address_share_a_page(desk: Desk) -> None:
    now = at(0) + timedelta(hours=2)
    desk.show(now)
    soon = [replace(one, promised=at(-n * 3600)) for n, one in enumerate(YEAR[:3])]
    keep([soon[0], replace(soon[1], series="Road fuel (oil) prices"), replace(soon[2], series="")])
    assert show_punctuality(now, whole=True) is not None
    page = shown("punctuality/series/road-fuel-oil-prices")
    assert "2 releases." in page["/punctuality/by-series/road-fuel-oil-prices"]
    assert "Punctuality: not said" in shown("punctuality/series/not-said").popitem()[1]
