"""The list on the release's page: written, confirmed, taken back; and what went astray."""

from pathlib import Path
from typing import Any

import pytest

from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Kind
from ninethirty.core.times import WallTime
from ninethirty.desk.actions.approve import approve
from ninethirty.desk.actions.arm import arm
from ninethirty.desk.actions.move import move
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.record.models import AccessEntry, Breach, Release
from tests.desk.access.setting import SECRETARY, confirmed, listed, log, mailed, visitor
from tests.desk.console.signed_in import client_of
from tests.desk.setting import (
    APPROVER,
    HEAD,
    OFFICER,
    RELEASE,
    STATISTICIAN,
    Desk,
    kinds,
)
from tests.desk.way import FILES, gate_running, promised, sealed

PAGE = f"/releases/{RELEASE}/access"
ENTRY = {
    "name": SECRETARY.name,
    "address": SECRETARY.address,
    "job": SECRETARY.job,
    "organisation": SECRETARY.organisation,
    "purpose": "to brief the minister",
    "tier": "pre-release",
    "begins": "24",
    "ends": "0.5",
}
SLIP = {
    "to": "A policy team of another department",
    "people": "3",
    "how": "By e-mail: a name that was completed by itself",
    "day": "2026-12-01",
    "time": "08:10",
    "recalled": "read",
    "told": "The head of profession, at 8:20",
}


@pytest.fixture
def database() -> str:
    """Actions are tested on both."""
    return "sqlite"


def shown(person: str, path: str = PAGE) -> str:
    answer = client_of(person).get(path)
    assert answer.status_code == 200, answer.content.decode()
    return str(" ".join(answer.content.decode().split()))


def press(person: str, verb: str, **sent: str) -> Any:
    return client_of(person).post(f"{PAGE}/{verb}", sent, follow=True)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_list_is_written_confirmed_and_taken_back_in_the_console(
    desk: Desk, tmp_path: Path
) -> None:
    sealed(tmp_path / "gdp")
    assert "Who may see it before its release" in shown(STATISTICIAN, f"/releases/{RELEASE}")
    assert "The list is begun" in text(press(STATISTICIAN, "begin", law="uk"))
    assert "Written." in text(press(STATISTICIAN, "add", **ENTRY))
    entry = AccessEntry.objects.get()
    assert (entry.begins, entry.ends) == (1440, 30)
    before = shown(HEAD)
    assert "to be confirmed" in before
    read = before.split('name="read" value="')[1].split('"')[0]
    assert "Confirmed, for this release" in text(press(HEAD, "confirm", read=read))
    assert "/before-release/" in text(press(STATISTICIAN, "link", entry=str(entry.id)))
    assert "Taken back." in text(press(APPROVER, "revoke", entry=str(entry.id)))
    assert "Nobody." in shown(STATISTICIAN)
    assert "early access was taken back (Name of a reader)" in shown(STATISTICIAN)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"begins": "a day"}, "expected a number such as 24 or 0.5"),
        ({"begins": "24."}, "expected a number such as 24 or 0.5"),
        ({"begins": "25"}, "longer than 24 hours"),
        ({"begins": "1", "ends": "2"}, "access ends before it begins"),
        ({"begins": "99999"}, "at most 60 days"),
        ({"tier": "king"}, "Choose by what right"),
        ({"address": "no address"}, "not an address"),
        ({"purpose": ""}, "purpose: say it"),
        ({"name": "<script>"}, "without markup"),
    ],
)
def test_what_is_wrong_with_an_entry_is_said_and_nothing_is_written(
    desk: Desk, changed: dict[str, str], says: str
) -> None:
    promised()
    press(STATISTICIAN, "begin", law="uk")
    answer = press(STATISTICIAN, "add", **{**ENTRY, **changed})
    assert answer.status_code in (400, 403)
    assert says in text(answer)
    assert not AccessEntry.objects.exists()


def test_who_works_on_a_release_and_looks_at_it_is_in_the_log_before_it_is_shown(
    desk: Desk, tmp_path: Path
) -> None:
    sealed(tmp_path / "gdp")
    client_of(APPROVER).get(f"/releases/{RELEASE}/as-it-will-be/after")
    assert [(fact.kind, fact.actor) for fact in log()] == [(Kind.LOOKED_AT, APPROVER)]
    told = shown(STATISTICIAN)
    assert f"Name of {APPROVER}" in told
    assert f"Name of {STATISTICIAN}, the bundle was handed in" in told


def test_the_log_names_readers_as_long_as_their_names_are_kept(desk: Desk, tmp_path: Path) -> None:
    with mailed(desk) as box:
        reader = visitor(confirmed(tmp_path)[0], box)
        reader.signs_in()
        reader.asks("data.csv")
        copy = log()[-1].details["copy"]
        assert f"(data.csv, copy {copy})" in shown(STATISTICIAN)
        assert "a reader opened something before its time" in shown(STATISTICIAN)
        assert "mailed" in text(press(STATISTICIAN, "invite", entry="1"))


