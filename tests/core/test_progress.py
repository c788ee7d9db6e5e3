from dataclasses import replace

from ninethirty.core.facts import Fact, Kind
from ninethirty.core.progress import Claim, Progress
from tests.core.made import at, fact


def claimed(attempt: int, runner: str) -> Fact:
    return fact(Kind.STEP_CLAIMED, at(20), step="tell", attempt=attempt, runner=runner)


def failed(attempt: int) -> Fact:
    return fact(Kind.STEP_FAILED, at(21), step="tell", attempt=attempt, retry=True)


def test_a_claim_stands_until_somebody_says_what_came_of_it() -> None:
    progress = Progress([claimed(1, "one")])
    assert progress.tries["tell"].unfinished == Claim("tell", 1, "one")
    progress.add(failed(1))
    assert progress.tries["tell"].unfinished is None
    assert progress.tries["tell"].failed == failed(1)
    progress.add(claimed(2, "two"))
    tries = progress.tries["tell"]
    assert (tries.unfinished, tries.failed) == (Claim("tell", 2, "two"), None)
    assert (tries.claims, tries.failures) == (2, 1)


def test_an_outcome_that_comes_after_the_step_was_taken_over_leaves_the_new_claim() -> None:
    tries = Progress([claimed(1, "one"), claimed(2, "two"), failed(1)]).tries["tell"]
    assert (tries.unfinished, tries.failed) == (Claim("tell", 2, "two"), None)


def test_a_failure_told_twice_changes_nothing() -> None:
    tries = Progress([claimed(1, "one"), failed(1), failed(1)]).tries["tell"]
    assert (tries.unfinished, tries.failed) == (None, failed(1))


def test_the_first_fact_of_a_kind_is_found_by_a_detail_too() -> None:
    cached, outage = (fact(Kind.CAUSE_INFERRED, at(60), cause=c) for c in ("cached", "outage"))
    progress = Progress([cached, outage])
    assert progress.first(Kind.CAUSE_INFERRED) == cached
    assert progress.first(Kind.CAUSE_INFERRED, ("cause", "outage")) == outage
    assert progress.first(Kind.CAUSE_INFERRED, ("cause", "weather")) is None
    assert progress.first(Kind.LATE) is None
    assert Kind.LATE not in progress.of


def test_progress_knows_how_far_it_has_read() -> None:
    assert Progress().n == 0
    assert Progress([fact(Kind.LATE, n=1), fact(Kind.PAGED, n=2)]).n == 2


def test_public_steps_are_stopped_by_a_veto_until_it_is_lifted() -> None:
    progress = Progress()
    said = []
    for kind in (Kind.VETOED, Kind.VETO_LIFTED, Kind.VETOED):
        progress.add(fact(kind, at(70)))
        said.append(progress.vetoed)
    assert said == [True, False, True]


def test_the_newest_of_a_kind_is_found() -> None:
    progress = Progress([fact(Kind.VETOED, at(70)), fact(Kind.VETOED, at(80))])
    assert progress.last(Kind.VETOED) == fact(Kind.VETOED, at(80))
    assert progress.last(Kind.CLOSED) is None


def test_what_was_done_or_given_up_for_one_promise_is_to_be_done_for_the_next() -> None:
    given_up = fact(Kind.STEP_FAILED, at(21), step="tell", attempt=1, retry=False)
    progress = Progress([fact(Kind.STEP_DONE, at(20), step="look"), claimed(1, "one"), given_up])
    progress.add(fact(Kind.RESCHEDULED, at(30)))
    assert progress.done == {}
    assert (progress.tries["tell"].failed, progress.tries["tell"].claims) == (None, 1)
    progress.add(fact(Kind.STEP_DONE, at(40), step="look"))
    assert progress.done["look"] == at(40)


def test_what_may_have_acted_is_in_doubt_until_it_is_looked_for_in_vain() -> None:
    def perhaps(*facts: Fact) -> bool:
        return Progress(facts).tries["tell"].perhaps

    def came(attempt: int, **more: bool) -> Fact:
        return replace(failed(attempt), details=failed(attempt).details | more)

    assert perhaps(claimed(1, "one"))
    assert not perhaps(claimed(1, "one"), came(1))
    assert perhaps(claimed(1, "one"), came(1, perhaps=True))
    taken_over = [claimed(1, "one"), claimed(2, "two")]
    assert perhaps(*taken_over, came(2))
    assert perhaps(claimed(1, "one"), came(1, perhaps=True), claimed(2, "two"), came(2))
    assert not perhaps(*taken_over, came(2, absent=True))
    assert perhaps(*taken_over, came(1, absent=True))


def test_what_a_person_looked_for_in_vain_is_in_doubt_no_more() -> None:
    looked = fact(Kind.NOT_SAID, at(300), step="tell")
    doubtful = replace(failed(2), details=failed(2).details | {"perhaps": True})
    for facts in ([claimed(1, "one")], [claimed(1, "one"), claimed(2, "two"), doubtful]):
        tries = Progress([*facts, looked]).tries["tell"]
        assert (tries.perhaps, tries.failed, tries.claims) == (False, None, len(facts) // 2 + 1)


def test_what_may_have_been_said_for_one_promise_is_not_forgotten_at_the_next() -> None:
    moved = fact(Kind.RESCHEDULED, at(30))
    doubtful = replace(failed(1), details=failed(1).details | {"perhaps": True})
    for facts, in_doubt in (
        ([claimed(1, "one")], True),
        ([claimed(1, "one"), doubtful], True),
        ([claimed(1, "one"), failed(1)], False),
    ):
        tries = Progress([*facts, moved]).tries["tell"]
        assert (tries.unfinished, tries.failed, tries.in_doubt) == (None, None, in_doubt)
