"""A mail server on loopback that takes mail, or fails as told."""

from asyncio import Server
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from aiosmtpd.smtp import Envelope as Handed


@dataclass
class Mailbox:
    """moods: what it answers to the next mails handed in, one a mail; then it is well."""

    moods: list[str] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    """Addresses it takes no mail for."""
    taken: list[EmailMessage] = field(default_factory=list)
    logins: list[tuple[bytes, bytes]] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Handed, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Handed) -> str:
        mood = self.moods.pop(0) if self.moods else "250 OK"
        if mood.startswith("250") or mood == "takes it, then hangs up":
            assert isinstance(envelope.content, bytes)
            self.taken.append(message_from_bytes(envelope.content, policy=policy.default))
        if "hangs up" in mood:
            server.transport.abort()
        return mood

    def login(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> Any:
        assert isinstance(data, LoginPassword)
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password == b"right", handled=False)


class _AnyPort(Controller):
    """Looks whether it is up at the port it was given, not at port 0."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextmanager
def mailbox(**options: Any) -> Iterator[Mailbox]:
    """`options` go to the library's server: tls_context, auth_required, ..."""
    box = Mailbox()
    server = _AnyPort(box, hostname="127.0.0.1", port=0, authenticator=box.login, **options)
    server.start()
    try:
        box.port = server.port
        yield box
    finally:
        server.stop()
