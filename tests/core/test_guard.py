"""The instant a gate answers with: never early, and nothing that opened closes."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ninethirty.core.errors import ClockNotTrusted
from ninethirty.core.guard import (
    ANY_READING,
    NO_READING,
    TOLERANCE,
    Trust,
    check_may_arm,
    error_of,
    guarded,
    offset,
    settled,
    trust,
)
from ninethirty.core.schedule import Content, Gone, Opening, Redirect
from ninethirty.core.times import ns_of
from tests.core.made import HALF_PAST, at

MS = 1_000_000
SECOND = 1000 * MS
T = ns_of(HALF_PAST)
LEASE = 2 * SECOND
"""What gate/clockfile.py writes ahead, for a machine that loses its power."""


@dataclass
class Machine:
    """True time, a wall clock that is off by some, and a gate's guard."""

    true: int
    booted: int
    off: int = 0
    ahead: int = NO_READING
    latest: int = 0

    @property
    def wall(self) -> int:
        return self.true + self.off

    @property
    def boot(self) -> int:
        return self.true - self.booted

    def answers(self) -> int:
        self.latest = guarded(self.wall, self.boot, self.ahead, self.latest)
        return self.latest

    def settles(self, error: int = 0) -> None:
        self.ahead = settled(self.wall, self.boot, error)

    def loses_power(self) -> None:
        self.latest += LEASE
        self.true += LEASE
        self.booted, self.ahead = self.true, NO_READING

    def trust(self) -> Trust:
        return trust(self.wall, self.boot, self.ahead, self.latest)


def a_machine(true: int = T - 5 * SECOND, *, settled: bool = True) -> Machine:
    machine = Machine(true, booted=true - 1000 * SECOND)
    if settled:
        machine.settles()
    return machine


near = st.one_of(
    st.sampled_from([1, SECOND, 5 * SECOND, 60 * SECOND, 3600 * SECOND]),
    st.integers(0, 10 * SECOND),
)
jumps = st.one_of(near, near.map(lambda far: -far))


def steps() -> st.SearchStrategy[list[tuple[str, int]]]:
    return st.lists(
        st.one_of(
            near.map(lambda far: ("time passes", far)),
            jumps.map(lambda far: ("the wall clock jumps", far)),
            st.integers(-10 * MS, 10 * MS).map(lambda near: ("the kernel sets it right", near)),
            jumps.map(lambda error: ("a time server is asked", error)),
            st.just(("the gate starts again", 0)),
            st.just(("the power goes", 0)),
        ),
        max_size=30,
    )


@given(settled_first=st.booleans(), walk=steps())
def test_whatever_clocks_do_nothing_is_early_and_no_answer_goes_back(
    settled_first: bool, walk: list[tuple[str, int]]
) -> None:
    machine = a_machine(settled=settled_first)
    allowed = 10 * MS  # what a kernel that calls itself synchronised may be off
    before = 0
    for what, much in walk:
        match what:
            case "time passes":
                machine.true += much
            case "the wall clock jumps":
                machine.off += much
            case "the kernel sets it right":
                machine.off = much
                machine.settles()
            case "a time server is asked":
                machine.off = much
                machine.settles(error=machine.off)
            case "the gate starts again":
                pass  # the clock file outlives it, and the machine goes on
            case "the power goes":
                machine.loses_power()
        now = machine.answers()
        assert now <= machine.true + allowed, f"early after: {what}"
        assert now >= before, f"went back after: {what}"
        before = now


@given(walk=steps(), off=st.integers(-10 * MS, 10 * MS))
def test_once_settled_the_gate_follows_the_wall_clock_at_once(
    walk: list[tuple[str, int]], off: int
) -> None:
    machine = a_machine()
    for _, much in walk:
        machine.off += much
        machine.answers()
    machine.off = off
    machine.settles()
    assert machine.answers() >= machine.wall
    machine.true += SECOND
    assert machine.answers() == machine.wall
    assert machine.trust() is Trust.TRUSTED


@pytest.mark.parametrize("jump", [1, TOLERANCE + 1, SECOND, 3600 * SECOND])
def test_a_wall_clock_that_jumps_over_t_opens_nothing_before_t(jump: int) -> None:
    machine = a_machine(T - 1)
    machine.off = jump
    assert machine.answers() == T - 1
    machine.true = T
    assert machine.answers() == T


def test_a_wall_clock_that_jumps_back_over_t_closes_nothing() -> None:
    machine = a_machine(T)
    assert machine.answers() == T
    machine.off = -10 * SECOND
    assert machine.answers() == T
    machine.true += 20 * SECOND
    assert machine.answers() == T + 10 * SECOND


