"""Mail that answers a page: it names the page in In-Reply-To, and quotes the link that it held.

The link is believed, and nothing else: a page's Message-ID and a sender's name can be guessed. What
a machine sends back (RFC 3834) is nobody at it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage

from ninethirty.core.page_link import PATH
from ninethirty.desk.outside.tickets.mail import LARGEST, Inbox

_TOKEN = re.compile(re.escape(PATH) + r"([\w-]+)")


@dataclass(frozen=True)
class Reply:
    """id: of the mail. token: of the link in it."""

    id: str
    token: str


def replies(inbox: Inbox, pages: Iterable[str]) -> Iterator[Reply]:
    """pages: Message-IDs. Nothing is marked as read. Raises OutsideFailed: no mailbox."""
    with inbox.opened() as box:
        for page in pages:
            _, [found] = box.uid("SEARCH", "HEADER", "In-Reply-To", f'"{page}"')
            for uid in (found or b"").decode().split():
                _, [(_, raw), *_] = box.uid("FETCH", uid, f"(BODY.PEEK[]<0.{LARGEST}>)")
                message = message_from_bytes(raw, policy=policy.default)
                if token := _token(message):
                    yield Reply(str(message["Message-ID"] or f"{page}/{uid}"), token)


def _token(message: EmailMessage) -> str:
    """Empty: a machine sent it, or it does not quote our link."""
    automatic = str(message["Auto-Submitted"] or "no").strip().casefold() != "no"
    if automatic or message.get_content_type() == "multipart/report":
        return ""
    words = message.get_body(preferencelist=("plain", "html"))
    found = _TOKEN.search(words.get_content()) if words else None
    return found[1] if found else ""
