"""A rehearsal from a page of the console: real processes on loopback, which nothing outlives."""

import os
import signal
import time
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from django.test import Client

from ninethirty.core.document import SigningKey
from ninethirty.core.errors import DrillMixed, NotAllowed, NotYet
from ninethirty.core.facts import Kind
from ninethirty.core.release import Role
from ninethirty.demo.expect import called
from ninethirty.demo.faults import check_fault
from ninethirty.desk.actions.rehearse import REHEARSALS, rehearse
from ninethirty.desk.outside.rehearsal import Asked, Rehearsal, faults
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.setup import setup
from ninethirty.desk.shelving.book import signed_root
from tests.desk.pages.console.staff import somebody
from tests.desk.setting import Desk, kinds

PATIENCE_S = 120


def named(folder: Path) -> list[int]:
    """Processes of this machine whose command names the folder."""
    found = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = place.read_bytes()
        except OSError:
            continue
        if str(folder).encode() in line:
            found.append(int(place.parent.name))
    return found


def until(so: Callable[[], Any], why: Callable[[], str]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not so():
        assert time.monotonic() < end, why()
        time.sleep(0.1)


@pytest.fixture
def ended(desk: Desk) -> Iterator[Rehearsal]:
    """The rehearsal of this desk, of which nothing runs any more when the test is over."""
    one = Rehearsal(setup().home)
    yield one
    one.end()
    until(lambda: not named(desk.home), lambda: f"left running: {named(desk.home)}")


def addresses(told: object) -> Iterator[str]:
    if isinstance(told, str) and "://" in told:
        yield told
    elif isinstance(told, dict | list):
        for inner in told.values() if isinstance(told, dict) else told:
            yield from addresses(inner)


def test_a_fault_is_rehearsed_on_this_machine_alone_watched_and_ended(
    desk: Desk, ended: Rehearsal, as_role: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("X_TOKEN", "a credential of the real desk")
    head = as_role(Role.HEAD_OF_PROFESSION)
    begun = head.post("/rehearsal", {"fault": "serial-bundle", "speed": "1", "alone": "on"})
    assert begun.status_code == 302
    with pytest.raises(NotYet, match="end it first"):
        rehearse(Asked("mirror"), by="a-head-of-profession")
    again = head.post("/rehearsal", {"fault": "mirror", "speed": "0"})
    assert (again.status_code, kinds(facts_of(REHEARSALS))) == (409, [Kind.REHEARSED])
    until(lambda: ended.found().facts, lambda: ended.found().said)

    play = desk.home / "rehearsal" / "play"
    told = tomllib.loads((play / "desk" / "desk.toml").read_text())
    assert {address.split("/")[2].split(":")[0] for address in addresses(told)} <= {
        "127.0.0.1",
        "localhost",
    }
    for pid in named(play):
        assert b"X_TOKEN" not in Path(f"/proc/{pid}/environ").read_bytes()
    shown = head.get("/rehearsal").content.decode()
    assert "A drill is running" in shown
    assert "the bundle was sealed" in shown
    where = ended.found().where
    assert "none of this is real" in requests.get(where["timeline"], timeout=20).text

    # Somebody takes a part in it, and stays signed in at the real desk in the same browser.
    part = requests.get(where["begin"]["person-3"], timeout=20)
    assert "Choose your password" in part.text
    assert not {"sessionid", "csrftoken"} & set(part.cookies.keys())

    # What it signed is no schedule of ours, even for somebody who has its key.
    theirs = SigningKey.read((play / "desk" / "desk.key").read_text()).public
    assert theirs != setup().key().public
    with pytest.raises(DrillMixed):
        signed_root(play / "desk" / "shelf", theirs)
    assert not facts_of(where["release"])

    assert head.post("/rehearsal/end").status_code == 302
    until(lambda: not named(play), lambda: "it goes on")
    assert kinds(facts_of(REHEARSALS)) == [Kind.REHEARSED, Kind.REHEARSAL_ENDED]
    assert "None is running" in head.get("/rehearsal").content.decode()


def test_a_rehearsal_that_is_killed_leaves_nothing_running(ended: Rehearsal, desk: Desk) -> None:
    ended.begin(Asked("mirror"))
    until(lambda: len(named(desk.home)) > 2, lambda: ended.found().said)
    os.kill(int((desk.home / "rehearsal" / "lock").read_text()), signal.SIGKILL)
    until(lambda: not named(desk.home), lambda: "it goes on")
    assert not ended.found().running
    assert not ended.end()


def test_only_an_operator_and_a_head_of_profession_rehearse(
    desk: Desk, as_role: Callable[..., Client]
) -> None:
    statistician = as_role(Role.STATISTICIAN)
    page = statistician.get("/rehearsal")
    assert page.status_code == 200
    assert b"Begin the rehearsal" not in page.content
    since = page.text.split("since=")[1].split('"')[0]
    assert statistician.get(f"/rehearsal/live?since={since}").status_code == 204
    assert "None is running" in statistician.get("/rehearsal/live?since=before").text
    asked = {"fault": "mirror", "speed": "0"}
    assert statistician.post("/rehearsal", asked).status_code == 403
    assert statistician.get("/rehearsal/end").status_code == 403
    assert as_role(Role.AUDITOR).get("/rehearsal").status_code == 403
    with pytest.raises(NotAllowed, match="no such fault"):
        rehearse(Asked("--into"), by=somebody(Role.OPERATOR).person_id)
    assert not (desk.home / "rehearsal").exists()


def test_faults_below_http_are_not_offered_and_all_others_are() -> None:
    assert {"countdown-lost", "mirror", "break:silent-help-desk"} <= faults().keys()
    assert not {"tls-expired", "tcp-refused"} & faults().keys()
    assert len(faults()) > 50


def test_a_rehearsal_is_held_against_what_its_fault_says() -> None:
    fault = check_fault("mirror")
    assert called(fault, {"announced", *map(str, fault.calls)}).held
    missed = called(fault, {"announced", "on_time"})
    assert (missed.held, missed.found) == (False, "on time")
