"""Fact: what happened, in the past tense.

Facts are what a regulator reads and what the report is drafted from. They hold opaque ids, digests,
counts and our own words, never names, addresses or the text of a message: those are rows, which
can be erased while the chain of facts still verifies.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from ninethirty.core.document import Json, canonical, digest
from ninethirty.core.errors import Malformed, UnknownFact
from ninethirty.core.times import Instant, Interval, When


class Kind(StrEnum):
    """Every kind of fact, with what it says. The text is shown to people."""

    says: str

    def __new__(cls, value: str, says: str) -> "Kind":
        member = str.__new__(cls, value)
        member._value_ = value
        member.says = says
        return member

    PROVISIONAL = "provisional", "a month or a range of days was promised"
    ANNOUNCED = "announced", "a date and time were promised"
    STAGED = "staged", "the bundle was handed in"
    SEALED = "sealed", "the bundle was sealed"
    APPROVAL_ASKED = "approval_asked", "approval was asked for"
    APPROVED = "approved", "a second person approved the seal"
    ARMED = "armed", "the gate acknowledged the schedule"
    HELD = "held", "the opening was taken back"
    RESCHEDULED = "rescheduled", "another date and time were promised"
    RENAMED = "renamed", "its title was changed"
    MOVE_ASKED = "move_asked", "another date and time were asked for"
    MOVE_REFUSED = "move_refused", "another date and time were refused"
    CANCELLED = "cancelled", "the release was cancelled"
    REPLACED = "replaced", "a correction was ordered"
    WATCHED = "watched", "the watch order was given to the witnesses"
    GRACES_CHANGED = "graces_changed", "a person changed how long lateness waits to be called"

    EARLY = "early", "seen before its time"
    ON_TIME = "on_time", "public on time"
    LATE_PROVISIONAL = "late_provisional", "not there; not yet certain"
    LATE = "late", "late, confirmed"
    PARTIAL = "partial", "public in part"
    WRONG = "wrong", "public, but not what was sealed"
    BLIND = "blind", "too few witnesses can see"
    RECOVERED = "recovered", "whole at the announced address"
    FIRST_SEEN = "first_seen", "first seen public"
    SEEN_BY_ALL = "seen_by_all", "seen public by every witness"
    CAUSE_INFERRED = "cause_inferred", "cause inferred from evidence"

    INCIDENT_OPENED = "incident_opened", "incident opened"
    ALTERNATE_VERIFIED = "alternate_verified", "alternate address verified"
    USERS_TOLD = "users_told", "users told"
    SUBSCRIBERS_TOLD = "subscribers_told", "subscribers told by mail"
    TICKET_RAISED = "ticket_raised", "platform's support asked"
    TICKET_UPDATED = "ticket_updated", "ticket updated"
    TICKET_ANSWERED = "ticket_answered", "platform's support answered"
    CAUSE_STATED = "cause_stated", "cause stated by the platform"
    FIX_REPORTED = "fix_reported", "fix reported by the platform"
    PAGED = "paged", "a person was paged"
    ACKNOWLEDGED = "acknowledged", "a person is at it"
    UPLOADED = "uploaded", "uploaded to another page by a person"
    UPLOAD_VERIFIED = "upload_verified", "the uploaded copy verified"
    CHECKED = "checked", "checked"
    ROUTE_PROVEN = "route_proven", "a test message reached a pager"
    COPY_STAGED = "copy_staged", "a copy was staged"
    COPY_PUBLIC = "copy_public", "a copy was made public and read back"
    CLOSED = "closed", "closed"
    WATCH_BEGUN = "watch_begun", "after the fix: watched harder"
    WATCH_ENDED = "watch_ended", "end of the watch after the fix"
    READER_WROTE = "reader_wrote", "a reader said that something is wrong"
    ENQUIRY_NOTED = "enquiry_noted", "somebody asked by telephone or mail"
    VETOED = "vetoed", "a person stopped the public steps"
    VETO_LIFTED = "veto_lifted", "a person let the public steps go on"
    NOT_SAID = "not_said", "a person looked, and users had not been told there"
    SECOND_ASKED = "second_asked", "a second person was asked to agree"
    HANDED_OVER = "handed_over", "a note for whoever takes over was written"
    REPORT_DRAFTED = "report_drafted", "breach report drafted"

    ACCESS_ADDED = "access_added", "somebody was put on the list of those who see it early"
    ACCESS_CHANGED = "access_changed", "an entry on the list of early access was changed"
    ACCESS_EXTENDED = "access_extended", "access beyond the ceiling was asked for, with a reason"
    ACCESS_CONFIRMED = "access_confirmed", "the list of early access was confirmed"
    ACCESS_REVOKED = "access_revoked", "early access was taken back"
    ACCESS_EXPIRED = "access_expired", "early access ended with a change of job"
    ACCESS_PUBLISHED = "access_published", "the list of early access, without names, was published"
    ACCESS_LINKED = "access_linked", "a personal link was made"
    ACCESS_SIGNED_IN = "access_signed_in", "a reader signed in by a code sent to them"
    ACCESS_ACCEPTED = "access_accepted", "a reader accepted the duties"
    ACCESS_OPENED = "access_opened", "a reader opened something before its time"
    ACCESS_REFUSED = "access_refused", "a personal link was tried, and showed nothing"
    LOOKED_AT = "looked_at", "somebody who works on it looked at it before its time"
    SLIPPED = "slipped", "it was sent to somebody not entitled to it"
    SLIP_DECIDED = "slip_decided", "it was decided what follows from the slip"

    PRODUCER_ADDED = "producer_added", "a producer was added"
    LEAVE_RECORDED = "leave_recorded", "leave for another time was recorded"
    SERIES_ADDED = "series_added", "a series was added"
    IMPORTED = "imported", "promises made elsewhere were taken up"

    SITE_SHOWN = "site_shown", "the pages of the site were rendered and put in force"

    BREACH_OPENED = "breach_opened", "a breach was entered in the register"
    REPORT_WRITTEN = "report_written", "a version of the report was written"
    REVIEW_ASKED = "review_asked", "a review of the report was asked for"
    COMMENTED = "commented", "the report was commented on"
    REPORT_SIGNED = "report_signed", "the report was signed"
    STATEMENT_PUBLISHED = "statement_published", "a statement was published"
    REPORT_SUBMITTED = "report_submitted", "the report was submitted"
    REPORT_RECEIVED = "report_received", "the report was received"
    REPORT_ADVISED = "report_advised", "advice on the report came"
    REPORT_RETURNED = "report_returned", "the report came back with questions"
    REPORT_ACCEPTED = "report_accepted", "the report was accepted"
    REPORT_PUBLISHED = "report_published", "the report was published"
    SET_ASIDE = "set_aside", "set aside: not a breach"
    ACTION_PLANNED = "action_planned", "a corrective action was planned"
    ACTION_DONE = "action_done", "a corrective action was done"
    REMINDED = "reminded", "somebody was reminded"
    PROBLEM_OPENED = "problem_opened", "a problem of a platform was opened"
    PROBLEM_GATHERED = "problem_gathered", "a release was found hit by the problem"
    PRODUCER_TOLD = "producer_told", "a producer was told"

    PERSON_ADDED = "person_added", "somebody came to work here"
    PERSON_CHANGED = "person_changed", "somebody got another role, or other producers"
    PERSON_LEFT = "person_left", "somebody left"
    ACCOUNT_RESET = "account_reset", "a password and second factor were taken away"
    PASSWORD_SET = "password_set", "somebody set their password by a one-time link"
    REHEARSED = "rehearsed", "a fault was rehearsed on stand-ins"
    REHEARSAL_ENDED = "rehearsal_ended", "a rehearsal was ended"
    RECORD_CHECKED = "record_checked", "every chain of facts was recomputed"
    PAPER_MADE = "paper_made", "a way in for an emergency was put on paper"
    PAPER_USED = "paper_used", "the way in on paper was used"
    PAPER_CLOSED = "paper_closed", "somebody looked into the use of the way in on paper"
    HEADS_SIGNED = "heads_signed", "the end of every timeline was signed"
    ERASED = "erased", "words or a name were erased"

    STEP_CLAIMED = "step_claimed", "a runner took the step"
    STEP_DONE = "step_done", "step done"
    STEP_FAILED = "step_failed", "step failed"


@dataclass(frozen=True)
class Fact:
    """One line of a timeline.

    n counts from 1 within the subject. `at` is when it happened (an interval if nobody knows more
    exactly), by the word of `said_by` if that is not the actor; `recorded` when we wrote it. `key`
    can exist once: whoever writes it first, acts.
    """

    subject: str
    n: int
    kind: Kind
    at: When
    recorded: Instant
    actor: str
    key: str
    details: Json = field(default_factory=dict)
    said_by: str = ""


def body(fact: Fact) -> Json:
    """The fact as a document."""
    at: str | list[str | None] = (
        [fact.at.after.text() if fact.at.after else None, fact.at.by.text()]
        if isinstance(fact.at, Interval)
        else fact.at.text()
    )
    document = {
        "subject": fact.subject,
        "n": fact.n,
        "kind": str(fact.kind),
        "at": at,
        "recorded": fact.recorded.text(),
        "actor": fact.actor,
        "key": fact.key,
        "details": fact.details,
    }
    # Facts recorded before there was such a field keep their hash.
    return document | {"said_by": fact.said_by} if fact.said_by else document


def check_details(details: Json) -> None:
    """Facts are for ever: names, addresses and what people wrote belong in rows, by their id.

    Raises:
        Malformed: this text looks like an address, or like something that somebody wrote.
    """
    for text in _texts(details):
        # No more than what no file of a bundle can be called: a verdict names parts, and must never
        # be kept from being written by their names or their number.
        if "://" in text or "\n" in text or "\0" in text:
            raise Malformed(
                f"a fact holds no address and nothing that somebody wrote: keep {text[:40]!r} in a "
                "row, and its id here"
            )


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)


def read(document: Json) -> Fact:
    """The fact in a document.

    Raises:
        UnknownFact: written by a newer version; never skipped in silence.
    """
    at = document["at"]
    when: When = (
        Interval(Instant.parse(at[0]) if at[0] else None, Instant.parse(at[1]))
        if isinstance(at, list)
        else Instant.parse(at)
    )
    return Fact(
        subject=document["subject"],
        n=document["n"],
        kind=kind_of(document["kind"]),
        at=when,
        recorded=Instant.parse(document["recorded"]),
        actor=document["actor"],
        key=document["key"],
        details=document["details"],
        said_by=document.get("said_by", ""),
    )


def kind_of(text: str) -> Kind:
    try:
        return Kind(text)  # type: ignore[call-arg]  # looked up by value alone
    except ValueError as unknown:
        raise UnknownFact(f"{text!r} is a kind of fact this version does not know") from unknown


def link(previous: str, fact: Fact) -> str:
    """The hash that chains a fact to the one before it in its subject ("" for the first)."""
    return digest(canonical([previous, body(fact)]))
