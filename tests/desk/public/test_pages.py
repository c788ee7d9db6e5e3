"""Every kind of page, in every state of a release."""

import gzip
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import cache
from urllib.parse import urljoin, urlsplit

import html5lib  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ninethirty.core import letter
from ninethirty.core.errors import NotAllowed
from ninethirty.core.naming import check_path
from ninethirty.core.page import visible_text
from ninethirty.core.rolling import HORIZON
from ninethirty.core.seal import File as Sealed
from ninethirty.core.seal import Manifest
from ninethirty.core.site import About, File, Notice, Promise, Site, Version
from ninethirty.core.times import Instant
from ninethirty.desk.public.build import render, render_all
from ninethirty.desk.public.calendar import MOST
from ninethirty.desk.public.page import Shown
from ninethirty.desk.public.release import below, page_of_release, version_of
from ninethirty.desk.public.release import render as approved
from ninethirty.desk.public.site import pages, pages_shared, pages_showing
from ninethirty.desk.public.style import assets
from tests.desk.public.sites import (
    NOW,
    SAID,
    SERIES,
    T,
    edition,
    every_state,
    promised,
    site,
    wall,
)

MOST_BYTES = 60_000
"""Of a release's page without its files, compressed, with what it asks for."""


@cache
def shown(at: Instant = NOW) -> Mapping[str, Shown]:
    return answers(every_state(), at)


def answers(of: Site, at: Instant) -> Mapping[str, Shown]:
    return {path: one for page in pages(of) for path, one in page.files(page.since(at)).items()}


def html(of: Mapping[str, Shown]) -> dict[str, str]:
    return {path: one.body.decode() for path, one in of.items() if "html" in one.media_type}


@pytest.mark.parametrize("at", [NOW, T])
def test_every_page_is_html_without_a_fault(at: Instant) -> None:
    for path, text in html(shown(at)).items():
        parser = html5lib.HTMLParser(strict=True)
        try:
            parser.parse(text)
        except html5lib.html5parser.ParseError as wrong:
            pytest.fail(f"{path}: {wrong}, {parser.errors}")


def test_every_link_of_the_site_leads_to_a_page_or_a_file_of_a_release() -> None:
    known = {*shown(T), "/register", "/punctuality"}  # these are shown by themselves
    files = {
        f"{one.path}/{file.name}"
        for one in every_state().editions.values()
        for version in one.versions
        for file in version.files
    }
    for path, text in html(shown(T)).items():
        for address in re.findall(r'(?:href|src)="([^"]+)"', text):
            target = urlsplit(urljoin(f"https://statistics.example{path}", address))
            if target.netloc == "statistics.example" and target.scheme == "https":
                assert target.path in known or target.path in files, f"{path} links to {address}"


def test_a_page_says_how_its_release_stands() -> None:
    told = html(shown())
    for name, words in {
        "provisional": "Will be published in February 2027",
        "ranged": "8 March 2027 to 2 April 2027",
        "confirmed": "Will be published at 9:30am on Tuesday 8 December 2026",
        "moved": "The date has changed. It was 9:30am on Tuesday 1 December 2026",
        "due-today": "Will be published today, at 4pm",
        "overdue": "is not here",
        "corrected": "Table 1 had the wrong year.",
        "late": "We last looked at 9:33am on 24 November 2026",
        "recovered": "was late, and is now at the address promised",
        "cancelled": "No ferries ran.",
        "held": "An error was found.",
        "withdrawn": "It named somebody.",
        "ad-hoc": "without a date in the calendar",
        "abroad": "(New York time)",
    }.items():
        assert words in told[f"/releases/{name}"], name


def test_an_old_date_stays_on_the_page_with_the_reason_for_the_new_one() -> None:
    page = html(shown())["/releases/moved"]
    assert "9:30am on Tuesday 1 December 2026, promised at" in page
    assert "changed at midday on 1 October 2026: The data came late." in page
    assert "Was promised for 9:30am on Tuesday 1 December" in html(shown())["/calendar/2026/12"]


