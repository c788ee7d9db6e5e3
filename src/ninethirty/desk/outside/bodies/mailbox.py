"""A body that is written to, and its replies, which are known by the mail they answer (RFC 5322,
section 3.6.4) and taken from nobody but the address that was written to."""

from ninethirty.core.document import digest
from ninethirty.core.reply import FIRST_LINES
from ninethirty.core.submission import Submission
from ninethirty.core.times import Clock
from ninethirty.desk.credential import read_credential
from ninethirty.desk.outside.smtp import Account, Server, letter, message_id
from ninethirty.desk.outside.tickets.mail import Inbox, Thread
from ninethirty.desk.outside.tickets.port import Comment
from ninethirty.desk.reporting import Body, MailSetting


class Mailbox:
    def __init__(self, body: Body, setting: MailSetting, clock: Clock) -> None:
        self._to = body.to
        self._sender = setting.sender
        self._clock = clock
        password = read_credential(setting.token)
        self._account = Account(Server.parse(setting.url), setting.user, password)
        self._inbox = Inbox.parse(setting.inbox, setting.user, password) if setting.inbox else None

    def submit(self, one: Submission, signed: bytes) -> None:
        statement = f"\nThe public statement: {one.statement}\n" if one.statement else ""
        message = letter(
            sender=self._sender,
            to=(self._to,),
            subject=f"Breach report {one.reference}, version {one.version}",
            text=f"{one.sender} submits breach report {one.reference}, version {one.version}.\n\n"
            "The report is attached in forms for people, and as one signed file for machines.\n"
            f"SHA-256 of the signed file: {digest(signed)}\n{statement}\n{_HOW}",
            at=self._clock.now(),
            key=self._key(one.reference, one.digest),
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

    def replies(self, reference: str, version: str) -> list[Comment]:
        """To the mail with the version of this digest, oldest first; none without an inbox. Raises
        OutsideFailed."""
        if self._inbox is None:
            return []
        thread = Thread(
            self._account, self._inbox, sender=self._sender, to=self._to, clock=self._clock
        )
        sent = message_id(self._key(reference, version), self._sender)
        return [one for one in thread.comments(sent) if one.sender == self._to.casefold()]

    def _key(self, reference: str, version: str) -> str:
        return f"{self._to}/{reference}/{version}"


_HOW = (
    "Please answer by a reply to this mail, with one of these as its first line, alone: "
    f"{', '.join(word.capitalize() for word in FIRST_LINES)}. What else you write goes below it.\n"
)
