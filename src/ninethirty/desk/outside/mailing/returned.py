"""Mail that came back: reports of failed delivery (RFC 3464) and complaints (RFC 5965).

Each holds the headers of the mail it is about, with the link by which one leaves. That link is
believed, and nothing else: by an address in a report anybody could stop anybody's mail.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from urllib.parse import urlsplit

from ninethirty.core.letter import Sent, read_link
from ninethirty.desk.outside.tickets.mail import LARGEST, Inbox

BOUNCED, COMPLAINED = "bounced", "complained"


@dataclass(frozen=True)
class Returned:
    """token: of the link to leave. why: bounced, complained."""

    token: str
    why: str


def read_returned(inbox: Inbox) -> Iterator[Returned]:
    """What is new since it was last read; each is marked as read once it was given.

    Raises:
        OutsideFailed: no mailbox.
    """
    with inbox.opened(readonly=False) as box:
        _, [found] = box.uid("SEARCH", "UNSEEN")
        for uid in (found or b"").decode().split():
            _, [(_, raw), *_] = box.uid("FETCH", uid, f"(BODY.PEEK[]<0.{LARGEST}>)")
            if returned := read(raw):
                yield returned
            box.uid("STORE", uid, "+FLAGS", r"(\Seen)")


def read(raw: bytes) -> Returned | None:
    """None: neither, or of a delivery that may still succeed."""
    message = message_from_bytes(raw, policy=policy.default)
    why = _why(message)
    token = _token(message) if why else ""
    return Returned(token, why) if token else None


def _why(message: EmailMessage) -> str:
    kinds = {part.get_content_type(): part for part in message.walk()}
    if "message/feedback-report" in kinds:
        return COMPLAINED
    status = kinds.get("message/delivery-status")
    blocks = status.get_payload() if status else ()
    failed = any(
        block.get("Action", "").strip().casefold() == "failed"
        and block.get("Status", "").strip().startswith("5")
        for block in blocks
        if isinstance(block, EmailMessage)
    )
    return BOUNCED if failed else ""


def _token(message: EmailMessage) -> str:
    for part in message.walk():
        held = part
        if part.get_content_type() == "text/rfc822-headers":
            held = message_from_bytes(str(part.get_payload()).encode(), policy=policy.default)
        address = str(held.get("List-Unsubscribe", "")).strip().strip("<>")
        link = read_link(urlsplit(address).path)
        if link and link[0] is Sent.LEAVE:
            return link[1]
    return ""
