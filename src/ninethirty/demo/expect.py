"""Whether the day went as it must: judged from what stand-ins and an independent reader recorded,
never from our own facts. The report is held against their records too."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ninethirty.core.breach import Event
from ninethirty.core.times import Instant, WallTime, at_local
from ninethirty.demo.clockwork import SLOW_TO
from ninethirty.demo.records import SAID_ON, Records
from ninethirty.demo.stage_set import StageSet
from ninethirty.standin.platform.faults import Fault

TOLD_WITHIN = timedelta(minutes=5)
"""2018 took 27 minutes."""

CLOSE = timedelta(seconds=5)
CLOSE_WHEN_FAST = timedelta(minutes=3)
"""How far a reported time may be from a recorded one: a second of real time around T, where the
drill's clock runs 5 times as fast, and a second and a half elsewhere, where it runs 120 times."""


@dataclass(frozen=True)
class Expectation:
    """`found`: what was seen, in words."""

    name: str
    held: bool
    found: str


def judge(stage: StageSet, records: Records, speed: float | None) -> list[Expectation]:
    """`speed`: the one pace of the day, if it had one."""
    held = [Expectation(name, *look(stage, records)) for name, look in _EXPECTATIONS.items()]
    return [*held, Expectation("report complete", *_report_complete(stage, records, speed))]


def judge_fault(
    stage: StageSet, records: Records, fault: Fault, said: Collection[str]
) -> list[Expectation]:
    """Of another day than that of 2018: whether it was called as it should be, and what we owe on
    any day. Where the platform itself is early, that is no fault of ours."""
    owed = ["the alternate right at T"]
    if "early" not in fault.calls:
        owed.append("not one early byte")
    held = [Expectation(name, *_EXPECTATIONS[name](stage, records)) for name in owed]
    return [called(fault, said), *held]


def called(fault: Fault, said: Collection[str]) -> Expectation:
    """Whether the desk called the day as somebody outside should.

    said: kinds of the facts on the timeline.
    """
    found = sorted(_VERDICTS & set(said))
    # "unknown" is when nobody could see; the desk says that it is blind.
    wanted = {"blind" if one == "unknown" else one for one in fault.calls}
    words = " or ".join(sorted(wanted)).replace("_", " ")
    seen = ", ".join(found).replace("_", " ") or "nothing was called"
    return Expectation(f"called {words}", bool(wanted & set(found)), seen)


_VERDICTS = frozenset(
    {"early", "on_time", "late_provisional", "late", "partial", "wrong", "blind", "recovered"}
)

Found = tuple[bool, str]


def _no_early_byte(stage: StageSet, records: Records) -> Found:
    before = [
        look
        for where in ("alternate", "announced")
        for look in records.at(where)
        if Instant.parse(look["ended"]) < stage.opens
    ]
    early = [
        look
        for look in before
        if look["right"] or (look["where"] == "alternate" and look["status"] == 200)
    ]
    told = [post for name in SAID_ON for post in records.posts[name] if _at(post) < stage.opens]
    if early:
        return False, f"{early[0]['part']} was given out at {early[0]['ended']}"
    if told:
        return False, f"a post went out at {told[0]['at']}"
    return len(before) > 0, f"{len(before)} looks before T, none got it"


def _alternate_at_t(stage: StageSet, records: Records) -> Found:
    after = [
        look for look in records.at("alternate") if Instant.parse(look["begun"]) >= stage.opens
    ]
    parts = {look["part"] for look in after}
    wrong = [look for look in after if not look["right"]]
    if wrong:
        return False, f"{wrong[0]['part']} answered {wrong[0]['status']} at {wrong[0]['ended']}"
    firsts = [min(Instant.parse(k["ended"]) for k in after if k["part"] == p) for p in parts]
    if not firsts:
        return False, "nobody looked"
    last = (max(firsts) - stage.opens).total_seconds()
    return True, f"{len(parts)} parts, whole {last:.2f} s after T; {len(after)} looks, all right"


def _told_after_verified(stage: StageSet, records: Records) -> Found:
    whole = records.first_right("alternate")
    if whole is None:
        return False, "the alternate was never whole, so nobody could be told"
    latest = stage.opens
    for name in SAID_ON:
        posts = [post for post in records.posts[name] if stage.alternate in post["text"]]
        if not posts:
            return False, f"{name}: no word with the alternate's address"
        card = posts[0]["card"]
        if _at(posts[0]) < whole or not card or card["status"] != 200:
            return False, f"{name}: told before the alternate could be read"
        latest = max(latest, _at(posts[0]))
    feed = [at for at, entries in records.feed_entries() if entries]
    if not feed or min(feed) < whole:
        return False, "feed: no entry, or too soon"
    took = latest - stage.opens
    return took <= TOLD_WITHIN, f"all told {took.total_seconds():.0f} s after T; every link worked"


