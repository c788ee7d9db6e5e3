"""Everything about promises can be done from the command line, and refusals say what to do."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ninethirty.core.errors import NinethirtyError, NotAllowed
from ninethirty.core.facts import Kind
from ninethirty.core.release import Stage
from ninethirty.core.schedule import Opening
from ninethirty.core.times import WallTime
from ninethirty.desk.actions import hold as holding
from ninethirty.desk.actions import move as moving
from ninethirty.desk.actions.announce import announce
from ninethirty.desk.actions.approve import approve
from ninethirty.desk.actions.arm import arm
from ninethirty.desk.actions.move import approve_move, move
from ninethirty.desk.promise_command import promise
from ninethirty.desk.record.check import differences
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.record.models import Message, Producer, Release
from ninethirty.desk.setup import setup
from tests.core.made import HALF_PAST
from tests.desk.setting import (
    APPROVER,
    HEAD,
    OFFICER,
    RELEASE,
    STATISTICIAN,
    Desk,
    kinds,
    together,
    work_for,
    work_here,
)
from tests.desk.way import armed, gate_running

FIRST, SECOND = "2027-01-19 09:30 Europe/London", "2027-01-20 09:30 Europe/London"


class Office:
    """A desk at which somebody types; says what is answered, or raises what is refused."""

    def __init__(self, desk: Desk) -> None:
        work_here()
        self._home = str(desk.home)

    def run(self, *told: str, by: str = "") -> Result:
        arguments = [*told, "--home", self._home, *(["--by", by] if by else [])]
        result = CliRunner().invoke(promise, arguments)
        if isinstance(result.exception, NinethirtyError):
            raise result.exception
        return result

    def __call__(self, *told: str, by: str = STATISTICIAN) -> str:
        result = self.run(*told, by=by)
        assert result.exit_code == 0, result.output
        return result.output


@pytest.fixture
def office(desk: Desk) -> Office:
    """With a producer, for which everybody works too, and a series."""
    office = Office(desk)
    office("producer", "health", "Health office", by=HEAD)
    work_for("health")
    office("series", "gdp", "GDP", "--producer", "health", "--rhythm", "quarterly")
    return office


def openings() -> list[Opening]:
    return list(setup().shelf().says(f"release/{RELEASE}"))


def row(release: str = "gdp/q3") -> Release:
    return Release.objects.get(id=release)


def test_a_date_is_promised_moved_and_approved(office: Office) -> None:
    assert f"promised for {FIRST}" in office("announce", "gdp/q3", "Q3", FIRST, "--series", "gdp")
    assert "asked for" in office("move", "gdp/q3", SECOND, "--reason", "The source was late.")
    assert row().opens == FIRST
    with pytest.raises(NotAllowed, match="it takes a head of profession"):
        office("approve", "gdp/q3")
    assert "no more for " + FIRST in office("approve", "gdp/q3", by=HEAD)
    assert (row().opens, row().path) == (SECOND, "/gdp/q3")
    told = facts_of("gdp/q3")
    assert kinds(told) == [Kind.ANNOUNCED, Kind.MOVE_ASKED, Kind.RESCHEDULED]
    assert (told[-1].details["was"], told[-1].details["asked"]) == (FIRST, 2)
    assert Message.objects.get(id=told[-1].details["reason_kept"]).text == "The source was late."
    assert list(differences({})) == []


def test_a_move_that_is_refused_leaves_the_date_and_can_be_asked_for_again(office: Office) -> None:
    office("announce", "gdp/q3", "Q3", FIRST)
    office("move", "gdp/q3", SECOND, "--reason", "Late.")
    office("refuse", "gdp/q3", "--reason", "Keep it.", by=HEAD)
    assert row().opens == FIRST
    with pytest.raises(NotAllowed, match="nobody has asked for another date"):
        office("approve", "gdp/q3", by=HEAD)
    office("move", "gdp/q3", SECOND, "--reason", "Really late.")
    office("approve", "gdp/q3", by=HEAD)
    assert row().opens == SECOND


def test_the_head_of_profession_moves_at_once(office: Office) -> None:
    office("announce", "gdp/q3", "Q3", FIRST)
    assert "no more for" in office("move", "gdp/q3", SECOND, "--reason", "Late.", by=HEAD)
    assert row().opens == SECOND


@pytest.mark.parametrize("by", [APPROVER, HEAD, STATISTICIAN])
def test_nobody_moves_a_date_without_a_reason_or_without_their_role(
    office: Office, by: str
) -> None:
    office("announce", "gdp/q3", "Q3", FIRST)
    with pytest.raises(NotAllowed, match=r"with its reason|not for a approver"):
        office("move", "gdp/q3", SECOND, "--reason", " ", by=by)
    assert len(facts_of("gdp/q3")) == 1


def test_the_same_date_is_no_other_date(office: Office) -> None:
    office("announce", "gdp/q3", "Q3", FIRST)
    for by in (HEAD, STATISTICIAN):
        with pytest.raises(NotAllowed, match="is promised already"):
            office("move", "gdp/q3", FIRST, "--reason", "Hm.", by=by)


def test_what_is_provisional_or_cancelled_is_not_moved(office: Office) -> None:
    office("announce", "gdp/q3", "Q3", "2027-01")
    with pytest.raises(NotAllowed, match="it is provisional; a confirmed date can be moved"):
        office("move", "gdp/q3", FIRST, "--reason", "Late.")
    with pytest.raises(NotAllowed, match="the release is provisional"):
        office("move", "gdp/q3", FIRST, "--reason", "Late.", by=HEAD)


def test_a_month_becomes_an_exact_date_and_one_outside_it_is_warned_of(office: Office) -> None:
    office("announce", "gdp/q3", "Q3", "2027-01 to 2027-02")
    assert (row().opens, row().provisional) == ("", "2027-01 to 2027-02")
    office("confirm", "gdp/q3", "2027-03", "--reason", "It takes longer.")
    assert "outside-provisional" in office("confirm", "gdp/q3", FIRST)
    assert (row().opens, row().provisional, row().stage) == (FIRST, "", Stage.ANNOUNCED)
    with pytest.raises(NotAllowed, match="expected new or provisional"):
        office("confirm", "gdp/q3", SECOND)
    assert list(differences({})) == []


def test_a_cancelled_release_frees_its_address(office: Office) -> None:
    office("announce", "gdp/q3", "Q3", FIRST)
    with pytest.raises(NotAllowed, match="/gdp/q3 is the address of gdp/q3; choose another"):
        office("announce", "gdp/other", "Q3", FIRST, "--path", "/gdp/q3")
    assert not Release.objects.filter(id="gdp/other").exists()
    office("cancel", "gdp/q3", "--reason", "No survey.", by=HEAD)
    assert row().stage == Stage.CANCELLED
    office("announce", "gdp/other", "Q3", FIRST, "--path", "/gdp/q3")


def test_of_two_who_announce_at_one_address_at_one_moment_one_is_refused(office: Office) -> None:
    def announces(release: str) -> None:
        announce(
            release,
            title="GDP",
            opens=WallTime.parse(FIRST),
            path="/gdp/q3",
            announced="",
            by=STATISTICIAN,
        )

    came = together(lambda: announces("one"), lambda: announces("two"))
    assert sorted(type(one).__name__ for one in came) == ["NoneType", "NotAllowed"]
    assert Release.objects.count() == 1


def test_of_two_who_approve_at_one_moment_one_is_refused(office: Office) -> None:
    office("announce", "gdp/q3", "Q3", FIRST)
    office("move", "gdp/q3", SECOND, "--reason", "Late.")
    came = together(*[lambda: approve_move("gdp/q3", by=HEAD)] * 2)
    assert sorted(type(one).__name__ for one in came) == ["Fact", "NotAllowed"]
    assert kinds(facts_of("gdp/q3")).count(Kind.RESCHEDULED) == 1


def test_what_is_asked_for_while_another_date_is_approved_is_not_approved_with_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office("announce", "gdp/q3", "Q3", FIRST)
    office("move", "gdp/q3", SECOND, "--reason", "Late.")

    def meanwhile(release: str, **_: str) -> None:
        other = WallTime.parse("2027-01-21 09:30 Europe/London")
        moving.move(release, other, by=STATISTICIAN, reason="Later.")

    monkeypatch.setattr(moving, "take_back_if_armed", meanwhile)
    with pytest.raises(NotAllowed, match="another date was asked for meanwhile; look again"):
        approve_move("gdp/q3", by=HEAD)
    assert row().opens == FIRST


def test_an_unscheduled_release_is_on_its_own_record(office: Office) -> None:
    told = ["announce", "adhoc/1", "Ad hoc", "2026-12-05 15:00 Europe/London"]
    with pytest.raises(NotAllowed, match="is a Saturday"):
        office(*told, by=HEAD)
    with pytest.raises(NotAllowed, match="takes a head of profession"):
        office(*told, "--unscheduled", "It was quoted.")
    office(*told, "--unscheduled", "It was quoted.", by=HEAD)
    [fact] = facts_of("adhoc/1")
    assert row("adhoc/1").unscheduled
    assert fact.details["warned"] == ["weekend", "other-time", "short-notice"]
    assert Message.objects.get(id=fact.details["unscheduled_kept"]).text == "It was quoted."
    assert list(differences({})) == []


def test_another_time_needs_leave_that_is_recorded(office: Office) -> None:
    seven = "2027-01-19 07:00 Europe/London"
    with pytest.raises(NotAllowed, match="alternative release time"):
        office("announce", "gdp/q3", "Q3", seven, "--series", "gdp")
    leave = ["leave", "health", "ART 2026/1", "--at", "07:00", "--since", "2027-01-01"]
    with pytest.raises(NotAllowed, match="takes a head of profession"):
        office(*leave)
    office(*leave, "--until", "2027-01-19", by=HEAD)
    office("announce", "gdp/q3", "Q3", seven, "--series", "gdp")
    assert row().leave == "ART 2026/1"
    with pytest.raises(NotAllowed, match="alternative release time"):
        office("announce", "gdp/q4", "Q4", "2027-01-20 07:00 Europe/London", "--series", "gdp")
    office("move", "gdp/q3", FIRST, "--reason", "Usual time again.", by=HEAD)
    assert row().leave == ""
    with pytest.raises(NotAllowed, match="ends before it begins"):
        office(*leave, "--until", "2026-12-31", by=HEAD)
    assert len(Producer.objects.get(id="health").promises["leave"]) == 1


def test_each_producer_has_its_own_rules(office: Office, tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text('[promises]\nshunned = ["Friday"]\nclosures = { 2027-01-19 = "moving" }\n')
    office("producer", "labour", "Labour", "--like", "us-bls", "--rules", str(rules), by=HEAD)
    work_for("labour")
    office("series", "jobs", "Jobs", "--producer", "labour")
    with pytest.raises(NotAllowed, match="releases are at 08:30"):
        office("announce", "jobs/1", "Jobs", FIRST, "--series", "jobs")
    said = office(
        "announce", "jobs/1", "Jobs", "2027-01-19 08:30 America/New_York", "--series", "jobs"
    )
    assert "day-off" in said
    assert facts_of("jobs/1")[0].details["instant"] == "2027-01-19T13:30:00.000000Z"
    rules.write_text("at = 'nine'")
    with pytest.raises(NotAllowed, match=r"promises.at: expected a time, found 'nine'"):
        office("producer", "other", "Other", "--rules", str(rules), by=HEAD)
    rules.write_text("at =")
    with pytest.raises(NotAllowed, match=r"rules.toml: "):
        office("producer", "other", "Other", "--rules", str(rules), by=HEAD)
    assert not Producer.objects.filter(id="other").exists()


def test_releases_of_two_zones_share_an_instant(office: Office) -> None:
    office("producer", "paris", "Paris", "--like", "fr-insee", by=HEAD)
    work_for("paris")
    office("series", "prix", "Prix", "--producer", "paris")
    office("announce", "gdp/q3", "Q3", FIRST)
    with pytest.raises(NotAllowed, match="releases are at 08:45"):
        office("announce", "prix/1", "P", "2027-01-19 10:30 Europe/Paris", "--series", "prix")
    office("leave", "paris", "x", "--at", "10:30", "--since", "2027-01-01", by=HEAD)
    said = office("announce", "prix/1", "P", "2027-01-19 10:30 Europe/Paris", "--series", "prix")
    assert "shared-instant" in said


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (["producer", "health", "Again"], "there is a producer with this id"),
        (["producer", "office", "Ours"], "there is a producer with this id"),
        (["producer", "Health", "H"], "an id has small letters"),
        (["producer", "h", "<b>"], "without markup"),
        (["series", "gdp", "Again", "--producer", "health"], "there is a series with this id"),
        (["series", "other", "Other", "--producer", "health"], "there is a series with this id"),
        (["series", "cpi", "CPI", "--producer", "nobody"], "there is no producer nobody"),
        (["leave", "nobody", "x", "--at", "07:00", "--since", "2027-01-01"], "no such producer"),
        (["announce", "x", "X", FIRST, "--series", "none"], "there is no series none"),
        (["announce", "x", "X", "2020-01"], "is past"),
        (["announce", "x", "X", "2027-03-28 01:30 Europe/London"], "the clocks go forward"),
        (["announce", "x", "X", FIRST, "--path", "/calendar/x"], "the site keeps /calendar/x"),
        (["approve", "x"], "there is no such release"),
        (["cancel", "x", "--reason", "y"], "there is no such release"),
    ],
)
def test_a_refusal_names_what_is_wrong_and_leaves_nothing(
    office: Office, told: list[str], why: str
) -> None:
    with pytest.raises(NinethirtyError, match=why):
        office(*told, by=HEAD)
    assert not Release.objects.exists()
    assert Producer.objects.count() == 1


@pytest.mark.parametrize("when", ["2027-02-30 09:30 Europe/London", "2027-13", "soon"])
def test_a_date_that_does_not_exist_is_refused_where_it_was_typed(
    office: Office, when: str
) -> None:
    result = office.run("announce", "x", "X", when, by=HEAD)
    assert result.exit_code == 2
    assert "Invalid value for 'WHEN'" in result.output
    bad = office.run("leave", "health", "x", "--at", "25:00", "--since", "2027-01-01", by=HEAD)
    assert "Invalid value for '--at'" in bad.output


def test_the_next_editions_are_proposed_from_the_rhythm(office: Office) -> None:
    with pytest.raises(NotAllowed, match="no edition has an exact date"):
        office.run("next", "gdp")
    office("announce", "gdp/q3", "Q3", FIRST, "--series", "gdp")
    assert office.run("next", "gdp").output == "2027-04-20 09:30 Europe/London (Tuesday)\n"
    every = office.run("next", "gdp", "--all").output.splitlines()
    assert [line[:10] for line in every] == ["2027-04-20", "2027-07-20", "2027-10-19"]
    office("series", "odd", "Odd", "--producer", "health")
    with pytest.raises(NotAllowed, match="nothing is said of how often"):
        office.run("next", "odd")
    with pytest.raises(NotAllowed, match="there is no such series"):
        office.run("next", "none")


def test_the_calendar_is_listed_with_what_needs_somebody(office: Office) -> None:
    assert "nothing is promised" in office.run("list").output
    office("announce", "gdp/q3", "Q3", FIRST, "--series", "gdp")
    office("announce", "cpi/1", "CPI", FIRST)
    office("announce", "cpi/2", "CPI", "2026-12")
    office("move", "gdp/q3", SECOND, "--reason", "Late.")
    lines = office.run("list").output.splitlines()
    assert lines == [
        "December 2026",
        "  2026-12                                  provisional cpi/2: CPI",
        "January 2027",
        f"  Tue {FIRST}       announced   cpi/1: CPI  (2 at this instant)",
        f"  Tue {FIRST}       announced   gdp/q3: Q3  (2 at this instant)",
        f"! gdp/q3: {SECOND} is asked for; ninethirty promise approve",
        "! gdp: its rhythm has 3 more in a year; ninethirty promise next",
    ]
    only = office.run("list", "--series", "gdp", "--from", "2027-01-19", "--until", "2027-01-19")
    assert "cpi/1" not in only.output
    assert "gdp/q3" in only.output
    assert "gdp/q3" in office.run("list", "--producer", "health").output
    for told in (["--series", "none"], ["--producer", "none"]):
        with pytest.raises(NotAllowed, match="there is no such"):
            office.run("list", *told)


def test_a_month_whose_exact_date_is_overdue_is_listed(office: Office, desk: Desk) -> None:
    office("announce", "gdp/q3", "Q3", "2027-01")
    assert "was due" not in office.run("list").output
    desk.show(HALF_PAST.replace(year=2027, month=1, day=4))
    assert "! gdp/q3: its exact date was due by 2027-01-03" in office.run("list").output


def test_another_date_voids_what_is_armed_and_what_was_approved(desk: Desk, tmp_path: Path) -> None:
    armed(desk, tmp_path)
    seal = row(RELEASE).seal
    with gate_running(desk, tmp_path / "gate"):
        move(RELEASE, WallTime.parse(FIRST), by=STATISTICIAN, reason="A figure is in doubt.")
        assert openings()
        approve_move(RELEASE, by=HEAD)
    assert openings() == []
    assert (row(RELEASE).stage, row(RELEASE).seal) == (Stage.STAGED, "")
    with pytest.raises(NotAllowed, match="expected approved or held"):
        arm(RELEASE, announced_files={}, by=OFFICER)
    with pytest.raises(NotAllowed):
        approve(RELEASE, seal, by=APPROVER)


def test_a_date_is_not_moved_while_a_gate_may_still_open_at_the_old_one(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    armed(desk, tmp_path)
    monkeypatch.setattr(holding, "PATIENCE", 0.2)
    with pytest.raises(NotAllowed, match="held, but gate-1 did not answer and may still open it"):
        move(RELEASE, WallTime.parse(FIRST), by=HEAD, reason="In doubt.")
    assert row(RELEASE).stage == Stage.HELD
    assert row(RELEASE).opens != FIRST
    move(RELEASE, WallTime.parse(FIRST), by=HEAD, reason="In doubt.")
    assert row(RELEASE).opens == FIRST
