"""The runbooks, as data: what to do, set off by what, after what; and what people are woken for.

Starting point: the table in `detection.md` section 5. docs/reference/runbooks.md is made from this.
"""

from collections.abc import Callable, Collection
from datetime import timedelta
from functools import partial

from ninethirty.core.escalation import Alarm, Page
from ninethirty.core.facts import Kind
from ninethirty.core.runbook import CORRECTION, GO_AHEAD, ONE_WITNESS, Reach, Step, check
from ninethirty.core.wording import ENGLISH, WELSH
from ninethirty.desk.actions.ask_platform import (
    raise_ticket,
    remind_support,
    update_ticket,
)
from ninethirty.desk.actions.check_alternate import check_again, check_alternate
from ninethirty.desk.actions.check_ready import check_ready, look_closed
from ninethirty.desk.actions.check_upload import check_upload
from ninethirty.desk.actions.copy_out import open_copy, stage_copy
from ninethirty.desk.actions.draft_report import draft_report
from ninethirty.desk.actions.finish import finish
from ninethirty.desk.actions.look_open import look_open
from ninethirty.desk.actions.open_incident import open_incident
from ninethirty.desk.actions.page_person import page_person
from ninethirty.desk.actions.reports.enter import enter_breach
from ninethirty.desk.actions.step import Happened, Work
from ninethirty.desk.actions.tell_subscribers import tell_subscribers
from ninethirty.desk.actions.tell_users import (
    Word,
    tell_corrected,
    tell_late,
    tell_recovered,
    tell_update,
)
from ninethirty.desk.actions.watch_period import WATCH_FOR, begin_watch, end_watch
from ninethirty.desk.copying import MOST
from ninethirty.desk.outside.notices.channels import CHANNELS
from ninethirty.desk.service import SUBSCRIBERS

Action = Callable[[Work], list[Happened]]

Runbook = dict[Step, Action | None]
"""Steps with what performs them; nothing performs what people do."""


def _hours(count: float) -> timedelta:
    return timedelta(hours=count)


def _minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


ONE_WORKING_DAY = _hours(24)

STILL_LATE = _hours(1)
"""After lateness was confirmed, when users are told that it goes on."""

_NOT_RIGHT = (Kind.EARLY, Kind.LATE_PROVISIONAL, Kind.PARTIAL, Kind.WRONG)

_MAILING = partial(
    Step,
    reach=Reach.PUBLIC,
    keyed=True,
    deadline=_hours(4),
    attempts=2000,
    limit=_minutes(5),
)
"""Of a step that mails subscribers. Done when all are; until then each attempt says how far it is,
and others send."""
_LANGUAGES = ((ENGLISH, "", ""), (WELSH, f"_{WELSH}", ", in Welsh"))
"""With the end of a step's name, and of what it does. A word in each is a post of its own: no
channel with a limit has room for both."""

_ANSWERED = (Kind.TICKET_ANSWERED, Kind.RECOVERED)
"""After either nobody need ask the platform's support again."""

ORDINARY: Runbook = {
    **{
        Step(
            f"check_{name}_before",
            Reach.INTERNAL,
            -before,
            moot_after=-until,
            deadline=_minutes(5),
            again=_minutes(1),
            attempts=2000,
            does=f"{words} before T: armed on every gate as approved, witnesses able and their "
            "clocks well, services let us in, somebody on call whom a test message reaches",
        ): partial(check_ready, about=f"ready, {words} before T")
        for name, words, before, until in (
            ("day", "24 hours", _hours(24), _hours(1)),
            ("hour", "1 hour", _hours(1), _minutes(15)),
            ("quarter", "15 minutes", _minutes(15), _minutes(5)),
        )
    },
    Step(
        "look_closed",
        Reach.INTERNAL,
        -_minutes(5),
        moot_after=timedelta(0),
        deadline=_minutes(3),
        again=timedelta(seconds=15),
        does="every witness looks, and nobody gets it yet",
    ): look_closed,
    Step(
        "look_open",
        Reach.INTERNAL,
        Kind.ON_TIME,
        does="whole at every address, not at one alone",
    ): look_open,
    _MAILING(
        f"tell_{SUBSCRIBERS}",
        starts=Kind.ON_TIME,
        needs=("look_open",),
        does="mail those who asked to be told",
    ): partial(tell_subscribers, about="published"),
    Step(
        "close",
        Reach.INTERNAL,
        Kind.ON_TIME,
        after=_hours(24),
        needs=("look_open",),
        does="nothing more is expected of this release",
    ): finish,
}

