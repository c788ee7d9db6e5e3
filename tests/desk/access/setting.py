"""A sealed release with a list of who sees it early, and readers who ask for it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.test import Client

from ninethirty.core.facts import Fact
from ninethirty.desk.actions.access.act import subject_of
from ninethirty.desk.actions.access.confirm import confirm_list, last_change
from ninethirty.desk.actions.access.enter import For, Who, add_entry, begin_list
from ninethirty.desk.actions.access.link import link_for
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.record.models import AccessEntry
from ninethirty.desk.setup import setup
from tests.core.made_browser import Browser
from tests.desk.mailbox import Mailbox, mailbox
from tests.desk.setting import HEAD, RELEASE, STATISTICIAN, Desk
from tests.desk.way import sealed

SECRETARY = Who("Name of a reader", "reader@ministry.example", "private secretary", "A ministry")
OFFICER_OF_PRESS = Who("Name of another", "press@office.example", "press officer", "The office")
BRIEF = For("to brief the minister", begins=24 * 60)
CODE = re.compile(r"Your code is (\d{8})")


def listed(*readers: Who, what: For = BRIEF, release: str = RELEASE) -> list[AccessEntry]:
    """On the list, and not confirmed yet."""
    begin_list(release, "uk", by=STATISTICIAN)
    return [add_entry(release, who, what, by=STATISTICIAN) for who in readers or (SECRETARY,)]


def confirmed(folder: Path, *readers: Who) -> list[AccessEntry]:
    sealed(folder / "gdp")
    entries = listed(*readers)
    confirm_list(RELEASE, read=last_change(RELEASE), by=HEAD)
    return entries


def log(release: str = RELEASE) -> list[Fact]:
    return facts_of(subject_of(release))


@contextmanager
def mailed(desk: Desk) -> Iterator[Mailbox]:
    """A mail server that the desk sends codes by."""
    with mailbox() as box:
        desk.more += f'\n[services.readers]\nurl = "{box.url}"\nsender = "desk@office.example"\n'
        desk.told()
        yield box


@dataclass
class Visitor:
    """Somebody with a link and a browser of their own, who reads the mail of `box`."""

    link: str
    box: Mailbox
    browser: Browser = field(default_factory=Browser)
    client: Client = field(default_factory=lambda: Client(headers={"Host": "localhost"}))

    @property
    def path(self) -> str:
        return "/before-release/" + self.token

    @property
    def token(self) -> str:
        return self.link.rpartition("/")[2]

    def posts(self, **sent: str) -> Any:
        return self.client.post(self.path, sent)

    def code(self) -> str:
        found = CODE.search(self.box.taken[-1].get_content())
        assert found
        return found[1]

    def signs_in(self, *, script: bool = True) -> Any:
        answer = self.posts(act="send")
        assert answer.status_code == 200, answer.content.decode()
        key = self.browser.key if script else ""
        return self.posts(act="begin", code=self.code(), browser=key, accepts="yes")

    def asks(self, name: str, act: str = "open") -> Any:
        at, signed = self.browser.asks(self.token, name, setup().clock().now())
        return self.posts(act=act, what=name, at=at, signed=signed)


def visitor(entry: AccessEntry, box: Mailbox) -> Visitor:
    return Visitor(link_for(RELEASE, entry.id, by=STATISTICIAN), box)
