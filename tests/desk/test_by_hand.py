"""What people do by hand and confirm, and what is looked at before T."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ninethirty.core.errors import NotAllowed, NotYet
from ninethirty.core.facts import Kind
from ninethirty.core.verdict import Call, Verdict
from ninethirty.core.watch import ALTERNATE, ANNOUNCED, UPLOADED, read_order
from ninethirty.desk.actions.acknowledge import acknowledge
from ninethirty.desk.actions.check_ready import check_ready, look_closed
from ninethirty.desk.actions.check_upload import check_upload
from ninethirty.desk.actions.confirm import confirm, confirm_upload
from ninethirty.desk.actions.look_open import look_open
from ninethirty.desk.actions.step import Work
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.record.models import Message, Release
from ninethirty.desk.record.sightings import store
from ninethirty.desk.runner.book import STEPS
from ninethirty.desk.setup import setup
from ninethirty.gate.source import Folder
from tests.core.made import PLACEHOLDER, RIGHT, at
from tests.desk.services import service
from tests.desk.setting import (
    APPROVER,
    GATE,
    GATE_KEY,
    OFFICER,
    RELEASE,
    Desk,
    happens,
    kinds,
    looks,
    watched,
    work_here,
)

CALL, UPLOAD = STEPS["call_the_platform"], STEPS["upload_elsewhere"]
ELSEWHERE = "http://elsewhere.example/gdp"


def work() -> Work:
    return Work(
        Release.objects.get(id=RELEASE), facts_of(RELEASE), "k", 1, Verdict(Call.WAITING, at(0))
    )


def an_incident(desk: Desk) -> None:
    desk.show(at(100))
    work_here()
    watched()
    happens(Kind.LATE_PROVISIONAL, at(21))
    happens(Kind.LATE, at(61))
    happens(Kind.STEP_DONE, at(22), step="open_incident", attempt=1)


def test_a_person_says_that_they_are_at_it_and_that_they_have_called(desk: Desk) -> None:
    an_incident(desk)
    with pytest.raises(NotAllowed, match="not to be done now"):
        confirm(RELEASE, CALL, by=OFFICER)
    acknowledge(RELEASE, by=OFFICER)
    confirm(RELEASE, CALL, by=OFFICER)
    last = facts_of(RELEASE)[-1]
    assert (last.kind, last.actor) == (Kind.STEP_DONE, OFFICER)
    with pytest.raises(NotAllowed, match="done already"):
        confirm(RELEASE, CALL, by=OFFICER)


def test_nobody_unknown_acknowledges_or_confirms(desk: Desk) -> None:
    an_incident(desk)
    with pytest.raises(NotAllowed):
        acknowledge(RELEASE, by="a passer-by")
    with pytest.raises(NotAllowed):
        confirm(RELEASE, CALL, by="a passer-by")


@pytest.mark.parametrize("second", ["", OFFICER, "a passer-by"])
def test_what_cannot_be_taken_back_takes_a_second_person(desk: Desk, second: str) -> None:
    an_incident(desk)
    with pytest.raises(NotAllowed):
        confirm_upload(RELEASE, UPLOAD, ELSEWHERE, by=OFFICER, seconded_by=second)
    assert Kind.UPLOADED not in kinds(facts_of(RELEASE))
    assert not Message.objects.exists()


def test_what_a_person_uploaded_is_looked_at_there_by_witnesses(desk: Desk) -> None:
    an_incident(desk)
    confirm_upload(RELEASE, UPLOAD, ELSEWHERE, by=OFFICER, seconded_by=APPROVER)
    order = read_order(bytes(Release.objects.get(id=RELEASE).order), setup().key().public)
    assert order.channel(UPLOADED).page.url == ELSEWHERE
    assert order.channel(UPLOADED).page.keyed == order.channel(ANNOUNCED).page.keyed
    assert not any(ELSEWHERE in str(fact.details) for fact in facts_of(RELEASE))
    with pytest.raises(NotYet):
        check_upload(work())
    store(looks(90, 99, RIGHT, on=UPLOADED))  # before it was there: another page
    with pytest.raises(NotYet):
        check_upload(work())
    store(looks(101, 110, RIGHT, on=UPLOADED))
    [verified] = check_upload(work())
    assert verified.kind is Kind.UPLOAD_VERIFIED


def before_t(desk: Desk) -> None:
    desk.show(at(-600))
    watched()
    store(looks(-660, -600, PLACEHOLDER))


def lacking(act: Any) -> str:
    with pytest.raises(NotYet) as found:
        act(work())
    return str(found.value)


def test_a_release_that_is_not_armed_is_not_ready_and_everything_missing_is_named(
    desk: Desk, tmp_path: Path
) -> None:
    before_t(desk)
    with service("x", tmp_path) as x:
        desk.told(x=x.url)
        x.reads = [401]
        said = lacking(lambda it: check_ready(it, "ready"))
    assert "the release is new, not armed" in said
    assert "nobody is on call at T" in said
    assert "x does not let us in" in said
    assert "witnesses can see" not in said


@pytest.mark.parametrize(
    ("clock", "in_doubt"), [("trusted", False), ("drill", False), ("apart", True), ("odd", True)]
)
def test_a_gate_that_does_not_trust_its_clock_is_not_ready(
    desk: Desk, clock: str, in_doubt: bool
) -> None:
    before_t(desk)
    setup().shelf().publish("site/page", [], at(-700))
    word = {"gate": GATE, "key": GATE_KEY.public, "version": 1, "clock": clock}
    Folder(desk.home / "shelf").acknowledge(GATE, word)
    said = lacking(lambda it: check_ready(it, "ready"))
    assert (f"the clock of gate {GATE} is in doubt: {clock}" in said) is in_doubt


def test_a_release_armed_for_another_instant_than_its_wall_clock_shows_today_is_not_ready(
    desk: Desk,
) -> None:
    before_t(desk)
    assert "arm it anew" not in lacking(lambda it: check_ready(it, "ready"))
    # As if London had stayed on summer time by a law of this autumn.
    Release.objects.update(opens="2026-12-01 09:30 Europe/Paris")
    said = lacking(lambda it: check_ready(it, "ready"))
    assert "2026-12-01 09:30 Europe/Paris is 2026-12-01T08:30:00.000000Z" in said
    assert "2026-12-01T09:30:00.000000Z is armed: hold it, and arm it anew" in said


def test_witnesses_that_have_not_looked_lately_or_whose_clock_is_off_are_missed(desk: Desk) -> None:
    before_t(desk)
    assert look_closed(work())[0].details == {"about": "closed before T"}
    desk.show(at(-300))
    assert lacking(look_closed) == "0 of 3 witnesses can see"
    off = [replace(one, clock_offset_ms=400) for one in looks(-320, -300, PLACEHOLDER)]
    store(off)
    assert "the clock of witness a is off" in lacking(look_closed)


def test_what_was_seen_before_its_time_was_not_closed(desk: Desk) -> None:
    before_t(desk)
    happens(Kind.EARLY, at(-610))
    assert lacking(look_closed) == "it was seen before its time"


def test_a_file_that_may_be_a_draft_is_named_while_somebody_can_still_look_into_it(
    desk: Desk,
) -> None:
    before_t(desk)
    stood = "data.csv before T: stood"
    seen = replace(work(), verdict=Verdict(Call.WAITING, at(-600), stood=(stood,)))
    for act in (look_closed, lambda it: check_ready(it, "ready")):
        with pytest.raises(NotYet, match=stood):
            act(seen)


def test_open_means_whole_at_every_address(desk: Desk) -> None:
    desk.show(at(30))
    watched()
    store(looks(1, 20, RIGHT))
    assert lacking(look_open) == "not whole yet: alternate"
    store(looks(1, 20, RIGHT, on=ALTERNATE))
    assert look_open(work())[0].kind is Kind.CHECKED