NOT_RIGHT: Runbook = {
    Step(
        "open_incident", Reach.INTERNAL, _NOT_RIGHT, does="from here on the steps below run"
    ): open_incident,
    Step(
        "call_the_platform",
        Reach.INTERNAL,
        Kind.ACKNOWLEDGED,
        needs=("open_incident",),
        manual=True,
        deadline=_minutes(5),
        moot_after=Kind.RECOVERED,
        does="confirm what is wrong, telephone the platform, decide whom else to tell",
    ): None,
}

LATE: Runbook = {
    Step(
        "check_alternate",
        Reach.INTERNAL,
        Kind.LATE_PROVISIONAL,
        needs=("open_incident",),
        does="witnesses look at the alternate, anew",
    ): check_alternate,
    Step(
        "raise_ticket",
        Reach.INTERNAL,
        Kind.LATE,
        keyed=True,
        does="ask the platform's support, with the evidence",
    ): raise_ticket,
    **{
        Step(
            f"remind_support_{number}",
            Reach.INTERNAL,
            Kind.TICKET_RAISED,
            after=_minutes(15 * number),
            needs=("raise_ticket",),
            deadline=_minutes(10),
            moot_after=_ANSWERED,
            does="nobody has answered the ticket: say so on it",
        ): partial(remind_support, number=number)
        for number in (1, 2)
    },
    Step(
        "telephone_support",
        Reach.INTERNAL,
        Kind.TICKET_RAISED,
        after=_minutes(40),
        needs=("raise_ticket",),
        manual=True,
        deadline=_minutes(5),
        moot_after=_ANSWERED,
        does="nobody has answered the ticket, reminded twice: telephone the platform",
    ): None,
    Step(
        GO_AHEAD,
        Reach.INTERNAL,
        Kind.LATE,
        given=ONE_WITNESS,
        manual=True,
        moot_after=Kind.RECOVERED,
        does="one witness alone says so: look yourself, then let users be told; until then they "
        "are not",
    ): None,
    # Nobody is sent to an address that was not looked at first.
    **{
        Step(
            f"tell_{channel}{end}",
            Reach.PUBLIC,
            Kind.LATE,
            needs=("check_alternate",),
            moot_after=Kind.RECOVERED,
            limit=timedelta(seconds=45),
            does=f"say on {channel} that it is late, and where it is{also}",
        ): partial(tell_late, channel=channel, language=language)
        for language, end, also in _LANGUAGES
        for channel in CHANNELS
    },
    _MAILING(
        f"tell_{SUBSCRIBERS}_late",
        starts=Kind.LATE,
        needs=("check_alternate",),
        moot_after=Kind.RECOVERED,
        does="mail those who asked to be told of lateness too",
    ): partial(tell_subscribers, about="late"),
    # The alternate may have gone since; and users need not hear more often that nothing changed.
    Step(
        "check_alternate_again",
        Reach.INTERNAL,
        Kind.LATE,
        after=STILL_LATE,
        needs=("check_alternate",),
        moot_after=Kind.RECOVERED,
        does="still late: witnesses look at the alternate once more",
    ): partial(check_again, after=STILL_LATE),
    **{
        Step(
            f"tell_{channel}{end}_update",
            Reach.PUBLIC,
            Kind.LATE,
            after=STILL_LATE,
            needs=(f"tell_{channel}{end}", "check_alternate_again"),
            deadline=_minutes(10),
            moot_after=Kind.RECOVERED,
            limit=timedelta(seconds=45),
            does=f"say on {channel} that it is still late, and where it is{also}",
        ): partial(tell_update, channel=channel, language=language)
        for language, end, also in _LANGUAGES
        for channel in CHANNELS
    },
    Step(
        "upload_elsewhere",
        Reach.JUDGEMENT,
        Kind.LATE,
        deadline=None,
        moot_after=Kind.RECOVERED,
        does="put a copy on another page by hand, and say at which address",
    ): None,
    Step(
        "check_upload",
        Reach.INTERNAL,
        Kind.UPLOADED,
        again=timedelta(seconds=10),
        does="witnesses look at the other page",
    ): check_upload,
}

