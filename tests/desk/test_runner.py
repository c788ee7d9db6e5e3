"""The runner's rounds, with real threads, the real runbook, and the stand-ins outside."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from django.db import OperationalError

from ninethirty.core.facts import Fact, Kind
from ninethirty.core.runbook import GO_AHEAD, Due
from ninethirty.core.sighting import Sighting, View
from ninethirty.core.verdict import Judge
from ninethirty.core.watch import ALTERNATE, read_order, write_order
from ninethirty.desk.actions import conclude as concluding
from ninethirty.desk.actions.acknowledge import acknowledge
from ninethirty.desk.actions.ask_platform import hear
from ninethirty.desk.actions.conclude import conclude
from ninethirty.desk.actions.confirm import confirm
from ninethirty.desk.actions.draft_report import out_of_date
from ninethirty.desk.actions.tell_users import tell_late
from ninethirty.desk.outside.pagers.port import Alert
from ninethirty.desk.outside.tickets.port import Ticket
from ninethirty.desk.outside.tickets.zendesk import Zendesk
from ninethirty.desk.record.facts import check_chain, facts_of
from ninethirty.desk.record.models import FactRow, Message, Release, SightingRow
from ninethirty.desk.record.sightings import store
from ninethirty.desk.runner import loop, waking
from ninethirty.desk.runner.book import BOOK, STEPS
from ninethirty.desk.runner.loop import Runner
from ninethirty.desk.runner.perform import Try
from ninethirty.desk.runner.pulse import pulse
from ninethirty.desk.setup import setup
from ninethirty.standin.ticket import ACKNOWLEDGED, CAUSE, FIX, Habits
from tests.core.made import ALONE, HALF_PAST, KEY, PLACEHOLDER, RIGHT, at, channel, order
from tests.desk.services import Moody, service
from tests.desk.setting import (
    HEAD,
    OFFICER,
    RELEASE,
    Desk,
    happens,
    kinds,
    looks,
    together,
    watched,
    work_here,
)
from tests.desk.test_notices import entries
from tests.desk.test_perform import STEP, perform
from tests.simulation.services import brings

SERVICES = ("x", "linkedin", "news", "helpdesk")
TOLD = {"x", "linkedin", "news", "feed"}


@contextmanager
def services(desk: Desk, folder: Path, *names: str) -> Iterator[dict[str, Moody]]:
    with ExitStack() as stack:
        moody = {name: stack.enter_context(service(name, folder)) for name in names}
        desk.told(**{name: one.url for name, one in moody.items()})
        yield moody


@contextmanager
def runner(desk: Desk) -> Iterator[Runner]:
    ours = pulse(setup())
    workers = ThreadPoolExecutor(max_workers=12)
    one = Runner(ours, workers)
    try:
        with workers:
            yield one
    finally:
        ours.stop()
        one.leave()


def facts() -> list[Fact]:
    return facts_of(RELEASE)


def done() -> list[str]:
    """Steps of the runbooks; pages are another matter."""
    steps = [fact.details["step"] for fact in facts() if fact.kind is Kind.STEP_DONE]
    return [step for step in steps if step in STEPS]


def rounds(*runners: Runner, until: Callable[[], bool], seconds: float = 15) -> None:
    """Rounds of each runner, in a thread each, until it is so."""
    end = time.monotonic() + seconds

    def turn(one: Runner) -> None:
        while time.monotonic() < end:
            one.round()
            if until():
                return
            time.sleep(0.02)

    came = together(*[partial(turn, one) for one in runners])
    assert came == [None] * len(runners)
    assert until(), kinds(facts())


def show(desk: Desk, offset: float) -> None:
    desk.show(at(offset))
    time.sleep(0.15)  # Within 0.1 s every clock has read its file again.


def a_late_day(release: str = RELEASE) -> Release:
    """What was seen of a release that was 200 seconds late at its announced address."""
    row: Release = watched(release)
    past_the_caches: list[Sighting] = [
        replace(one, view=View.BUSTED) for one in looks(201, 299, RIGHT, release=release)
    ]
    store(
        [
            *looks(1, 199, PLACEHOLDER, release=release),
            *looks(200, 299, RIGHT, release=release),
            *past_the_caches,
            *looks(1, 299, RIGHT, release=release, on=ALTERNATE),
        ]
    )
    return row


LATE_DAY = {
    "open_incident",
    "check_alternate",
    "raise_ticket",
    "update_ticket",
    "draft_report",
    "enter_breach",
    "begin_watch",
    *(f"tell_{channel}" for channel in TOLD),
    *(f"tell_{channel}_recovered" for channel in TOLD),
}


def late_already() -> None:
    """As far as a day comes before users are told."""
    for kind, offset in ((Kind.LATE_PROVISIONAL, 20), (Kind.LATE, 61)):
        happens(kind, at(offset), key=f"{RELEASE}/verdict/{kind}")
    happens(Kind.INCIDENT_OPENED, at(21), key=f"{RELEASE}/incident")
    for step in ("open_incident", "check_alternate"):
        happens(Kind.STEP_DONE, at(30), key=f"{RELEASE}/{step}/done", step=step, attempt=1)


def told_on(about: str) -> list[str]:
    return [
        fact.details["channel"]
        for fact in facts()
        if fact.kind is Kind.USERS_TOLD and fact.details["about"] == about
    ]


def test_a_late_day_from_the_first_doubt_to_the_report(desk: Desk, tmp_path: Path) -> None:
    a_late_day()
    with services(desk, tmp_path, *SERVICES) as outside, runner(desk) as one:
        outside["helpdesk"].clock.show(at(70))
        show(desk, 25)
        rounds(one, until=lambda: "check_alternate" in done())
        assert Kind.LATE not in kinds(facts())
        show(desk, 70)
        rounds(one, until=lambda: "raise_ticket" in done())
        # The person told of the doubt at T+25 s has a minute to stop what is public.
        assert told_on("late") == []
        assert not any(outside[name].truth() for name in ("x", "linkedin", "news"))
        show(desk, 90)
        rounds(one, until=lambda: set(told_on("late")) == TOLD)
        show(desk, 300)
        rounds(one, until=lambda: len(done()) == len(LATE_DAY))
    assert set(done()) == LATE_DAY
    assert sorted(told_on("late")) == sorted(told_on("recovered")) == sorted(TOLD)
    for name in ("x", "linkedin", "news"):
        said = outside[name].truth()
        assert len(said) == 2, name
        assert "http://statistics.example/gdp" in said[0]["text"]
    assert outside["x"].truth()[1]["reply_to"] == outside["x"].truth()[0]["id"]
    [ticket] = outside["helpdesk"].truth("ticket")
    assert "LATE: Gross domestic product" in ticket["subject"]
    assert [line["author"] for line in outside["helpdesk"].truth("comment")].count("requester") == 1
    assert (desk.home / "papers" / "release--gdp.html").exists()
    assert [f.details for f in facts() if f.kind is Kind.PAGED] == [
        {"about": "not there; not yet certain", "alarm": "late_provisional", "to": "lead"}
    ]
    check_chain(RELEASE)
    # What tests/simulation has steps bring is what they bring.
    for step in LATE_DAY:
        for simulated in brings(step):
            key = f"{RELEASE}/{simulated.key}".replace("report/1", "report/")
            [real, *_] = [f for f in facts() if f.kind is simulated.kind and f.key.startswith(key)]
            assert real.details.keys() == simulated.details.keys(), step


def test_lateness_that_nobody_was_there_to_doubt_still_opens_an_incident(desk: Desk) -> None:
    a_late_day()
    show(desk, 100)
    with runner(desk) as one:
        rounds(one, until=lambda: "check_alternate" in done())
        assert told_on("late") == []
        show(desk, 161)
        rounds(one, until=lambda: set(told_on("late")) == TOLD)
    assert kinds(facts())[:2] == [Kind.LATE_PROVISIONAL, Kind.LATE]


def test_a_veto_stops_what_is_public_and_nothing_else(desk: Desk, tmp_path: Path) -> None:
    a_late_day()
    late_already()
    happens(Kind.VETOED, at(70))
    show(desk, 100)
    with services(desk, tmp_path, "x") as outside, runner(desk) as one:
        rounds(one, until=lambda: "raise_ticket" in done())
        for _ in range(5):
            one.round()
    assert outside["x"].truth() == []
    assert told_on("late") == []


def seen_by_one_alone(row: Release) -> None:
    alone = replace(read_order(bytes(row.order), setup().key().public), policy=ALONE)
    row.order = write_order(alone, setup().key())
    row.save()


def test_what_one_witness_alone_saw_waits_for_one_click(desk: Desk) -> None:
    seen_by_one_alone(a_late_day())
    work_here()
    with runner(desk) as one:
        show(desk, 25)
        rounds(one, until=lambda: "check_alternate" in done())
        show(desk, 70)
        rounds(one, until=lambda: "raise_ticket" in done())
        show(desk, 190)
        # Nobody came: it is stuck, and somebody is paged by the second route.
        rounds(one, until=lambda: GO_AHEAD in stuck_pages())
        assert told_on("late") == []
        confirm(RELEASE, STEPS[GO_AHEAD], by=OFFICER)
        rounds(one, until=lambda: set(told_on("late")) == TOLD)


@pytest.mark.parametrize("database", ["sqlite"])
def test_a_producer_may_trust_one_witness_alone(desk: Desk) -> None:
    with (desk.home / "desk.toml").open("a") as settings:
        settings.write("[watch]\none_witness_acts = true\n")
    setup.cache_clear()
    seen_by_one_alone(a_late_day())
    with runner(desk) as one:
        show(desk, 25)
        rounds(one, until=lambda: "check_alternate" in done())
        show(desk, 90)
        rounds(one, until=lambda: set(told_on("late")) == TOLD)


def stuck_pages() -> list[str]:
    return [f.details["step"] for f in facts() if f.kind is Kind.PAGED and "step" in f.details]


def test_two_runners_on_one_database_never_both_do_a_step(desk: Desk, tmp_path: Path) -> None:
    a_late_day()
    show(desk, 25)
    with services(desk, tmp_path, *SERVICES) as outside, runner(desk) as one, runner(desk) as two:
        rounds(one, two, until=lambda: "check_alternate" in done())
        show(desk, 90)
        rounds(one, two, until=lambda: set(told_on("late")) == TOLD and "raise_ticket" in done())
        show(desk, 300)
        rounds(one, two, until=lambda: len(done()) == len(LATE_DAY))
    claims = [fact.details["step"] for fact in facts() if fact.kind is Kind.STEP_CLAIMED]
    assert sorted(name for name in claims if name in STEPS) == sorted(done()) == sorted(LATE_DAY)
    assert [len(outside[name].truth()) for name in ("x", "linkedin", "news")] == [2, 2, 2]
    assert len(outside["helpdesk"].truth("ticket")) == 1
    check_chain(RELEASE)


def test_one_broken_action_is_written_down_and_the_others_go_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> None:
        raise RuntimeError("not foreseen")

    [step] = [step for step in BOOK if step.name == "tell_x"]
    monkeypatch.setitem(BOOK, step, broken)
    a_late_day()
    late_already()
    show(desk, 100)
    with runner(desk) as one:
        rounds(one, until=lambda: set(told_on("late")) == TOLD - {"x"})
        rounds(one, until=lambda: Kind.PAGED in kinds(facts()))
    failed = [fact.details for fact in facts() if fact.kind is Kind.STEP_FAILED]
    assert failed == [{"step": "tell_x", "attempt": 1, "retry": False}]


def test_a_runner_that_cannot_record_a_step_ends_so_that_it_is_taken_over(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unrecorded(*_: object, **__: object) -> None:
        raise OperationalError("disk I/O error")

    a_late_day()
    show(desk, 25)
    stop = threading.Event()
    patience = threading.Timer(10, stop.set)
    patience.start()
    with monkeypatch.context() as patch:
        patch.setattr(Try, "perform", unrecorded)
        with pytest.raises(OperationalError):
            loop.run(stop)
    patience.cancel()
    with runner(desk) as next_one:
        rounds(next_one, until=lambda: "open_incident" in done())


class Pager:
    """Counts whom it wakes for a step. (A page that comes too late is itself a step not done.)"""

    reasons: list[str]

    def page(self, alert: Alert) -> None:
        if ": page_" not in alert.reason:
            self.reasons.append(alert.reason)


def pages(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    Pager.reasons = []
    monkeypatch.setattr(waking, "second_route", lambda _: Pager())
    return Pager.reasons


def paged_for() -> list[str]:
    """Steps of the runbooks that a person was woken for."""
    paged = [fact.details for fact in facts() if fact.kind is Kind.PAGED]
    return [details["step"] for details in paged if details.get("step") in STEPS]


def test_a_stuck_step_pages_a_person_whoever_looks_and_is_written_down_once(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reasons = pages(monkeypatch)
    a_late_day()
    late_already()
    show(desk, 100)
    with services(desk, tmp_path, "x") as outside, runner(desk) as one, runner(desk) as two:
        outside["x"].moods = [401]
        rounds(one, two, until=lambda: bool(reasons))
        for _ in range(3):
            one.round()
            two.round()
        assert set(told_on("late")) <= TOLD - {"x"}
    assert set(reasons) == {f"lead: {RELEASE}: tell_x is not done"}
    assert paged_for() == ["tell_x"]
    assert outside["x"].truth() == []


def test_of_two_runners_that_see_a_stuck_step_at_once_one_writes_it_down(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    reasons = pages(monkeypatch)
    watched()
    late_already()
    happens(Kind.STEP_CLAIMED, at(81), step="tell_x", attempt=1, runner="runner-x")
    happens(Kind.STEP_FAILED, at(82), step="tell_x", attempt=1, retry=False)
    show(desk, 100)
    with runner(desk) as one, runner(desk) as two:
        together(one.round, two.round)
    # Rather paged twice than not at all; written down once.
    assert sorted(paged_for()) == ["tell_x"]
    assert f"lead: {RELEASE}: tell_x is not done" in reasons


def test_while_nobody_answers_a_stuck_step_pages_up_the_ladder(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    reasons = pages(monkeypatch)
    work_here()
    watched()
    happens(Kind.LATE, at(61))
    happens(Kind.STEP_CLAIMED, at(62), step="raise_ticket", attempt=1, runner="runner-x")
    happens(Kind.STEP_FAILED, at(62), step="raise_ticket", attempt=1, retry=False)
    with runner(desk) as one:
        for offset in (70, 100, 190, 191, 310):
            show(desk, offset)
            one.round()
        acknowledge(RELEASE, by=OFFICER)
        for offset in (430, 2109, 2111):
            show(desk, offset)
            one.round()
    assert [reason.split(":")[0] for reason in reasons] == [
        "lead",
        "deputy",
        f"head of profession, {HEAD}",
        "lead",
    ]


def test_a_step_nobody_finished_in_time_pages_a_person(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    reasons = pages(monkeypatch)
    watched()
    happens(Kind.LATE_PROVISIONAL, at(20), key=f"{RELEASE}/verdict/late_provisional")
    happens(Kind.STEP_CLAIMED, at(20), step="open_incident", attempt=1, runner="runner-x")
    with runner(desk) as one:
        monkeypatch.setattr(one.pulse, "alive", lambda: {"runner-x"})
        show(desk, 20 + 120)
        one.round()
        assert reasons == []
        show(desk, 20 + 121)
        one.round()
    assert reasons == [f"lead: {RELEASE}: open_incident is not done"]


@pytest.mark.parametrize("harm", ["order", "sighting"])
def test_one_release_that_cannot_be_worked_on_does_not_stop_the_others(
    desk: Desk, harm: str
) -> None:
    watched("a-broken-one")
    if harm == "order":
        Release.objects.update(order=b"not an order")
    else:
        store(looks(1, 2, RIGHT, release="a-broken-one")[:1])
        row = SightingRow.objects.get()
        del row.document["text_digest"]
        row.save()
    a_late_day()
    show(desk, 25)
    with runner(desk) as one:
        rounds(one, until=lambda: "open_incident" in done())


def test_a_closed_release_is_left_alone(desk: Desk) -> None:
    a_late_day()
    Release.objects.update(closed=True)
    show(desk, 100)
    with runner(desk) as one:
        one.round()
    assert facts() == []


def test_notices_of_two_releases_at_once_are_both_in_the_feed(desk: Desk) -> None:
    desk.show(HALF_PAST)
    names = [f"release/{n}" for n in range(8)]
    for name in names:
        watched(name)
    act = partial(tell_late, channel="feed")
    together(*[partial(perform, name, Due(STEP, 1), act, "r") for name in names])
    assert len(entries(setup().shelf())) == 8


def test_a_runner_killed_after_it_posted_is_followed_by_one_that_does_not_post_again(
    desk: Desk, tmp_path: Path
) -> None:
    a_late_day()
    late_already()
    show(desk, 100)
    with services(desk, tmp_path, "x", "news") as outside:
        for name in ("x", "news"):
            outside[name].moods = ["acts, then says nothing"]
        first = subprocess.Popen(
            [sys.executable, "-m", "ninethirty", "runner", "--home", str(desk.home)],
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            end = time.monotonic() + 60  # a process that starts on a busy machine
            while not (outside["x"].truth() and outside["news"].truth()):
                assert time.monotonic() < end, kinds(facts())
                time.sleep(0.02)
        finally:
            first.send_signal(signal.SIGKILL)
            first.wait(10)
        assert not {"x", "news"} & set(told_on("late"))
        with runner(desk) as second:
            rounds(second, until=lambda: set(told_on("late")) == TOLD)
        assert [len(outside[name].truth()) for name in ("x", "news")] == [1, 1]
    found = {message.channel: message.service_id for message in Message.objects.all()}
    assert found["x"] == str(outside["x"].truth()[0]["id"])
    assert sorted(told_on("late")) == sorted(TOLD)


def heard() -> list[tuple[Kind, str]]:
    return [
        (fact.kind, Message.objects.get(id=fact.details["message"]).text)
        for fact in facts()
        if "message" in fact.details
    ]


def test_an_answer_is_written_down_once_with_what_it_states(desk: Desk, tmp_path: Path) -> None:
    with services(desk, tmp_path, "helpdesk") as outside:
        there = outside["helpdesk"]
        there.function._habits = Habits(fixed_at=at(3700))  # type: ignore[attr-defined]
        release = watched()
        release.ticket = Zendesk(there.service).open(Ticket("LATE", "It is not there.", "k"))
        release.save()
        for offset, answers in ((60, 0), (300, 1), (3100, 2), (3800, 3)):
            there.clock.show(at(offset))
            desk.show(at(offset + 1))
            together(*[partial(hear, release)] * 3)
            assert Message.objects.filter(channel="answer").count() == answers
    assert heard() == [
        (Kind.TICKET_ANSWERED, ACKNOWLEDGED),
        (Kind.TICKET_ANSWERED, CAUSE),
        (Kind.CAUSE_STATED, CAUSE),
        (Kind.TICKET_ANSWERED, FIX),
        (Kind.FIX_REPORTED, FIX),
    ]
    first = facts()[0]
    assert (first.at, first.recorded) == (at(240), at(301))
    assert not any(ACKNOWLEDGED[:10] in str(fact.details) for fact in facts())


def judged(offset: float, known: set[str] | None = None) -> None:
    watch = replace(order(None, channel(), channel(ALTERNATE)), release=RELEASE)
    seen = [
        *looks(1, 199, PLACEHOLDER),
        *looks(200, 299, RIGHT),
        *looks(1, 299, RIGHT, on=ALTERNATE),
    ]
    judges = {one.name: Judge(watch, one) for one in watch.channels}
    for judge in judges.values():
        judge.add(seen)
    conclude(RELEASE, judges, KEY, at(offset), set() if known is None else known)


def test_each_verdict_is_written_once_however_often_and_by_whomever_it_is_reached(
    desk: Desk,
) -> None:
    for offset in (25, 26, 70, 71, 300, 301):
        together(*[partial(judged, offset)] * 3)
    verdicts = [k for k in kinds(facts()) if k not in (Kind.FIRST_SEEN, Kind.SEEN_BY_ALL)]
    assert verdicts == [Kind.LATE_PROVISIONAL, Kind.LATE, Kind.RECOVERED]
    seen = [(f.kind, f.details["channel"]) for f in facts() if "channel" in f.details]
    assert sorted(seen) == sorted(set(seen))
    assert len(seen) == 4
    assert {fact.actor for fact in facts()} == {"witnesses"}


def test_a_verdict_that_could_not_be_written_is_written_the_next_time(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    known: set[str] = set()

    def locked(*_: object, **__: object) -> Fact:
        raise OperationalError("database is locked")

    with monkeypatch.context() as patch:
        patch.setattr(concluding, "append", locked)
        with pytest.raises(OperationalError):
            judged(25, known)
    judged(25, known)
    assert Kind.LATE_PROVISIONAL in kinds(facts())


def test_once_written_a_verdict_is_not_tried_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    known: set[str] = set()
    judged(70, known)
    count = FactRow.objects.count()
    monkeypatch.setattr(concluding, "append", lambda *_, **__: pytest.fail("written again"))
    judged(71, known)
    assert FactRow.objects.count() == count


def test_a_draft_is_out_of_date_if_something_was_written_while_it_was_drafted(desk: Desk) -> None:
    watched()
    happens(Kind.RECOVERED, at(5000))
    covered = facts()[-1].n
    happens(Kind.FIX_REPORTED, at(5001), message=1)
    happens(Kind.REPORT_DRAFTED, at(5002), facts=covered, digest="d")
    assert out_of_date(facts())
    happens(Kind.REPORT_DRAFTED, at(5003), facts=covered + 1, digest="d")
    assert not out_of_date(facts())


def test_a_report_nobody_drafted_yet_is_not_out_of_date(desk: Desk) -> None:
    watched()
    happens(Kind.RECOVERED, at(5000))
    assert not out_of_date(facts())


def test_a_release_promised_anew_is_looked_at_before_its_new_time_too(desk: Desk) -> None:
    watched()
    for times, kind in enumerate((Kind.ANNOUNCED, Kind.RESCHEDULED), start=1):
        happens(kind, at(-90_000))
        store(looks(-330, -280, PLACEHOLDER))
        show(desk, -290)
        with runner(desk) as one:
            rounds(one, until=partial(lambda n: done().count("look_closed") == n, times))
    keys = [fact.key for fact in facts() if fact.kind is Kind.STEP_DONE]
    assert keys == [f"{RELEASE}/look_closed/done{again}" for again in ("", "/2")]
    check_chain(RELEASE)
