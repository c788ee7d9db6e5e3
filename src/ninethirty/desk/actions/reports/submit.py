"""Send the signed report to the body whose turn it is, with its papers, as one signed document."""

from ninethirty.core.breach_document import from_document
from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.report import next_body
from ninethirty.core.submission import Submission, write_submission
from ninethirty.core.times import Instant
from ninethirty.desk.actions.reports.act import acting, note, version_of
from ninethirty.desk.actions.reports.state import link_of
from ninethirty.desk.outside.bodies.installation import Installation
from ninethirty.desk.outside.bodies.mailbox import Mailbox
from ninethirty.desk.outside.bodies.port import Recipient
from ninethirty.desk.papers.forms import papers_of
from ninethirty.desk.record.models import Breach
from ninethirty.desk.reporting import Body
from ninethirty.desk.setup import setup

FORMATS = ("docx", "html", "pdf")
"""What people at a body open."""


def submit_report(reference: str, *, by: str) -> Fact:
    """To the next body. What is sent twice is known by its digest, so it goes out before it is
    written down: a crash in between sends it again.

    Raises:
        NotAllowed: also if all bodies were asked, or no statement is public yet.
        OutsideFailed: it did not go out.
    """
    reports = setup().reports
    with acting(reference, Kind.REPORT_SUBMITTED, by) as (breach, facts):
        name = next_body(reports.order, facts)
        if name is None:
            raise NotAllowed(f"{reference}: every body was asked; see [[reports.bodies]]")
        if not any(fact.kind is Kind.STATEMENT_PUBLISHED for fact in facts):
            raise NotAllowed(f"{reference}: publish a statement first; the report names it")
        one = _submission(breach, name)
        recipient(reports.body(name)).submit(one, write_submission(one, setup().key()))
        return note(
            reference,
            Kind.REPORT_SUBMITTED,
            by,
            to=name,
            version=one.version,
            digest=one.digest,
        )


def recipient(body: Body) -> Recipient:
    return mailbox(body) if body.by_mail else Installation(body)


def mailbox(body: Body) -> Mailbox:
    mail = setup().reports.mail
    assert mail is not None
    return Mailbox(body, mail, setup().clock())


def _submission(breach: Breach, to: str) -> Submission:
    version = version_of(breach)
    return Submission(
        reference=breach.reference,
        version=version.n,
        digest=version.digest,
        report=version.document,
        sender=setup().producer,
        to=to,
        at=setup().clock().now(),
        known=Instant.of(breach.known),
        platform=breach.platform,
        cause=breach.cause,
        statement=link_of(breach.reference),
        papers=papers_of(from_document(version.document), FORMATS),
    )