def test_a_machine_that_was_paused_a_minute_is_late_until_it_is_settled_and_never_early() -> None:
    machine = a_machine(T - 30 * SECOND)
    machine.true += 60 * SECOND
    machine.booted += 60 * SECOND  # paused from outside, neither clock counted
    machine.off -= 60 * SECOND
    assert machine.answers() == T - 30 * SECOND
    machine.off = 0  # set right, but not yet confirmed
    assert machine.answers() == T - 30 * SECOND
    assert machine.trust() is Trust.APART
    machine.settles()
    assert machine.answers() == T + 30 * SECOND


def test_a_gate_that_starts_again_five_seconds_before_t_still_opens_at_t() -> None:
    machine = a_machine(T - 5 * SECOND)
    machine.off = 3600 * SECOND  # and its wall clock is wrong by now
    assert machine.answers() == T - 5 * SECOND
    machine.true = T - 1
    assert machine.answers() == T - 1
    machine.true = T
    assert machine.answers() == T


def test_without_any_trusted_reading_the_kept_instant_stands_still() -> None:
    machine = a_machine(T, settled=False)
    machine.latest = T - SECOND
    assert machine.answers() == T - SECOND
    machine.true += 3600 * SECOND
    assert machine.answers() == T - SECOND
    assert machine.trust() is Trust.UNTRUSTED


def test_a_clock_taken_at_its_word_is_followed_but_not_back() -> None:
    machine = a_machine()
    machine.ahead = ANY_READING
    machine.off = 7 * SECOND
    assert machine.answers() == machine.wall
    assert machine.trust() is Trust.UNCHECKED
    machine.off = 0
    assert machine.answers() == machine.wall + 7 * SECOND
    assert machine.trust() is Trust.AHEAD


@pytest.mark.parametrize("way", [1, -1])
def test_clocks_are_apart_beyond_50_ms_either_way(way: int) -> None:
    machine = a_machine()
    machine.off = way * TOLERANCE
    assert machine.trust() is Trust.TRUSTED
    assert offset(machine.wall, machine.boot, machine.ahead) == way * TOLERANCE
    machine.off += way
    assert machine.trust() is Trust.APART


def test_what_has_no_reading_to_be_apart_from_has_no_offset() -> None:
    assert offset(T, 0, NO_READING) is None
    assert offset(T, 0, ANY_READING) is None


@given(st.integers(-60 * SECOND, 60 * SECOND), st.integers(0, TOLERANCE))
def test_a_time_server_is_believed_beyond_what_it_may_be_off_itself(off: int, bound: int) -> None:
    error = error_of(-off, bound)  # it says: you are that much behind
    assert error == (off if abs(off) > bound else 0)


def test_a_time_server_that_may_be_off_more_than_the_tolerance_settles_nothing() -> None:
    assert error_of(0, TOLERANCE + 1) is None
    assert error_of(0, TOLERANCE) == 0


# Arming.

OLD = Opening("/x", HALF_PAST, Content("ab", 2, "text/html"))
NEW = Opening("/y", HALF_PAST, Content("cd", 2, "text/html"))
DOUBTED = [one for one in Trust if not one.arms]


def test_only_a_checked_clock_one_taken_at_its_word_and_a_drills_may_arm() -> None:
    assert [one for one in Trust if one.arms] == [
        Trust.TRUSTED, Trust.UNCHECKED, Trust.DRILL,
    ]  # fmt: skip
    for one in Trust:
        assert one.says
        if one.arms:
            check_may_arm(one, [OLD], [OLD, NEW])


@pytest.mark.parametrize("doubted", DOUBTED)
def test_nothing_new_is_armed_while_the_clock_is_in_doubt(doubted: Trust) -> None:
    for new in (NEW, Opening("/y", HALF_PAST, Redirect("/x"))):
        with pytest.raises(ClockNotTrusted, match=f"found it {doubted}: .*--time-from"):
            check_may_arm(doubted, [OLD], [OLD, new])
    with pytest.raises(ClockNotTrusted):
        # That something ends in its stead takes nothing back.
        check_may_arm(doubted, [OLD], [OLD, NEW, Opening("/x", at(1), None)])


@pytest.mark.parametrize("doubted", DOUBTED)
@pytest.mark.parametrize(
    "offered",
    [
        lambda: [],
        lambda: [OLD],
        lambda: [NEW],
        lambda: [OLD, Opening("/x", at(1), Gone("wrong figures"))],
        lambda: [OLD, NEW, Opening("/x", at(1), Gone("wrong figures"))],
        lambda: [OLD, Opening("/x", at(1), None)],
    ],
)
def test_what_takes_back_is_taken_whatever_the_clock_and_what_comes_with_it(
    doubted: Trust, offered: Callable[[], list[Opening]]
) -> None:
    check_may_arm(doubted, [OLD], offered())
