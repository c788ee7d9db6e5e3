"""facts -> what happened, in sentences: the course of the day, who saw it when, and causes."""

from collections.abc import Sequence

from ninethirty.core.breach import Field, Said
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.particulars import Particulars
from ninethirty.core.sentence import (
    clock,
    first,
    first_at,
    numbered,
    one_after_another,
    quoted,
    settled,
)
from ninethirty.core.watch import ALTERNATE, ANNOUNCED


def circumstances(facts: Sequence[Fact], about: Particulars) -> list[Field]:
    told: list[Field] = [
        Said(
            f"The release was promised for {about.promised.local:%H:%M} on "
            f"{about.promised.local:%-d %B %Y} at {about.announced}.",
            facts=numbered(facts, Kind.ANNOUNCED),
        )
    ]
    armed = first(facts, Kind.ARMED)
    if armed:
        told.append(
            Said(
                "It was sealed, approved by a second person and set to open on our own site "
                f"before then, at {clock(armed, about.promised)}.",
                facts=numbered(facts, Kind.SEALED, Kind.APPROVED, Kind.ARMED),
            )
        )
    late = first(facts, Kind.LATE)
    if late:
        told.append(
            Said(
                "At the promised time it was not at the announced address. "
                f"{_witnesses(facts)} established this by {clock(late, about.promised)}.",
                facts=numbered(facts, Kind.WATCHED, Kind.LATE_PROVISIONAL, Kind.LATE),
            )
        )
    for kind, says in _SEEN_WRONG.items():
        if seen := first(facts, kind):
            told.append(
                Said(f"{says} by {clock(seen, about.promised)}.", facts=numbered(facts, kind))
            )
    return [
        *told,
        settled(
            first(facts, Kind.TICKET_RAISED),
            lambda fact: (
                f"The platform's support was asked at {clock(fact, about.promised)}, "
                "with the evidence."
            ),
            "When was the platform's support asked?",
        ),
        *_answers(facts, about),
        settled(
            first_at(facts, Kind.SEEN_BY_ALL, ANNOUNCED),
            lambda fact: (
                f"The announced address worked for every witness by {clock(fact, about.promised)}."
            ),
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
    elsewhere = {
        fact.details["message"]
        for fact in facts
        if fact.kind in (Kind.CAUSE_STATED, Kind.FIX_REPORTED)
    }
    return [
        Said(
            f"The platform's support answered at {clock(fact, about.promised)}: "
            f"{quoted(fact, about)}",
            facts=(fact.n,),
        )
        for fact in facts
        if fact.kind is Kind.TICKET_ANSWERED and fact.details["message"] not in elsewhere
    ]


def access(facts: Sequence[Fact], about: Particulars) -> list[Field]:
    """Who could see it when, as far as anybody looked."""
    told: list[Field] = []
    watched = numbered(facts, Kind.WATCHED)
    if watched and not numbered(facts, Kind.EARLY):
        told.append(Said("No witness saw any of it before its time.", facts=watched))
    for channel, where in ((ALTERNATE, about.alternate), (ANNOUNCED, about.announced)):
        seen = first_at(facts, Kind.FIRST_SEEN, channel)
        if seen:
            told.append(
                Said(
                    f"Anybody could read it at {where} from {clock(seen, about.promised)} "
                    "at the latest.",
                    facts=(seen.n,),
                )
            )
    return told


def cause(facts: Sequence[Fact], about: Particulars) -> list[Field]:
    """What the evidence shows, apart from what the platform said, first and later."""
    stated = one_after_another(facts, Kind.CAUSE_STATED, about)
    return [
        settled(
            first(facts, Kind.CAUSE_INFERRED),
            lambda fact: f"Cause inferred from evidence: {_CAUSES[fact.details['cause']]}.",
            "What does the evidence show of the cause?",
        ),
        settled(
            stated[0] if stated else None,
            lambda fact: (
                f"Cause stated by the platform at {clock(fact, about.promised)}: "
                f"{quoted(fact, about)}"
            ),
            "What cause did the platform state, and when?",
        ),
        *(
            Said(
                f"The platform corrected this at {clock(fact, about.promised)}: "
                f"{quoted(fact, about)}",
                facts=(fact.n,),
            )
            for fact in stated[1:]
        ),
    ]


_CAUSES = {
    "cached": "caches of the platform kept answering with the page of before; a request that "
    "passed them was answered with the release",
    "not_published": "the platform had not published the release; a request that passed its "
    "caches found nothing either",
    "outage": "the announced address did not answer properly",
}


def _witnesses(facts: Sequence[Fact]) -> str:
    """How many looked, and from where as far as we were told: it is declared, not proven."""
    watched = first(facts, Kind.WATCHED)
    if watched is None:
        return "Witnesses"
    names, networks = watched.details["witnesses"], watched.details["networks"]
    return f"{len(names)} witnesses, declared as {len(networks)} networks,"
