"""What a platform says of itself: told with a verdict, never deciding one."""

from dataclasses import replace
from typing import Any

import pytest

from ninethirty.core import sighting
from ninethirty.core.document import SigningKey
from ninethirty.core.errors import Malformed, OrderRefused
from ninethirty.core.reported import Reported, document, read
from ninethirty.core.sighting import Sighting
from ninethirty.core.verdict import Call, Verdict, judge
from ninethirty.core.watch import CONTROL, Part, WatchOrder, read_order, write_order
from tests.core.made import PLACEHOLDER, RIGHT, at, channel, look, order, watching

RECORD = Part("record:1", "https://example.org/api/content/gdp")
RECORDED = order(None, replace(channel(), records=(RECORD,)))

COMING = Reported("coming_soon", scheduled_at=at(0))
OUT = Reported("official_statistics", at(110), at(0), 110, ("https://example.org/media/1/t.csv",))


def record(offset: float, said: Reported | None, **more: Any) -> Sighting:
    return replace(look("a", offset, RIGHT), part="record:1", reported=said, **more)


def verdict(sightings: list[Sighting], now: float, what: WatchOrder = RECORDED) -> Verdict:
    return judge(what, what.channels[0], sightings, at(now), b"opens at T")


@pytest.mark.parametrize(
    "said", [COMING, OUT, Reported("redirect", leads_to="/gdp"), Reported("x", delay_seconds=0)]
)
def test_it_is_the_same_after_it_was_written_and_read(said: Reported) -> None:
    assert read(document(said)) == said
    seen = record(0, said)
    assert sighting.read(sighting.document(seen)) == seen


def test_a_sighting_of_anything_else_is_written_as_before() -> None:
    assert "reported" not in sighting.document(look("a", 0, RIGHT))


@pytest.mark.parametrize(
    "wrong",
    [
        *({}, 5, None, {**document(OUT), "scheduled_at": "soon"}),
        # A fact that held these would be refused, and the runner with it.
        {**document(OUT), "document_type": "see http://x.test"},
        {**document(OUT), "document_type": "two\nlines"},
        {**document(OUT), "leads_to": "//x.test/a"},
        {**document(OUT), "leads_to": "http://x.test"},
    ],
)
def test_what_is_no_record_is_refused(wrong: Any) -> None:
    with pytest.raises(Malformed, match="not a record"):
        read(wrong)


def test_its_delay_is_told_as_the_platforms_word_and_decides_nothing() -> None:
    late = [one for w in "abc" for one in watching(w, 0, 70, PLACEHOLDER)]
    without, told = verdict(late, 70), verdict([*late, record(65, OUT)], 70)
    assert (told.call, told.decided, told.reasons) == (Call.LATE, without.decided, without.reasons)
    assert told.platform == (
        "reported by the platform: official_statistics, public since "
        f"{at(110).text()}, scheduled for {at(0).text()}, its own scheduler 110 s late, "
        "attachments: 1",
    )
    assert told.platform[0] in told.reason


def test_the_last_word_by_now_is_told() -> None:
    seen = [record(10, OUT), record(-60, COMING), record(5, None)]
    for now, word in ((-30, "coming_soon"), (6, "coming_soon"), (10.2, "official_statistics")):
        assert word in verdict(seen, now).platform[0]
    assert verdict(seen, -61).platform == ()


def test_another_time_than_the_promised_one_is_pointed_out() -> None:
    moved = replace(COMING, scheduled_at=at(7 * 86_400))
    assert len(moved.says(at(0))) == 2
    assert "another time than T" in moved.says(at(0))[1]
    assert len(COMING.says(at(0))) == 1
    assert Reported("redirect", leads_to="/gdp").says(at(0)) == (
        "reported by the platform: redirect, leads to /gdp",
    )


def test_what_is_no_record_of_this_channel_says_nothing() -> None:
    other = replace(record(0, OUT), part="page")
    control = replace(record(0, OUT), channel=CONTROL)
    off = replace(record(0, OUT), clock_offset_ms=300)
    assert verdict([other, control, off], 1).platform == ()


def test_where_a_record_is_stands_in_the_watch_order() -> None:
    key = SigningKey.new()
    assert read_order(write_order(RECORDED, key), key.public) == RECORDED
    with pytest.raises(OrderRefused, match="not the name of a record"):
        replace(channel(), records=(Part("listing:1", "x"),))
