"""A body that is written to. What it answers, a person enters."""

from email.message import EmailMessage
from email.utils import format_datetime

from ninethirty.core.document import digest
from ninethirty.core.submission import Submission
from ninethirty.core.times import Clock
from ninethirty.desk.outside.pagers.mail import Mail, Server
from ninethirty.desk.reporting import Body, MailSetting


class Mailbox:
    def __init__(self, body: Body, setting: MailSetting, clock: Clock) -> None:
        self._to = body.to
        self._sender = setting.sender
        self._clock = clock
        self._mail = Mail(
            Server.parse(setting.url),
            sender=setting.sender,
            to=(body.to,),
            clock=clock,
            user=setting.user,
            password=setting.token,
        )

    def submit(self, one: Submission, signed: bytes) -> None:
        self._mail.send(self._message(one, signed))

    def answers(self, reference: str) -> list[bytes]:
        return []

    def _message(self, one: Submission, signed: bytes) -> EmailMessage:
        message = EmailMessage()
        message["From"], message["To"] = self._sender, self._to
        message["Subject"] = f"Breach report {one.reference}, version {one.version}"
        message["Date"] = format_datetime(self._clock.now())
        # One version, one id: a second copy is folded into the first by most readers of mail.
        domain = self._sender.rpartition("@")[2]
        message["Message-ID"] = f"<{one.digest[:32]}.{one.reference}@{domain}>"
        message.set_content(
            f"{one.sender} submits breach report {one.reference}, version {one.version}.\n\n"
            "The report is attached in forms for people, and as one signed file for machines.\n"
            f"SHA-256 of the signed file: {digest(signed)}\n"
            + (f"\nThe public statement: {one.statement}\n" if one.statement else "")
        )
        for name, data in sorted(one.papers.items()):
            message.add_attachment(
                data, maintype="application", subtype="octet-stream", filename=name
            )
        message.add_attachment(
            signed, maintype="application", subtype="json", filename=f"{one.reference}.signed.json"
        )
        return message
