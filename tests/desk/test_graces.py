"""How long lateness waits: what a person sees beside it, and what changing it leaves behind."""

from datetime import timedelta

import pytest

from ninethirty.core.errors import NotAllowed, OrderRefused
from ninethirty.core.facts import Kind
from ninethirty.core.watch import ANNOUNCED, Policy, read_order
from ninethirty.desk.actions.graces import change_graces, drawn_for, past_delays
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.record.models import Message, Release
from ninethirty.desk.runner.watched import Watched
from ninethirty.desk.setup import setup
from tests.core.made import HALF_PAST, at
from tests.desk.setting import (
    OFFICER,
    RELEASE,
    STATISTICIAN,
    Desk,
    happens,
    watched,
    work_here,
)

SLOWER = timedelta(seconds=30), timedelta(seconds=90)


def earlier(name: str, month: int, seen_after: float | None) -> None:
    watched(name)
    opens = HALF_PAST.replace(month=month)
    Release.objects.filter(id=name).update(opens=f"2026-{month:02}-01 09:30 UTC")
    if seen_after is not None:
        seen = opens + timedelta(seconds=seen_after)
        happens(Kind.FIRST_SEEN, seen, subject=name, channel=ANNOUNCED)


def test_past_delays_on_the_same_platform_are_drawn_beside_the_graces(desk: Desk) -> None:
    earlier("release/b", 10, 18)
    earlier("release/a", 9, 2)
    earlier("release/c", 11, None)
    watched()
    earlier("release/elsewhere", 8, 3)
    Release.objects.filter(id="release/elsewhere").update(announced="http://other.example/gdp")
    row = Release.objects.get(id=RELEASE)
    assert past_delays(row) == [timedelta(seconds=2), timedelta(seconds=18), None]
    assert drawn_for(RELEASE) == (
        "late after 20 s, confirmed 60 s; past delays ▁▃! 1 of 3 longer than the first grace"
    )


def test_a_person_may_change_the_graces_and_the_record_says_who_and_from_what(desk: Desk) -> None:
    work_here()
    watched()
    earlier("release/a", 9, 18.5)
    runner = Watched(RELEASE)
    runner.heard([])
    fact = change_graces(RELEASE, *SLOWER, by=OFFICER, reason="The platform was slow in autumn.")
    assert (fact.kind, fact.actor) == (Kind.GRACES_CHANGED, OFFICER)
    assert fact.details["before_ms"] == [20_000, 60_000]
    assert fact.details["after_ms"] == [30_000, 90_000]
    assert fact.details["past_delays_ms"] == [18_500]
    assert Message.objects.get(id=fact.details["reason_kept"]).text.startswith("The platform")
    order = read_order(bytes(Release.objects.get(id=RELEASE).order), setup().key().public)
    assert order.policy == Policy(*SLOWER)
    assert order.issued == setup().clock().now()
    runner.heard([fact])
    assert runner.order == order


@pytest.mark.parametrize(("first", "second"), [(61, 120), (20, 121), (40, 30), (-1, 20)])
def test_graces_that_would_teach_the_alarm_to_sleep_are_refused(
    desk: Desk, first: int, second: int
) -> None:
    work_here()
    before = bytes(watched().order)
    with pytest.raises(OrderRefused, match="grace is"):
        change_graces(
            RELEASE,
            timedelta(seconds=first),
            timedelta(seconds=second),
            by=OFFICER,
            reason="r",
        )
    assert bytes(Release.objects.get(id=RELEASE).order) == before
    assert facts_of(RELEASE) == []


def test_graces_are_not_for_everybody_nor_for_ever(desk: Desk) -> None:
    work_here()
    watched()
    with pytest.raises(NotAllowed, match="not for a statistician"):
        change_graces(RELEASE, *SLOWER, by=STATISTICIAN, reason="r")
    desk.show(at(1))
    with pytest.raises(NotAllowed, match="its time has come"):
        change_graces(RELEASE, *SLOWER, by=OFFICER, reason="r")
    Release.objects.filter(id=RELEASE).update(order=b"")
    with pytest.raises(NotAllowed, match="not armed"):
        drawn_for(RELEASE)
