"""facts -> the draft of a breach report.

Every sentence names the facts it rests on. What the facts do not settle is a Gap for a person:
impact, judgement, and whatever nobody recorded.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ninethirty.core.announcement import Leave
from ninethirty.core.breach import Bound, Event, Field, Gap, Moment, Planned, Report, Said
from ninethirty.core.delay import delays, in_words
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.forms import form_on
from ninethirty.core.practices import Breach, touched
from ninethirty.core.times import Instant, Interval, WallTime, at_local, earliest, latest
from ninethirty.core.watch import ALTERNATE, ANNOUNCED


@dataclass(frozen=True)
class Earlier:
    """A breach like this one before it: its reference in the register, its day, and what it was."""

    reference: str
    day: date
    says: str


@dataclass(frozen=True)
class Counted:
    """How often something happened while it failed, as far as `source` can tell."""

    what: str
    number: int
    source: str


@dataclass(frozen=True)
class Particulars:
    """What the report needs that facts do not hold: names, addresses, and words people used.

    messages: id -> text of answers. An empty text means that nobody told us. leave, earlier: None
    if nobody looked; empty if somebody looked and there was none.
    """

    title: str
    producer: str
    promised: WallTime
    announced: str
    alternate: str
    contact_name: str
    contact_email: str
    contact_telephone: str
    messages: dict[int, str]
    statement: str = ""
    leave: tuple[Leave, ...] | None = None
    earlier: tuple[Earlier, ...] | None = None
    counted: tuple[Counted, ...] = ()
    planned: tuple[Planned, ...] = ()


def draft(facts: Sequence[Fact], about: Particulars, now: Instant) -> Report:
    """The report as far as the facts carry it."""
    zone = about.promised.zone
    day = about.promised.local.date()
    today = at_local(now, zone).date()
    return Report(
        form=form_on(today).name,
        title=Said(about.title),
        links=(Said(about.announced),),
        producer=Said(about.producer),
        contact_name=_told(about.contact_name, "Who answers questions about this report?"),
        contact_email=_told(about.contact_email, "At which address can they be reached?"),
        contact_telephone=_told(about.contact_telephone, "On which telephone number?"),
        statement=_told(
            about.statement, "Link to the statement on the producer's own site, once there is one."
        ),
        report_date=Said(today.isoformat(), words=f"{today:%-d %B %Y}"),
        practices=tuple(_practices(facts, day)),
        occurred=(Said(day.isoformat(), facts=_numbers(facts, Kind.ANNOUNCED)),),
        circumstances=tuple(_circumstances(facts, about)),
        impact=tuple(_impact(facts, about)),
        actions=tuple(_actions(facts, about)),
        moments=tuple(_moments(facts, about)),
        kind=_kind(facts),
        access=tuple(_access(facts, about)),
        cause=tuple(_cause(facts, about)),
        earlier=tuple(_earlier(about)),
        leave=tuple(_leave(facts, about)),
        planned=about.planned,
    )


def _kind(facts: Sequence[Fact]) -> Field:
    """The gravest of what was seen; a person may say otherwise."""
    for kind, breach in _BREACHES.items():
        if numbers := _numbers(facts, kind):
            return Said(str(breach), facts=numbers)
    return Gap("What kind of breach was it?")


def _practices(facts: Sequence[Fact], day: date) -> list[Field]:
    """Suggested by what kind of breach the facts show; a person confirms them."""
    found: dict[str, tuple[int, ...]] = {}
    for kind, breach in _BREACHES.items():
        numbers = _numbers(facts, kind)
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


def _circumstances(facts: Sequence[Fact], about: Particulars) -> list[Field]:
    zone = about.promised.zone
    told: list[Field] = [
        Said(
            f"The release was promised for {about.promised.local:%H:%M} on "
            f"{about.promised.local:%-d %B %Y} at {about.announced}.",
            facts=_numbers(facts, Kind.ANNOUNCED),
        )
    ]
    armed = _first(facts, Kind.ARMED)
    if armed:
        told.append(
            Said(
                "It was sealed, approved by a second person and set to open on our own site "
                f"before then, at {_clock(armed, zone)}.",
                facts=_numbers(facts, Kind.SEALED, Kind.APPROVED, Kind.ARMED),
            )
        )
    late = _first(facts, Kind.LATE)
    if late:
        told.append(
            Said(
                "At the promised time it was not at the announced address. "
                f"{_witnesses(facts)} established this by {_clock(late, zone)}.",
                facts=_numbers(facts, Kind.WATCHED, Kind.LATE_PROVISIONAL, Kind.LATE),
            )
        )
    for kind, says in _SEEN_WRONG.items():
        if seen := _first(facts, kind):
            told.append(Said(f"{says} by {_clock(seen, zone)}.", facts=_numbers(facts, kind)))
    return [
        *told,
        _settled(
            _first(facts, Kind.TICKET_RAISED),
            lambda fact: (
                f"The platform's support was asked at {_clock(fact, zone)}, with the evidence."
            ),
            "When was the platform's support asked?",
        ),
        *_answers(facts, about),
        _settled(
            _seen(facts, Kind.SEEN_BY_ALL, ANNOUNCED),
            lambda fact: f"The announced address worked for every witness by {_clock(fact, zone)}.",
            "When did the announced address work?",
        ),
    ]


_SEEN_WRONG = {
    Kind.EARLY: "Witnesses saw it before its time,",
    Kind.WRONG: "Witnesses saw that it was public but not what had been sealed,",
    Kind.PARTIAL: "Witnesses saw that only a part of it was public,",
}


def _answers(facts: Sequence[Fact], about: Particulars) -> list[Field]:
    """Each answer of the support's that states neither cause nor fix; those have their places."""
    zone = about.promised.zone
    elsewhere = {
        fact.details["message"]
        for fact in facts
        if fact.kind in (Kind.CAUSE_STATED, Kind.FIX_REPORTED)
    }
    return [
        Said(
            f"The platform's support answered at {_clock(fact, zone)}: {_quoted(fact, about)}",
            facts=(fact.n,),
        )
        for fact in facts
        if fact.kind is Kind.TICKET_ANSWERED and fact.details["message"] not in elsewhere
    ]


