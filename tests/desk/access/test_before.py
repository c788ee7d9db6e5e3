"""What a personal link shows, to whom and when; and what it shows to nobody."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from ninethirty.core.access import Refusal
from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Kind
from ninethirty.core.guard import Trust, settled
from ninethirty.core.times import boot_ns, wall_ns
from ninethirty.desk.actions.access.act import subject_of
from ninethirty.desk.actions.access.enter import change_entry, change_job, revoke
from ninethirty.desk.actions.access.link import invite, link_for
from ninethirty.desk.actions.access.stands import clock
from ninethirty.desk.actions.approve import approve
from ninethirty.desk.actions.arm import arm
from ninethirty.desk.actions.hold import hold
from ninethirty.desk.actions.stage import stage
from ninethirty.desk.record.models import AccessEntry, Release
from ninethirty.desk.setup import setup
from tests.core.made import HALF_PAST, at
from tests.core.made_browser import Browser
from tests.desk.access.setting import (
    BRIEF,
    OFFICER_OF_PRESS,
    SECRETARY,
    Visitor,
    confirmed,
    listed,
    log,
    mailed,
    visitor,
)
from tests.desk.mailbox import Mailbox
from tests.desk.setting import (
    APPROVER,
    HEAD,
    OFFICER,
    RELEASE,
    STATISTICIAN,
    Desk,
    bundle,
    happens,
    kinds,
)
from tests.desk.way import FILES, gate_running, promised, sealed

SECRET = ("0.3", "GDP", "Gross")
"""What the release says, and its title."""


@pytest.fixture
def database() -> str:
    """Actions are tested on both."""
    return "sqlite"


@pytest.fixture
def box(desk: Desk) -> Any:
    with mailed(desk) as box:
        yield box


@pytest.fixture
def entry(box: Mailbox, tmp_path: Path, desk: Desk) -> AccessEntry:
    """Confirmed before its window begins."""
    desk.show(at(-90_000))
    return confirmed(tmp_path)[0]


@pytest.fixture
def reader(entry: AccessEntry, box: Mailbox, desk: Desk) -> Visitor:
    """An hour before the release."""
    found = visitor(entry, box)
    desk.show(at(-3600))
    return found


def text(answer: Any) -> str:
    return str(answer.content.decode())


def shows_nothing(answer: Any, says: str = "", status: int = 403) -> None:
    assert answer.status_code == status
    told = text(answer)
    assert not [word for word in SECRET if word in told]
    assert says in told


def opened() -> list[Any]:
    return [fact for fact in log() if fact.kind is Kind.ACCESS_OPENED]


def test_a_reader_signs_in_by_a_code_accepts_the_duties_and_reads_a_copy_of_their_own(
    reader: Visitor, entry: AccessEntry
) -> None:
    shows_nothing(reader.client.get(reader.path), "It shows nothing before a code", 200)
    first = text(reader.signs_in())
    assert "Gross domestic product" in first
    assert "data.csv" in first
    page = reader.asks("index.html")
    assert "It grew by 0.3%" in text(page)
    assert "for Name of a reader, private secretary, A ministry alone" in text(page)
    assert page["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert "no-store" in page["Cache-Control"]
    table = reader.asks("data.csv")
    copies = [fact.details["copy"] for fact in opened()]
    assert text(table).splitlines()[0].startswith('"Not to be passed on before 2026-12-01 09:30')
    assert text(table).endswith("quarter,growth\nQ3,0.3\n")
    assert [copy in text(one) for copy, one in zip(copies, (page, table), strict=True)] == [
        True
    ] * 2
    assert copies[1] in table["Content-Disposition"]
    assert {fact.actor for fact in opened()} == {f"reader-{entry.reader_id}"}
    assert kinds(log())[-4:] == [
        Kind.ACCESS_SIGNED_IN, Kind.ACCESS_ACCEPTED, Kind.ACCESS_OPENED, Kind.ACCESS_OPENED,
    ]  # fmt: skip


def test_no_cookie_is_set_that_could_be_shared(reader: Visitor) -> None:
    reader.signs_in()
    reader.asks("index.html")
    assert not reader.client.cookies


def test_a_forwarded_link_shows_nothing_and_the_one_it_was_made_for_hears_of_it(
    reader: Visitor, box: Mailbox
) -> None:
    reader.signs_in()
    other = Visitor(reader.link, box)
    shows_nothing(other.client.get(other.path), status=200)
    shows_nothing(other.asks("index.html"), "not asked by the browser that you signed in with")
    shows_nothing(other.asks("", act="list"), "not asked by the browser that you signed in with")
    shows_nothing(other.posts(act="begin", code="00000000", browser=other.browser.key))
    reader.posts(act="send")
    assert box.taken[-1]["To"] == SECRETARY.address
    assert "somebody else has your link" in box.taken[-1].get_content()
    assert [fact.details["reason"] for fact in log() if fact.kind is Kind.ACCESS_REFUSED]


def test_a_shared_cookie_shows_nothing(reader: Visitor, box: Mailbox) -> None:
    """There is none of ours; all that the first browser holds and could be copied is its link and
    what it has sent."""
    reader.signs_in()
    when, signed = reader.browser.asks(reader.token, "index.html", at(-3600))
    sent = {"act": "open", "what": "index.html", "at": when, "signed": signed}
    assert reader.posts(**sent).status_code == 200
    thief = Client(headers={"Host": "localhost"})
    thief.cookies = reader.client.cookies
    shows_nothing(thief.post(reader.path, sent), "asked for once already")
    shows_nothing(thief.post(reader.path, {**sent, "what": "data.csv"}), "sign in again")
    shows_nothing(thief.get(f"/before-release/{reader.token}"), status=200)
    assert len(opened()) == 1


def test_an_old_link_and_one_that_is_not_ours_show_nothing(
    reader: Visitor, entry: AccessEntry, box: Mailbox
) -> None:
    reader.signs_in()
    newer = visitor(entry, box)
    shows_nothing(reader.client.get(reader.path), "This link is over: a newer one was made")
    shows_nothing(reader.asks("index.html"), "This link is over")
    shows_nothing(newer.asks("index.html"), "Sign in with a code first")
    for token in ("A" * 40, "x", reader.token[:-6] + "AAAAAA"):
        shows_nothing(reader.client.get(f"/before-release/{token}"), "not a link of ours")
    assert opened() == []


def test_by_its_own_address_nothing_is_there_for_a_reader(reader: Visitor) -> None:
    reader.signs_in()
    for path in (f"/releases/{RELEASE}", f"/releases/{RELEASE}/as-it-will-be/after", "/"):
        answer = reader.client.get(path)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/sign-in")


def test_one_browser_at_a_time(reader: Visitor, box: Mailbox, desk: Desk) -> None:
    reader.signs_in()
    desk.show(at(-3500))
    second = Visitor(reader.link, box, Browser())
    second.signs_in()
    assert second.asks("index.html").status_code == 200
    shows_nothing(reader.asks("index.html"), "sign in again")


@pytest.mark.parametrize(
    ("offset", "says"),
    [
        (-86_400.000001, Refusal.EARLY),
        (-86_400, None),
        (-0.000001, None),
        (0, Refusal.OVER),
        (1, Refusal.OVER),
    ],
)
def test_the_window_is_kept_to_the_instant_at_both_ends(
    entry: AccessEntry, box: Mailbox, desk: Desk, offset: float, says: Refusal | None
) -> None:
    reader = visitor(entry, box)
    if offset > -86_000:
        desk.show(at(-10))
        reader.signs_in()
    desk.show(HALF_PAST + timedelta(seconds=offset))
    assert reader.client.get(reader.path + "/stands").status_code == (403 if says else 200)
    if says:
        shows_nothing(reader.client.get(reader.path), says.says)
        shows_nothing(reader.asks("index.html"), says.says)
        return
    if offset < -86_000:
        reader.signs_in()
    assert "It grew" in text(reader.asks("index.html"))


def test_a_clock_that_has_gone_back_is_not_trusted_and_nothing_is_shown(
    reader: Visitor, desk: Desk
) -> None:
    reader.signs_in()
    reader.asks("index.html")
    desk.show(at(-3601))
    shows_nothing(reader.asks("index.html"), Refusal.CLOCK.says)
    assert len(opened()) == 1


def on_the_real_clock(desk: Desk) -> None:
    file = desk.home / "desk.toml"
    kept = [line for line in file.read_text().splitlines() if not line.startswith("drill")]
    file.write_text("\n".join(kept))
    setup.cache_clear()


def test_on_the_real_clock_a_fact_of_the_future_means_that_one_of_the_two_is_wrong(
    desk: Desk,
) -> None:
    on_the_real_clock(desk)
    promised()
    assert clock(RELEASE)[1] is Trust.TRUSTED
    ahead = setup().clock().now() + timedelta(hours=1)
    happens(Kind.ACCESS_OPENED, ahead, subject=subject_of(RELEASE))
    assert clock(RELEASE) == (ahead, Trust.AHEAD)


@pytest.mark.parametrize("jumped", [3600, -3600, 0.1])
def test_a_wall_clock_that_is_set_while_the_desk_runs_is_not_trusted_until_it_is_right(
    desk: Desk, jumped: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_the_real_clock(desk)
    promised()
    assert clock(RELEASE)[1] is Trust.TRUSTED
    # As it would have been found at the start, had the wall clock jumped since.
    before = settled(wall_ns(), boot_ns(), round(jumped * 1e9))
    with monkeypatch.context() as since:
        since.setattr("ninethirty.desk.actions.access.stands._AHEAD", before)
        assert clock(RELEASE)[1] is Trust.APART
        assert not clock(RELEASE)[1].arms
    assert clock(RELEASE)[1] is Trust.TRUSTED


def test_what_is_taken_back_is_taken_back_at_once(reader: Visitor, entry: AccessEntry) -> None:
    reader.signs_in()
    assert reader.client.get(reader.path + "/stands").status_code == 200
    revoke(RELEASE, entry.id, by=OFFICER)
    shows_nothing(reader.asks("index.html"), Refusal.REVOKED.says)
    shows_nothing(reader.client.get(reader.path), Refusal.REVOKED.says)
    shows_nothing(reader.client.get(reader.path + "/stands"), Refusal.REVOKED.says)
    shows_nothing(reader.posts(act="send"), Refusal.REVOKED.says)


def test_a_list_changed_while_it_is_open_shows_nothing_until_it_is_confirmed(
    reader: Visitor, entry: AccessEntry
) -> None:
    reader.signs_in()
    change_entry(RELEASE, entry.id, BRIEF, by=STATISTICIAN)
    shows_nothing(reader.asks("index.html"), "The list was changed")


def test_whoever_has_another_job_sees_nothing(reader: Visitor, entry: AccessEntry) -> None:
    reader.signs_in()
    change_job(entry.reader_id, "director", "Another ministry", by=STATISTICIAN)
    shows_nothing(reader.asks("index.html"), "another job")


def test_what_is_not_sealed_is_not_shown(reader: Visitor, tmp_path: Path, desk: Desk) -> None:
    reader.signs_in()
    stage(RELEASE, bundle(tmp_path / "anew"), by=STATISTICIAN)
    shows_nothing(reader.asks("index.html"), "There is no final version yet")


def test_somebody_who_is_not_confirmed_gets_no_code(box: Mailbox, tmp_path: Path) -> None:
    sealed(tmp_path)
    [entry] = listed()
    shows_nothing(visitor(entry, box).posts(act="send"), "has not confirmed your entry")
    assert box.taken == []


def test_a_code_is_good_once_for_ten_minutes_and_five_tries(
    reader: Visitor, desk: Desk, entry: AccessEntry
) -> None:
    reader.posts(act="send")
    shows_nothing(reader.posts(act="send"), "sent to you just now")
    code = reader.code()
    begins = {"act": "begin", "browser": reader.browser.key}
    shows_nothing(reader.posts(code=code, **begins), "Accept the duties first")
    accepts = {**begins, "accepts": "yes"}
    for _ in range(5):
        shows_nothing(reader.posts(code="1" * 8, **accepts), "That is not the code")
    shows_nothing(reader.posts(code=code, **accepts), "That code is over")
    desk.show(at(-3000))
    reader.posts(act="send")
    desk.show(at(-2400))
    shows_nothing(reader.posts(code=reader.code(), **accepts), "That code is over")
    reader.posts(act="send")
    assert "data.csv" in text(reader.posts(code=reader.code(), **accepts))
    shows_nothing(reader.posts(code=reader.code(), **accepts), "That code is over")
    bad = {**accepts, "browser": "AAAA"}
    shows_nothing(reader.posts(code=reader.code(), **bad), "key of your browser")


def test_without_script_everything_takes_a_code_of_its_own(reader: Visitor, desk: Desk) -> None:
    assert "Code for this" in text(reader.signs_in(script=False))
    shows_nothing(reader.posts(act="open", what="index.html", code=reader.code()), "is over")
    desk.show(at(-3500))
    reader.posts(act="send")
    sent = {"act": "open", "what": "index.html", "code": reader.code()}
    assert "It grew" in text(reader.posts(**sent))
    shows_nothing(reader.posts(**sent), "That code is over")
    assert len(opened()) == 1


def test_somebody_back_in_the_same_browser_finds_the_list_again(reader: Visitor) -> None:
    reader.signs_in()
    assert "data.csv" in text(reader.asks("", act="list"))
    shows_nothing(reader.asks("other.csv"), "no such file")


def test_no_mail_carries_what_the_release_says_or_even_which_it_is(
    reader: Visitor, entry: AccessEntry, box: Mailbox
) -> None:
    reader.signs_in()
    invite(RELEASE, entry.id, by=STATISTICIAN)
    for mail in box.taken:
        assert not re.search("gdp|growth|0\\.3|GDP|Gross", mail.as_string())
    assert "Please do not forward it" in box.taken[-1].get_content()


def test_a_mail_that_was_not_taken_is_said(desk: Desk, tmp_path: Path) -> None:
    [entry] = confirmed(tmp_path)
    lost = visitor(entry, Mailbox())
    shows_nothing(lost.posts(act="send"), "services.readers is not in desk.toml", 502)


def test_two_readers_have_copies_of_their_own(box: Mailbox, tmp_path: Path) -> None:
    readers = [visitor(one, box) for one in confirmed(tmp_path, SECRETARY, OFFICER_OF_PRESS)]
    for one in readers:
        one.signs_in()
    pages = [text(one.asks("index.html")) for one in readers]
    for page, mine, theirs in zip(
        pages, ("a reader", "another"), ("another", "a reader"), strict=True
    ):
        assert f"Name of {mine}" in page
        assert f"Name of {theirs}" not in page


def test_of_a_release_that_is_held_nothing_is_shown(
    reader: Visitor, desk: Desk, tmp_path: Path
) -> None:
    reader.signs_in()
    approve(RELEASE, Release.objects.get(id=RELEASE).seal, by=APPROVER)
    with gate_running(desk, tmp_path / "gate"):
        arm(RELEASE, announced_files=FILES, by=OFFICER)
        assert reader.asks("index.html").status_code == 200
        hold(RELEASE, by=HEAD, reason="Wrong")
    shows_nothing(reader.asks("data.csv"), "There is no final version")


def test_a_link_is_made_by_whoever_keeps_the_list(entry: AccessEntry) -> None:
    with pytest.raises(NotAllowed, match="nobody of this name"):
        link_for(RELEASE, entry.id, by="somebody")
