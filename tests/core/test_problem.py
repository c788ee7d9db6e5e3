from ninethirty.core.facts import Kind
from ninethirty.core.problem import Stated, Told, account
from tests.core.made import HALF_PAST, at, fact


def test_what_was_first_given_as_the_cause_and_later_corrected_both_stay() -> None:
    found = account(
        [
            fact(Kind.PROBLEM_OPENED, at(60)),
            fact(Kind.PROBLEM_GATHERED, HALF_PAST, release="a"),
            fact(Kind.PROBLEM_GATHERED, at(-86400), release="b"),
            fact(Kind.CAUSE_STATED, at(100), cause="outage", message=1),
            fact(Kind.PRODUCER_TOLD, at(101), producer="x", message=1),
            fact(Kind.CAUSE_STATED, at(200), cause="cached", message=2),
            fact(Kind.FIX_REPORTED, at(300), message=3),
            fact(Kind.COMMENTED, at(301)),
        ]
    )
    assert [one.code for one in found.causes] == ["outage", "cached"]
    assert found.cause == Stated("cached", at(200), 2)
    assert (found.first_hit, found.last_hit, found.hits) == (at(-86400), HALF_PAST, 2)
    assert found.told == (Told("x", at(101), 1),)
    assert found.is_open
    assert found.again is None


def test_a_watch_begun_anew_forgets_what_the_last_one_found() -> None:
    ended = fact(Kind.WATCH_ENDED, at(9), again=["a"])
    begun = fact(Kind.WATCH_BEGUN, at(1))
    assert account([begun, ended]).again == 1
    assert account([begun, ended, begun]).again is None
    done = account([begun, fact(Kind.WATCH_ENDED, again=[]), fact(Kind.CLOSED)])
    assert (done.again, done.is_open, done.cause) == (0, False, None)
