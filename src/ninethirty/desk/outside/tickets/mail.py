"""A ticket as a thread of mail: sent by SMTP, answers read by IMAP.

The first mail's Message-ID is made from the ticket's key and names the thread; a mail sent twice is
one mail to whoever reads it, and answers are those that name one of ours in References (RFC 5322,
section 3.6.4).
"""

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime
from urllib.parse import urlsplit

from ninethirty.core.errors import CannotStart, OutsideFailed
from ninethirty.core.times import Clock, Instant
from ninethirty.desk.outside import smtp
from ninethirty.desk.outside.tickets.port import Comment, Ticket

TIMEOUT = 10.0
LARGEST = 1_000_000
"""Bytes of one mail that are read; an answer with a film in it is answered by telephone."""


@dataclass(frozen=True)
class Inbox:
    """Where answers come in. encrypted: imaps; without it only a test on loopback signs in."""

    host: str
    port: int
    encrypted: bool
    user: str
    password: str

    @classmethod
    def parse(cls, url: str, user: str, password: str) -> "Inbox":
        """Read imaps://HOST:PORT or imap://HOST:PORT. Raises CannotStart."""
        found = urlsplit(url)
        if found.scheme not in ("imap", "imaps") or not found.hostname or not found.port:
            raise CannotStart(f"{url}: expected imaps://HOST:PORT")
        return cls(found.hostname, found.port, found.scheme == "imaps", user, password)

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"

    @contextmanager
    def opened(self, *, readonly: bool = True) -> Iterator[imaplib.IMAP4]:
        """Read only, what we read stays unread for the people whose mailbox it is."""
        try:
            box = (
                imaplib.IMAP4_SSL(
                    self.host,
                    self.port,
                    timeout=TIMEOUT,
                    ssl_context=ssl.create_default_context(),
                )
                if self.encrypted
                else imaplib.IMAP4(self.host, self.port, timeout=TIMEOUT)
            )
            with box:
                box.login(self.user, self.password)
                box.select(readonly=readonly)
                yield box
        except imaplib.IMAP4.error as no:
            raise OutsideFailed(f"{self}: {type(no).__name__} from the mailbox", retry=True) from no
        except OSError as broken:
            raise OutsideFailed(f"{self}: {type(broken).__name__}", retry=True) from broken


class Thread:
    def __init__(
        self, account: smtp.Account, inbox: Inbox, *, sender: str, to: str, clock: Clock
    ) -> None:
        self._account = account
        self._inbox = inbox
        self._sender = sender
        self._to = to
        self._clock = clock

    def open(self, ticket: Ticket) -> str:
        message = self._letter(ticket.subject, ticket.body, ticket.key)
        self._account.send(message)
        return str(message["Message-ID"])

    def add(self, ticket_id: str, body: str) -> None:
        message = self._letter("Re: our ticket", body, f"{ticket_id}{body}")
        message["In-Reply-To"] = message["References"] = ticket_id
        self._account.send(message)

    def comments(self, ticket_id: str) -> list[Comment]:
        with self._inbox.opened() as box:
            _, [found] = box.uid("SEARCH", "HEADER", "References", f'"{ticket_id}"')
            said = [self._comment(box, uid.decode()) for uid in (found or b"").split()]
        return sorted(said, key=lambda comment: comment.at)

    def check(self) -> None:
        self._account.check()
        with self._inbox.opened():
            pass

    def _letter(self, subject: str, text: str, key: str) -> EmailMessage:
        return smtp.letter(
            sender=self._sender,
            to=(self._to,),
            subject=subject,
            text=text,
            at=self._clock.now(),
            key=key,
        )

    def _comment(self, box: imaplib.IMAP4, uid: str) -> Comment:
        _, [(_, raw), *_] = box.uid("FETCH", uid, f"(BODY.PEEK[]<0.{LARGEST}>)")
        message = message_from_bytes(raw, policy=policy.default)
        try:
            at = Instant.of(parsedate_to_datetime(message["Date"]))
        except (TypeError, ValueError):
            at = self._clock.now()
        words = message.get_body(preferencelist=("plain", "html"))
        sender = parseaddr(message["From"])[1].casefold()
        return Comment(
            id=str(message["Message-ID"] or uid),
            at=at,
            body=_unquoted(words.get_content() if words else ""),
            by_us=sender == self._sender.casefold(),
            sender=sender,
        )


def _unquoted(text: str) -> str:
    """What they wrote, without what they quoted of ours: it is told by its >."""
    lines = [line for line in text.splitlines() if not line.startswith(">")]
    return "\n".join(lines).strip()
