"""A mail to many: what all get is made once, what is one reader's own is put in.

Headers for lists: List-Unsubscribe and -Post (RFC 2369, RFC 8058), List-Id (RFC 2919),
Auto-Submitted (RFC 3834, so that no holiday answer comes back), Precedence (older readers).
"""

from binascii import b2a_qp
from email.header import Header
from email.headerregistry import Address
from email.utils import format_datetime
from re import MULTILINE, compile

from ninethirty.core.times import Instant
from ninethirty.desk.outside.smtp import message_id

_CRLF = "\r\n"
_DOT = compile(rb"^\.", MULTILINE)


class Stencil:
    """key: of the message; with that of a reader it makes the Message-ID, always the same. list:
    name of the list, as gdp.series. sender: address."""

    def __init__(
        self, *, sender: str, list: str, subject: str, text: str, at: Instant, key: str
    ) -> None:
        self._key, self._sender = key, sender
        self._head = _CRLF.join(
            (
                f"From: {sender}",
                f"Subject: {Header(' '.join(subject.split()), 'utf-8').encode(linesep=_CRLF)}",
                f"Date: {format_datetime(at)}",
                f"List-Id: <{list}.{Address(addr_spec=sender).domain}>",
                "Auto-Submitted: auto-generated",
                "Precedence: list",
                "MIME-Version: 1.0",
                'Content-Type: text/plain; charset="utf-8"',
                "Content-Transfer-Encoding: quoted-printable",
            )
        ).encode()
        self._text = _coded(f"{text}\n\n")

    def mail(self, to: str, key: str, lines: str, leave: str) -> bytes:
        """As it goes over the wire, without the dot at its end. lines: of this reader's own, at the
        end of the text. leave: the address that a mail reader posts to, or none."""
        own = f"To: {to}{_CRLF}Message-ID: {message_id(f'{self._key}/{key}', self._sender)}{_CRLF}"
        if leave:
            own += (
                f"List-Unsubscribe: <{leave}>{_CRLF}"
                f"List-Unsubscribe-Post: List-Unsubscribe=One-Click{_CRLF}"
            )
        return b"".join((own.encode(), self._head, b"\r\n\r\n", self._text, _coded(f"{lines}\n")))


def _coded(text: str) -> bytes:
    coded = b2a_qp(text.encode(), istext=True, header=False)
    return _DOT.sub(b"..", coded.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n")