EARLY: Runbook = {
    Step(
        "decide_early",
        Reach.JUDGEMENT,
        Kind.EARLY,
        does="publish everywhere now, or withdraw; who could have got it?",
    ): None,
}

PARTIAL_OR_WRONG: Runbook = {
    Step(
        "decide_wrong",
        Reach.JUDGEMENT,
        (Kind.PARTIAL, Kind.WRONG),
        deadline=_minutes(5),
        moot_after=Kind.RECOVERED,
        does="correct it, withdraw it, or leave it; what are users to be told?",
    ): None,
}

OUTAGE: Runbook = {
    Step(
        "ask_about_the_outage",
        Reach.INTERNAL,
        Kind.CAUSE_INFERRED,
        given=("cause", "outage"),
        needs=("open_incident",),
        manual=True,
        deadline=_minutes(10),
        moot_after=Kind.RECOVERED,
        does="is all of the platform down? read its status page; other releases at stake today?",
    ): None,
}

RECOVERED: Runbook = {
    **{
        Step(
            f"tell_{channel}{end}_recovered",
            Reach.PUBLIC,
            Kind.RECOVERED,
            needs=(f"tell_{channel}{end}",),
            deadline=_minutes(10),
            limit=timedelta(seconds=45),
            does=f"say on {channel} that the announced address works{also}",
        ): partial(tell_recovered, channel=channel, language=language)
        for language, end, also in _LANGUAGES
        for channel in CHANNELS
    },
    _MAILING(
        f"tell_{SUBSCRIBERS}_recovered",
        starts=Kind.RECOVERED,
        does="mail those who asked to be told that it is published",
    ): partial(tell_subscribers, about="published"),
    Step(
        "update_ticket",
        Reach.INTERNAL,
        Kind.RECOVERED,
        needs=("raise_ticket",),
        deadline=_minutes(10),
        does="say so to the platform's support, and ask for the cause",
    ): update_ticket,
    Step(
        "draft_report",
        Reach.INTERNAL,
        Kind.RECOVERED,
        deadline=_minutes(10),
        does="the breach report, from the facts",
    ): draft_report,
    Step(
        "enter_breach",
        Reach.INTERNAL,
        Kind.REPORT_DRAFTED,
        needs=("open_incident", "draft_report"),
        deadline=_minutes(10),
        does="the breach is in the register, with its draft",
    ): enter_breach,
    Step(
        "sign_report",
        Reach.JUDGEMENT,
        Kind.REPORT_DRAFTED,
        deadline=ONE_WORKING_DAY,
        does="review it, name the cause, sign, publish",
    ): None,
}

WATCH: Runbook = {
    Step(
        "begin_watch",
        Reach.INTERNAL,
        Kind.RECOVERED,
        deadline=_minutes(10),
        does="witnesses look harder and longer at this release, and at all others of its platform",
    ): begin_watch,
    Step(
        "end_watch",
        Reach.INTERNAL,
        Kind.WATCH_BEGUN,
        after=WATCH_FOR,
        does="note what was seen, and whether the same kind of fault came back, on any release",
    ): end_watch,
    Step(
        "close_after_watch",
        Reach.INTERNAL,
        Kind.WATCH_ENDED,
        does="nothing more is expected of this release",
    ): finish,
}

