"""Claiming a step, acting, and writing what came of it: once, whatever dies in between."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError

from ninethirty.core import telling
from ninethirty.core.cause import Cause
from ninethirty.core.errors import NotYet, OutsideFailed
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.progress import Progress
from ninethirty.core.runbook import Due, Hold, Reach, Step, plan, to_be_found
from ninethirty.core.verdict import Call, Verdict
from ninethirty.desk.actions import tell_users
from ninethirty.desk.actions.ask_platform import raise_ticket, update_ticket
from ninethirty.desk.actions.step import Happened, Work
from ninethirty.desk.actions.tell_users import tell_late, tell_recovered
from ninethirty.desk.outside import web
from ninethirty.desk.record.facts import check_chain, facts_of
from ninethirty.desk.record.models import Message
from ninethirty.desk.runner import perform as performing
from ninethirty.desk.runner.book import Action
from ninethirty.desk.runner.perform import Try, claim
from ninethirty.desk.runner.together import write_together
from ninethirty.desk.setup import setup
from tests.core.made import at
from tests.desk.services import service
from tests.desk.setting import RELEASE, Desk, happens, kinds, together, watched
from tests.desk.way import sealed

STEP = Step("do_it", Reach.INTERNAL, Kind.LATE)
MOOT = Step("tell_it", Reach.PUBLIC, Kind.LATE, moot_after=Kind.RECOVERED)
VERDICT = Verdict(Call.LATE, at(61), ("whole for 0 of 3 witnesses",), Cause.CACHED)


class Killed(BaseException):
    """As good as a kill: nothing that runs afterwards sees it."""


class Deed:
    """An action that counts how often it was done."""

    def __init__(self, came: Callable[[], list[Happened]] = list) -> None:
        self.done = 0
        self._came = came

    def __call__(self, work: Work) -> list[Happened]:
        self.done += 1
        self.work = work
        return self._came()


def fails(wrong: BaseException) -> Deed:
    def come() -> list[Happened]:
        raise wrong

    return Deed(come)


def late(desk: Desk) -> None:
    desk.show(at(100))
    watched()
    happens(Kind.LATE, at(61))


def try_once(action: Action, attempt: int = 1, runner: str = "runner-a", step: Step = STEP) -> None:
    perform(RELEASE, Due(step, attempt, unsure=attempt > 1), action, runner)


def perform(release: str, due: Due, action: Action, runner: str) -> None:
    one = Try(release, due, action, runner, VERDICT)
    [claimed] = claim([one])
    assert isinstance(claimed, bool)
    one.perform(claimed=claimed)


def of_step(facts: list[Fact]) -> list[Fact]:
    return [fact for fact in facts if "step" in fact.details]


def test_a_step_is_claimed_done_and_written_down(desk: Desk) -> None:
    late(desk)
    deed = Deed(lambda: [Happened(Kind.PAGED, at(99), "paged", {"step": "do_it"})])
    try_once(deed)
    assert deed.done == 1
    assert deed.work.effect_key == f"{RELEASE}/do_it"
    assert deed.work.verdict is VERDICT
    claimed, came, done = facts_of(RELEASE)[1:]
    assert kinds([claimed, came, done]) == [Kind.STEP_CLAIMED, Kind.PAGED, Kind.STEP_DONE]
    assert claimed.details == {"step": "do_it", "attempt": 1, "runner": "runner-a"}
    assert (came.at, came.recorded, came.actor) == (at(99), at(100), "runner-a")
    assert done.details == {"step": "do_it", "attempt": 1}
    check_chain(RELEASE)


def test_of_many_that_claim_an_attempt_one_has_it_and_acts(desk: Desk) -> None:
    late(desk)
    deed = Deed()
    came = together(*[partial(try_once, deed, 1, f"runner-{n}") for n in range(8)])
    assert came == [None] * 8
    assert deed.done == 1
    assert kinds(facts_of(RELEASE))[1:] == [Kind.STEP_CLAIMED, Kind.STEP_DONE]


@pytest.mark.parametrize("retry", [True, False])
def test_a_failure_is_written_with_whether_to_try_again(desk: Desk, retry: bool) -> None:
    late(desk)
    try_once(fails(OutsideFailed("http://x.example/secret: no", retry=retry)))
    failed = facts_of(RELEASE)[-1]
    assert failed.kind is Kind.STEP_FAILED
    assert failed.details == {"step": "do_it", "attempt": 1, "retry": retry}


def test_a_broken_action_is_a_failure_that_nobody_tries_again(desk: Desk) -> None:
    late(desk)
    try_once(fails(ZeroDivisionError("by zero")))
    failed = facts_of(RELEASE)[-1]
    assert (failed.kind, failed.details["retry"]) == (Kind.STEP_FAILED, False)


def test_every_attempt_has_the_same_effect_key(desk: Desk) -> None:
    late(desk)
    first, second = fails(OutsideFailed("no", retry=True)), Deed()
    try_once(first)
    try_once(second, attempt=2, runner="runner-b")
    assert first.work.effect_key == second.work.effect_key
    assert (first.work.attempt, second.work.attempt) == (1, 2)


def test_a_step_taken_over_while_its_runner_slept_is_not_done_by_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    late(desk)
    slept, other = Deed(), Deed()

    def read_late(release: str, *, after: int) -> list[Fact]:
        monkeypatch.setattr(performing, "facts_of", facts_of)
        try_once(other, attempt=2, runner="runner-b")
        return facts_of(release, after=after)

    monkeypatch.setattr(performing, "facts_of", read_late)
    try_once(slept)
    assert (slept.done, other.done) == (0, 1)


def test_what_a_step_waits_for_is_written_down_in_our_own_words(desk: Desk) -> None:
    late(desk)
    try_once(fails(NotYet("2 of 3 witnesses can see")))
    failed = facts_of(RELEASE)[-1].details
    assert (failed["retry"], failed["lacks"]) == (True, "2 of 3 witnesses can see")


def test_while_the_record_cannot_be_reached_what_was_done_is_kept_and_then_written(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    late(desk)
    monkeypatch.setattr(performing, "AGAIN", 0.01)
    refused: list[Any] = []

    def away(lumps: Any) -> Any:
        if len(refused) < 3 and lumps[0].news[0].kind is not Kind.STEP_CLAIMED:
            refused.append(lumps)
            raise OperationalError("the connection is closed")
        return write_together(lumps)

    monkeypatch.setattr(performing, "write_together", away)
    deed = Deed()
    try_once(deed)
    assert len(refused) == 3
    assert deed.done == 1
    assert kinds(facts_of(RELEASE))[-1] is Kind.STEP_DONE


def test_a_record_that_stays_away_ends_the_attempt_with_an_error(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    late(desk)
    monkeypatch.setattr(performing, "PATIENCE", 0.0)

    def away(lumps: Any) -> Any:
        if lumps[0].news[0].kind is Kind.STEP_CLAIMED:
            return write_together(lumps)
        raise OperationalError("disk I/O error")

    monkeypatch.setattr(performing, "write_together", away)
    with pytest.raises(OperationalError):
        try_once(Deed())
    assert kinds(facts_of(RELEASE))[-1] is Kind.STEP_CLAIMED


def test_of_two_that_acted_after_all_one_writes_what_came_of_it(desk: Desk) -> None:
    late(desk)

    def meanwhile() -> list[Happened]:
        try_once(Deed(lambda: told), attempt=2, runner="runner-b")
        return told

    told = [Happened(Kind.USERS_TOLD, at(100), "told", {"channel": "x"})]
    try_once(Deed(meanwhile))
    facts = facts_of(RELEASE)
    assert kinds(facts).count(Kind.USERS_TOLD) == kinds(facts).count(Kind.STEP_DONE) == 1
    assert Kind.STEP_FAILED not in kinds(facts)
    assert facts[-1].actor == "runner-b"


def test_what_came_of_a_step_is_written_whole_or_not_at_all(desk: Desk) -> None:
    late(desk)
    happens(Kind.PAGED, key=f"{RELEASE}/taken", step="other")
    before = len(facts_of(RELEASE))
    try_once(Deed(lambda: [Happened(Kind.BLIND, at(100), n) for n in ("free", "taken")]))
    assert kinds(facts_of(RELEASE)[before:]) == [Kind.STEP_CLAIMED]


TOLD = Step("tell_it", Reach.INTERNAL, Kind.LATE)


@contextmanager
def killed(where: str) -> Iterator[None]:
    """The process gets no further than this."""

    def die_at_outcome(lumps: Any) -> Any:
        if lumps[-1].news[-1].kind is Kind.STEP_DONE:
            raise Killed
        return write_together(lumps)

    real_save = Message.save

    def save(message: Message, *, force_insert: bool = False, **more: Any) -> None:
        if not force_insert:
            raise Killed
        real_save(message, force_insert=force_insert, **more)

    with pytest.MonkeyPatch.context() as patch:
        if where == "before the answer is kept":
            patch.setattr(Message, "save", save)
        else:
            patch.setattr(performing, "write_together", die_at_outcome)
        try:
            yield
        except Killed:
            return
    pytest.fail(f"nobody came to where it is killed, {where}")


@pytest.mark.parametrize("channel", ["x", "linkedin", "news", "feed"])
@pytest.mark.parametrize("where", ["before the answer is kept", "before the outcome is written"])
def test_a_post_whose_runner_died_before_it_could_say_so_is_not_posted_again(
    desk: Desk, tmp_path: Path, channel: str, where: str
) -> None:
    late(desk)
    with service(channel if channel != "feed" else "x", tmp_path) as moody:
        desk.told(**({channel: moody.url} if channel != "feed" else {}))
        action = partial(tell_late, channel=channel)
        with killed(where):
            try_once(action)
        assert kinds(facts_of(RELEASE))[-1] is Kind.STEP_CLAIMED
        try_once(action, attempt=2, runner="runner-b")
    told = [fact for fact in facts_of(RELEASE) if fact.kind is Kind.USERS_TOLD]
    assert len(told) == 1
    message = Message.objects.get()
    assert message.service_id
    assert told[0].details == {"channel": channel, "about": "late", "message": message.id}
    if channel != "feed":
        [truth] = moody.truth()
        assert message.service_id == str(truth["id"])
        assert message.url


@pytest.mark.parametrize("channel", ["x", "linkedin", "news", "feed"])
def test_what_was_posted_by_a_dead_runner_and_is_moot_by_now_is_found_and_written_down(
    desk: Desk, tmp_path: Path, channel: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "SETTLES", 0.0)
    late(desk)
    desk.show(at(130))
    with service(channel if channel != "feed" else "x", tmp_path) as moody:
        desk.told(**({channel: moody.url} if channel != "feed" else {}))
        action = partial(tell_late, channel=channel)
        with killed("before the answer is kept"):
            try_once(action, step=MOOT)
        happens(Kind.RECOVERED, at(99))
        try_once(action, attempt=2, runner="runner-b", step=MOOT)
        assert len(moody.truth()) == (channel != "feed")
    assert kinds(facts_of(RELEASE))[-2:] == [Kind.USERS_TOLD, Kind.STEP_DONE]
    assert Message.objects.get().service_id


@pytest.mark.parametrize("channel", ["x", "feed"])
@pytest.mark.parametrize("row", [True, False])
def test_what_nobody_posted_before_it_became_moot_is_not_posted(
    desk: Desk, tmp_path: Path, channel: str, row: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "SETTLES", 0.0)
    late(desk)
    desk.show(at(130))
    action = partial(tell_late, channel=channel)
    with service("x", tmp_path) as moody:
        desk.told(x=moody.url)
        if row:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(tell_users, "reach", lambda *_: _Deadly())
                with pytest.raises(Killed):
                    try_once(action, step=MOOT)
            assert Message.objects.count() == 1
        happens(Kind.RECOVERED, at(99))
        try_once(action, attempt=2, runner="runner-b", step=MOOT)
        assert moody.truth() == []
    # Nor is there a row left that the next notice would take into the feed.
    assert not Message.objects.exists()
    assert facts_of(RELEASE)[-1].details == {
        "step": MOOT.name,
        "attempt": 2,
        "retry": True,
        "lacks": f"nothing was said on {channel}",
        "absent": True,
    }


def test_where_enough_was_said_of_a_release_nothing_is_posted_and_a_person_is_told(
    desk: Desk, tmp_path: Path
) -> None:
    late(desk)
    for n in range(telling.MOST):
        Message.objects.create(
            subject=RELEASE, channel="x", about=f"word-{n}", at=setup().clock().now(), key=f"{n}"
        )
    with service("x", tmp_path) as moody:
        desk.told(x=moody.url)
        try_once(partial(tell_late, channel="x"))
        assert moody.truth() == []
    lacks = "8 words were said there for this release; say more by hand"
    assert facts_of(RELEASE)[-1].details["lacks"] == lacks
    assert Message.objects.count() == telling.MOST
    now = setup().clock().now()
    made = plan([STEP], Progress(facts_of(RELEASE)), now, lambda _: Hold.FREE)
    assert made.stuck == [STEP]


def test_the_news_page_links_the_files_where_witnesses_look_at_them(
    desk: Desk, tmp_path: Path
) -> None:
    sealed(tmp_path / "bundle")
    happens(Kind.LATE, at(61))
    with service("news", tmp_path) as moody:
        desk.told(news=moody.url)
        try_once(partial(tell_late, channel="news"))
        try_once(
            partial(tell_recovered, channel="news"), step=Step("back", Reach.INTERNAL, Kind.LATE)
        )
        late, back = moody.truth()
    link = '<li><a href="http://statistics.example/gdp/data.csv">data.csv</a></li>'
    assert late["text"].endswith(f"<ul>{link}</ul>")
    assert "<ul>" not in back["text"]


def test_a_news_page_in_a_folder_has_the_files_as_they_were_sealed_and_once(
    desk: Desk, tmp_path: Path
) -> None:
    sealed(tmp_path / "bundle")
    happens(Kind.LATE, at(61))
    place = tmp_path / "news"
    place.mkdir()
    desk.more = f'[services.folder]\nurl = "https://news.example"\nplace = "{place}"\n'
    desk.told()
    action = partial(tell_late, channel="folder")
    with killed("before the answer is kept"):
        try_once(action)
    try_once(action, attempt=2)
    assert kinds(facts_of(RELEASE))[-2:] == [Kind.USERS_TOLD, Kind.STEP_DONE]
    there = {str(one.relative_to(place)) for one in place.rglob("*") if one.is_file()}
    assert there == {"release-gdp-late.html", "release-gdp-late/data.csv"}
    assert (place / "release-gdp-late/data.csv").read_bytes().endswith(b"Q3,0.3\n")
    assert not (place / "release-gdp-late/index.html").exists()


def test_what_a_webhook_may_have_taken_before_it_became_moot_goes_to_a_person(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not written down as never said: nobody can read there."""
    monkeypatch.setattr(web, "SETTLES", 0.0)
    late(desk)
    desk.show(at(130))
    action = partial(tell_late, channel="webhook")
    with service("webhook", tmp_path) as moody:
        desk.told(webhook=moody.url)
        with killed("before the answer is kept"):
            try_once(action, step=MOOT)
        happens(Kind.RECOVERED, at(99))
        try_once(action, attempt=2, runner="runner-b", step=MOOT)
        assert len(moody.truth()) == 1
    [*_, last] = facts_of(RELEASE)
    told = {"step": MOOT.name, "attempt": 2, "retry": False, "perhaps": True}
    assert (last.kind, last.details) == (Kind.STEP_FAILED, told)
    assert Message.objects.exists()
    assert to_be_found(MOOT, Progress(facts_of(RELEASE)))


