"""The runbook of a release day, as data: what to do, set off by what, after what.

Starting point: the table in `detection.md` section 5.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from ninethirty.core.facts import Kind
from ninethirty.core.runbook import Reach, Step, check
from ninethirty.desk.actions.ask_platform import raise_ticket, update_ticket
from ninethirty.desk.actions.check_alternate import check_alternate
from ninethirty.desk.actions.draft_report import draft_report
from ninethirty.desk.actions.open_incident import open_incident
from ninethirty.desk.actions.page_person import page_person
from ninethirty.desk.actions.step import Happened, Work
from ninethirty.desk.actions.tell_users import CHANNELS, tell_late, tell_recovered

Action = Callable[[Work], list[Happened]]

BOOK: dict[Step, Action] = {
    **{
        Step(f"page_{kind}", Reach.INTERNAL, kind): partial(page_person, about=kind)
        for kind in (Kind.EARLY, Kind.LATE_PROVISIONAL, Kind.PARTIAL, Kind.WRONG, Kind.BLIND)
    },
    Step("open_incident", Reach.INTERNAL, Kind.LATE_PROVISIONAL): open_incident,
    Step("check_alternate", Reach.INTERNAL, Kind.INCIDENT_OPENED): check_alternate,
    Step("raise_ticket", Reach.INTERNAL, Kind.LATE, deadline=timedelta(minutes=2)): raise_ticket,
    # Nobody is sent to an address that was not looked at first.
    **{
        Step(
            f"tell_{channel}",
            Reach.PUBLIC,
            Kind.LATE,
            needs=("check_alternate",),
            moot_after=Kind.RECOVERED,
        ): partial(tell_late, channel=channel)
        for channel in CHANNELS
    },
    **{
        Step(
            f"tell_{channel}_recovered",
            Reach.PUBLIC,
            Kind.RECOVERED,
            needs=(f"tell_{channel}",),
            deadline=timedelta(minutes=10),
        ): partial(tell_recovered, channel=channel)
        for channel in CHANNELS
    },
    Step(
        "update_ticket",
        Reach.INTERNAL,
        Kind.RECOVERED,
        needs=("raise_ticket",),
        deadline=timedelta(minutes=10),
    ): update_ticket,
    Step(
        "draft_report", Reach.INTERNAL, Kind.RECOVERED, deadline=timedelta(minutes=10)
    ): draft_report,
}
check(list(BOOK))
