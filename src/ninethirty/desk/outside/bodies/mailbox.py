"""A body that is written to. What it answers, a person enters."""

from ninethirty.core.document import digest
from ninethirty.core.submission import Submission
from ninethirty.core.times import Clock
from ninethirty.desk.credential import read_credential
from ninethirty.desk.outside.smtp import Account, Server, letter
from ninethirty.desk.reporting import Body, MailSetting


class Mailbox:
    def __init__(self, body: Body, setting: MailSetting, clock: Clock) -> None:
        self._to = body.to
        self._sender = setting.sender
        self._clock = clock
        password = read_credential(setting.token)
        self._account = Account(Server.parse(setting.url), setting.user, password)

    def submit(self, one: Submission, signed: bytes) -> None:
        statement = f"\nThe public statement: {one.statement}\n" if one.statement else ""
        message = letter(
            sender=self._sender,
            to=(self._to,),
            subject=f"Breach report {one.reference}, version {one.version}",
            text=f"{one.sender} submits breach report {one.reference}, version {one.version}.\n\n"
            "The report is attached in forms for people, and as one signed file for machines.\n"
            f"SHA-256 of the signed file: {digest(signed)}\n{statement}",
            at=self._clock.now(),
            key=f"{one.reference}/{one.digest}",
        )
        for name, data in sorted(one.papers.items()):
            message.add_attachment(
                data, maintype="application", subtype="octet-stream", filename=name
            )
        message.add_attachment(
            signed, maintype="application", subtype="json", filename=f"{one.reference}.signed.json"
        )
        self._account.send(message)

    def answers(self, reference: str) -> list[bytes]:
        return []