class _Deadly:
    """Its post is never sent."""

    def post(self, _: object) -> None:
        raise Killed


@pytest.mark.parametrize("channel", ["x", "linkedin", "news"])
def test_a_post_that_timed_out_after_it_happened_is_found_and_not_posted_again(
    desk: Desk, tmp_path: Path, channel: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "TIMEOUT", (1.0, 0.3))
    late(desk)
    with service(channel, tmp_path) as moody:
        desk.told(**{channel: moody.url})
        moody.moods = ["acts, then says nothing"]
        try_once(partial(tell_late, channel=channel))
        assert facts_of(RELEASE)[-1].details["retry"]
        try_once(partial(tell_late, channel=channel), attempt=2)
    assert len(moody.truth()) == 1
    assert kinds(facts_of(RELEASE))[-2:] == [Kind.USERS_TOLD, Kind.STEP_DONE]


def test_a_post_that_was_refused_for_now_is_posted_at_the_next_attempt(
    desk: Desk, tmp_path: Path
) -> None:
    late(desk)
    with service("x", tmp_path) as moody:
        desk.told(x=moody.url)
        moody.moods = [429]
        try_once(partial(tell_late, channel="x"))
        assert moody.truth() == []
        try_once(partial(tell_late, channel="x"), attempt=2)
    assert len(moody.truth()) == 1