CORRECTED: Runbook = {
    Step(
        f"tell_{channel}{end}_corrected",
        Reach.PUBLIC,
        (Kind.ON_TIME, Kind.RECOVERED),
        given=CORRECTION,
        deadline=_minutes(10),
        limit=timedelta(seconds=45),
        does=f"say on {channel}, if it was told of what this corrects, that it is corrected{also}",
    ): partial(tell_corrected, channel=channel, language=language)
    for language, end, also in _LANGUAGES
    for channel in CHANNELS
}

COPIES: Runbook = {
    **{
        Step(
            f"stage_copy_{number}",
            Reach.INTERNAL,
            Kind.ARMED,
            deadline=_minutes(10),
            again=_minutes(1),
            attempts=2000,
            limit=_minutes(10),
            does=f"put the files on copies[{number}], where nobody looks",
        ): partial(stage_copy, number=number)
        for number in range(MOST)
    },
    **{
        Step(
            f"open_copy_{number}",
            Reach.INTERNAL,
            timedelta(0),
            needs=(f"stage_copy_{number}",),
            deadline=_minutes(1),
            attempts=200,
            limit=_minutes(2),
            does=f"make the files on copies[{number}] public, and read them back",
        ): partial(open_copy, number=number)
        for number in range(MOST)
    },
}

RUNBOOKS: dict[str, Runbook] = {
    "The ordinary day": ORDINARY,
    "Copies": COPIES,
    "Something is not right": NOT_RIGHT,
    "Late": LATE,
    "Early": EARLY,
    "In part, or wrong": PARTIAL_OR_WRONG,
    "The platform is down": OUTAGE,
    "Recovered": RECOVERED,
    "A correction is public": CORRECTED,
    "The days after": WATCH,
}

BOOK: Runbook = {step: act for book in RUNBOOKS.values() for step, act in book.items()}
STEPS = {step.name: step for step in BOOK}

WORDS = {
    f"tell_{channel}{language}{end}": Word(channel, about, spoken)
    for spoken, language, _ in _LANGUAGES
    for about in ("late", "update", "recovered", "corrected")
    for end in ("" if about == "late" else f"_{about}",)
    for channel in CHANNELS
}
"""What each step says that tells users on one channel."""


def book_for(
    channels: Collection[str], copies: int = 0, languages: Collection[str] = (ENGLISH,)
) -> Runbook:
    """Without the steps of channels, copies and languages that a desk does not have."""
    unused = {
        f"tell_{channel}{language}{end}"
        for channel in (*CHANNELS, SUBSCRIBERS)
        for language in ("", f"_{WELSH}")
        if channel not in channels or (language and WELSH not in languages)
        for end in ("", "_late", "_update", "_recovered", "_corrected")
    } | {f"{act}_copy_{number}" for number in range(copies, MOST) for act in ("stage", "open")}
    return {step: act for step, act in BOOK.items() if step.name not in unused}


_RIGHT_AGAIN = (Kind.ON_TIME, Kind.RECOVERED)

ALARMS = {
    str(alarm.starts): alarm
    for alarm in (
        Alarm(Kind.EARLY, (), settled_by="decide_early"),
        Alarm(Kind.LATE_PROVISIONAL, _RIGHT_AGAIN),
        Alarm(Kind.PARTIAL, _RIGHT_AGAIN, settled_by="decide_wrong"),
        Alarm(Kind.WRONG, _RIGHT_AGAIN, settled_by="decide_wrong"),
        Alarm(Kind.BLIND, (*_RIGHT_AGAIN, Kind.EARLY, Kind.LATE, Kind.PARTIAL, Kind.WRONG)),
    )
}


def paging(page: Page) -> Action:
    return partial(page_person, page=page, about=ALARMS[page.alarm].starts.says)


check(list(BOOK))
