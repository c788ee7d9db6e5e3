"""Promises that were made elsewhere are taken up, as often as one likes."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from ninethirty.core.announcement import Provisional
from ninethirty.core.errors import CannotStart, NotAllowed, OutsideFailed
from ninethirty.core.facts import Kind
from ninethirty.core.release import Stage, move_asked
from ninethirty.core.times import WallTime
from ninethirty.desk.actions.add_producer import add_producer
from ninethirty.desk.actions.add_series import add_series
from ninethirty.desk.actions.announce import CALENDAR
from ninethirty.desk.actions.move import approve_move, refuse_move
from ninethirty.desk.actions.take_up import Change, Plan, Planned, plan, release_id, take_up
from ninethirty.desk.outside.calendars.ask import Asker
from ninethirty.desk.outside.calendars.found import Found, Odd
from ninethirty.desk.outside.calendars.sources import ask_govuk
from ninethirty.desk.promise_command import promise
from ninethirty.desk.record.check import differences
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.record.models import FactRow, Message, Promised, Release, Series
from ninethirty.standin.announcements import Announcements, announced, example
from ninethirty.standin.exchange import Reply, Request
from ninethirty.standin.log import Memory
from ninethirty.standin.serving import Serving
from tests.core.made import HALF_PAST, at
from tests.desk.setting import HEAD, OFFICER, STATISTICIAN, Desk, kinds, work_here
from tests.standin.drill import Hands

TUESDAY = "2027-03-02 09:30 Europe/London"
WEDNESDAY = "2027-03-03 09:30 Europe/London"


def found(when: str = TUESDAY, name: str = "births", **more: Any) -> Found:
    read = WallTime.parse(when) if ":" in when else Provisional.parse(when)
    return Found(f"gov.uk /announcements/{name}", more.pop("title", name.title()), read, **more)


def done(*told: Found | Odd, by: str = HEAD) -> list[str]:
    """What was done; what was not begins with "not"."""
    planned = plan(told)
    said = [*planned.odd, *take_up(planned, by=by)]
    return [
        f"{one.change} {one.release}"
        if isinstance(one, Planned)
        else f"not {one}"
        if isinstance(one, Odd)
        else f"{one}"
        for one in said
    ]


def row(name: str = "births") -> Release:
    return Release.objects.get(id=f"govuk/{name}")


def test_what_is_new_is_promised_here_by_the_word_of_the_place(desk: Desk) -> None:
    work_here()
    assert done(found(), found("2027-04", "deaths")) == ["new govuk/births", "new govuk/deaths"]
    assert (row().opens, row().stage, row().path) == (TUESDAY, Stage.ANNOUNCED, "/govuk/births")
    assert (row("deaths").provisional, row("deaths").stage) == ("2027-04", Stage.PROVISIONAL)
    [fact] = facts_of("govuk/births")
    assert (fact.actor, fact.said_by, fact.details["warned"]) == (HEAD, "gov.uk", [])
    assert list(differences({})) == []


def test_the_second_time_nothing_changes(desk: Desk) -> None:
    work_here()
    told = [found(), found("2027-04", "deaths"), found(name="off", is_cancelled=True)]
    assert len(done(*told)) == 4
    before = list(FactRow.objects.values_list("hash", flat=True))
    again = plan(told)
    assert (again.changes, again.odd, again.unchanged) == ([], [], 3)
    assert list(take_up(again, by=HEAD)) == []
    assert list(FactRow.objects.values_list("hash", flat=True)) == before


def test_a_plan_changes_nothing(desk: Desk) -> None:
    work_here()
    assert [str(one) for one in plan([found()]).changes] == [f"new govuk/births: {TUESDAY}: Births"]
    assert not Release.objects.exists()
    assert not FactRow.objects.exists()


def test_each_change_there_is_made_here(desk: Desk) -> None:
    work_here()
    done(found(), found("2027-04", "deaths"), found("2027-05", "visits"), found(name="crime"))
    moved = found(WEDNESDAY, reason="The source was late.", title="Births in towns")
    dated = found("2027-04-06 09:30 Europe/London", "deaths")
    later = found("2027-06", "visits")
    off = found(name="crime", is_cancelled=True, reason="No survey.")
    assert done(moved, dated, later, off) == [
        "moved govuk/births",
        "renamed govuk/births",
        "dated govuk/deaths",
        "dated govuk/visits",
        "cancelled govuk/crime",
    ]
    assert (row().opens, row().title) == (WEDNESDAY, "Births in towns")
    assert row("deaths").stage == Stage.ANNOUNCED
    assert row("visits").provisional == "2027-06"
    assert row("crime").stage == Stage.CANCELLED
    assert Message.objects.filter(text="The source was late.").count() == 1
    assert [one.promise for one in Promised.objects.filter(release="govuk/births")] == [
        TUESDAY,
        WEDNESDAY,
    ]
    assert plan([moved, dated, later, off]).changes == []
    assert list(differences({})) == []


def test_another_date_taken_up_by_a_statistician_is_asked_for_once(desk: Desk) -> None:
    work_here()
    done(found(), by=STATISTICIAN)
    assert done(found(WEDNESDAY), by=STATISTICIAN) == ["moved govuk/births"]
    assert row().opens == TUESDAY
    assert done(found(WEDNESDAY), by=STATISTICIAN) == []
    approve_move("govuk/births", by=HEAD)
    assert row().opens == WEDNESDAY
    assert done(found(WEDNESDAY), by=STATISTICIAN) == []


def test_what_was_refused_is_asked_for_again_as_long_as_it_stands_there(desk: Desk) -> None:
    work_here()
    done(found(), found(WEDNESDAY))
    done(found(WEDNESDAY), by=STATISTICIAN)
    refuse_move("govuk/births", by=HEAD, reason="Wait.")
    assert move_asked(facts_of("govuk/births")) is None
    assert done(found(WEDNESDAY), by=STATISTICIAN) == ["moved govuk/births"]


def test_a_cancellation_takes_the_head_of_profession(desk: Desk) -> None:
    work_here()
    off = found(is_cancelled=True)
    [new, refused] = done(off, by=STATISTICIAN)
    assert new == "new govuk/births"
    assert "here it takes a head of profession" in refused
    assert row().stage == Stage.ANNOUNCED
    assert done(off) == ["cancelled govuk/births"]


def test_nobody_takes_up_what_they_may_not_announce(desk: Desk) -> None:
    work_here()
    with pytest.raises(NotAllowed, match="not for a publishing officer"):
        list(take_up(plan([found()]), by=OFFICER))
    assert not Release.objects.exists()


def test_a_saturday_that_was_promised_elsewhere_is_kept_and_warned_of(desk: Desk) -> None:
    work_here()
    assert done(found("2027-03-06 00:00 Europe/London")) == ["new govuk/births"]
    assert facts_of("govuk/births")[0].details["warned"] == ["weekend", "other-time"]
    assert done(found("2027-03-07 00:00 Europe/London")) == ["moved govuk/births"]
    assert facts_of("govuk/births")[-1].details["warned"] == ["weekend", "other-time"]


def test_what_is_past_and_was_never_promised_here_is_left(desk: Desk) -> None:
    work_here()
    old = found("2020-03-03 09:30 Europe/London")
    assert plan([old, found("2020-03", "deaths")]) == Plan(past=2)


def test_an_older_document_than_the_one_taken_up_is_left(desk: Desk) -> None:
    work_here()
    done(found(version="2"))
    assert plan([found(WEDNESDAY, version="1")]).unchanged == 1
    assert done(found(WEDNESDAY, version="3")) == ["moved govuk/births"]
    assert row().source_version == "3"


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (found(title="<i>Births</i>"), "title is text without markup"),
        (found(title="Births\nand deaths"), "title is one line of text"),
        (found(title=" "), "it has no title"),
        (found(title="t" * 301), "its title is longer than 300 letters"),
        (found(address="https://" + "a" * 500), "its address is longer than 500 letters"),
        (Odd("line 3", "expected 2 cells, found 1"), "line 3: expected 2 cells"),
    ],
)
def test_an_odd_one_is_told_of_and_stops_no_other(desk: Desk, told: Found | Odd, why: str) -> None:
    work_here()
    first, second = done(told, found(name="deaths"))
    assert first.startswith("not ")
    assert why in first
    assert second == "new govuk/deaths"


def test_what_a_person_has_to_decide_is_told_of(desk: Desk) -> None:
    work_here()
    done(found(), found(name="off"))
    done(found(name="off", is_cancelled=True))
    [vague, alive] = done(found("2027-03"), found(name="off"))
    assert "is confirmed here for 2027-03-02 09:30 Europe/London, and provisional there" in vague
    assert "is cancelled here, and not there" in alive


def test_one_that_is_there_twice_counts_once(desk: Desk) -> None:
    work_here()
    assert done(found(), found(WEDNESDAY)) == [
        "not gov.uk /announcements/births: is there twice; the first counts",
        "new govuk/births",
    ]


def test_an_id_is_the_same_for_one_source_and_never_for_two() -> None:
    names = ["a--2", "a-2", "A-2", "a/b/a-2", "a" * 70, "a" * 71, "Ä", "a_2"]
    ids = [release_id(f"gov.uk /announcements/{name}") for name in names]
    assert ids[1] == ids[3] == "govuk/a-2"
    assert len(set(ids)) == len(names) - 1
    assert all(len(id) <= 80 for id in ids)
    assert release_id("ics !") == release_id("ics !")


def test_one_taken_up_by_somebody_else_meanwhile_is_left(desk: Desk) -> None:
    work_here()
    mine, theirs = plan([found()]), plan([found()])
    list(take_up(theirs, by=HEAD))
    assert list(take_up(mine, by=HEAD)) == []
    assert kinds(facts_of("govuk/births")) == [Kind.ANNOUNCED]


def test_a_failure_half_way_leaves_no_release_without_its_promise(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    work_here()
    monkeypatch.setattr("ninethirty.desk.actions.take_up.TOGETHER", 1)
    planned = plan([found(), found(name="deaths")])

    def fails(*_: Any, **__: Any) -> None:
        raise OSError("the disk is full")

    going = take_up(planned, by=HEAD)
    next(going)
    monkeypatch.setattr("ninethirty.desk.actions.take_up.append_all", fails)
    with pytest.raises(OSError, match="full"):
        next(going)
    monkeypatch.undo()
    assert [one.id for one in Release.objects.all()] == ["govuk/births"]
    assert done(found(), found(name="deaths")) == ["new govuk/deaths"]


def test_an_organisation_there_is_a_producer_here(desk: Desk) -> None:
    work_here()
    desk.more = '[producers]\nministry-of-works = "works"\noffice-of-works = "works"\n'
    desk.told()
    by_works = found(issued_by=("strangers", "ministry-of-works"))
    with pytest.raises(
        NotAllowed, match=r"producers.ministry-of-works in desk.toml: there is no pr"
    ):
        plan([by_works])
    add_producer("works", "Works", by=HEAD, promises={"closures": {"2027-03-03": "we move"}})
    told = [
        by_works,
        found(WEDNESDAY, "roads", issued_by=("office-of-works",)),
        found(name="crime"),
    ]
    assert [str(one) for one in plan(told).added] == [
        "new series other-works: Other releases of Works"
    ]
    assert not Series.objects.exists(), "a plan changes nothing"
    assert done(*told) == [
        "new series other-works: Other releases of Works",
        "new govuk/births",
        "new govuk/roads",
        "new govuk/crime",
    ]
    assert [row(name).series for name in ("births", "roads", "crime")] == ["other-works"] * 2 + [""]
    [fact] = facts_of("govuk/roads")
    assert (fact.details["series"], fact.details["warned"]) == ("other-works", ["day-off"])
    before = FactRow.objects.count()
    again = plan(told)
    assert (again.added, again.changes, again.unchanged) == ([], [], 3)
    assert done(*told) == []
    later = found(name="rails", issued_by=("office-of-works",))
    assert done(later) == ["new govuk/rails"], "its series is there by now"
    assert FactRow.objects.count() == before + 2
    assert list(differences({})) == []


def test_a_series_that_is_named_goes_before_the_organisation(desk: Desk) -> None:
    work_here()
    desk.more = '[producers]\nministry-of-works = "works"\n'
    desk.told()
    add_producer("works", "Works", by=HEAD)
    add_series("roads", "Roads", producer="works", by=HEAD)
    planned = plan([found(issued_by=("ministry-of-works",))], series="roads")
    assert (planned.added, planned.changes[0].series) == ([], "roads")


@contextmanager
def site(count: int = 30, **faults: Any) -> Iterator[tuple[str, Announcements, Memory]]:
    clock, log = Hands(HALF_PAST), Memory()
    function = Announcements(example(count, HALF_PAST, 0), clock, log, **faults)
    with Serving(function, clock, ["127.0.0.1"], 0) as server:
        yield server.url, function, log


def ask(url: str, contact: str = "stats@office.example") -> list[Found | Odd]:
    return list(ask_govuk(url, contact, ["127.0.0.1"]))


@pytest.mark.parametrize("items_only", [False, True])
def test_gov_uk_is_searched_page_by_page_and_says_who_asks(
    desk: Desk, items_only: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ninethirty.desk.outside.calendars.govuk.AT_ONCE", 7)
    monkeypatch.setattr("ninethirty.desk.outside.calendars.ask.A_SECOND", 1000.0)
    with site(20, items_only=items_only) as (url, function, log):
        told = [one for one in ask(url) if isinstance(one, Found)]
        assert [one.title for one in told] == [one["title"] for one in function.all]
        assert {line["agent"] for line in log.lines} == {"ninethirty (stats@office.example)"}
        assert len(log.lines) == 3 + (20 if items_only else 0)
    assert {one.is_cancelled for one in told} == {True, False}
    assert {type(one.when) for one in told} == {WallTime, Provisional}
    assert {one.reason for one in told if one.was} == {"The source came later."}


def test_a_page_cut_off_in_the_middle_is_told_of_and_the_others_are_taken(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ninethirty.desk.outside.calendars.govuk.AT_ONCE", 7)
    with site(20, cut=1) as (url, _, _log):
        told = ask(url)
    [odd] = [one for one in told if isinstance(one, Odd)]
    assert odd.where.endswith("/api/search.json from 7")
    assert "is no JSON, or was cut off" in odd.says
    assert len(told) == 1 + 7 + 6


def test_a_first_page_that_is_cut_off_is_told_of(desk: Desk) -> None:
    with site(20, cut=0) as (url, _, _log):
        [odd] = ask(url)
    assert isinstance(odd, Odd)


def test_a_site_in_our_own_network_is_asked_only_if_that_is_allowed() -> None:
    with pytest.raises(CannotStart, match="inside our own network; say --allow 127"):
        Asker("http://127.0.0.1:9", "x")
    with pytest.raises(CannotStart, match="is inside our own network"):
        Asker("http://localhost:9", "x")
    with pytest.raises(CannotStart, match="expected a web address"):
        Asker("file:///etc/passwd", "x")


def test_a_site_that_does_not_answer_is_asked_again_and_then_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ninethirty.desk.outside.calendars.ask.A_SECOND", 1000.0)
    asked: list[Request] = []

    def busy(request: Request) -> Reply:
        asked.append(request)
        return Reply(503, b"busy")

    with (
        Serving(busy, Hands(HALF_PAST), ["127.0.0.1"], 0) as server,
        pytest.raises(OutsideFailed, match="503"),
    ):
        Asker(server.url, "x", ["127.0.0.1"])(f"{server.url}/api/search.json", {})
    assert len(asked) == 3


def run(desk: Desk, *arguments: str) -> Result:
    return CliRunner().invoke(promise, ["import", "--home", str(desk.home), *arguments])


def test_the_command_says_what_would_change_and_does_it_when_told(
    desk: Desk, tmp_path: Path
) -> None:
    work_here()
    table = tmp_path / "ours.csv"
    table.write_text(f"title,when,id\nBirths,{TUESDAY},births\nOdd,2027-02-30 09:30,odd\n")
    dry = run(desk, "--by", HEAD, "--file", str(table))
    assert dry.exit_code == 1
    assert f"new csv/births: {TUESDAY}: Births" in dry.stdout
    assert "1 would change; say --yes to do it, 0 as they were, 0 past, 1 not taken" in dry.stdout
    assert "not taken: ours.csv, line 3: '2027-02-30 09:30 Europe/London'" in dry.stderr
    assert not Release.objects.exists()
    assert "1 done" in run(desk, "--by", HEAD, "--file", str(table), "--yes").stdout
    assert "0 done, 1 as they were" in run(desk, "--by", HEAD, "--file", str(table), "--yes").stdout
    assert facts_of(CALENDAR)[-1].details == {"new": 1, "odd": 1}


def test_the_command_takes_one_kind_of_source(desk: Desk) -> None:
    assert run(desk, "--by", HEAD).exit_code == 2


def test_a_document_of_gov_uk_is_read_from_a_file(desk: Desk, tmp_path: Path) -> None:
    work_here()
    one = announced("births", "Births", HALF_PAST, "2 March 2027 9:30am", "confirmed")
    file = tmp_path / "births.json"
    file.write_text(json.dumps(one))
    assert "1 done" in run(desk, "--by", HEAD, "--file", str(file), "--yes").stdout
    assert row().announced == "https://www.gov.uk/government/statistics/announcements/births"
    (tmp_path / "x.doc").write_text("?")
    assert (
        "expected a name that ends in"
        in run(desk, "--by", HEAD, "--file", str(tmp_path / "x.doc")).stderr
    )


def test_a_move_taken_up_after_its_time_is_refused_for_that_one_alone(desk: Desk) -> None:
    work_here()
    done(found("2026-12-02 09:30 Europe/London"), found(name="deaths"))
    desk.show(at(timedelta(days=3).total_seconds()))
    past, other = done(found("2026-12-03 09:30 Europe/London"), found(WEDNESDAY, "deaths"))
    assert past.startswith("not gov.uk /announcements/births: govuk/births: ")
    assert other == "moved govuk/deaths"
    assert row().opens == "2026-12-02 09:30 Europe/London"


def test_a_planned_change_is_one_line_for_people() -> None:
    lines = [
        str(Planned(change, "govuk/births", found(WEDNESDAY, reason="Late."), "2027-03"))
        for change in Change
    ]
    assert lines == [
        f"new govuk/births: {WEDNESDAY}: Births",
        f"dated govuk/births: {WEDNESDAY}, was 2027-03 (Late.)",
        f"moved govuk/births: {WEDNESDAY}, was 2027-03 (Late.)",
        "renamed govuk/births: 'Births', was '2027-03'",
        "cancelled govuk/births: Late.",
    ]
