"""What users are told after the first word: that it is late even now, and that it is corrected."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from ninethirty.core.errors import OutsideFailed
from ninethirty.core.facts import Kind
from ninethirty.core.progress import Progress
from ninethirty.core.runbook import CORRECTION, Hold, plan
from ninethirty.core.times import Instant
from ninethirty.core.verdict import Call, Judge, Verdict
from ninethirty.core.watch import ALTERNATE, ANNOUNCED
from ninethirty.desk.actions import check_alternate as looking
from ninethirty.desk.actions.check_alternate import check_again
from ninethirty.desk.actions.conclude import conclude
from ninethirty.desk.actions.replace import replace
from ninethirty.desk.actions.step import Happened, Work
from ninethirty.desk.actions.tell_subscribers import mailed
from ninethirty.desk.actions.tell_users import tell_corrected, tell_late, tell_update
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.record.models import Message, Release
from ninethirty.desk.record.sightings import store
from ninethirty.desk.runner.book import STILL_LATE, book_for
from ninethirty.desk.setup import setup
from tests.core.made import HALF_PAST, KEY, PLACEHOLDER, RIGHT, at, channel, order
from tests.desk.services import Moody, service
from tests.desk.setting import HEAD, RELEASE, Desk, happens, looks, watched, work_here
from tests.desk.test_lifecycle import LATER, went_out

AN_HOUR_ON = 61 + 3600


@pytest.fixture
def mastodon(desk: Desk, tmp_path: Path) -> Iterator[Moody]:
    work_here()
    with service("mastodon", tmp_path) as moody:
        desk.told(mastodon=moody.url)
        yield moody


def work(release: str = RELEASE, step: str = "step") -> Work:
    row = Release.objects.get(id=release)
    key, verdict = f"{release}/{step}", Verdict(Call.LATE, at(61))
    return Work(row, facts_of(release), key, 1, verdict)


def due(now: Instant, release: str = RELEASE) -> set[str]:
    """The steps on one channel that a runner would begin."""
    made = plan(book_for(("mastodon",)), Progress(facts_of(release)), now, lambda _: Hold.FREE)
    return {one.step.name for one in made.due if one.step.name.startswith(("tell_", "check_alt"))}


def late() -> None:
    watched()
    for kind, offset in ((Kind.LATE_PROVISIONAL, 20), (Kind.LATE, 61)):
        happens(kind, at(offset))
    done("open_incident", "check_alternate", "tell_mastodon")


def done(*steps: str) -> None:
    for step in steps:
        happens(Kind.STEP_DONE, at(90), step=step, attempt=1)


def public(release: str, *, late: bool = False) -> None:
    """The witnesses have found it at the announced address."""
    watch = dataclasses.replace(order(None, channel()), release=release)
    judge = Judge(watch, watch.channel(ANNOUNCED))
    if late:
        judge.add(looks(1, 199, PLACEHOLDER, release=release))
    judge.add(looks(200 if late else 1, 299, RIGHT, release=release))
    conclude(release, {ANNOUNCED: judge}, KEY, at(300), set())


def test_an_hour_on_users_are_told_that_it_is_still_late_once_the_alternate_was_looked_at(
    desk: Desk,
) -> None:
    late()
    assert due(at(AN_HOUR_ON - 1)) == set()
    assert due(at(AN_HOUR_ON)) == {"check_alternate_again"}
    done("check_alternate_again")
    assert due(at(AN_HOUR_ON)) == {"tell_mastodon_update"}
    happens(Kind.VETOED, at(AN_HOUR_ON))
    assert due(at(AN_HOUR_ON)) == set()
    happens(Kind.VETO_LIFTED, at(AN_HOUR_ON))
    done("tell_mastodon_update")
    assert due(at(5 * AN_HOUR_ON)) == set()  # once for an incident, however long it takes


def test_what_is_right_within_the_hour_is_not_said_to_be_late_again(desk: Desk) -> None:
    late()
    happens(Kind.RECOVERED, at(AN_HOUR_ON - 1))
    done("check_alternate_again")
    assert due(at(AN_HOUR_ON)) == {"tell_mastodon_recovered"}


def test_who_was_not_told_that_it_is_late_is_not_told_that_it_still_is(desk: Desk) -> None:
    late()
    names = {step.name: step.needs for step in book_for(("mastodon",))}
    assert names["tell_mastodon_update"] == ("tell_mastodon", "check_alternate_again")


@pytest.mark.parametrize("database", ["sqlite"])
def test_looks_from_before_do_not_count_for_what_is_said_an_hour_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "PATIENCE", 0.2)
    late()
    store(looks(1, 99, RIGHT, on=ALTERNATE))
    desk.show(at(AN_HOUR_ON + 30))
    with pytest.raises(OutsideFailed, match="not whole for enough witnesses"):
        check_again(work(), STILL_LATE)
    store(looks(AN_HOUR_ON, AN_HOUR_ON + 20, RIGHT, on=ALTERNATE))
    [found] = check_again(work(), STILL_LATE)
    assert (found.kind, found.key) == (Kind.ALTERNATE_VERIFIED, "alternate/again")


def test_an_update_answers_the_first_word_with_the_address_that_works(
    desk: Desk, mastodon: Moody
) -> None:
    late()
    tell_late(work(step="late"), "mastodon")
    [told] = tell_update(work(step="update"), "mastodon")
    assert (told.kind, told.key) == (Kind.USERS_TOLD, "told/update/mastodon")
    first, second = mastodon.truth()
    assert second["text"].startswith(
        "Gross domestic product can still be read here: http://statistics.example/gdp Its usual"
    )
    assert second["reply_to"] == first["id"]


@pytest.mark.parametrize("late_too", [False, True])
def test_a_correction_is_told_where_it_was_told_that_the_first_was_late(
    desk: Desk, mastodon: Moody, late_too: bool
) -> None:
    late()
    tell_late(work(), "mastodon")
    happens(Kind.ANNOUNCED)
    went_out(RELEASE)
    correction = replace(RELEASE, opens=LATER, by=HEAD, reason="A figure was wrong.")
    assert due(at(400), correction) == set()  # ordered, and not yet public
    public(correction, late=late_too)
    [seen] = [f for f in facts_of(correction) if f.kind in (Kind.ON_TIME, Kind.RECOVERED)]
    assert dict([CORRECTION]).items() <= seen.details.items()
    assert "tell_mastodon_corrected" in due(at(400), correction)
    [told] = tell_corrected(work(correction), "mastodon")
    assert told.details["about"] == "corrected"
    first, second = mastodon.truth()
    assert second["text"].startswith("Gross domestic product has been corrected.")
    assert second["text"].endswith(Release.objects.get(id=correction).announced)
    assert second["reply_to"] == first["id"]
    assert Message.objects.get(about="corrected").subject == correction


def test_a_correction_of_what_nobody_was_told_of_is_not_told(desk: Desk, mastodon: Moody) -> None:
    watched()
    happens(Kind.ANNOUNCED)
    went_out(RELEASE)
    correction = replace(RELEASE, opens=LATER, by=HEAD, reason="A figure was wrong.")
    nothing: list[Happened] = []
    assert tell_corrected(work(correction), "mastodon") == nothing
    assert mastodon.truth() == []
    row = Release.objects.get(id=correction)
    assert mailed(row, "published", setup().words).title == "Corrected: Gross domestic product"


def test_a_release_that_corrects_nothing_is_not_said_to_be_a_correction(desk: Desk) -> None:
    watched()
    public(RELEASE)
    assert CORRECTION[0] not in facts_of(RELEASE)[-1].details
    assert due(HALF_PAST + STILL_LATE) == set()
