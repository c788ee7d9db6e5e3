"""Earlier delays, and the graces that they are drawn beside."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from ninethirty.core.errors import CannotStart
from ninethirty.core.times import Interval
from ninethirty.core.verdict import Call, Verdict
from ninethirty.witness.by_hand import policy_for
from ninethirty.witness.history import add, past_delays
from ninethirty.witness.platforms import platform
from tests.witness.setting import HALF_PAST, channel, order

URL = "http://www.example.test/prices"


def after(seconds: float, call: Call = Call.ON_TIME) -> Verdict:
    seen = Interval(None, HALF_PAST + timedelta(seconds=seconds))
    return Verdict(call, HALF_PAST, first_seen=seen)


def test_delays_of_the_same_host_come_back_in_order_and_those_that_say_nothing_are_left_out(
    tmp_path: Path,
) -> None:
    file = tmp_path / "history.jsonl"
    assert past_delays(file, URL) == []
    here, elsewhere = order(channel("http://www.example.test")), order(channel("http://other.test"))
    for call in (Call.WAITING, Call.UNKNOWN, Call.EARLY):
        add(file, here, after(-60, call))
    add(file, here, after(2.5))
    add(file, elsewhere, after(9))
    add(file, here, Verdict(Call.LATE, HALF_PAST))
    add(file, here, after(75, Call.RECOVERED))
    seconds = timedelta(seconds=1)
    assert past_delays(file, URL) == [2.5 * seconds, None, 75 * seconds]


def test_graces_come_from_the_platform_or_a_person_and_have_their_bounds() -> None:
    plain = platform("plain")
    assert policy_for(3, plain).confirmed_after == timedelta(seconds=60)
    assert policy_for(3, plain, (60, 120)).confirmed_after == timedelta(seconds=120)
    slow = replace(plain, name="slow", confirmed_after_seconds=121)
    with pytest.raises(CannotStart, match="--platform slow: the second grace is 121 s"):
        policy_for(3, slow)
    with pytest.raises(CannotStart, match="--grace: the first grace is 61 s"):
        policy_for(3, plain, (61, 120))
