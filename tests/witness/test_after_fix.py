"""In the days after a fix a witness looks for longer, and leaves nothing to the others."""

from dataclasses import replace
from datetime import timedelta

import pytest

from ninethirty.core.sighting import View
from ninethirty.core.times import RealClock
from ninethirty.core.watch import WatchOrder
from ninethirty.witness.errand import WATCHED_FOR, Errand, Scene, Seat
from tests.witness.setting import HALF_PAST, channel, order, probe

DAYS = timedelta(days=5)
FIRST, THIRD = Seat(0, 3), Seat(2, 3)
BEFORE = order(replace(channel("http://platform.example"), cache_busting=True))
AFTER = replace(BEFORE, after_fix=HALF_PAST + DAYS)


def errand(given: WatchOrder, seat: Seat, view: View) -> Errand:
    [announced] = given.channels
    scene = Scene(given, announced, probe(RealClock()), seat)
    return Errand(scene, announced.page, view, HALF_PAST)


@pytest.mark.parametrize("view", View)
def test_it_goes_on_looking_until_the_watch_ends(view: View) -> None:
    a_day_later = HALF_PAST + WATCHED_FOR
    assert errand(BEFORE, FIRST, view).over(a_day_later)
    assert not errand(AFTER, FIRST, view).over(a_day_later)
    assert errand(AFTER, FIRST, view).over(HALF_PAST + DAYS)


@pytest.mark.parametrize("offset", [-60.0, 10.0])
def test_every_witness_looks_past_the_caches_as_often_as_the_first(offset: float) -> None:
    now = HALF_PAST + timedelta(seconds=offset)
    pauses = [
        [errand(given, seat, View.BUSTED).pause(now) for seat in (FIRST, THIRD)]
        for given in (BEFORE, AFTER)
    ]
    usual, harder = pauses
    assert harder[0] == harder[1] == min(one for one in (*usual, *harder) if one)
    assert max(one for one in usual if one) > min(one for one in harder if one)
