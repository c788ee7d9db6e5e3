"""The days after a fix: the platform is looked at harder, and what was seen is noted."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ninethirty.core.facts import Kind
from ninethirty.core.sighting import View
from ninethirty.core.times import Instant
from ninethirty.core.watch import WatchOrder, read_order
from ninethirty.desk.actions.draft_report import out_of_date
from ninethirty.desk.actions.watch_period import WATCH_FOR, begin_watch, end_watch
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.record.models import Release
from ninethirty.desk.record.sightings import store
from ninethirty.desk.setup import setup
from tests.core.made import PLACEHOLDER, RIGHT, at
from tests.desk.setting import RELEASE, Desk, happens, looks, watched
from tests.desk.test_by_hand import work
from tests.desk.way import armed

FIXED = at(4000)


def order_of(release: str) -> WatchOrder:
    return read_order(bytes(Release.objects.get(id=release).order), setup().key().public)


def begun(desk: Desk) -> None:
    desk.show(FIXED)
    watched()
    happens(Kind.CAUSE_INFERRED, at(62), cause="cached")
    [fact] = begin_watch(work())
    happens(fact.kind, FIXED, **fact.details)


def test_all_of_the_platform_is_looked_at_harder_from_then_on(desk: Desk) -> None:
    watched("release/cpi")
    watched("release/elsewhere")
    Release.objects.filter(id="release/elsewhere").update(announced="http://other.example/x")
    watched("release/over")
    Release.objects.filter(id="release/over").update(closed=True)
    begun(desk)
    until = FIXED + WATCH_FOR
    for release in (RELEASE, "release/cpi"):
        order = order_of(release)
        assert (order.after_fix, order.issued) == (until, FIXED)
    for release in ("release/elsewhere", "release/over"):
        assert order_of(release).after_fix is None
    assert facts_of(RELEASE)[-1].details == {
        "cause": "cached",
        "until": until.text(),
        "releases": ["release/cpi", RELEASE],
    }


@pytest.mark.parametrize(
    ("address", "days_ago", "harder"),
    [
        ("http://platform.example/cpi", 4, True),
        ("http://platform.example/cpi", 6, False),
        ("http://other.example/cpi", 4, False),
    ],
)
def test_what_is_armed_on_that_platform_in_those_days_is_watched_so_from_its_arming(
    desk: Desk, tmp_path: Path, address: str, days_ago: int, harder: bool
) -> None:
    """An edition of the same platform that comes out next is where the fault would come back."""
    before = at(-3600) - timedelta(days=days_ago)
    other = watched("release/fixed")
    other.announced, other.path = address, "/fixed"
    other.save()
    details: dict[str, Any] = {
        "cause": "cached",
        "until": (before + WATCH_FOR).text(),
        "releases": [],
    }
    happens(Kind.WATCH_BEGUN, before, subject="release/fixed", **details)
    armed(desk, tmp_path)
    assert order_of(RELEASE).after_fix == (before + WATCH_FOR if harder else None)
    given = facts_of(RELEASE)[-1]
    assert (given.kind, "harder_until" in given.details) == (Kind.WATCHED, harder)


def test_the_days_after_a_fix_end_with_a_note_of_what_was_seen_and_where_it_came_back(
    desk: Desk,
) -> None:
    begun(desk)
    store(looks(3000, 3010, PLACEHOLDER))  # before the fix
    right, wrong = looks(4010, 4020, RIGHT), looks(4030, 4032, PLACEHOLDER)
    past_the_caches = [replace(one, view=View.BUSTED) for one in right]
    store([*right, *wrong, *past_the_caches])
    for subject, cause in (("release/cpi", "cached"), ("release/rpi", "outage")):
        happens(Kind.CAUSE_INFERRED, FIXED + timedelta(days=2), subject=subject, cause=cause)
    [ended] = end_watch(work())
    pages = [one for one in (*right, *wrong, *past_the_caches) if one.part == "page"]
    assert ended.details == {
        "cause": "cached",
        "again": ["release/cpi"],
        "looks": len(pages),
        "not_right": {"coming-soon": len([one for one in wrong if one.part == "page"])},
    }


@pytest.mark.parametrize("kind", [Kind.WATCH_BEGUN, Kind.WATCH_ENDED])
def test_the_report_is_drafted_again_with_the_days_after(desk: Desk, kind: Kind) -> None:
    happens(Kind.REPORT_DRAFTED, at(100), facts=1, digest="d")
    assert not out_of_date(facts_of(RELEASE))
    happens(kind, at(200))
    assert out_of_date(facts_of(RELEASE))


def test_no_instant_is_named_of_a_platform_that_was_never_mended(
    desk: Desk, tmp_path: Path
) -> None:
    armed(desk, tmp_path)
    assert order_of(RELEASE).after_fix is None
    assert isinstance(order_of(RELEASE).issued, Instant)
