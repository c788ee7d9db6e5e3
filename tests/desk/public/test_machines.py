"""Nothing before its time in anything that machines read, and each change at its instant."""

from collections.abc import Mapping
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from ninethirty.core.site import Listing, Site, months
from ninethirty.core.times import Instant
from ninethirty.desk.outside.notices.feed import PATH as NOTICES
from ninethirty.desk.public.catalogue import catalogue, catalogues
from ninethirty.desk.public.data import json_path, listing_json, release_json
from ninethirty.desk.public.feeds import atom, rss
from ninethirty.desk.public.ics import ics
from ninethirty.desk.public.linked import release_json_ld, series_json_ld
from ninethirty.desk.public.site import pages
from ninethirty.desk.public.sitemap import robots, sitemap_index, sitemap_of_month
from tests.core.made import at
from tests.desk.public.any_site import a_site, an_edition, moments, secrets, sites, whole
from tests.desk.public.sites import every_state

MICROSECOND = timedelta(microseconds=1)


def everything(site: Site, now: Instant) -> Mapping[str, bytes]:
    """Every document that machines read of this site at that instant."""
    listings = [
        whole(site),
        *(
            Listing(p.name, p.path, site.by_producer.get(id, ()))
            for id, p in site.producers.items()
        ),
        *(Listing(s.title, s.path, site.by_series.get(id, ())) for id, s in site.series.items()),
    ]
    told: dict[str, bytes] = {}
    for listing in listings:
        for write in (atom, rss, ics, listing_json):
            told[f"{listing.path} {write.__name__}"] = write(site, listing, now)
    for edition in site.editions.values():
        if edition.as_of(now):
            told[edition.path] = release_json(site, edition, now)
            told[f"{edition.path} linked"] = release_json_ld(site, edition, now).encode()
        for month in months(edition):
            told[f"{month}"] = sitemap_of_month(site, month, site.by_month[month], now)
    for id, producer in site.producers.items():
        told[f"{id} catalogue"] = catalogue(site, producer, site.by_producer.get(id, ()), now)
    for id, series in site.series.items():
        of = Listing(series.title, series.path, site.by_series.get(id, ())).as_of(now)
        told[f"{id} linked"] = series_json_ld(site, series, of, now).encode()
    told |= {"catalogues": catalogues(site), "robots": robots(site)}
    told["sitemap"] = sitemap_index(site, 2, site.counts_by_month)
    return told


@settings(deadline=None, max_examples=50)
@given(sites(), st.data())
def test_nothing_is_told_before_its_time(site: Site, data: st.DataObject) -> None:
    changes = whole(site).changes
    near = st.sampled_from(changes).flatmap(
        lambda t: st.sampled_from([t - MICROSECOND, t, t + MICROSECOND])
    )
    now = data.draw(near | moments)
    hidden = secrets(site, now)
    for name, told in everything(site, now).items():
        # A calendar folds its lines; unfolded it has the same words.
        plain = told.replace(b"\r\n ", b"").decode()
        found = {secret for secret in hidden if secret in plain}
        assert not found, (name, found)


@settings(deadline=None, max_examples=50)
@given(sites())
def test_documents_change_at_the_instants_at_which_pages_do(site: Site) -> None:
    changes = whole(site).changes
    for start, end in zip(changes, [*changes[1:], changes[-1] + timedelta(days=400)], strict=True):
        assert everything(site, start) == everything(site, end - MICROSECOND)


def test_all_of_them_turn_at_t() -> None:
    site = a_site(an_edition())
    before, after = everything(site, at(0) - MICROSECOND), everything(site, at(0))
    same = {name for name, told in before.items() if after[name] == told}
    # A date that was kept is no change of a calendar, and births have nothing to do with it.
    assert {name.split()[-1] for name in same if "births" not in name and "board" not in name} == {
        "ics", "catalogues", "robots", "sitemap",
    }  # fmt: skip
    file = site.editions["gdp-q3"].versions[0].files[0]
    for name, told in after.items():
        is_told = file.digest.encode() in told
        assert is_told == (
            name in {"/statistics/gdp-q3", "/statistics/gdp-q3 linked", "office catalogue"}
        )


def test_the_same_site_makes_the_same_bytes() -> None:
    one, other = a_site(an_edition()), a_site(an_edition())
    assert everything(one, at(5)) == everything(other, at(5))


def test_every_page_has_its_json_beside_it_but_those_that_are_words_alone() -> None:
    site = every_state()
    shown = {path for page in pages(site) for path in page.files(page.since(site.as_of))}
    html = {path for path in shown if "." not in path}
    words = {"/search", "/how-we-measure", "/accessibility"}
    assert {path for path in html if json_path(path) not in shown} == words


def test_the_site_leaves_the_feed_of_notices_its_address() -> None:
    """Two documents with one path would be refused, in the middle of telling users."""
    site = every_state()
    shown = {path for page in pages(site) for path in page.files(page.since(site.as_of))}
    assert NOTICES not in shown
    assert "/feed/releases.atom" in shown
