"""E-mail by SMTP, to a team or to a bridge that rings telephones."""

import smtplib
import ssl
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256
from urllib.parse import urlsplit

from ninethirty.core.errors import CannotStart, OutsideFailed
from ninethirty.core.times import Clock
from ninethirty.desk.outside.pagers.port import Alert

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


class Mail:
    """user and password: empty where the server asks for none. On smtp:// they are sent only once
    the server has turned encryption on."""

    def __init__(
        self,
        server: Server,
        *,
        sender: str,
        to: tuple[str, ...],
        clock: Clock,
        user: str = "",
        password: str = "",
    ) -> None:
        self._server = server
        self._sender = sender
        self._to = to
        self._clock = clock
        self._user = user
        self._password = password

    def page(self, alert: Alert) -> None:
        self.send(self._message(alert))

    def send(self, message: EmailMessage) -> None:
        """Raises OutsideFailed."""
        try:
            with self._connected() as server:
                refused = server.send_message(message)
        except smtplib.SMTPServerDisconnected as cut:
            raise OutsideFailed(
                f"{self._where}: hung up", retry=True, happened_perhaps=True
            ) from cut
        except smtplib.SMTPResponseException as no:
            # 4xx: not now. 5xx: not ever (RFC 5321, section 4.2.1).
            raise OutsideFailed(
                f"{self._where}: answered {no.smtp_code}", retry=400 <= no.smtp_code < 500
            ) from no
        except smtplib.SMTPRecipientsRefused as no:
            codes = {code for code, _ in no.recipients.values()}
            raise OutsideFailed(
                f"{self._where}: takes mail for none of {len(self._to)} addresses ({codes})",
                retry=any(code < 500 for code in codes),
            ) from no
        except (smtplib.SMTPException, OSError) as broken:
            raise OutsideFailed(
                f"{self._where}: {type(broken).__name__}", retry=True, happened_perhaps=True
            ) from broken
        if refused:
            raise OutsideFailed(
                f"{self._where}: took mail for some and refused {len(refused)} of {len(self._to)}",
                retry=False,
                happened_perhaps=True,
            )

    def _connected(self) -> smtplib.SMTP:
        trust = ssl.create_default_context()  # Left to itself smtplib believes any certificate.
        host, port = self._server.host, self._server.port
        server = (
            smtplib.SMTP_SSL(host, port, timeout=TIMEOUT, context=trust)
            if self._server.encrypted
            else smtplib.SMTP(host, port, timeout=TIMEOUT)
        )
        try:
            server.ehlo()
            if not self._server.encrypted and server.has_extn("starttls"):
                server.starttls(context=trust)
                server.ehlo()
            elif self._user and not self._server.encrypted:
                raise OutsideFailed(
                    f"{self._where}: offers no encryption, and a password is not sent without",
                    retry=False,
                )
            if self._user:
                server.login(self._user, self._password)
        except BaseException:
            server.close()
            raise
        return server

    def _message(self, alert: Alert) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self._sender
        message["To"] = ", ".join(self._to)
        message["Subject"] = alert.reason
        message["Date"] = format_datetime(self._clock.now())
        # One cause, one id: a second copy is folded into the first by most readers of mail.
        name = sha256(alert.key.encode()).hexdigest()[:32]
        message["Message-ID"] = f"<{name}@{Address(addr_spec=self._sender).domain}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(
            f"{alert.reason}\n\n{alert.link}\n" if alert.link else f"{alert.reason}\n"
        )
        return message

    @property
    def _where(self) -> str:
        return f"{self._server.host}:{self._server.port}"
