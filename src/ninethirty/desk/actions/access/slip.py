"""It went to somebody not entitled to it: say so, open the report, decide what follows."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db import transaction

from ninethirty.core.access import check_may
from ninethirty.core.breach import Bound, Event, Gap, Moment, Report, Said
from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.forms import form_on
from ninethirty.core.practices import Breach as KindOfBreach
from ninethirty.core.practices import touched
from ninethirty.core.sentence import given
from ninethirty.core.times import Instant, at_local
from ninethirty.desk.actions.access.act import note, subject_of
from ninethirty.desk.actions.act import kept, release_of
from ninethirty.desk.actions.move import take_back_if_armed
from ninethirty.desk.actions.reports.open_breach import About, open_breach
from ninethirty.desk.actions.whose import role_on
from ninethirty.desk.record.facts import facts_of, lock
from ninethirty.desk.record.models import Release
from ninethirty.desk.record.register import SLIPPED
from ninethirty.desk.setup import setup

LONGEST = 2000


class Recalled(StrEnum):
    """Whether what was sent was got back. The text is shown to people."""

    says: str

    def __new__(cls, value: str, says: str) -> "Recalled":
        member = str.__new__(cls, value)
        member._value_ = value
        member.says = says
        return member

    UNREAD = "unread", "It was got back or deleted, and they say that nobody had read it."
    READ = "read", "It was deleted, but somebody had read it."
    NOT = "not", "It was not got back."
    UNKNOWN = "unknown", "Whether it was got back is not known yet."


class Follows(StrEnum):
    NOW = "release now"
    HOLD = "hold"
    AS_PROMISED = "release as promised"


@dataclass(frozen=True)
class Slip:
    """at: when it was sent, if anybody knows. how: "by e-mail". to: who got it, by role and
    organisation, no names. people: how many. told: whom we have told of it, and when."""

    how: str
    to: str
    people: int
    recalled: Recalled
    told: str
    at: Instant | None = None


def note_slip(release: str, slip: Slip, *, by: str) -> str:
    """The reference of the breach that it opens in the register.

    Raises NotAllowed: nobody we know, no such release, or something is not said.
    """
    check_may(Kind.SLIPPED, role_on(release, by), by)
    now = setup().clock().now()
    for name, text in (("how", slip.how), ("to whom", slip.to), ("told", slip.told)):
        if not text.strip():
            raise NotAllowed(f"{name}: say it, if only that it is not known yet")
        if len(text) > LONGEST:
            raise NotAllowed(f"{name}: at most {LONGEST} letters; found {len(text)}")
    if slip.people < 1:
        raise NotAllowed("people: at least one; give your best estimate")
    if slip.at and slip.at > now:
        raise NotAllowed(f"it was sent at {slip.at.text()}, which is still to come: look again")
    with transaction.atomic():
        lock([subject_of(release)])
        row = release_of(release)
        about = About(known=now, release=release, cause=SLIPPED)
        reference = open_breach(_report(row, slip, now), about, by=by).reference
        words = "\n".join((slip.how, slip.to, slip.told))
        note(
            release,
            Kind.SLIPPED,
            by,
            people=slip.people,
            recalled=str(slip.recalled),
            message=kept(subject_of(release), Kind.SLIPPED, words),
            reference=reference,
        )
        return reference


def decide(release: str, follows: Follows, reason: str, *, by: str) -> Fact:
    """Hold is done at once, where it is armed. To release now is done by moving its date, for it
    needs a public reason, and a seal and an approval for the new time.

    Raises NotAllowed: not the head of profession, nothing has slipped, no reason; or a gate that
    may still open what is to be held, and then this is to be decided again.
    """
    check_may(Kind.SLIP_DECIDED, role_on(release, by), by)
    if not reason.strip():
        raise NotAllowed("Say why: the reason is kept with the decision, for the report.")
    subject = subject_of(release)
    if not facts_of(subject, kinds=[Kind.SLIPPED]):
        raise NotAllowed(f"{release}: nobody has said that anything was sent to the wrong person")
    if follows is Follows.HOLD:
        take_back_if_armed(release, by=by, reason=reason)
    with transaction.atomic():
        lock([subject])
        return note(
            release,
            Kind.SLIP_DECIDED,
            by,
            follows=str(follows),
            reason_kept=kept(subject, Kind.SLIP_DECIDED, reason),
        )


def _report(row: Release, slip: Slip, now: Instant) -> Report:
    """What is known in the first minutes; the rest is asked of people."""
    zone, contact = setup().promises.usual.zone, setup().contact
    today = at_local(now, zone).date()
    sent = at_local(slip.at, zone) if slip.at else None
    day = sent.date() if sent else today
    people = "one person" if slip.people == 1 else f"{slip.people:,} people"
    when = f" at {sent:%H:%M} on {sent:%-d %B %Y}" if sent else ""
    promised = f" It was promised for {row.opens}." if row.opens else ""
    return Report(
        form=form_on(today).name,
        kind=Said(str(KindOfBreach.WRONG_AUDIENCE)),
        title=Said(row.title),
        links=(Said(row.announced),),
        producer=Said(setup().producer),
        contact_name=given(contact.name, "Who answers questions about this report?"),
        contact_email=given(contact.email, "At which address can they be reached?"),
        contact_telephone=given(contact.telephone, "On which telephone number?"),
        statement=Gap("Link to the statement on the producer's own site, once there is one."),
        report_date=Said(today.isoformat()),
        practices=_practices(day),
        occurred=(Said(day.isoformat()),),
        circumstances=(
            Said(f"Before its release it was sent to {people} not entitled to it{when}.{promised}"),
            Said(f"How: {slip.how.strip()}"),
            Said(slip.recalled.says),
        ),
        access=(Said(f"Sent to: {slip.to.strip()}"),),
        impact=(Gap("What could whoever saw it have done by it? Did figures become known?"),),
        actions=(Said(f"Told of it: {slip.told.strip()}"), Gap("What else was done at once?")),
        cause=(Gap("How could it come to this?"),),
        earlier=(Gap("Were there earlier breaches like it?"),),
        moments=(
            (Moment(f"{sent:%Y-%m-%dT%H:%M}", Bound.AT, Event.OTHER, "sent"),) if sent else ()
        ),
    )


def _practices(day: date) -> tuple[Said | Gap, ...]:
    found = touched(KindOfBreach.WRONG_AUDIENCE, day)
    asks = "Which practice of the Code, in the edition in force that day?"
    return tuple(Said(one.code) for one in found) or (Gap(asks),)