def _access(facts: Sequence[Fact], about: Particulars) -> list[Field]:
    """Who could see it when, as far as anybody looked."""
    zone = about.promised.zone
    told: list[Field] = []
    watched = _numbers(facts, Kind.WATCHED)
    if watched and not _numbers(facts, Kind.EARLY):
        told.append(Said("No witness saw any of it before its time.", facts=watched))
    for channel, where in ((ALTERNATE, about.alternate), (ANNOUNCED, about.announced)):
        seen = _seen(facts, Kind.FIRST_SEEN, channel)
        if seen:
            told.append(
                Said(
                    f"Anybody could read it at {where} from {_clock(seen, zone)} at the latest.",
                    facts=(seen.n,),
                )
            )
    return told


def _cause(facts: Sequence[Fact], about: Particulars) -> list[Field]:
    """What the evidence shows, apart from what the platform says."""
    zone = about.promised.zone
    return [
        _settled(
            _first(facts, Kind.CAUSE_INFERRED),
            lambda fact: f"Cause inferred from evidence: {_CAUSES[fact.details['cause']]}.",
            "What does the evidence show of the cause?",
        ),
        _settled(
            _first(facts, Kind.CAUSE_STATED),
            lambda fact: (
                f"Cause stated by the platform at {_clock(fact, zone)}: {_quoted(fact, about)}"
            ),
            "What cause did the platform state, and when?",
        ),
    ]


def _earlier(about: Particulars) -> list[Field]:
    if about.earlier is None:
        return [Gap("Were there earlier breaches like it?")]
    if not about.earlier:
        return [Said("The register holds no earlier breach like it.")]
    return [Said(f"{one.reference}, {one.day:%-d %B %Y}: {one.says}") for one in about.earlier]


