"""At a body: take in a report that a producer's installation submitted, and give back a receipt."""

from django.db import transaction

from ninethirty.core.breach_document import from_document
from ninethirty.core.document import canonical, digest
from ninethirty.core.errors import Malformed, NotAllowed
from ninethirty.core.facts import Kind
from ninethirty.core.release import Role
from ninethirty.core.report import check_may
from ninethirty.core.submission import Answer, Says, read_submission, write_answer
from ninethirty.desk.actions.reports.act import note
from ninethirty.desk.actions.reports.open_breach import keep_version
from ninethirty.desk.record import models
from ninethirty.desk.record.facts import facts_of, lock
from ninethirty.desk.record.models import Breach
from ninethirty.desk.record.register import REGISTER, settle, subject_of
from ninethirty.desk.reporting import Sender
from ninethirty.desk.setup import setup


@transaction.atomic
def receive_report(data: bytes, sender: Sender) -> bytes:
    """The signed receipt; the same one for the same version sent again.

    Raises:
        Malformed, WrongKey, SealBroken: nothing was taken in.
        NotAllowed: another sender's reference, or not to be sent now.
    """
    one = read_submission(data, sender.key)
    report = from_document(one.report)
    if digest(canonical(one.report)) != one.digest:
        raise Malformed(f"{one.reference}: not the report its digest names")
    lock([REGISTER, subject_of(one.reference)])
    there = Breach.objects.filter(reference=one.reference).first()
    if there and there.sender != sender.name:
        raise NotAllowed(f"{one.reference}: is in this register, and not from {sender.name}")
    facts = facts_of(subject_of(one.reference), kinds=[Kind.REPORT_RECEIVED])
    for fact in facts:
        if fact.details["digest"] == one.digest:
            return bytes(models.Answer.objects.get(key=fact.details["receipt"]).document)
    if there and one.version <= there.version:
        raise NotAllowed(f"{one.reference}: version {there.version} is here already")
    check_may(Kind.REPORT_RECEIVED, Role.BODY, sender.name, facts_of(subject_of(one.reference)))
    breach = there or Breach(reference=one.reference, sender=sender.name, known=one.known)
    breach.platform, breach.cause = one.platform, one.cause
    breach.version = one.version - 1
    keep_version(breach, report, report.reason)
    kept = give(breach, one.digest, Says.RECEIVED)
    note(
        one.reference,
        Kind.REPORT_RECEIVED,
        sender.name,
        version=one.version,
        digest=one.digest,
        receipt=kept.key,
    )
    settle(breach)
    return bytes(kept.document)


def give(
    breach: Breach, about: str, says: Says, *, advice: str = "", text: str = ""
) -> models.Answer:
    """Keep a signed answer where the sender will ask for it. about: digest of the version."""
    answer = Answer(
        breach.reference, breach.version, about, says, setup().clock().now(), advice, text
    )
    signed = write_answer(answer, setup().key())
    return models.Answer.objects.create(breach=breach, key=digest(signed), document=signed)
