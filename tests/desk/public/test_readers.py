"""What others' programs make of what we write for them."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import feedparser  # type: ignore[import-untyped]
import pytest
import vobject  # type: ignore[import-untyped]
from hypothesis import given, settings
from pyld import jsonld  # type: ignore[import-untyped]

from ninethirty.core.announcement import ELSEWHERE, Provisional, Usual
from ninethirty.core.site import LATEST, About, Notice, Promise, Site, Version
from ninethirty.core.times import Instant, WallTime
from ninethirty.desk.public.calendar import page_of_all_dates
from ninethirty.desk.public.catalogue import catalogue, catalogues
from ninethirty.desk.public.data import json_path, listing_json, release_json
from ninethirty.desk.public.feeds import atom, rss
from ninethirty.desk.public.ics import ics
from ninethirty.desk.public.linked import release_json_ld, series_json_ld
from ninethirty.desk.public.sitemap import (
    LARGEST,
    page_of_sitemap,
    robots,
    sitemap_index,
    sitemap_of_month,
    sitemap_of_pages,
)
from ninethirty.desk.public.zone import zone_from
from tests.core.made import at
from tests.desk.public.any_site import (
    BASE,
    BEFORE,
    GDP,
    OFFICE,
    PROMISE,
    T,
    a_file,
    a_site,
    an_edition,
    sites,
    whole,
)

LATER = WallTime.parse("2026-12-08 09:30 Europe/London")
SITEMAPS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def entries(text: bytes) -> list[Any]:
    """Of a feed, or of a calendar, as a program of somebody else reads it."""
    if text.startswith(b"BEGIN"):
        return list(vobject.readOne(text.decode()).contents.get("vevent", []))
    read = feedparser.parse(text)
    assert not read.bozo, read.get("bozo_exception")
    return list(read.entries)


def one_event(site: Site, seconds: float = 1) -> Any:
    (event,) = entries(ics(site, whole(site), at(seconds)))
    return event


def test_feeds_hold_what_was_said_newest_first() -> None:
    edition = replace(
        an_edition(),
        title='Output & "growth" <Q3>',
        notices=(Notice(About.LATE, at(60), "It is not there.", "https://other.example/x"),),
    )
    site = a_site(edition)
    for write in (atom, rss):
        told = entries(write(site, whole(site), at(61)))
        assert [entry.title.split(":")[0] for entry in told] == [
            "Late", "Published", "Date confirmed", "Announced",
        ]  # fmt: skip
        assert {entry.link for entry in told} == {f"{BASE}/statistics/gdp-q3"}
        assert len({entry.id for entry in told}) == 4
        assert "It can be had at https://other.example/x" in told[0].summary
        assert told[1].published_parsed[:6] == T.timetuple()[:6]
        assert "9:30am on Tuesday 1 December 2026" in told[2].summary
    (first, *_) = entries(rss(site, whole(site), at(61)))
    assert first.title == 'Late: Output & "growth" <Q3>'


def test_feeds_hold_the_last_fifty() -> None:
    site = a_site(*(an_edition(f"e{n}") for n in range(40)))
    for write in (atom, rss):
        told = entries(write(site, whole(site), at(1)))
        assert len(told) == LATEST
        assert sum(entry.title.startswith("Published") for entry in told) == 40


def test_a_feed_says_where_it_is_and_when_it_last_changed() -> None:
    site = a_site(an_edition())
    read = feedparser.parse(atom(site, whole(site), at(1)))
    assert read.feed.updated == "2026-12-01T09:30:00+00:00"
    assert {link.href for link in read.feed.links} == {f"{BASE}/", f"{BASE}/feed/releases.atom"}
    empty = feedparser.parse(atom(a_site(), whole(a_site()), at(1)))
    assert not empty.bozo
    assert empty.feed.updated.startswith("1970-01-01")


def test_a_calendar_has_the_time_in_the_zone_it_was_promised_in() -> None:
    event = one_event(a_site(an_edition()))
    assert f"{event.dtstart.value}" == "2026-12-01 09:30:00+00:00"
    assert event.uid.value == "gdp-q3@statistics.example"
    assert event.status.value == "CONFIRMED"
    assert event.sequence.value == "1"
    assert event.url.value == f"{BASE}/statistics/gdp-q3"


def test_a_provisional_date_is_a_tentative_entry_of_whole_days() -> None:
    promises = (Promise(Provisional(date(2026, 12, 1), date(2026, 12, 4)), BEFORE),)
    event = one_event(a_site(replace(an_edition(), promises=promises)))
    assert event.dtstart.value == date(2026, 12, 1)
    assert event.dtend.value == date(2026, 12, 5)
    assert event.status.value == "TENTATIVE"


def test_every_change_has_a_higher_sequence_and_the_same_uid() -> None:
    edition = an_edition()
    moved = replace(
        edition,
        promises=(*edition.promises, Promise(LATER, at(-86_400), "Data came late; sorry,\nall.")),
        versions=(),
        notices=(Notice(About.CANCELLED, at(86_400), "No data."),),
    )
    site = a_site(moved)
    told = [one_event(site, seconds) for seconds in (-50 * 86_400, -30 * 86_400, 0, 86_400)]
    assert [event.sequence.value for event in told] == ["0", "1", "2", "3"]
    assert {event.uid.value for event in told} == {"gdp-q3@statistics.example"}
    assert [event.status.value for event in told] == [
        "TENTATIVE", "CONFIRMED", "CONFIRMED", "CANCELLED",
    ]  # fmt: skip
    assert told[2].dtstart.value.day == 8
    assert "Was promised for 9:30am on Tuesday 1 December 2026" in told[2].description.value
    assert "Data came late; sorry" in told[2].description.value
    assert "Cancelled. No data." in told[3].description.value


def test_a_calendar_names_each_zone_once_and_folds_its_lines() -> None:
    sydney = replace(
        an_edition("au"),
        promises=(Promise(WallTime.parse("2026-12-01 11:30 Australia/Sydney"), BEFORE),),
    )
    site = a_site(an_edition(), an_edition("b"), sydney)
    text = ics(site, whole(site), at(1))
    assert text.count(b"BEGIN:VTIMEZONE") == 2
    assert {event.dtstart.value.utcoffset() for event in entries(text)} == {
        timedelta(0), timedelta(hours=11),
    }  # fmt: skip
    lines = text.split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    assert b"\n" not in text.replace(b"\r\n", b"")


@pytest.mark.parametrize("body", ELSEWHERE.values(), ids=ELSEWHERE.keys())
def test_every_day_of_ten_years_is_read_as_it_was_promised(body: Usual) -> None:
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(0, 3650, 13)]
    promises = [WallTime(datetime.combine(day, body.at), body.zone) for day in days]
    site = a_site(
        *(
            replace(an_edition(f"e{n}"), promises=(Promise(promise, BEFORE),))
            for n, promise in enumerate(promises)
        )
    )
    # The program keeps the first zone of a name that it sees.
    vobject.icalendar.registerTzid(body.zone, None)
    read = [event.dtstart.value for event in entries(ics(site, whole(site), T))]
    assert [Instant.of(when) for when in read] == [promise.resolve() for promise in promises]


def test_a_zone_whose_clocks_follow_no_rule_has_its_dates() -> None:
    assert b"RDATE" in zone_from("Africa/Casablanca", 2026)
    assert b"RDATE" in zone_from("America/New_York", 2000), "its rule changed in 2007"
    assert b"RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3" in zone_from("America/New_York", 2026)


def test_a_time_that_the_clocks_skip_is_a_day_until_another_is_promised() -> None:
    skipped = WallTime.parse("2027-03-28 01:30 Europe/London")
    event = one_event(a_site(replace(an_edition(), promises=(Promise(skipped, BEFORE),))))
    assert (event.dtstart.value, event.status.value) == (date(2027, 3, 28), "TENTATIVE")


@settings(deadline=None, max_examples=40)
@given(sites())
def test_whatever_a_title_holds_others_can_read_it(site: Site) -> None:
    now = at(50 * 86_400)
    count = len(site.editions)
    assert len(entries(ics(site, whole(site), now))) == count
    for write in (atom, rss):
        assert len(entries(write(site, whole(site), now))) >= count
    for edition in site.editions.values():
        linked = release_json_ld(site, edition, now)
        assert "<" not in linked
        assert json.loads(linked)["name"] == edition.title
        assert json.loads(release_json(site, edition, now))["title"] == edition.title


def test_the_json_of_a_release_says_all_that_its_page_does() -> None:
    edition = an_edition()
    again = Version(at(3600), (a_file("gdp-q3.csv"),), correction="Table 1 was wrong.")
    site = a_site(replace(edition, versions=(*edition.versions, again)))
    told = json.loads(release_json(site, site.editions["gdp-q3"], at(3601)))
    assert told["state"] == "corrected"
    assert [promise.get("zone") for promise in told["promises"]] == [None, "Europe/London"]
    assert told["promises"][0]["from"] == "2026-12-01"
    assert told["promises"][1]["opens"] == "2026-12-01T09:30:00.000000Z"
    first, second = told["versions"]
    assert second["correction"] == "Table 1 was wrong."
    (file,) = second["files"]
    assert file["url"] == f"{BASE}/statistics/gdp-q3/gdp-q3.csv"
    assert file["sha256"] == a_file("gdp-q3.csv").digest
    assert first["files"][0]["url"] is None, "that address now answers with the other file"
    listed = json.loads(listing_json(site, whole(site), at(3601)))
    assert [release["url"] for release in listed["releases"]] == [f"{BASE}/statistics/gdp-q3"]
    assert json_path("/") == "/index.json"
    assert json_path("/series/gdp") == "/series/gdp.json"


def test_what_was_withdrawn_is_offered_nowhere() -> None:
    edition = replace(an_edition(), notices=(Notice(About.WITHDRAWN, at(60), "Wrong."),))
    site = a_site(edition)
    url = a_file("gdp-q3.csv").name
    for text in (
        release_json_ld(site, edition, at(60)),
        catalogue(site, OFFICE, [edition], at(60)).decode(),
        series_json_ld(site, GDP, [edition], at(60)),
    ):
        assert url not in text
        assert f'"@id":"{BASE}/statistics/gdp-q3","@type":"Dataset"' not in text
    (file,) = json.loads(release_json(site, edition, at(60)))["versions"][0]["files"]
    assert file["url"] is None


def expanded(text: str | bytes, context: Mapping[str, Any] | None = None) -> Any:
    """As a program that follows links sees it: every name is an address. Nothing is fetched."""
    linked = json.loads(text)
    if context:
        linked["@context"] = context

    def load(url: str, options: Any) -> Any:
        raise AssertionError(f"asks for {url}")

    return jsonld.expand(linked, {"documentLoader": load})


def test_search_engines_read_a_data_set_with_its_files() -> None:
    site = a_site(an_edition())
    text = release_json_ld(site, site.editions["gdp-q3"], at(1))
    (told,) = expanded(text, {"@vocab": "https://schema.org/"})
    schema = "https://schema.org/"
    assert told["@type"] == [f"{schema}Dataset"]
    assert told["@id"] == f"{BASE}/statistics/gdp-q3"
    (file,) = told[f"{schema}distribution"]
    assert file[f"{schema}contentUrl"] == [{"@value": f"{BASE}/statistics/gdp-q3/gdp-q3.csv"}]
    assert told[f"{schema}datePublished"] == [{"@value": T.text()}]
    (producer,) = told[f"{schema}publisher"]
    assert producer[f"{schema}name"] == [{"@value": OFFICE.name}]
    (series,) = expanded(
        series_json_ld(site, GDP, whole(site).as_of(at(1)), at(1)), {"@vocab": schema}
    )
    assert series[f"{schema}hasPart"][0]["@id"] == f"{BASE}/statistics/gdp-q3"


def test_search_engines_read_an_event_before_t() -> None:
    edition = replace(
        an_edition(), promises=(Promise(PROMISE, BEFORE), Promise(LATER, at(-86_400))), versions=()
    )
    told = json.loads(release_json_ld(a_site(edition), edition, at(0)))
    assert told["@type"] == "PublicationEvent"
    assert told["eventStatus"] == "https://schema.org/EventRescheduled"
    assert told["startDate"] == "2026-12-08T09:30:00.000000Z"
    assert told["previousStartDate"] == "2026-12-01T09:30:00.000000Z"


def test_data_portals_read_the_catalogue_of_a_producer() -> None:
    site = a_site(an_edition())
    (told,) = expanded(catalogue(site, OFFICE, site.editions.values(), at(1)))
    dcat, dct = "http://www.w3.org/ns/dcat#", "http://purl.org/dc/terms/"
    assert told["@type"] == [f"{dcat}Catalog"]
    # What DCAT-AP asks of every catalogue, data set and distribution.
    assert {f"{dct}title", f"{dct}description", f"{dct}publisher"} <= set(told)
    (data_set,) = told[f"{dcat}dataset"]
    assert {f"{dct}title", f"{dct}description"} <= set(data_set)
    (file,) = data_set[f"{dcat}distribution"]
    assert file[f"{dcat}downloadURL"] == [{"@id": f"{BASE}/statistics/gdp-q3/gdp-q3.csv"}]
    assert f"{dcat}accessURL" in file
    (series,) = told[f"{dct}hasPart"]
    assert series["@id"] == data_set[f"{dcat}inSeries"][0]["@id"]
    assert "frequency/QUARTERLY" in json.dumps(series)
    (all_of_them,) = expanded(catalogues(site))
    assert {"@id": told["@id"]} in all_of_them[f"{dcat}catalog"]


def test_crawlers_are_led_to_every_page() -> None:
    site = a_site(an_edition(), replace(an_edition("odd"), path="/statistics/a&b"))
    assert robots(site).decode().endswith(f"Sitemap: {BASE}/sitemap.xml\n")
    index = ElementTree.fromstring(sitemap_index(site, 2, site.counts_by_month))
    assert index.tag == f"{SITEMAPS}sitemapindex"
    assert [loc.text for loc in index.iter(f"{SITEMAPS}loc")] == [
        f"{BASE}/sitemap/pages.xml", f"{BASE}/sitemap/2026-12.xml",
    ]  # fmt: skip
    month = ElementTree.fromstring(sitemap_of_month(site, (2026, 12), site.editions.values(), T))
    assert month.tag == f"{SITEMAPS}urlset"
    assert [[part.tag.removeprefix(SITEMAPS) for part in url] for url in month] == [
        ["loc", "lastmod"]
    ] * 2
    assert {loc.text for loc in month.iter(f"{SITEMAPS}loc")} == {
        f"{BASE}/statistics/gdp-q3", f"{BASE}/statistics/a&b",
    }  # fmt: skip
    pages = ElementTree.fromstring(sitemap_of_pages(site, ["/", "/calendar"]))
    assert [loc.text for loc in pages.iter(f"{SITEMAPS}loc")] == [f"{BASE}/", f"{BASE}/calendar"]


def test_the_calendar_of_all_dates_holds_the_whole_future_and_what_was_given_up() -> None:
    far = Promise(WallTime.parse("2028-06-08 09:30 Europe/London"), at(-9))
    moved = replace(an_edition("moved"), promises=(*an_edition().promises, far), versions=())
    cancelled = replace(
        an_edition("cancelled"), versions=(), notices=(Notice(About.CANCELLED, at(-5), "Why."),)
    )
    past = Promise(WallTime.parse("2020-06-09 09:30 Europe/London"), at(-1e9))
    site = a_site(moved, cancelled, replace(an_edition("past"), promises=(past,), versions=()))
    [(path, shown)] = page_of_all_dates(site).files(at(0)).items()
    assert path == "/calendar/all.ics"
    read = vobject.readOne(shown.body.decode())
    assert read.x_wr_calname.value.startswith("Every date to come (made anew twice a day)")
    told = {event.uid.value.split("@")[0]: event for event in entries(shown.body)}
    assert set(told) == {"moved", "cancelled"}
    assert told["moved"].dtstart.value.isoformat() == "2028-06-08T09:30:00+01:00"
    assert told["moved"].sequence.value == "2"
    assert told["cancelled"].status.value == "CANCELLED"


def test_no_sitemap_holds_more_addresses_than_crawlers_take() -> None:
    one = an_edition()
    many = {
        f"many-{n}": replace(one, id=f"many-{n}", path=f"/many-{n}") for n in range(LARGEST + 1)
    }
    full = replace(a_site(one), editions=many)
    [month] = full.by_month
    made = page_of_sitemap(full, month).files(T)
    assert [body.body.count(b"<url>") for body in made.values()] == [LARGEST, 1]
    index = sitemap_index(full, LARGEST + 1, full.counts_by_month).decode()
    assert all(f"<loc>{BASE}{path}</loc>" in index for path in made)
    assert f"<loc>{BASE}/sitemap/pages-2.xml</loc>" in index


def test_a_release_that_moved_is_in_the_sitemap_of_one_month() -> None:
    edition = an_edition()
    promises = (
        *edition.promises,
        Promise(WallTime.parse("2027-01-12 09:30 Europe/London"), at(-1)),
    )
    site = a_site(replace(edition, promises=promises, versions=()))
    december, january = (
        sitemap_of_month(site, month, site.by_month[month], at(0))
        for month in ((2026, 12), (2027, 1))
    )
    assert b"gdp-q3" not in december
    assert b"gdp-q3" in january