def _leave(facts: Sequence[Fact], about: Particulars) -> list[Field]:
    """Looked up before anything is called a breach."""
    promised = _numbers(facts, Kind.ANNOUNCED)
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
    seen = _seen(facts, Kind.SEEN_BY_ALL, ANNOUNCED)
    if seen and _in_time(seen, leave, about) and not _numbers(facts, Kind.EARLY, Kind.WRONG):
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


_CAUSES = {
    "cached": "caches of the platform kept answering with the page of before; a request that "
    "passed them was answered with the release",
    "not_published": "the platform had not published the release; a request that passed its "
    "caches found nothing either",
    "outage": "the announced address did not answer properly",
}


def _impact(facts: Sequence[Fact], about: Particulars) -> list[Field]:
    found = delays(facts, about.promised.resolve())
    told: list[Field] = []
    if found.anywhere:
        told.append(
            Said(
                f"Delay until it was public at any address: {in_words(found.anywhere)}"
                f" (at {about.alternate}).",
                facts=_numbers(facts, Kind.FIRST_SEEN),
            )
        )
    else:
        told.append(Gap("When was it first public at any address?"))
    if found.announced and found.everywhere:
        told.append(
            Said(
                "Delay at the announced address: "
                f"{in_words(found.announced)} for the first of our witnesses, "
                f"{in_words(found.everywhere)} for the last.",
                facts=_numbers(facts, Kind.FIRST_SEEN, Kind.SEEN_BY_ALL),
            )
        )
    else:
        told.append(Gap("How long was it missing at the announced address?"))
    told += [
        Said(f"{one.what}: {one.number:,}, as far as {one.source} can tell.")
        for one in about.counted
    ]
    told.append(Gap("Who was affected, and how? A judgement for a person who knows the users."))
    return told


def _actions(facts: Sequence[Fact], about: Particulars) -> list[Field]:
    zone = about.promised.zone
    told: list[Field] = []
    verified = _first(facts, Kind.ALTERNATE_VERIFIED)
    opened = _seen(facts, Kind.FIRST_SEEN, ALTERNATE)
    if verified and opened:
        told.append(
            Said(
                f"The release was open at {about.alternate} by {_clock(opened, zone)}; "
                f"witnesses checked it whole at {_clock(verified, zone)}.",
                facts=(opened.n, verified.n),
            )
        )
    else:
        told.append(Gap("At which other address could users get it, and from when?"))
    if copied := _first(facts, Kind.UPLOAD_VERIFIED):
        told.append(
            Said(
                "A person put a copy on another page of the platform; witnesses checked it by "
                f"{_clock(copied, zone)}.",
                facts=_numbers(facts, Kind.UPLOADED, Kind.UPLOAD_VERIFIED),
            )
        )
    late = _told_users(facts, "late")
    if late:
        last = max(late, key=lambda fact: latest(fact.at))
        channels = _listed(_CHANNELS[fact.details["channel"]] for fact in late)
        told.append(
            Said(
                f"Users were told by {_clock(last, zone)} on {channels}.",
                facts=tuple(fact.n for fact in late),
            )
        )
    else:
        told.append(Gap("When and where were users told?"))
    back = _told_users(facts, "recovered")
    if back:
        told.append(
            Said(
                "They were told there too when the announced address worked.",
                facts=tuple(fact.n for fact in back),
            )
        )
    return [
        *told,
        _settled(
            _first(facts, Kind.FIX_REPORTED),
            lambda fact: (
                f"The platform reported a fix at {_clock(fact, zone)}: {_quoted(fact, about)}"
            ),
            "What has the platform done so that it does not come back?",
        ),
        *_watched_after(facts),
        *([] if about.planned else [Gap("What will the producer do, who, and by when?")]),
    ]


def _watched_after(facts: Sequence[Fact]) -> list[Field]:
    ended = _first(facts, Kind.WATCH_ENDED)
    if ended is None:
        return []
    again = len(ended.details["again"])
    seen = (
        "was not seen again" if not again else f"was seen again; releases on which it was: {again}"
    )
    return [
        Said(
            f"In the days of harder watching after the fix the same kind of fault {seen}.",
            facts=_numbers(facts, Kind.WATCH_BEGUN, Kind.WATCH_ENDED),
        )
    ]


