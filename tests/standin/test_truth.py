"""The truth log, as those read it who judge a watcher."""

from pathlib import Path

from ninethirty.standin.log import Log, read
from ninethirty.standin.platform.content import Part, Served
from ninethirty.standin.platform.example import example
from ninethirty.standin.platform.platform import Platform
from ninethirty.standin.platform.truth import Truth
from tests.standin.day import EDGES, A, Day
from tests.standin.drill import HALF_PAST, Hands, at


def test_a_release_is_wholly_public_only_when_every_part_is_at_every_edge() -> None:
    truth = Day.of("region-differs:minutes=5").truth(at(minutes=6))
    whole = {edge: truth.whole_from(edge) for edge in truth.edges}
    assert sorted(when for when in whole.values() if when) == [
        at(seconds=1),
        at(seconds=1),
        at(minutes=5),
    ]
    assert not truth.whole_at(at(minutes=4))
    assert truth.whole_at(at(minutes=5))
    assert truth.whole_everywhere_from() == at(minutes=5)


def test_before_anything_was_counted_nothing_was_public() -> None:
    assert (
        not Day.of("early-stage-flag", begins=at(minutes=-5))
        .truth(HALF_PAST)
        .whole_at(at(minutes=-6))
    )


def test_what_was_taken_back_is_public_no_more() -> None:
    truth = Day.of("early-then-hidden:minutes=8").truth(at(minutes=1))
    assert truth.first_right(Part.PAGE) == at(minutes=-8)
    assert not truth.parts_at(at(minutes=-3), "edge-1")["page"].right
    assert truth.whole_at(at(minutes=1))


def test_the_origin_is_kept_apart_from_what_readers_get() -> None:
    day = Day.of("countdown-lost-at-edges:ttl_seconds=1800")
    truth = day.truth(at(minutes=1))
    assert truth.right_at_origin(at(seconds=1))
    assert not truth.whole_at(at(minutes=1))


def test_asking_for_the_truth_changes_nothing() -> None:
    asked, unasked = Day.of("ttl-too-long"), Day.of("ttl-too-long")
    for second in range(60):
        asked.truth(at(seconds=second))
    assert asked.truth(at(minutes=40)) == unasked.truth(at(minutes=40))


def test_a_part_is_what_its_edge_would_have_served_not_what_the_origin_has() -> None:
    day = Day.of()
    day.ask(at(seconds=0.9))  # Kept for five seconds by two layers.
    truth = day.truth(at(seconds=20))
    page = [(was.at, was.served) for was in truth.edges["edge-1"] if was.name == "page"]
    assert page[-2:] == [
        (at(minutes=-15), Served.PLACEHOLDER),
        (at(seconds=5.9), Served.RELEASE),
    ]


def test_the_log_has_each_request_and_what_it_was_given(tmp_path: Path) -> None:
    with Log(tmp_path / "log") as log:
        platform = Platform(edges=EDGES, seed=1, faults=[], clock=Hands(HALF_PAST), log=log)
        release = example(HALF_PAST, 1)
        platform.put(release, at(minutes=-1))
        day = Day(platform, platform.put(release, at(minutes=-1)), None)  # type: ignore[arg-type]
        day.ask(at(seconds=2), edge=A)
    [request] = [line for line in read(tmp_path / "log") if line["what"] == "request"]
    assert (request["edge"], request["status"], request["served"], request["right"]) == (
        "edge-1",
        200,
        "release",
        True,
    )
    assert Truth.read(read(tmp_path / "log")).whole_at(at(seconds=2))


def test_what_happened_once_does_not_happen_again_for_who_asks_as_of_an_earlier_instant() -> None:
    day = Day.of("not-found-cached")
    for second in (5, -30, 5):
        day.ask(at(seconds=second))
    by_the_public = [line for line in day.log.lines if line.get("client") == "public"]
    assert len(by_the_public) == len(day.scene.visits)
