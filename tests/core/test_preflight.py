from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ninethirty.core.facts import Fact, Kind
from ninethirty.core.preflight import (
    Gates,
    Light,
    Shows,
    checked_at,
    heard,
    in_doubt,
    lights,
    not_armed,
    tell,
    trouble,
)
from ninethirty.core.times import Instant
from tests.core.made import HALF_PAST, at

GATES = Gates(3, {"north": 3}, {"north": "trusted"})
AN_HOUR_BEFORE = at(-3600)
WAY = (Kind.ANNOUNCED, Kind.STAGED, Kind.SEALED, Kind.APPROVED, Kind.ARMED)


def facts(*told: Kind | tuple[Kind, dict[str, object]]) -> list[Fact]:
    made = []
    for n, one in enumerate(told, start=1):
        kind, details = one if isinstance(one, tuple) else (one, {})
        if kind is Kind.ARMED:
            details = {"gates": ["north"]}
        made.append(Fact("gdp", n, kind, at(n), at(n), "person-1", f"gdp#{n}", dict(details)))
    return made


def check(
    failed: str | None = None, step: str = "check_day_before"
) -> tuple[Kind, dict[str, object]]:
    if failed is None:
        return Kind.STEP_DONE, {"step": step}
    return Kind.STEP_FAILED, {"step": step, "lacks": failed}


def shown(
    told: list[Fact], gates: Gates = GATES, nobody: str = "", now: Instant = AN_HOUR_BEFORE
) -> dict[Light, tuple[Shows, str]]:
    made = lights(told, gates, nobody, opens=HALF_PAST, now=now)
    assert [lit.light for lit in made] == list(Light)
    return {lit.light: (lit.shows, lit.why) for lit in made}


def test_a_release_that_lacks_nothing_shows_all_lights_ready() -> None:
    assert set(shown(facts(*WAY, check())).values()) == {(Shows.READY, "")}


def test_what_is_missing_a_day_before_t_is_red_and_earlier_there_is_time_for_it() -> None:
    told = facts(Kind.ANNOUNCED)
    red = shown(told)
    assert red[Light.SEALED] == (Shows.LACKING, "the release is announced")
    assert red[Light.APPROVED] == (Shows.LACKING, "nobody has approved it")
    assert red[Light.ARMED] == (Shows.LACKING, "the release is announced, not armed")
    assert red[Light.WITNESSES] == (Shows.LACKING, "not checked yet")
    earlier = shown(told, now=HALF_PAST - timedelta(hours=25))
    assert earlier[Light.SEALED] == (Shows.WAITING, "the release is announced")


def test_a_gate_that_is_behind_or_doubts_its_clock_is_named() -> None:
    gates = Gates(3, {"north": 2, "south": 3}, {"north": "apart", "south": "odd", "west": "drill"})
    red = shown(facts(*WAY, check()), gates)
    assert red[Light.ARMED][1] == "gate north does not stand for the schedule in force"
    assert red[Light.CLOCKS][1] == (
        "the clock of gate north is in doubt: apart; the clock of gate south is in doubt: odd"
    )
    assert in_doubt(GATES) == [] == not_armed(facts(*WAY), GATES)


def test_a_gate_it_was_armed_on_that_says_nothing_any_more_is_missed() -> None:
    red = shown(facts(*WAY, check()), Gates(3, {}, {}))
    assert red[Light.ARMED][1] == "gate north does not stand for the schedule in force"
    assert red[Light.CLOCKS][1] == "no gate has said how its clock stands"


def test_what_the_last_check_found_missing_is_under_the_light_it_was_found_by() -> None:
    lacks = tell(
        [(Light.TOKENS, "x does not let us in"), (Light.ON_CALL, "the mail takes no message")]
    )
    red = shown(facts(*WAY, check(), check(lacks, "check_hour_before")))
    assert red[Light.TOKENS][1] == "x does not let us in"
    assert red[Light.ON_CALL][1] == "the mail takes no message"
    assert red[Light.WITNESSES] == (Shows.READY, "")


def test_a_check_that_broke_leaves_nothing_looking_checked() -> None:
    red = shown(facts(*WAY, check("")))
    assert red[Light.WITNESSES] == (Shows.LACKING, "the last check did not come to its end")


def test_nobody_on_call_is_red_whatever_was_checked() -> None:
    assert shown(facts(*WAY, check()), nobody="nobody is")[Light.ON_CALL][1] == "nobody is"


def test_a_check_of_another_date_and_other_steps_are_no_check() -> None:
    assert checked_at(facts(*WAY, check())) == at(6)
    assert checked_at(facts(*WAY, check(), Kind.RESCHEDULED)) is None
    assert checked_at(facts(*WAY, check(step="check_alternate"))) is None


@given(st.lists(st.tuples(st.sampled_from(Light), st.sampled_from(["x", "a: b", "c, d"]))))
def test_what_is_told_of_missing_things_is_heard_again(lacking: list[tuple[Light, str]]) -> None:
    assert heard(tell(lacking)) == lacking


def test_what_was_told_before_there_were_lights_is_not_guessed_at() -> None:
    assert heard("0 of 3 witnesses can see; x: y") == []


@pytest.mark.parametrize(
    ("kinds", "said"),
    [
        ([], ""),
        ([Kind.LATE, Kind.PAGED], "late, confirmed"),
        ([Kind.LATE, Kind.PARTIAL], "public in part"),
        ([Kind.EARLY], "seen before its time"),
        ([Kind.LATE, Kind.RECOVERED], ""),
        ([Kind.ON_TIME, Kind.WRONG], "public, but not what was sealed"),
    ],
)
def test_trouble_is_what_witnesses_said_last(kinds: list[Kind], said: str) -> None:
    assert trouble(facts(*kinds)) == said
