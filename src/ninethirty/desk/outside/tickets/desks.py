"""The help desk of the platform, as desk.toml names it.

[services.helpdesk]
kind = "jira"                          # or zendesk, github, mail
url = "https://platform.example"
account = "OPS:desk@office.example"
token = "file:/etc/ninethirty/jira"
"""

from ninethirty.desk.outside.smtp import Account, Server
from ninethirty.desk.outside.tickets.github import GitHub
from ninethirty.desk.outside.tickets.jira import Jira
from ninethirty.desk.outside.tickets.mail import Inbox, Thread
from ninethirty.desk.outside.tickets.port import HelpDesk
from ninethirty.desk.outside.tickets.printed import Printed
from ninethirty.desk.outside.tickets.zendesk import Zendesk
from ninethirty.desk.service import HELP_DESK, Service
from ninethirty.desk.setup import Setup


def help_desk(setup: Setup) -> HelpDesk:
    """Raises CannotStart: an address that cannot be. OutsideFailed: its token is not to be had."""
    service = setup.services.get(HELP_DESK)
    if service is None:
        return Printed()
    match service.kind:
        case "jira":
            return Jira(service)
        case "github":
            return GitHub(service)
        case "mail":
            return Thread(
                Account(Server.parse(service.url), service.account, service.secret),
                _inbox(service),
                sender=service.sender,
                to=service.to,
                clock=setup.clock(),
            )
        case _:
            return Zendesk(service)


def mailbox(setup: Setup) -> Inbox | None:
    """Where answers come in by mail, if the help desk is one by mail. Raises as `help_desk`."""
    service = setup.services.get(HELP_DESK)
    return _inbox(service) if service and service.kind == "mail" else None


def _inbox(service: Service) -> Inbox:
    return Inbox.parse(service.inbox, service.account, service.secret)