def test_what_is_withdrawn_is_not_shown_any_more() -> None:
    page = html(shown())["/releases/withdrawn"]
    assert "rates.csv" not in page
    assert "Main points" not in page


def test_markup_in_a_title_is_words() -> None:
    page = html(shown())["/series/ferries"]
    assert "Ferries &amp; &lt;harbours&gt;" in page
    assert "<harbours>" not in page


def test_files_are_told_with_size_format_digest_and_their_first_rows() -> None:
    page = html(shown())["/releases/published"]
    for words in ("rates.csv", "CSV, 48.2 kB", "3f" * 32, "2026-10", "118 more rows"):
        assert words in page
    assert "Sheets: Contents, Table 1" in page


def test_a_reader_can_say_on_every_page_of_a_release_that_something_is_wrong() -> None:
    for path, page in html(shown()).items():
        if path.startswith("/releases/"):
            form = page[page.index(f'<form method="post" action="{letter.PATH}">') :]
            assert f'<input type="hidden" name="about" value="{path}">' in form
            assert 'name="words"' in form
            assert "Something is wrong here" not in visible_text(page)
    with pytest.raises(NotAllowed):
        check_path("a", letter.PATH)


def test_a_page_of_a_release_is_light() -> None:
    own = gzip.compress(shown()["/releases/published"].body)
    asked = [gzip.compress(one.body) for one in assets().values()]
    assert len(own) + sum(map(len, asked)) < MOST_BYTES


def test_nothing_that_pages_ask_for_is_on_another_host_or_blocks_them() -> None:
    for path, text in html(shown()).items():
        for tag in re.findall(r"<script\b[^>]*>", text):
            assert 'type="module"' in tag or "ld+json" in tag, f"{path}: {tag}"
        for address in re.findall(
            r'<(?:script|img|link rel="stylesheet")[^>]*="(http[^"]*)"', text
        ):
            pytest.fail(f"{path} asks for {address}")
    style = next(one for path, one in assets().items() if path.endswith(".css")).body
    assert b"url(" not in style
    assert b"@font-face" not in style


def test_every_address_is_one_that_releases_may_not_take() -> None:
    releases = {one.path for one in every_state().editions.values()}
    for path in shown():
        release = any(path in (one, f"{one}.json") for one in releases)
        if not release and path != "/":
            with pytest.raises(NotAllowed):
                check_path("a", path)


def test_links_of_a_bundle_lead_below_its_page_and_others_where_they_led() -> None:
    told = (
        '<a href="a.csv">a</a> <img src = \'b/c.png\'> <a HREF="#n">n</a> <a href="/x">x</a> '
        '<a href="https://e.example/">e</a> <a href="mailto:a@e.example">m</a> href="not-a-link"'
    )
    found = below(told, "/p/q")
    assert 'href="/p/q/a.csv"' in found
    assert "src = '/p/q/b/c.png'" in found
    for same in ('"#n"', '"/x"', '"https://e.example/"', '"mailto:a@e.example"', '="not-a-link"'):
        assert same in found


def test_the_words_approved_are_those_that_open_whatever_the_site_knows_by_then() -> None:
    manifest = Manifest(
        "work-1", "Work", wall("2026-11-25T09:30"), "/w", "https://a.example/w",
        (Sealed("index.html", "0" * 64, 10, "text/html"), Sealed("a.csv", "1" * 64, 9, "text/csv")),
    )  # fmt: skip
    held = {"0" * 64: b"<main><h1>Work</h1><p>Up.</p></main>", "1" * 64: b"month,rate\n2026-10,4\n"}
    version = version_of(manifest, "5" * 64, held.__getitem__)
    page = approved(manifest, "Office for Example Statistics", version)
    told = replace(
        edition("work-1", "work", promised("2026-11-18T09:30"), promised("2026-11-25T09:30", NOW)),
        title="Work",
        path="/w",
        versions=(version,),
        notices=(Notice(About.LATE, T),),
    )
    own = page_of_release(site([told]), told).files(T)["/w"].body.decode()
    assert visible_text(own) == visible_text(page)
    assert "Work Up. Files a.csv" in visible_text(own)
    assert "month rate 2026-10 4" in visible_text(own)