_CHANNELS = {
    "x": "X",
    "linkedin": "LinkedIn",
    "news": "the producer's news page",
    "feed": "the site's feed",
}


def _moments(facts: Sequence[Fact], about: Particulars) -> list[Moment]:
    zone = about.promised.zone
    found = [
        Moment(
            f"{about.promised.local:%Y-%m-%dT%H:%M}",
            Bound.AT,
            Event.PROMISED,
            "promised",
            _numbers(facts, Kind.ANNOUNCED),
        )
    ]
    events = [
        (_seen(facts, Kind.FIRST_SEEN, ALTERNATE), Event.ALTERNATE_PUBLIC, Bound.BY),
        (_first(facts, Kind.USERS_TOLD), Event.USERS_TOLD, Bound.AT),
        (_first(facts, Kind.TICKET_RAISED), Event.TICKET_RAISED, Bound.AT),
        (_first(facts, Kind.CAUSE_STATED), Event.CAUSE_STATED, Bound.AT),
        (_seen(facts, Kind.SEEN_BY_ALL, ANNOUNCED), Event.ANNOUNCED_PUBLIC, Bound.BY),
        (_first(facts, Kind.FIX_REPORTED), Event.FIX_REPORTED, Bound.AT),
    ]
    for fact, event, bound in events:
        if fact:
            local = _local(fact, zone)
            found.append(
                Moment(
                    f"{local:%Y-%m-%dT%H:%M:%S}",
                    bound,
                    event,
                    fact.kind.says,
                    (fact.n,),
                    after=_after(fact, zone),
                )
            )
    return sorted(found, key=lambda moment: moment.when)


def _witnesses(facts: Sequence[Fact]) -> str:
    """How many looked, and from where as far as we were told: it is declared, not proven."""
    watched = _first(facts, Kind.WATCHED)
    if watched is None:
        return "Witnesses"
    names, networks = watched.details["witnesses"], watched.details["networks"]
    return f"{len(names)} witnesses, declared as {len(networks)} networks,"


def _quoted(answer: Fact, about: Particulars) -> str:
    """Its words, which are a row and may have been erased since."""
    words = about.messages.get(answer.details["message"])
    return f"“{words}”" if words else "its words are no longer kept."


def _told(value: str, asks: str) -> Field:
    return Said(value) if value else Gap(asks)


def _first(facts: Sequence[Fact], kind: Kind) -> Fact | None:
    found = [fact for fact in facts if fact.kind is kind]
    return min(found, key=lambda fact: earliest(fact.at)) if found else None


def _seen(facts: Sequence[Fact], kind: Kind, channel: str) -> Fact | None:
    return next((f for f in facts if f.kind is kind and f.details["channel"] == channel), None)


def _numbers(facts: Sequence[Fact], *kinds: Kind) -> tuple[int, ...]:
    return tuple(fact.n for fact in facts if fact.kind in kinds)


def _told_users(facts: Sequence[Fact], about: str) -> list[Fact]:
    return [f for f in facts if f.kind is Kind.USERS_TOLD and f.details["about"] == about]


def _settled(fact: Fact | None, sentence: Callable[[Fact], str], asks: str) -> Field:
    """The sentence if the fact is there; else what a person must find out."""
    return Said(sentence(fact), facts=(fact.n,)) if fact else Gap(asks)


def _local(fact: Fact, zone: str) -> datetime:
    """When it happened. Known only to have happened by then: rounded up, for "by 09:30:00" would
    deny the half second it took."""
    at = fact.at.by.rounded_up() if isinstance(fact.at, Interval) else fact.at
    return at_local(at, zone)


def _after(fact: Fact, zone: str) -> str:
    """The last look that missed, rounded down; empty if nobody looked."""
    if not isinstance(fact.at, Interval) or fact.at.after is None:
        return ""
    return f"{at_local(fact.at.after, zone):%Y-%m-%dT%H:%M:%S}"


def _clock(fact: Fact, zone: str) -> str:
    return f"{_local(fact, zone):%H:%M:%S}"


def _listed(names: Iterable[str]) -> str:
    words = list(names)
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
