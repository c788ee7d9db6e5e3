"""Hand in many mails over several connections at once."""

import smtplib
from collections import deque
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum

from ninethirty.core.errors import OutsideFailed
from ninethirty.desk.outside.mailing.journal import Journal
from ninethirty.desk.outside.smtp import Account

CONNECTIONS = 8
"""More help no server that is far away, and one that is near is busy by then."""

BROKEN = 3
"""After so many in a row a connection is given up."""

GO_ON, CLOSING, BAD_SEQUENCE = 354, 421, 503
_FAILS, _NEVER = 400, 500


class Came(StrEnum):
    SENT = "sent"
    REFUSED = "refused"
    """Not this mail, not ever (5xx)."""
    BOUNCED = "bounced"
    """Not to this address, not ever: 5xx to RCPT, if it was not for policy (5.7, RFC 3463)."""
    LATER = "later"
    """Not now (4xx)."""
    UNKNOWN = "unknown"
    """The connection was lost after the end of the mail, and before an answer."""


@dataclass(frozen=True)
class Mail:
    id: int
    to: str
    content: bytes


class _Busy(Exception):
    """The server takes nothing over this connection now: 421, or it refuses us as the sender."""


class Post:
    def __init__(self, account: Account, sender: str, journal: Journal) -> None:
        self._account, self._sender, self._journal = account, sender, journal
        self._left: deque[Mail] = deque()
        self._came: dict[int, str] = {}
        self._wrong: Exception | None = None

    def hand_in(self, mails: Collection[Mail], came: dict[int, str]) -> None:
        """Put into `came`, by id, what came of each; whatever is raised, one that is missing there
        was not begun.

        Raises:
            OutsideFailed: nothing could be handed in at all.
        """
        self._left, self._came, self._wrong = deque(mails), came, None
        count = min(CONNECTIONS, len(self._left))
        with ThreadPoolExecutor(max(count, 1)) as connections:
            for done in [connections.submit(self._work) for _ in range(count)]:
                done.result()
        if self._wrong and not any(mail.id in came for mail in mails):
            raise OutsideFailed(
                f"{self._account.server}: {type(self._wrong).__name__} {self._wrong}", retry=True
            ) from self._wrong

    def _work(self) -> None:
        server: smtplib.SMTP | None = None
        broken = 0
        while broken < BROKEN:
            try:
                mail = self._left.popleft()
            except IndexError:
                break
            try:
                server = server or self._account.connected()
                self._end(mail, self._one(server, mail))
                broken = 0
            except (smtplib.SMTPException, OSError, OutsideFailed, _Busy) as wrong:
                self._wrong = wrong
                broken = BROKEN if isinstance(wrong, _Busy | OutsideFailed) else broken + 1
                if server:
                    server.close()
                server = None
        if server:
            server.close()

    def _end(self, mail: Mail, came: Came) -> None:
        # First what the record is told: the journal's disk may be full.
        self._came[mail.id] = came
        self._journal.note(came, mail.id)

    def _one(self, server: smtplib.SMTP, mail: Mail) -> Came:
        """Raises what smtplib raises, and _Busy: it was not begun."""
        rcpt, data = _asked(server, self._sender, mail.to)
        refused = rcpt[0] >= _FAILS
        if data[0] != GO_ON:
            server.rset()
        elif refused:
            # It took DATA for nobody: an empty mail, which goes nowhere (RFC 2920, section 3.1).
            server.send(b".\r\n")
            server.getreply()
        if refused:
            policy = rcpt[1].startswith(b"5.7")
            return Came.BOUNCED if rcpt[0] >= _NEVER and not policy else _no(rcpt[0])
        if data[0] != GO_ON:
            return _no(data[0])
        self._journal.note("begun", mail.id)
        self._came[mail.id] = Came.UNKNOWN
        server.send(mail.content + b".\r\n")
        code, _ = server.getreply()
        return Came.SENT if code < _FAILS else _no(code)


Reply = tuple[int, bytes]


def _asked(server: smtplib.SMTP, sender: str, to: str) -> tuple[Reply, Reply]:
    """The replies to RCPT and DATA, asked at once where the server allows it (RFC 2920).

    Raises:
        _Busy: it takes nothing from us now, whoever it is for.
    """
    commands = [f"mail FROM:<{sender}>", f"rcpt TO:<{to}>", "data"]
    if server.has_extn("pipelining"):
        server.send("".join(f"{one}\r\n" for one in commands))
        replies = [server.getreply() for _ in commands]
    else:
        replies = []
        for one in commands:
            replies.append(server.docmd(one))
            if replies[-1][0] >= _FAILS:
                break
        # What was not asked is as if it had been refused with the one before it.
        replies += [(BAD_SEQUENCE, b"")] * (len(commands) - len(replies))
    mail, rcpt, data = replies
    if mail[0] >= _FAILS or CLOSING in (rcpt[0], data[0]):
        raise _Busy(f"answered {mail[0]}, {rcpt[0]}, {data[0]}")
    return rcpt, data


def _no(code: int) -> Came:
    return Came.LATER if code < _NEVER else Came.REFUSED