def test_a_list_is_written_again_and_a_job_changed_in_the_console(
    desk: Desk, tmp_path: Path
) -> None:
    [entry] = confirmed(tmp_path)
    changed = {**ENTRY, "entry": str(entry.id), "begins": "30", "reason": "The public benefit"}
    assert "Changed. It shows nothing" in text(press(STATISTICIAN, "change", **changed))
    assert "The public benefit" in shown(HEAD)
    job = {"reader": str(entry.reader_id), "job": "director", "organisation": "A ministry"}
    assert "ended by it: 1" in text(press(STATISTICIAN, "job", **job))
    promised("release/next")
    again = client_of(STATISTICIAN).post(
        "/releases/release/next/access/repeat", {"earlier": RELEASE}, follow=True
    )
    assert "Written again: 0" in text(again)


def test_a_slip_opens_a_report_of_the_wrong_audience_and_the_head_decides(
    desk: Desk, tmp_path: Path
) -> None:
    sealed(tmp_path / "gdp")
    approve(RELEASE, Release.objects.get(id=RELEASE).seal, by=APPROVER)
    with gate_running(desk, tmp_path / "gate"):
        arm(RELEASE, announced_files=FILES, by=OFFICER)
        answer = client_of(OFFICER).post(f"{PAGE}/slip", SLIP, follow=True)
        breach = Breach.objects.get()
        assert "was opened for it" in text(answer)
        assert f"/reports/{breach.reference}" in shown(OFFICER)
        told = shown(OFFICER, f"/reports/{breach.reference}")
        assert (breach.kind, breach.release) == ("wrong_audience", RELEASE)
        assert breach.stage == "draft"
        assert "sent to 3 people not entitled to it at 08:10 on 1 December 2026" in told
        assert ">3.3</p>" in told
        assert "It was deleted, but somebody had read it." in told
        assert "The head of profession decides" in shown(OFFICER)
        choice = {"follows": "hold", "reason": "Too many have it"}
        assert press(OFFICER, "decide", **choice).status_code == 403
        assert "No gate opens it. Do not arm it." in text(press(HEAD, "decide", **choice))
    assert Release.objects.get(id=RELEASE).stage == "held"
    assert kinds(log())[-2:] == [Kind.SLIPPED, Kind.SLIP_DECIDED]
    assert "department" not in str([fact.details for fact in log()])
    client_of(OFFICER).post(f"{PAGE}/slip", SLIP)
    assert Breach.objects.count() == 2
    again = press(HEAD, "decide", follows="release as promised", reason="They deleted it")
    assert f'href="/releases/{RELEASE}/act/arm"' in text(again)
    now = press(HEAD, "decide", follows="release now", reason="All can have it")
    assert now.redirect_chain == [(f"/calendar/date/{RELEASE}", 302)]
    assert "others then seal" in text(now)
    assert f"Decided by Name of {HEAD}" in shown(OFFICER)
    assert f'href="/calendar/date/{RELEASE}"' in shown(OFFICER)
    reason = "Some had it before everybody."
    early, usual = (
        WallTime.parse(f"{one} Europe/London") for one in ("2026-12-01 08:45", "2026-12-02 09:30")
    )
    with pytest.raises(NotAllowed, match="another time needs an alternative release time"):
        move(RELEASE, early, by=HEAD, reason=reason)
    move(RELEASE, usual, by=HEAD, reason=reason)
    assert "Its date is moved to 2026-12-02 09:30 Europe/London" in shown(OFFICER)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"recalled": ""}, "Choose whether it was got back"),
        ({"time": "half past"}, "When it was sent"),
        ({"time": "23:59"}, "still to come"),
        ({"people": "0"}, "at least one"),
        ({"told": " "}, "told: say it"),
        ({"how": "x" * 2001}, "at most 2000 letters"),
    ],
)
def test_what_is_missing_of_a_slip_is_said_with_all_that_was_typed(
    desk: Desk, changed: dict[str, str], says: str
) -> None:
    promised()
    answer = client_of(OFFICER).post(f"{PAGE}/slip", {**SLIP, **changed})
    assert answer.status_code in (400, 403)
    assert says in text(answer)
    assert "A policy team of another department" in text(answer)
    assert not Breach.objects.exists()


def test_a_decision_needs_a_slip_a_choice_and_a_reason(desk: Desk) -> None:
    promised()
    listed()
    assert "Choose what is to follow" in text(press(HEAD, "decide", follows="wait"))
    assert "Say why" in text(press(HEAD, "decide", follows="hold", reason=" "))
    assert "nobody has said" in text(press(HEAD, "decide", follows="hold", reason="x"))
    assert client_of(HEAD).get(f"{PAGE}/confirm").status_code == 405
    assert client_of(HEAD).post(f"{PAGE}/nothing").status_code == 404
    assert facts_of(RELEASE)[-1].kind is Kind.ANNOUNCED