SECRETS = ("hush-title", "hush-file", "hush-body", "d1" * 32, "hush-reason", "hush-fix")


@given(
    st.integers(1, 40_000).map(lambda n: NOW + timedelta(minutes=n)),
    st.integers(1, 40_000).map(lambda n: NOW + timedelta(minutes=n)),
)
@settings(max_examples=15, deadline=None)
def test_no_page_says_anything_before_its_time(opens: Instant, asked: Instant) -> None:
    """Whatever page is asked for, and whatever lies beside it."""
    hidden = Version(opens, (File("hush-file.csv", "d1" * 32, 10, "text/csv"),), "<p>hush-body</p>")
    right = Version(opens + timedelta(days=1), correction="hush-fix")
    waiting = edition(
        "waits",
        "fuel",
        promised("2026-12-01T09:30"),
        Promise(wall("2026-12-02T09:30"), opens, "hush-reason"),
        versions=(hidden, right),
    )
    unknown = edition("hush-title", "work", Promise(wall("2027-05-04T09:30"), opens))
    known = site([*every_state().editions.values(), waiting, unknown])
    for page in pages(known):
        for at in {page.since(asked), *page.to_come(NOW, asked)}:
            said = b"".join(one.body for one in page.files(at).values()).decode().casefold()
            early = [secret for secret in SECRETS if secret in said and at < opens]
            assert not early, f"{page.name} tells {early} at {at.text()}"
            assert "hush-fix" not in said or at >= right.opens, page.name


def test_the_site_around_a_release_makes_the_same_pages_as_the_whole_site() -> None:
    whole = every_state()
    for name in ("moved", "fuel-2026-11", "late"):
        part = whole.around([name])
        made = {one.name: one for one in pages_showing(whole, [name])}
        again = {one.name: one for one in pages_showing(part, [name])}
        assert made.keys() == again.keys()
        for key, page in made.items():
            assert render(page, NOW) == render(again[key], NOW), key


def test_a_shared_page_is_rendered_for_its_horizon_and_a_release_for_its_whole_future() -> None:
    known = every_state()
    far = next(page for page in pages(known) if page.name == "release/moved")
    assert render(far, NOW).turns[-1][0] > NOW + HORIZON
    for page in pages_shared(known):
        assert all(at <= NOW + HORIZON for at, _ in render(page, NOW).turns), page.name


def test_several_processes_make_what_one_makes() -> None:
    def named(processes: int) -> dict[str, object]:
        return {one.name: one for one in render_all(every_state(), pages, NOW, processes)}

    assert named(2) == named(1)


def test_a_month_with_many_releases_counts_them_by_day_and_the_days_list_them() -> None:
    many = [edition(f"e-{n}", SERIES[n % 3].id, promised("2026-12-08T09:30")) for n in range(MOST)]
    crowded = site([*many, edition("last", "fuel", promised("2026-12-09T09:30"))])
    told = html(answers(crowded, NOW))
    month = told["/calendar/2026/12"]
    assert f"{MOST} releases" in month
    assert "/releases/e-0" not in month
    assert told["/calendar/2026/12/08"].count('class="nt-release ') == MOST


def test_a_month_that_is_not_crowded_lists_what_moved_away_and_where() -> None:
    gone = edition(
        "gone", "fuel", promised("2026-12-08T09:30"), promised("2027-01-12T09:30", SAID, "Why.")
    )
    told = html(answers(site([gone]), NOW))
    assert "Moved to another month" in told["/calendar/2026/12"]
    assert "Moved to another day" in told["/calendar/2026/12/08"]
    assert "Moved" not in told["/calendar/2027/01"]


def test_a_site_without_a_release_still_has_its_pages() -> None:
    told = html(answers(site([]), NOW))
    assert "Nothing is promised for today." in told["/"]
    assert "Everything promised up to now is published." in told["/status"]
