"""Take in what a body said of a report: by its signed answer, or by the word of a person."""

from contextlib import suppress

from django.db import transaction

from ninethirty.core.errors import AlreadyHappened, NinethirtyError, NotAllowed
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.release import Role
from ninethirty.core.reply import read_reply
from ninethirty.core.report import Advice, Stage
from ninethirty.core.submission import Answer, Says, read_answer
from ninethirty.desk.actions.act import kept
from ninethirty.desk.actions.people import RUNNER
from ninethirty.desk.actions.reports.act import acting, breach_of, note, role_at
from ninethirty.desk.actions.reports.submit import mailbox, recipient
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.record.models import Breach
from ninethirty.desk.record.register import subject_of
from ninethirty.desk.reporting import Body
from ninethirty.desk.setup import setup

_MAIL = f"{RUNNER}mail"

KINDS = {
    Says.RECEIVED: Kind.REPORT_RECEIVED,
    Says.ADVISED: Kind.REPORT_ADVISED,
    Says.RETURNED: Kind.REPORT_RETURNED,
    Says.ACCEPTED: Kind.REPORT_ACCEPTED,
}


def ask_body(reference: str) -> list[Fact]:
    """Ask the body that has the report what it says; what is new is written down.

    Raises:
        OutsideFailed: it cannot be asked. WrongKey, SealBroken, Malformed: not its own answer.
    """
    name = asked(reference)
    body = setup().reports.body(name)
    answers = (
        _replied(reference, body)
        if body.by_mail
        else [read_answer(data, body.key) for data in recipient(body).answers(reference)]
    )
    heard = []
    for answer in answers:
        with suppress(AlreadyHappened):
            heard.append(take_answer(answer, said_by=name, by=_MAIL if body.by_mail else name))
    return heard


def _replied(reference: str, body: Body) -> list[Answer]:
    """What came by mail: unsigned, and so written down by us as what the body is said to say."""
    sent = facts_of(subject_of(reference), kinds=[Kind.REPORT_SUBMITTED])[-1].details
    found = []
    for mail in mailbox(body).replies(reference, sent["digest"]):
        reply = read_reply(mail.body)
        found.append(
            Answer(
                reference,
                sent["version"],
                sent["digest"],
                reply.says,
                mail.at,
                reply.advice,
                reply.text,
            )
        )
    return found


def ask_bodies() -> list[Fact]:
    """About every report that is with a body. Raises as `ask_body` does."""
    heard: list[Fact] = []
    failed: NinethirtyError | None = None
    for breach in Breach.objects.filter(stage=Stage.SUBMITTED, sender="").order_by("id"):
        try:
            heard += ask_body(breach.reference)
        except NinethirtyError as wrong:  # one body that is down must not silence the others
            failed = wrong
    if failed:
        raise failed
    return heard


def asked(reference: str) -> str:
    """The body that was asked last. Raises NotAllowed: none was."""
    breach_of(reference)
    sent = facts_of(subject_of(reference), kinds=[Kind.REPORT_SUBMITTED])
    if not sent:
        raise NotAllowed(f"{reference}: was not submitted yet")
    return str(sent[-1].details["to"])


@transaction.atomic
def take_answer(answer: Answer, *, said_by: str, by: str) -> Fact:
    """by: the body itself if it signed, else who read its mail.

    Raises AlreadyHappened: it was taken in before. NotAllowed: the report is not with a body, or
    the answer is about another version than the one that was sent."""
    # Asked before the stage is looked at: an old answer is old, whatever has become of the report.
    key = f"{subject_of(answer.reference)}/{said_by}/{answer.says}/{answer.at.text()}"
    if any(fact.key == key for fact in facts_of(subject_of(answer.reference))):
        raise AlreadyHappened(f"{key} is recorded already")
    return _take(answer, by, said_by, key)


def enter_answer(answer: Answer, *, by: str) -> Fact:
    """What came by mail or by telephone, entered by a person. Raises NotAllowed."""
    role = role_at(breach_of(answer.reference).release, by)
    if role not in (Role.HEAD_OF_PROFESSION, Role.PUBLISHING_OFFICER):
        raise NotAllowed(f"{answer.reference}: not for a {role} to enter")
    return _take(answer, by, asked(answer.reference), "")


def _take(answer: Answer, by: str, said_by: str, key: str) -> Fact:
    if answer.says is Says.ADVISED and answer.advice not in list(Advice):
        raise NotAllowed(f"advice: expected {' or '.join(Advice)}, found {answer.advice!r}")
    if answer.says is Says.RETURNED and not answer.text.strip():
        raise NotAllowed("a report that is returned comes back with questions")
    subject = subject_of(answer.reference)
    with acting(answer.reference, KINDS[answer.says], by, role=Role.BODY) as (_, facts):
        sent = [fact for fact in facts if fact.kind is Kind.REPORT_SUBMITTED][-1:]
        if not sent or sent[0].details["digest"] != answer.digest:
            raise NotAllowed(f"{answer.reference}: an answer about a version that was not sent")
        details = {"version": answer.version}
        if answer.text:
            details["message"] = kept(subject, KINDS[answer.says], answer.text)
        return note(
            answer.reference,
            KINDS[answer.says],
            by,
            at=answer.at,
            key=key,
            said_by=said_by if by != said_by else "",
            **details,
            **({"advice": answer.advice} if answer.advice else {}),
        )
