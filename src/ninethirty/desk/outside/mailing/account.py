"""The server that subscribers are mailed by, and the mailbox of what comes back, as desk.toml has
them.

[services.subscribers]
url = "smtps://mail.example:465"
account = "news"
token = "file:/etc/ninethirty/news"
sender = "news@office.example"
inbox = "imaps://mail.example:993"     # without it nothing that comes back is read
"""

from ninethirty.core.errors import CannotStart, OutsideFailed
from ninethirty.desk.outside.smtp import Account, Server
from ninethirty.desk.outside.tickets.mail import Inbox
from ninethirty.desk.service import SUBSCRIBERS
from ninethirty.desk.setup import Setup


def account(setup: Setup) -> Account:
    """Raises CannotStart: an address that cannot be. OutsideFailed: its token is not to be had."""
    told = setup.services[SUBSCRIBERS]
    return Account(Server.parse(told.url), told.account, told.secret)


def inbox(setup: Setup) -> Inbox | None:
    """Raises what `account` raises."""
    told = setup.services[SUBSCRIBERS]
    return Inbox.parse(told.inbox, told.account, told.secret) if told.inbox else None


def check_mailing(setup: Setup) -> None:
    """Raises CannotStart: what cannot work is found at the start, and not at T."""
    if SUBSCRIBERS not in setup.services:
        return
    try:
        account(setup)
        inbox(setup)
    except (OutsideFailed, CannotStart) as failed:
        raise CannotStart(f"services.{SUBSCRIBERS}: {failed}") from failed


def let_in(setup: Setup) -> None:
    """Sign in, and mail nobody. Raises OutsideFailed."""
    account(setup).check()
    if box := inbox(setup):
        with box.opened():
            pass
