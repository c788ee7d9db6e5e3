"""facts -> the draft of a breach report.

Every sentence names the facts it rests on. What the facts do not settle is a Gap for a person:
impact, judgement, and whatever nobody recorded.
"""

from collections.abc import Sequence
from datetime import date, datetime

from ninethirty.core.account import access, cause, circumstances
from ninethirty.core.announcement import Leave
from ninethirty.core.breach import Bound, Event, Field, Gap, Moment, Report, Said
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.forms import form_on
from ninethirty.core.impact import impact
from ninethirty.core.particulars import Particulars
from ninethirty.core.practices import Breach, touched
from ninethirty.core.remedy import remedies
from ninethirty.core.sentence import (
    after,
    first,
    first_at,
    given,
    local_time,
    numbered,
    one_after_another,
)
from ninethirty.core.times import Instant, WallTime, at_local, latest
from ninethirty.core.watch import ALTERNATE, ANNOUNCED


def draft(facts: Sequence[Fact], about: Particulars, now: Instant) -> Report:
    """The report as far as the facts carry it, in whatever order they were read."""
    facts = sorted(facts, key=lambda fact: fact.n)
    zone = about.promised.zone
    day = about.promised.local.date()
    today = at_local(now, zone).date()
    return Report(
        form=form_on(today).name,
        title=Said(about.title),
        links=(Said(about.announced),),
        producer=Said(about.producer),
        contact_name=given(about.contact_name, "Who answers questions about this report?"),
        contact_email=given(about.contact_email, "At which address can they be reached?"),
        contact_telephone=given(about.contact_telephone, "On which telephone number?"),
        statement=given(
            about.statement, "Link to the statement on the producer's own site, once there is one."
        ),
        report_date=Said(today.isoformat(), words=f"{today:%-d %B %Y}"),
        practices=tuple(_practices(facts, day)),
        occurred=(Said(day.isoformat(), facts=numbered(facts, Kind.ANNOUNCED)),),
        circumstances=tuple(circumstances(facts, about)),
        impact=tuple(impact(facts, about)),
        actions=tuple(remedies(facts, about)),
        moments=tuple(_moments(facts, about)),
        kind=_kind(facts),
        access=tuple(access(facts, about)),
        cause=tuple(cause(facts, about)),
        earlier=tuple(_earlier(about)),
        leave=tuple(_leave(facts, about)),
        planned=about.planned,
    )


def _kind(facts: Sequence[Fact]) -> Field:
    """The gravest of what was seen; a person may say otherwise."""
    for kind, breach in _BREACHES.items():
        if numbers := numbered(facts, kind):
            return Said(str(breach), facts=numbers)
    return Gap("What kind of breach was it?")


def _practices(facts: Sequence[Fact], day: date) -> list[Field]:
    """Suggested by what kind of breach the facts show; a person confirms them."""
    found: dict[str, tuple[int, ...]] = {}
    for kind, breach in _BREACHES.items():
        numbers = numbered(facts, kind)
        for practice in touched(breach, day) if numbers else ():
            found[practice.code] = found.get(practice.code, ()) + numbers
    if not found:
        return [Gap("Which practice of the Code, in the edition in force that day?")]
    return [Said(code, facts=tuple(sorted(numbers))) for code, numbers in found.items()]


_BREACHES = {
    Kind.EARLY: Breach.EARLY,
    Kind.LATE: Breach.LATE,
    Kind.WRONG: Breach.WRONG_CONTENT,
    Kind.PARTIAL: Breach.UNEQUAL_ACCESS,
}
"""In order of gravity."""


def _earlier(about: Particulars) -> list[Field]:
    if about.earlier is None:
        return [Gap("Were there earlier breaches like it?")]
    if not about.earlier:
        return [Said("The register holds no earlier breach like it.")]
    return [Said(f"{one.reference}, {one.day:%-d %B %Y}: {one.says}") for one in about.earlier]


def _leave(facts: Sequence[Fact], about: Particulars) -> list[Field]:
    """Looked up before anything is called a breach."""
    promised = numbered(facts, Kind.ANNOUNCED)
    if about.leave is None:
        return [Gap("Was an exemption or an alternative release time granted for that day?")]
    covering = [leave for leave in about.leave if leave.covers(about.promised.local.date())]
    if not covering:
        nothing = "No exemption and no alternative release time is recorded for that day."
        return [Said(nothing, facts=promised)]
    return [_granted(leave, facts, about, promised) for leave in covering]


def _granted(
    leave: Leave, facts: Sequence[Fact], about: Particulars, promised: tuple[int, ...]
) -> Field:
    allows = f"{leave.reference} allows release at {leave.at:%H:%M} on that day"
    if leave.at == about.promised.local.time():
        time = "The promised time is an alternative release time, granted under"
        return Said(f"{time} {leave.reference}.", facts=promised)
    seen = first_at(facts, Kind.SEEN_BY_ALL, ANNOUNCED)
    if seen and _in_time(seen, leave, about) and not numbered(facts, Kind.EARLY, Kind.WRONG):
        by_then = "by then the announced address worked for every witness"
        return Said(
            f"It may be no breach, because {allows}, and {by_then}.", facts=(*promised, seen.n)
        )
    return Said(f"{allows}, which does not cover what happened.", facts=promised)


def _in_time(seen: Fact, leave: Leave, about: Particulars) -> bool:
    """Public by a granted time that is later than the promised one."""
    granted = datetime.combine(about.promised.local.date(), leave.at)
    if granted <= about.promised.local:
        return False
    return latest(seen.at) <= WallTime(granted, about.promised.zone).resolve()


def _moments(facts: Sequence[Fact], about: Particulars) -> list[Moment]:
    zone = about.promised.zone
    found = [
        Moment(
            f"{about.promised.local:%Y-%m-%dT%H:%M}",
            Bound.AT,
            Event.PROMISED,
            "promised",
            numbered(facts, Kind.ANNOUNCED),
        )
    ]
    events = [
        (first_at(facts, Kind.FIRST_SEEN, ALTERNATE), Event.ALTERNATE_PUBLIC, Bound.BY),
        (first(facts, Kind.USERS_TOLD), Event.USERS_TOLD, Bound.AT),
        (first(facts, Kind.TICKET_RAISED), Event.TICKET_RAISED, Bound.AT),
        *(
            (fact, Event.CAUSE_STATED, Bound.AT)
            for fact in one_after_another(facts, Kind.CAUSE_STATED, about)
        ),
        (first_at(facts, Kind.SEEN_BY_ALL, ANNOUNCED), Event.ANNOUNCED_PUBLIC, Bound.BY),
        (first(facts, Kind.FIX_REPORTED), Event.FIX_REPORTED, Bound.AT),
    ]
    for fact, event, bound in events:
        if fact:
            local = local_time(fact, zone)
            found.append(
                Moment(
                    f"{local:%Y-%m-%dT%H:%M:%S}",
                    bound,
                    event,
                    fact.kind.says,
                    (fact.n,),
                    after=after(fact, zone),
                )
            )
    return sorted(found, key=lambda moment: moment.when)
