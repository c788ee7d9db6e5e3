"""The personal link: it names an entry, and shows nothing until its reader has signed in by it."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

from ninethirty.core.document import canonical
from ninethirty.core.errors import CannotStart, NotAllowed, OutsideFailed, SealBroken
from ninethirty.core.facts import Kind
from ninethirty.core.keyring import Box, derive
from ninethirty.desk.actions.access.act import acting, entry_of, note
from ninethirty.desk.outside.smtp import Account, Server, letter
from ninethirty.desk.record.models import AccessEntry
from ninethirty.desk.service import READERS
from ninethirty.desk.setup import setup

PATH = "/before-release/"

_ABOUT = b"before release"


@dataclass(frozen=True)
class Asking:
    """Whoever holds a link of ours. Who they are is not known by it. token: of the link."""

    entry: int
    number: int
    token: str
    release: str
    reader: str

    @property
    def old(self) -> bool:
        return not AccessEntry.objects.filter(id=self.entry, link=self.number).exists()


def link_for(release: str, entry: int, *, by: str) -> str:
    """Its address. Every link made before for this entry is over, and so is the browser signed in.

    Raises NotAllowed.
    """
    with acting(release, Kind.ACCESS_LINKED, by):
        row = entry_of(entry, release)
        row.link += 1
        row.browser, row.code = "", ""
        row.save(update_fields=["link", "browser", "code"])
        note(release, Kind.ACCESS_LINKED, by, entry=entry, reader=row.reader_id, link=row.link)
    told = canonical([row.id, row.link])
    token = urlsafe_b64encode(_box().close(told, _ABOUT)).decode().rstrip("=")
    return f"{setup().console.address}{PATH}{token}"


def invite(release: str, entry: int, *, by: str) -> None:
    """Mail them their link; of the release the mail says nothing, not even which it is.

    Raises:
        NotAllowed. OutsideFailed: the link is made, but the mail was not taken.
    """
    link = link_for(release, entry, by=by)
    row = AccessEntry.objects.select_related("reader").get(id=entry)
    text = (
        f"You are on a list of {setup().producer} of those who may see a release before it is "
        f"public.\n\nYour personal link: {link}\n\nIt shows nothing to anybody else: it asks for a "
        "code that is sent to this address. Please do not forward it.\n"
    )
    mail(row.reader.address, "Your personal link", text, f"access/{entry}/link/{row.link}")


def read_link(token: str) -> Asking:
    """Raises NotAllowed: not one of ours."""
    try:
        closed = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        entry, number = json.loads(_box().open(closed, _ABOUT))
    except (ValueError, SealBroken) as wrong:
        raise NotAllowed("This is not a link of ours. Copy the whole of it.") from wrong
    row = AccessEntry.objects.filter(id=entry).first()
    if row is None:
        raise NotAllowed("This link leads nowhere any more. Ask whoever sent it.")
    return Asking(entry, number, token, row.release, f"reader-{row.reader_id}")


def mail(to: str, subject: str, text: str, key: str) -> None:
    """Raises OutsideFailed: also if desk.toml names no server."""
    told = setup().services.get(READERS)
    if told is None:
        raise OutsideFailed(
            f"services.{READERS} is not in desk.toml, so no link and no code can be mailed",
            retry=False,
        )
    try:
        account = Account(Server.parse(told.url), told.account, told.secret)
    except CannotStart as wrong:
        raise OutsideFailed(f"services.{READERS}.url: {wrong}", retry=False) from wrong
    now = setup().clock().now()
    made = letter(sender=told.sender, to=(to,), subject=subject, text=text, at=now, key=key)
    made["Auto-Submitted"] = "auto-generated"
    account.send(made)


def key_for(purpose: str) -> bytes:
    return derive(bytes.fromhex(setup().key().secret()), purpose)


def _box() -> Box:
    return Box(key_for("before release"))
