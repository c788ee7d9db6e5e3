from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ninethirty.core.announcement import Provisional
from ninethirty.core.site import (
    LATEST,
    NEXT,
    About,
    Contact,
    Edition,
    Listing,
    Notice,
    Producer,
    Promise,
    Series,
    Site,
    State,
    Version,
    midnight,
    months,
)
from ninethirty.core.times import Instant, WallTime, at_local

ZONE = "Europe/London"
SAID = Instant.parse("2026-11-01T12:00:00Z")
T = Instant.parse("2026-12-01T09:30:00Z")
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def promise(text: str = "2026-12-01T09:30", since: Instant = SAID) -> Promise:
    return Promise(WallTime(datetime.fromisoformat(text), ZONE), since)


def vague(since: Instant = SAID) -> Promise:
    return Promise(Provisional.month(2026, 12), since)


def an_edition(*promises: Promise, id: str = "a", series: str = "s", **more: object) -> Edition:
    made = Edition(id, "Title", series, f"/releases/{id}", promises or (promise(),))
    return Edition(**{**made.__dict__, **more})


def a_site(*editions: Edition, now: Instant = SAID) -> Site:
    return Site(
        "Site",
        "https://site.example",
        {id: Producer(id, id.upper(), contact=Contact(id)) for id in "pq"},
        {"s": Series("s", "S", "p"), "r": Series("r", "R", "q")},
        {one.id: one for one in editions},
        now,
    )


def state(edition: Edition, at: Instant) -> State | None:
    told = edition.as_of(at)
    return told.state(at) if told else None


def test_a_release_is_nothing_before_it_is_announced() -> None:
    assert an_edition().as_of(SAID - MINUTE) is None
    assert an_edition().as_of(SAID) is not None


def test_a_release_that_holds_nothing_back_is_told_as_it_is() -> None:
    whole = an_edition(versions=(Version(T),))
    assert whole.as_of(T) is whole
    before = whole.as_of(T - MINUTE)
    assert before is not None
    assert before.version is None


@pytest.mark.parametrize(
    ("at", "told"),
    [
        (SAID, State.CONFIRMED),
        (T - 9.5 * timedelta(hours=1), State.DUE),
        (T - MINUTE, State.DUE),
        (T, State.OVERDUE),
    ],
)
def test_a_promise_is_confirmed_then_due_then_overdue(at: Instant, told: State) -> None:
    assert state(an_edition(), at) is told


def test_a_month_is_provisional_for_ever() -> None:
    edition = an_edition(vague())
    assert state(edition, T + 60 * DAY) is State.PROVISIONAL
    assert edition.promise.day == date(2026, 12, 1)
    assert edition.instants() == [SAID]
    assert not edition.moved


def test_a_time_that_the_clocks_skip_is_no_exact_date() -> None:
    skipped = promise("2027-03-28T01:30")
    assert skipped.opens is None
    assert skipped.due is None
    assert state(an_edition(skipped), T) is State.PROVISIONAL


def test_what_is_published_and_put_right_says_so() -> None:
    first, second = Version(T), Version(T + DAY, correction="Table 1.")
    edition = an_edition(versions=(first, second))
    assert state(edition, T) is State.PUBLISHED
    assert state(edition, T + DAY) is State.CORRECTED
    assert edition.changed() == T + DAY


def test_late_goes_on_until_somebody_says_that_it_recovered() -> None:
    late = Notice(About.LATE, T + MINUTE)
    recovered = Notice(About.RECOVERED, T + DAY)
    edition = an_edition(versions=(Version(T),), notices=(late, recovered))
    assert state(edition, T) is State.PUBLISHED
    assert state(edition, T + MINUTE) is State.LATE
    assert state(edition, T + DAY) is State.PUBLISHED
    assert edition.notice(About.LATE) == late
    assert edition.notice(About.HELD) is None


@pytest.mark.parametrize("about", [About.CANCELLED, About.HELD])
def test_a_later_promise_ends_a_cancellation_and_a_hold(about: About) -> None:
    again = promise("2026-12-08T09:30", T + DAY)
    edition = an_edition(promise(), again, notices=(Notice(about, SAID + DAY),))
    assert state(edition, SAID + DAY) == State(about.value)
    assert state(edition, T) == State(about.value)
    assert state(edition, T + DAY) is State.CONFIRMED


def test_what_is_withdrawn_is_so_until_another_version_opens() -> None:
    edition = an_edition(
        versions=(Version(T), Version(T + 2 * DAY)),
        notices=(Notice(About.WITHDRAWN, T + DAY),),
    )
    assert state(edition, T + DAY) is State.WITHDRAWN
    assert state(edition, T + 2 * DAY) is State.CORRECTED


def test_only_an_exact_date_given_up_counts_as_moved() -> None:
    assert an_edition(promise(), promise("2026-12-08T09:30", T)).moved
    assert not an_edition(vague(), promise()).moved


