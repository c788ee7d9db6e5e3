"""A desk for tests, the people who work at it, and a release on its way through it."""

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import connection

from ninethirty.core.document import SigningKey
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.keyring import GateKey
from ninethirty.core.release import Role
from ninethirty.core.sighting import Sighting
from ninethirty.core.times import Instant, Pace, RealClock, WallTime, When, write_paces
from ninethirty.core.watch import ALTERNATE, write_order
from ninethirty.desk.actions.whose import OWN
from ninethirty.desk.outside.notices.channels import PRINTED
from ninethirty.desk.record.facts import append
from ninethirty.desk.record.models import Person, Release, WorksFor
from ninethirty.desk.setup import setup
from tests.core.made import HALF_PAST, KEY, at, channel, order, watching

RELEASE = "release/gdp"
PROMISE = WallTime.parse("2026-12-01 09:30 Europe/London")
SITE = "http://statistics.example"
ANNOUNCED_AT = "http://platform.example/gdp"
TOKEN = "let-me-in"
ACCOUNTS = {
    "linkedin": 'account = "urn:li:organization:1"',
    "bluesky": 'account = "producer.example"',
}
GATE, GATE_KEY = "gate-1", GateKey.new()

STATISTICIAN, COLLEAGUE, APPROVER, OFFICER = "person-1", "person-2", "person-3", "person-4"
HEAD = "person-5"
ROLES = {
    STATISTICIAN: Role.STATISTICIAN,
    COLLEAGUE: Role.STATISTICIAN,
    APPROVER: Role.APPROVER,
    OFFICER: Role.PUBLISHING_OFFICER,
    HEAD: Role.HEAD_OF_PROFESSION,
}

WITNESSES = [
    {"name": name, "network": network, "token": f"token-of-{name}"}
    for name, network in (("a", "north"), ("b", "south"), ("c", "north"))
]


class Desk:
    """A home folder whose clock shows what a test says, and stands still until it says more."""

    def __init__(self, home: Path, database: str = "") -> None:
        """database: as desk.toml has it."""
        self.home = home
        self.database = database
        self.more = ""
        """Further tables of desk.toml, for `told`."""
        home.mkdir()
        (home / "desk.key").write_text(SigningKey.new().secret())
        self.show(at(-3600))
        self.told()

    def show(self, instant: Instant) -> None:
        write_paces(self.home / "clock.json", [Pace(RealClock().now(), instant, 0)])

    def told(self, **services: str) -> None:
        """Settings with these services, by address; of x, linkedin and news at least the twin."""
        services = dict.fromkeys(("x", "linkedin", "news"), PRINTED) | services
        tables = [
            f'[services.{name}]\nurl = "{url}"\ntoken = "{TOKEN}"\n{ACCOUNTS.get(name, "")}'
            for name, url in services.items()
        ]
        tables += [
            "[[witnesses]]\n" + "\n".join(f'{name} = "{told}"' for name, told in witness.items())
            for witness in WITNESSES
        ]
        tables.append(f'[[gates]]\nname = "{GATE}"\npublic = "{GATE_KEY.public}"')
        head = [
            f'site = "{SITE}"',
            'producer = "The office of examples"',
            f'drill = "{self.home / "clock.json"}"',
        ]
        if self.database:
            head.append(f'database = "{self.database}"')
        (self.home / "desk.toml").write_text("\n".join([*head, *tables, self.more]) + "\n")
        (self.home / "desk.toml").chmod(0o600)
        setup.cache_clear()


def work_here() -> None:

    for id, role in ROLES.items():
        Person.objects.create(id=id, name=f"Name of {id}", role=role)


def work_for(*producers: str) -> None:
    """Everybody, beside the desk's own."""
    for person in ROLES:
        WorksFor.objects.bulk_create(
            (WorksFor(person_id=person, producer=producer) for producer in (OWN, *producers)),
            ignore_conflicts=True,
        )


def bundle(folder: Path, files: Mapping[str, bytes] | None = None) -> Path:
    contents = {
        "index.html": b"<html><body><main><h1>GDP</h1><p>It grew by 0.3%.</p></main></body></html>",
        "data.csv": b"quarter,growth\nQ3,0.3\n",
        **(files or {}),
    }
    for name, content in contents.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    return folder


def happens(
    kind: Kind,
    when: When = HALF_PAST,
    *,
    subject: str = RELEASE,
    actor: str = "somebody",
    key: str = "",
    **details: Any,
) -> Fact:

    recorded = when if isinstance(when, Instant) else when.by
    return append(subject, kind, at=when, recorded=recorded, actor=actor, key=key, details=details)


def watched(release: str = RELEASE) -> Any:
    """A release under watch, as arming leaves it; its contents are those of tests/core/made.py."""

    watch = replace(order(None, channel(), channel(ALTERNATE, quiet=timedelta(0))), release=release)
    return Release.objects.create(
        id=release,
        title="Gross domestic product",
        opens=str(PROMISE),
        path="/gdp",
        announced=ANNOUNCED_AT,
        key=KEY.hex(),
        order=write_order(watch, setup().key()),
    )


def looks(
    first: float, last: float, found: str, *, release: str = RELEASE, on: str = "announced"
) -> list[Sighting]:
    """What all three witnesses saw of a channel, every two seconds."""
    return [
        replace(seen, release=release, channel=on)
        for witness in WITNESSES
        for seen in watching(witness["name"], first, last, found)
    ]


def together(*acts: Callable[[], Any]) -> list[Any]:
    """What each gave back, or the exception it raised; all begun at one moment."""
    barrier = threading.Barrier(len(acts))
    came: list[Any] = [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            came[place] = act()
        except Exception as wrong:  # noqa: BLE001  # handed to the test
            came[place] = wrong
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return came


def kinds(facts: list[Fact]) -> list[Kind]:
    return [fact.kind for fact in facts]


def read_json(file: Path) -> Any:
    return json.loads(file.read_text())
