"""The channels of a desk: those that desk.toml names, and the site's own feed.

[services.mastodon]
url = "https://social.example"
token = "env:NINETHIRTY_MASTODON_TOKEN"
"""

from pathlib import Path

from ninethirty.core.errors import CannotStart, OutsideFailed
from ninethirty.core.times import Clock
from ninethirty.desk.outside.notices.bluesky import Bluesky
from ninethirty.desk.outside.notices.folder import Folder
from ninethirty.desk.outside.notices.linkedin import LinkedIn
from ninethirty.desk.outside.notices.mastodon import Mastodon
from ninethirty.desk.outside.notices.news import News
from ninethirty.desk.outside.notices.port import Channel
from ninethirty.desk.outside.notices.printed import Printed
from ninethirty.desk.outside.notices.room import Slack, Teams
from ninethirty.desk.outside.notices.through_apprise import ThroughApprise
from ninethirty.desk.outside.notices.webhook import Webhook
from ninethirty.desk.outside.notices.x import X
from ninethirty.desk.outside.web import check_public
from ninethirty.desk.service import NOTICES, Service
from ninethirty.desk.setup import Setup

FEED = "feed"
CHANNELS = (*NOTICES, FEED)
"""All there are; the order in which a step stands in the runbook."""

ROOMS = ("slack", "teams")
"""Their address is their secret."""

TOLD_BY_OTHERS = (*ROOMS, "webhook")
"""Any address can be one of these."""

PRINTED = "print:"
"""As the url of a service: its twin, which only prints."""


def in_use(setup: Setup) -> tuple[str, ...]:
    return tuple(name for name in CHANNELS if name == FEED or name in setup.services)


def adapter(name: str, service: Service, clock: Clock) -> Channel:
    """Raises CannotStart: what it is told cannot be. OutsideFailed: its token is not to be had."""
    if service.url == PRINTED:
        return Printed(name)
    match name:
        case "x":
            return X(service)
        case "linkedin":
            return LinkedIn(service)
        case "mastodon":
            return Mastodon(service)
        case "bluesky":
            return Bluesky(service)
        case "news":
            return News(service)
        case "folder":
            return Folder(Path(service.place), service.url.rstrip("/"))
        case "slack":
            return Slack(service)
        case "teams":
            return Teams(service)
        case "apprise":
            return ThroughApprise(service)
        case _:
            return Webhook(service, clock)


def takes_once(channel: Channel) -> bool:
    """Whether a notice may be posted again unread: the same slug twice is one notice."""
    return isinstance(channel, Webhook | Printed)


def check_channels(setup: Setup) -> None:
    """Raises CannotStart: one that cannot work is found at the start, and not at T."""
    for name in NOTICES:
        service = setup.services.get(name)
        if service is None or service.url == PRINTED:
            continue
        try:
            adapter(name, service, setup.clock())
            secret = service.secret
            if name in TOLD_BY_OTHERS and not setup.clock().drill:
                check_public(secret if name in ROOMS else service.url)
        except (OutsideFailed, CannotStart) as failed:
            raise CannotStart(f"services.{name}: {failed}") from failed