def test_a_page_changes_at_midnight_at_t_and_when_anything_is_said() -> None:
    edition = an_edition(
        versions=(Version(T),), notices=(Notice(About.LATE, T + MINUTE),), ad_hoc=True
    )
    assert edition.instants() == [SAID, T - 9.5 * timedelta(hours=1), T, T + MINUTE]


def test_a_day_that_began_before_the_announcement_changes_nothing() -> None:
    assert an_edition(promise(since=T - MINUTE)).instants() == [T - MINUTE, T]


INSTANTS = st.integers(0, 60 * 24 * 60).map(lambda minutes: SAID + minutes * MINUTE)


@given(INSTANTS, INSTANTS, INSTANTS, st.none() | INSTANTS, INSTANTS)
def test_between_its_instants_nothing_that_is_told_changes(
    opened: Instant, said: Instant, moved: Instant, listed: Instant | None, at: Instant
) -> None:
    edition = an_edition(
        promise(),
        promise("2026-12-09T09:30", moved),
        versions=(Version(opened),),
        notices=(Notice(About.LATE, said),),
        access=listed,
    )
    since = max((one for one in edition.instants() if one <= at), default=None)
    assert since is not None
    assert edition.as_of(at) == edition.as_of(since)
    assert state(edition, at) == state(edition, since)


def test_a_site_groups_its_releases_and_knows_whom_to_ask() -> None:
    own = Contact("own")
    first = an_edition(id="a")
    second = an_edition(
        promise("2027-01-05T09:30"), promise("2026-12-01T09:30", T), id="b", series="r", contact=own
    )
    site = a_site(second, first)
    assert site.by_series == {"s": (first,), "r": (second,)}
    assert site.by_producer == {"p": (first,), "q": (second,)}
    assert site.by_month == {(2026, 12): (first, second), (2027, 1): (second,)}
    assert site.counts_by_month == {(2026, 12): 2, (2027, 1): 1}
    assert months(second) == {(2026, 12), (2027, 1)}
    assert site.contact_of(first) == Contact("p")
    assert site.contact_of(second) == own
    assert site.producers["p"].path == "/producers/p"
    assert site.series["s"].path == "/series/s"


def test_the_releases_of_a_day_are_in_order_of_time() -> None:
    late = an_edition(promise("2026-12-01T16:00"), id="a")
    vaguely, early = an_edition(vague(), id="b"), an_edition(id="c")
    assert a_site(late, vaguely, early).by_month[2026, 12] == (vaguely, early, late)


def test_a_listing_tells_what_may_be_said_and_when_that_changes() -> None:
    listing = Listing("All", "/", (an_edition(), an_edition(promise(since=T), id="b")))
    assert len(listing.as_of(SAID)) == 1
    assert len(listing.as_of(T)) == 2
    assert listing.as_of(SAID) is listing.as_of(SAID)
    assert listing.changes == (SAID, T - 9.5 * timedelta(hours=1), T)


def test_what_is_around_a_release_shares_its_series_producer_or_month_or_is_near() -> None:
    far = promise("2031-06-03T09:30", SAID - 90 * DAY)
    many = [an_edition(far, id=f"far{n}", series="r") for n in range(NEXT + LATEST + 5)]
    same_series = an_edition(promise("2040-05-01T09:30", SAID - 99 * DAY), id="z")
    same_month = an_edition(promise("2026-12-24T09:30", SAID - 99 * DAY), id="m", series="r")
    old = promise("2026-01-06T09:30", SAID - 99 * DAY)
    late = an_edition(old, id="late", series="r")
    done = an_edition(old, id="done", series="r", versions=(Version(SAID - 95 * DAY),))
    ahead = an_edition(promise("2027-02-02T09:30", T), id="ahead", series="r")
    site = a_site(an_edition(), same_series, same_month, late, done, ahead, *many)
    around = site.around(["a", "unknown"])
    kept = set(around.editions)
    assert {"a", "z", "m", "late", "ahead"} <= kept
    assert "done" not in kept
    assert len(kept) < len(site.editions)
    assert around.counts_by_month == site.counts_by_month


def test_what_opens_within_days_is_around_every_release() -> None:
    soon = an_edition(id="soon", series="r")
    assert "soon" in a_site(soon, now=T - DAY).around(()).editions


@pytest.mark.parametrize(
    ("zone", "day", "utc"),
    [
        ("Europe/London", date(2026, 12, 1), "2026-12-01T00:00:00Z"),
        ("Asia/Beirut", date(2026, 3, 29), "2026-03-28T22:00:00Z"),
        ("America/Havana", date(2026, 11, 1), "2026-11-01T04:00:00Z"),
    ],
)
def test_a_day_begins_at_its_first_midnight_also_where_the_clocks_change_then(
    zone: str, day: date, utc: str
) -> None:
    found = midnight(day, zone)
    assert found == Instant.parse(utc)
    assert at_local(found, zone).date() == day
    assert at_local(found - timedelta(microseconds=1), zone).date() == day - DAY