def _one_ticket(stage: StageSet, records: Records) -> Found:
    tickets = [ticket for ticket in records.tickets if stage.announced in ticket["body"]]
    return len(tickets) == len(records.tickets) == 1, f"{len(records.tickets)} raised"


def _one_post_per_channel(stage: StageSet, records: Records) -> Found:
    for name in SAID_ON:
        posts = records.posts[name]
        about = [
            ("still" in post["text"]) + 1 if stage.alternate in post["text"] else 0
            for post in posts
        ]
        back, late, still = (about.count(kind) for kind in range(3))
        if late != 1 or still > 1 or back > 1:
            return False, f"{name}: {late} late, {still} still late, {back} recovered"
    most = max((entries for _, entries in records.feed_entries()), default=0)
    if not 1 <= most <= 3:
        return False, f"feed: {most} entries"
    return (
        True,
        "one word that it is late, at most one that it goes on, one that it is back, on each",
    )


def _recovery_seen(stage: StageSet, records: Records) -> Found:
    right = records.edges_right()
    last_wrong = records.last_wrong()
    if right is None or last_wrong is None:
        return False, "the announced address never worked"
    for name in SAID_ON:
        posts = [post for post in records.posts[name] if stage.announced in post["text"]]
        if not posts:
            return False, f"{name}: no word that it is back"
        if _at(posts[0]) < last_wrong:
            return False, f"{name}: said to be back at {posts[0]['at']}, before it was"
    return True, f"right on every edge by {_clock(stage, right)}; users told after that"


def _report_complete(stage: StageSet, records: Records, speed: float | None) -> Found:
    report = records.report
    if report is None:
        return False, "there is no report"
    open_fields = [name for name in _DETERMINABLE if _gap(report[name])]
    for name, left in _LEFT_TO_PEOPLE.items():
        gaps = [value for value in report[name] if "gap" in value]
        if len(gaps) > left:
            open_fields.append(f"{name} ({gaps[0]['gap']})")
    if open_fields:
        return False, f"open: {', '.join(open_fields)}"
    moments = {moment["event"]: moment["when"] for moment in report["moments"]}
    for event, recorded in _recorded(stage, records).items():
        if event not in moments:
            return False, f"no time for {event}"
        if recorded is None:
            return False, f"{event} is reported, but nobody recorded it"
        local = datetime.fromisoformat(moments[event])
        reported = WallTime(local, stage.promised.zone).resolve()
        if speed is not None:
            near = max(CLOSE, timedelta(seconds=speed))
        else:
            near = CLOSE if recorded < stage.opens + SLOW_TO else CLOSE_WHEN_FAST
        if abs(reported - recorded) > near:
            return False, f"{event}: reported {moments[event]}, recorded {recorded.text()}"
    return True, f"every field that can be settled, and {len(moments)} times, each as recorded"


_DETERMINABLE = (
    "title",
    "links",
    "producer",
    "contact_name",
    "contact_email",
    "contact_telephone",
    "report_date",
    "practices",
    "occurred",
)
_LEFT_TO_PEOPLE = {"circumstances": 0, "cause": 0, "impact": 1, "actions": 1}
"""Gaps that only a judgement can fill."""


def _recorded(stage: StageSet, records: Records) -> dict[Event, Instant | None]:
    posts = [_at(post) for name in SAID_ON for post in records.posts[name]]
    return {
        Event.PROMISED: stage.opens,
        Event.ALTERNATE_PUBLIC: records.first_right("alternate"),
        Event.USERS_TOLD: min(posts, default=None),
        Event.TICKET_RAISED: _at(records.tickets[0]) if records.tickets else None,
        Event.CAUSE_STATED: records.answered("cause"),
        Event.FIX_REPORTED: records.answered("fix"),
        Event.ANNOUNCED_PUBLIC: records.edges_right(),
    }


def _gap(value: Any) -> bool:
    return any("gap" in one for one in (value if isinstance(value, list) else [value]))


def _at(line: dict[str, Any]) -> Instant:
    return Instant.parse(line["at"])


def _clock(stage: StageSet, instant: Instant) -> str:
    return f"{at_local(instant, stage.promised.zone):%H:%M:%S}"


_EXPECTATIONS: dict[str, Callable[[StageSet, Records], Found]] = {
    "not one early byte": _no_early_byte,
    "the alternate right at T": _alternate_at_t,
    "users told after it was verified": _told_after_verified,
    "one ticket": _one_ticket,
    "one post per channel": _one_post_per_channel,
    "recovery seen": _recovery_seen,
}
