"""One way to hand in mail, and to say what went wrong."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, getaddresses
from hashlib import sha256
from urllib.parse import urlsplit

from ninethirty.core.errors import CannotStart, OutsideFailed
from ninethirty.core.times import Instant

TIMEOUT = 10.0
"""Real seconds for each exchange with the server."""


@dataclass(frozen=True)
class Server:
    """Where mail is handed in. encrypted: from the first byte (smtps)."""

    host: str
    port: int
    encrypted: bool

    @classmethod
    def parse(cls, url: str) -> "Server":
        """Read smtp://HOST:PORT or smtps://HOST:PORT. Raises CannotStart."""
        try:
            found = urlsplit(url)
            if found.scheme in ("smtp", "smtps") and found.hostname and found.port:
                return cls(found.hostname, found.port, found.scheme == "smtps")
        except ValueError:
            pass
        raise CannotStart(f"{url}: expected smtp://HOST:PORT or smtps://HOST:PORT")

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True)
class Account:
    """user and password: empty where the server asks for none. On smtp:// they are sent only once
    the server has turned encryption on."""

    server: Server
    user: str = ""
    password: str = ""

    def send(self, message: EmailMessage) -> None:
        """Raises OutsideFailed; also if the server took it for some of its addresses only."""
        wanted = getaddresses(message.get_all("To", []))
        with _explained(self.server), self.connected() as connection:
            refused = connection.send_message(message)
        if refused:
            raise OutsideFailed(
                f"{self.server}: took mail for some and refused {len(refused)} of {len(wanted)}",
                retry=False,
                happened_perhaps=True,
            )

    def check(self) -> None:
        """Raises OutsideFailed: the server is not there, or does not let us in."""
        with _explained(self.server), self.connected() as connection:
            connection.noop()

    def connected(self) -> smtplib.SMTP:
        """Raises OutsideFailed, and what smtplib raises."""
        trust = ssl.create_default_context()  # Left to itself smtplib believes any certificate.
        host, port = self.server.host, self.server.port
        server = (
            smtplib.SMTP_SSL(host, port, timeout=TIMEOUT, context=trust)
            if self.server.encrypted
            else smtplib.SMTP(host, port, timeout=TIMEOUT)
        )
        try:
            server.ehlo()
            if not self.server.encrypted and server.has_extn("starttls"):
                server.starttls(context=trust)
                server.ehlo()
            elif self.user and not self.server.encrypted:
                raise OutsideFailed(
                    f"{self.server}: offers no encryption, and a password is not sent without",
                    retry=False,
                )
            if self.user:
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server


@contextmanager
def _explained(server: Server) -> Iterator[None]:
    try:
        yield
    except smtplib.SMTPServerDisconnected as cut:
        raise OutsideFailed(f"{server}: hung up", retry=True, happened_perhaps=True) from cut
    except smtplib.SMTPResponseException as no:
        # 4xx: not now. 5xx: not ever (RFC 5321, section 4.2.1).
        raise OutsideFailed(
            f"{server}: answered {no.smtp_code}", retry=400 <= no.smtp_code < 500
        ) from no
    except smtplib.SMTPRecipientsRefused as no:
        codes = {code for code, _ in no.recipients.values()}
        raise OutsideFailed(
            f"{server}: takes mail for none of {len(no.recipients)} addresses ({codes})",
            retry=any(code < 500 for code in codes),
        ) from no
    except (smtplib.SMTPException, OSError) as broken:
        raise OutsideFailed(
            f"{server}: {type(broken).__name__}", retry=True, happened_perhaps=True
        ) from broken


def message_id(key: str, sender: str) -> str:
    """One cause, one id: most readers of mail fold a second copy into the first."""
    name = sha256(key.encode()).hexdigest()[:32]
    return f"<{name}@{Address(addr_spec=sender).domain}>"


def letter(
    *, sender: str, to: tuple[str, ...], subject: str, text: str, at: Instant, key: str
) -> EmailMessage:
    """A mail in plain words, whose id is the same for the same key."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = ", ".join(to)
    message["Subject"] = subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id(key, sender)
    message.set_content(text)
    return message