def test_while_own_posts_cannot_be_read_nothing_is_posted_again(desk: Desk, tmp_path: Path) -> None:
    late(desk)
    with service("news", tmp_path) as moody:
        desk.told(news=moody.url)
        with killed("before the answer is kept"):
            try_once(partial(tell_late, channel="news"))
        moody.reads = [503]
        try_once(partial(tell_late, channel="news"), attempt=2)
        assert facts_of(RELEASE)[-1].details["retry"]
        assert len(moody.truth()) == 1


@pytest.mark.parametrize("where", ["before the answer is kept", "before the outcome is written"])
def test_a_ticket_whose_runner_died_is_not_raised_again(
    desk: Desk, tmp_path: Path, where: str
) -> None:
    late(desk)
    with service("helpdesk", tmp_path) as moody:
        desk.told(helpdesk=moody.url)
        with killed(where):
            try_once(raise_ticket)
        # Time goes on, and the words of a new ticket would be others: the key would not fit them.
        desk.show(at(130))
        try_once(raise_ticket, attempt=2, runner="runner-b")
        with killed("before the outcome is written"):
            try_once(update_ticket, attempt=1, step=Step("update", Reach.INTERNAL, Kind.RECOVERED))
        try_once(update_ticket, attempt=2, step=Step("update", Reach.INTERNAL, Kind.RECOVERED))
        assert len(moody.truth("ticket")) == 1
        assert len(moody.truth("comment")) == 1
    assert kinds(facts_of(RELEASE)).count(Kind.TICKET_RAISED) == 1
    assert kinds(facts_of(RELEASE)).count(Kind.TICKET_UPDATED) == 1


def test_two_releases_of_one_edition_name_are_each_told_of(desk: Desk, tmp_path: Path) -> None:
    desk.show(at(100))
    with service("news", tmp_path) as moody:
        desk.told(news=moody.url)
        for subject in ("gdp/2026-q3", "cpi/2026-q3"):
            watched(subject)
            step = Due(TOLD, 1)
            perform(subject, step, partial(tell_late, channel="news"), "r")
    assert sorted(line["slug"] for line in moody.truth()) == [
        "cpi-2026-q3-late",
        "gdp-2026-q3-late",
    ]
