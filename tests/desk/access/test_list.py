"""A list is written by one, confirmed by another, for one release and its time alone."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from ninethirty.core.access import Tier
from ninethirty.core.errors import Malformed, NotAllowed
from ninethirty.core.facts import Kind
from ninethirty.core.schedule import Content
from ninethirty.core.times import Instant, WallTime
from ninethirty.desk.actions.access.confirm import confirm_list, last_change, remarks_on
from ninethirty.desk.actions.access.enter import (
    Who,
    add_entry,
    begin_list,
    change_entry,
    change_job,
    repeat_list,
    revoke,
)
from ninethirty.desk.actions.erase import erase_past, erase_reader
from ninethirty.desk.actions.move import move
from ninethirty.desk.actions.show import roll, show_all
from ninethirty.desk.record.facts import check_chain
from ninethirty.desk.record.models import AccessEntry, Message, Reader, Release
from ninethirty.desk.setup import setup
from tests.core.made import HALF_PAST, at
from tests.desk.access.setting import (
    BRIEF,
    OFFICER_OF_PRESS,
    SECRETARY,
    confirmed,
    listed,
    log,
)
from tests.desk.setting import APPROVER, HEAD, OFFICER, RELEASE, STATISTICIAN, Desk, kinds
from tests.desk.way import promised

DAY = 24 * 60


def newest() -> AccessEntry:
    return AccessEntry.objects.order_by("id").last()  # type: ignore[return-value]


def confirm(by: str = HEAD) -> None:
    confirm_list(RELEASE, read=last_change(RELEASE), by=by)


def test_a_list_is_written_by_one_and_confirmed_by_the_head_of_profession(
    desk: Desk, tmp_path: Path
) -> None:
    entry, _ = confirmed(tmp_path, SECRETARY, OFFICER_OF_PRESS)
    assert newest().confirmed == "2026-12-01 09:30 Europe/London"
    told = kinds(log())
    assert told == [
        Kind.ACCESS_CHANGED, Kind.ACCESS_ADDED, Kind.ACCESS_ADDED,
        Kind.ACCESS_CONFIRMED, Kind.ACCESS_PUBLISHED,
    ]  # fmt: skip
    assert log()[1].details["entry"] == entry.id
    assert check_chain(f"access:{RELEASE}") == len(told)
    whole = str([fact.details for fact in log()])
    assert "ministry" not in whole
    assert "Name of" not in whole


def test_what_is_public_of_a_list_opens_with_the_release_and_names_nobody(
    desk: Desk, tmp_path: Path
) -> None:
    confirmed(tmp_path, SECRETARY, OFFICER_OF_PRESS)
    [page] = setup().shelf().says(f"access/{RELEASE}")
    assert (page.path, page.opens) == ("/gdp/pre-release-access", HALF_PAST)
    assert isinstance(page.answer, Content)
    told = setup().shelf().read(page.answer.digest).decode()
    assert "private secretary" in told
    assert "A ministry" in told
    assert "to brief the minister (pre-release)" in told
    assert "24 h before" in told
    assert "Name of" not in told
    assert "@" not in told.replace("desk@", "")
    for entry in AccessEntry.objects.all():
        revoke(RELEASE, entry.id, by=OFFICER)
    confirm()
    [page] = setup().shelf().says(f"access/{RELEASE}")
    assert isinstance(page.answer, Content)
    assert b"Nobody outside the producer" in setup().shelf().read(page.answer.digest)


def test_the_public_page_of_a_release_leads_to_its_list_from_its_release_on(
    desk: Desk, tmp_path: Path
) -> None:
    confirmed(tmp_path)
    show_all(by="runner-1")
    leads = 'href="/gdp/pre-release-access"'

    def page(when: Instant) -> str:
        told = [one for one in setup().shelf().says(f"release/{RELEASE}") if one.opens <= when]
        answer = max((one for one in told if one.path == "/gdp"), key=lambda one: one.opens).answer
        assert isinstance(answer, Content)
        return setup().shelf().read(answer.digest).decode()

    assert leads not in page(at(-0.000001))
    assert leads in page(HALF_PAST)
    later = WallTime.parse("2026-12-08 09:30 Europe/London")
    move(RELEASE, later, by=HEAD, reason="not ready")
    roll(by="runner-1")
    assert leads not in page(later.resolve())
    confirm()
    assert roll(by="runner-1") is not None
    assert leads not in page(HALF_PAST)
    assert leads in page(later.resolve())


def test_nobody_confirms_what_they_wrote_and_nobody_else_confirms_at_all(desk: Desk) -> None:
    promised()
    begin_list(RELEASE, "uk", by=HEAD)
    add_entry(RELEASE, SECRETARY, BRIEF, by=HEAD)
    for person, says in ((HEAD, "second person"), (STATISTICIAN, "takes a head of profession")):
        with pytest.raises(NotAllowed, match=says):
            confirm(person)
    with pytest.raises(NotAllowed, match="not for a approver"):
        add_entry(RELEASE, OFFICER_OF_PRESS, BRIEF, by=APPROVER)
    assert not AccessEntry.objects.exclude(confirmed="").exists()


def test_a_list_that_was_changed_while_it_was_read_is_not_confirmed(desk: Desk) -> None:
    promised()
    listed()
    read = last_change(RELEASE)
    add_entry(RELEASE, OFFICER_OF_PRESS, BRIEF, by=STATISTICIAN)
    with pytest.raises(NotAllowed, match="changed while you read it"):
        confirm_list(RELEASE, read=read, by=HEAD)


def test_two_people_with_one_address_are_refused(desk: Desk) -> None:
    promised()
    listed()
    other = replace(SECRETARY, name="Name of a colleague", address=" Reader@MINISTRY.example")
    with pytest.raises(NotAllowed, match=r"would reach two people.*Name of a colleague alone"):
        add_entry(RELEASE, other, BRIEF, by=STATISTICIAN)
    with pytest.raises(NotAllowed, match="is on its list already"):
        add_entry(RELEASE, SECRETARY, BRIEF, by=STATISTICIAN)
    with pytest.raises(NotAllowed, match="change of job"):
        add_entry(RELEASE, replace(SECRETARY, job="deputy"), BRIEF, by=STATISTICIAN)
    with pytest.raises(Malformed, match="not an address"):
        add_entry(RELEASE, replace(SECRETARY, address="reader"), BRIEF, by=STATISTICIAN)
    nobody = Who("Name", "new@ministry.example", "clerk", " ")
    with pytest.raises(NotAllowed, match="organisation: say it"):
        add_entry(RELEASE, nobody, BRIEF, by=STATISTICIAN)
    assert Reader.objects.count() == 1


def test_what_is_longer_than_the_ceiling_takes_a_reason_and_the_list_says_so(
    desk: Desk, tmp_path: Path
) -> None:
    confirmed(tmp_path)
    long = replace(BRIEF, begins=DAY + 1)
    with pytest.raises(NotAllowed, match=r"longer than 24 hours.*ask for an extension"):
        add_entry(RELEASE, OFFICER_OF_PRESS, long, by=STATISTICIAN)
    why = replace(long, reason="the public benefit is clear")
    add_entry(RELEASE, OFFICER_OF_PRESS, why, by=STATISTICIAN)
    assert kinds(log())[-2:] == [Kind.ACCESS_ADDED, Kind.ACCESS_EXTENDED]
    assert Message.objects.get(id=newest().reason or 0).text == "the public benefit is clear"
    confirm()
    assert newest().confirmed


def test_the_press_sees_it_early_by_leave_alone_and_operational_use_is_recorded(
    desk: Desk,
) -> None:
    promised()
    begin_list(RELEASE, "none", by=STATISTICIAN)
    press = replace(BRIEF, begins=30, tier=Tier.PRESS)
    with pytest.raises(NotAllowed, match="only by leave"):
        add_entry(RELEASE, OFFICER_OF_PRESS, press, by=STATISTICIAN)
    use = replace(BRIEF, begins=5 * DAY, tier=Tier.OPERATIONAL)
    add_entry(RELEASE, SECRETARY, use, by=STATISTICIAN)
    assert log()[-1].details["tier"] == "operational use"
    with pytest.raises(NotAllowed, match="longer than 0 hours"):
        add_entry(RELEASE, OFFICER_OF_PRESS, BRIEF, by=STATISTICIAN)


def test_nobody_is_listed_before_it_is_said_by_which_law(desk: Desk) -> None:
    promised()
    with pytest.raises(NotAllowed, match="begin the list"):
        add_entry(RELEASE, SECRETARY, BRIEF, by=STATISTICIAN)
    with pytest.raises(NotAllowed, match="expected one of uk"):
        begin_list(RELEASE, "atlantis", by=STATISTICIAN)
    with pytest.raises(NotAllowed, match="no such release"):
        begin_list("release/none", "uk", by=STATISTICIAN)


def test_another_date_voids_what_was_confirmed(desk: Desk, tmp_path: Path) -> None:
    confirmed(tmp_path)
    later = WallTime.parse("2026-12-08 09:30 Europe/London")
    move(RELEASE, later, by=HEAD, reason="not ready")
    entry = newest()
    assert entry.confirmed != Release.objects.get(id=RELEASE).opens
    confirm()
    assert newest().confirmed == str(later)


def test_a_change_of_job_ends_every_entry_for_the_old_one(desk: Desk, tmp_path: Path) -> None:
    entry, other = confirmed(tmp_path, SECRETARY, OFFICER_OF_PRESS)
    told = change_job(entry.reader_id, "director", "Another ministry", by=STATISTICIAN)
    assert [fact.details["entry"] for fact in told] == [entry.id]
    entry.refresh_from_db()
    other.refresh_from_db()
    assert entry.expired
    assert not other.expired
    new = replace(SECRETARY, job="director", organisation="Another ministry")
    assert add_entry(RELEASE, new, BRIEF, by=STATISTICIAN).confirmed == ""
    with pytest.raises(NotAllowed, match="has ended; write another one"):
        change_entry(RELEASE, entry.id, BRIEF, by=STATISTICIAN)


def test_a_list_is_written_again_for_the_next_release_and_waits_to_be_confirmed(
    desk: Desk, tmp_path: Path
) -> None:
    entry, gone = confirmed(tmp_path, SECRETARY, OFFICER_OF_PRESS)
    revoke(RELEASE, gone.id, by=OFFICER)
    promised("release/next")
    made = repeat_list("release/next", RELEASE, by=STATISTICIAN)
    assert [(one.reader_id, one.confirmed) for one in made] == [(entry.reader_id, "")]
    assert repeat_list("release/next", RELEASE, by=STATISTICIAN) == []
    with pytest.raises(NotAllowed, match="there is no such release"):
        repeat_list("release/next", "release/none", by=STATISTICIAN)


def test_whoever_confirms_is_told_of_clock_changes_and_holidays(desk: Desk) -> None:
    desk.more = '[promises]\nplaces = ["GB-ENG"]\n'
    desk.told()
    desk.show(Instant.parse("2026-03-01T09:00:00Z"))
    promised()
    move_to = WallTime.parse("2026-04-07 09:30 Europe/London")
    move(RELEASE, move_to, by=HEAD, reason="not ready")
    begin_list(RELEASE, "uk", by=STATISTICIAN)
    entry = add_entry(RELEASE, SECRETARY, BRIEF, by=STATISTICIAN)
    told = remarks_on(entry, Release.objects.get(id=RELEASE))
    assert len(told) == 1
    assert "Easter Monday" in told[0]


def test_a_name_and_address_are_erased_and_what_they_did_stays(desk: Desk, tmp_path: Path) -> None:
    entry, other = confirmed(tmp_path, SECRETARY, OFFICER_OF_PRESS)
    with pytest.raises(NotAllowed, match="revoke that first"):
        erase_reader(entry.reader_id, by=HEAD)
    desk.show(at(3600))
    erase_reader(entry.reader_id, by=HEAD)
    row = Reader.objects.get(id=entry.reader_id)
    assert (row.name, row.address, row.job) == ("", "", "private secretary")
    with pytest.raises(NotAllowed, match="no name to erase"):
        erase_reader(entry.reader_id, by=HEAD)
    assert erase_past(by=HEAD) == []
    desk.show(Instant.of(setup().clock().now() + timedelta(days=7 * 365)))
    assert [fact.details["id"] for fact in erase_past(by=HEAD) if "id" in fact.details] == [
        other.reader_id
    ]
    assert check_chain(f"access:{RELEASE}") == len(log())
