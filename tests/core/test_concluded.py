import pytest

from ninethirty.core.attempt import Happened
from ninethirty.core.cause import Cause
from ninethirty.core.concluded import concluded
from ninethirty.core.facts import Kind
from ninethirty.core.times import Interval
from ninethirty.core.verdict import Call, Verdict
from ninethirty.core.watch import ALTERNATE, ANNOUNCED
from tests.core.made import at

SEEN = Interval(at(1), at(2))


@pytest.mark.parametrize("call", Call)
def test_every_verdict_but_waiting_is_a_fact_of_the_announced_address_alone(call: Call) -> None:
    verdict = Verdict(call, at(62), ("why",))
    facts = concluded(ANNOUNCED, verdict)
    assert concluded(ALTERNATE, verdict) == []
    if call is Call.WAITING:
        assert facts == []
        return
    assert (facts[-1].at, facts[-1].details) == (at(62), {"reason": "why"})
    assert facts[-1].key == f"verdict/{facts[-1].kind}"


def test_what_is_late_was_in_doubt_first_even_if_nobody_looked_then() -> None:
    kinds = [fact.kind for fact in concluded(ANNOUNCED, Verdict(Call.LATE, at(62)))]
    assert kinds == [Kind.LATE_PROVISIONAL, Kind.LATE]


def test_a_cause_is_told_with_when_the_caches_let_go() -> None:
    cached = Verdict(Call.LATE, at(62), cause=Cause.CACHED, heals=Interval(at(90), at(95)))
    heals = [at(90).text(), at(95).text()]
    assert concluded(ANNOUNCED, cached)[-1] == Happened(
        Kind.CAUSE_INFERRED, at(62), "cause/cached", {"cause": "cached", "heals": heals}
    )
    open_ended = Verdict(Call.LATE, at(62), cause=Cause.CACHED, heals=Interval(None, at(95)))
    assert concluded(ANNOUNCED, open_ended)[-1].details["heals"] == [None, at(95).text()]
    down = Verdict(Call.LATE, at(62), cause=Cause.OUTAGE)
    assert concluded(ANNOUNCED, down)[-1].details == {"cause": "outage", "heals": None}


@pytest.mark.parametrize("channel", [ANNOUNCED, ALTERNATE])
def test_when_it_was_seen_is_told_of_every_channel(channel: str) -> None:
    seen = Verdict(Call.ON_TIME, at(3), first_seen=SEEN, seen_by_all=SEEN)
    assert concluded(channel, seen)[:2] == [
        Happened(kind, SEEN, f"{kind}/{channel}", {"channel": channel})
        for kind in (Kind.FIRST_SEEN, Kind.SEEN_BY_ALL)
    ]
    one = Verdict(Call.RECOVERED, at(3), first_seen=SEEN)
    assert [fact.kind for fact in concluded(ALTERNATE, one)] == [Kind.FIRST_SEEN]
