"""Outside services: which there are, and what each must be told in desk.toml."""

from dataclasses import dataclass

from ninethirty.desk.credential import Proven

NOTICES: dict[str, tuple[str, ...]] = {
    "x": ("url", "token"),
    "linkedin": ("url", "token", "account"),
    "mastodon": ("url", "token"),
    "bluesky": ("url", "token", "account"),
    "news": ("url", "token"),
    "folder": ("url", "place"),
    "slack": ("token",),
    "teams": ("token",),
    "webhook": ("url", "token"),
    "apprise": ("token",),
}
"""Services that carry a word to users, and what each must be told."""

HELP_DESKS: dict[str, tuple[str, ...]] = {
    "zendesk": ("url", "token"),
    "jira": ("url", "token", "account"),
    "github": ("url", "token", "account"),
    "mail": ("url", "inbox", "account", "token", "sender", "to"),
}
"""Kinds of help desk, and what each must be told."""

HELP_DESK = "helpdesk"

SUBSCRIBERS = "subscribers"
"""The server by which people are told who asked for it; account: who signs in there. inbox: where
mail that could not be delivered comes back to `sender`."""

READERS = "readers"
"""The server by which readers before release are sent their links and codes; account: who signs in
there."""

PLACES: dict[str, tuple[str, ...]] = {
    **NOTICES,
    SUBSCRIBERS: ("url", "sender"),
    READERS: ("url", "sender"),
}
"""Every service but the help desk, and what each must be told."""


@dataclass(frozen=True, repr=False)
class Service(Proven):
    """An outside service: its base address, and what proves that we may use it.

    url: of a room, its name for people. token: as in desk/credential.py. account: who we are there,
    where the service does not tell from the token; of Jira "PROJECT:USER", of GitHub
    "OWNER/REPOSITORY". page: base address under which the public reads our posts, if it is another.
    place: the folder of news pages. kind: of help desk. inbox, sender, to: of a help desk by mail.
    """

    url: str = ""
    token: str = ""
    account: str = ""
    page: str = ""
    place: str = ""
    kind: str = "zendesk"
    inbox: str = ""
    sender: str = ""
    to: str = ""

    @property
    def public(self) -> str:
        return self.page or self.url
