"""facts -> the draft of a breach report.

Every sentence names the facts it rests on. What the facts do not settle is a Gap for a person:
impact, judgement, and whatever nobody recorded.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ninethirty.core.breach import Bound, Event, Field, Gap, Moment, Report, Said
from ninethirty.core.delay import delays, in_words
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.practices import Breach, touched
from ninethirty.core.times import Instant, Interval, WallTime, at_local, earliest, latest
from ninethirty.core.watch import ALTERNATE, ANNOUNCED

FORM = "2018"


@dataclass(frozen=True)
class Particulars:
    """What the report needs that facts do not hold: names, addresses, and words people used.

    messages: id -> text of answers. An empty text means that nobody told us.
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


def draft(facts: Sequence[Fact], about: Particulars, now: Instant) -> Report:
    """The report as far as the facts carry it."""
    zone = about.promised.zone
    day = about.promised.local.date()
    return Report(
        form=FORM,
        title=Said(about.title),
        links=(Said(about.announced),),
        producer=Said(about.producer),
        contact_name=_told(about.contact_name, "Who answers questions about this report?"),
        contact_email=_told(about.contact_email, "At which address can they be reached?"),
        contact_telephone=_told(about.contact_telephone, "On which telephone number?"),
        statement=Gap("Link to the statement on the producer's own site, once there is one."),
        report_date=Said(at_local(now, zone).date().isoformat()),
        practices=tuple(_practices(facts, day)),
        occurred=(Said(day.isoformat(), facts=_numbers(facts, Kind.ANNOUNCED)),),
        circumstances=tuple(_circumstances(facts, about)),
        impact=tuple(_impact(facts, about)),
        actions=tuple(_actions(facts, about)),
        moments=tuple(_moments(facts, about)),
    )


def _practices(facts: Sequence[Fact], day: date) -> list[Field]:
    """Suggested by what kind of breach the facts show; a person confirms them."""
    found: dict[str, tuple[int, ...]] = {}
    for kind, breach in _BREACHES.items():
        numbers = _numbers(facts, kind)
        for practice in touched(breach, day) if numbers else ():
            found[practice.code] = found.get(practice.code, ()) + numbers
    if not found:
        return [Gap("Which practice of the Code, in the edition in force that day?")]
    return [Said(code, facts=numbers) for code, numbers in found.items()]


_BREACHES = {
    Kind.LATE: Breach.LATE,
    Kind.EARLY: Breach.EARLY,
    Kind.PARTIAL: Breach.UNEQUAL_ACCESS,
    Kind.WRONG: Breach.WRONG_CONTENT,
}


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
    return [
        *told,
        _settled(
            _first(facts, Kind.CAUSE_INFERRED),
            lambda fact: f"Cause inferred from evidence: {_CAUSES[fact.details['cause']]}.",
            "What does the evidence show of the cause?",
        ),
        _settled(
            _first(facts, Kind.TICKET_RAISED),
            lambda fact: (
                f"The platform's support was asked at {_clock(fact, zone)}, with the evidence."
            ),
            "When was the platform's support asked?",
        ),
        _settled(
            _first(facts, Kind.CAUSE_STATED),
            lambda fact: (
                f"Cause stated by the platform at {_clock(fact, zone)}: {_quoted(fact, about)}"
            ),
            "What cause did the platform state, and when?",
        ),
        _settled(
            _seen(facts, Kind.SEEN_BY_ALL, ANNOUNCED),
            lambda fact: f"The announced address worked for every witness by {_clock(fact, zone)}.",
            "When did the announced address work?",
        ),
    ]


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
        Gap("What will the producer do, who, and by when?"),
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
                Moment(f"{local:%Y-%m-%dT%H:%M:%S}", bound, event, fact.kind.says, (fact.n,))
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


def _clock(fact: Fact, zone: str) -> str:
    return f"{_local(fact, zone):%H:%M:%S}"


def _listed(names: Iterable[str]) -> str:
    words = list(names)
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
