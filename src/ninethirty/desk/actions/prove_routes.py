"""Send a test message by every way that a page could take on the day, so that a dead one is found
while there is time to mend it."""

from collections.abc import Iterable
from datetime import timedelta

from ninethirty.core.document import canonical, keyed
from ninethirty.core.errors import NotAllowed, OutsideFailed
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.times import Instant
from ninethirty.desk.actions.people import role_of
from ninethirty.desk.outside.pagers.port import Alert
from ninethirty.desk.outside.pagers.routes import pager, routes
from ninethirty.desk.record.facts import append
from ninethirty.desk.record.models import FactRow
from ninethirty.desk.setup import PagerSetting, setup

SET_UP = "set-up"
"""The timeline of what was tried from the console. No release has such an id."""

PROVEN_FOR = timedelta(hours=2)
"""So each is tried a day before T and an hour before T, and nobody hears of each of many releases
that open at one T."""


def prove_routes(release: str, people: Iterable[str], *, by: str) -> list[str]:
    """What keeps a page from one of these people, or from the second route."""
    if not setup().pagers:
        return ["a page would be a line in a log: add [[pagers]] to desk.toml"]
    now = setup().clock().now()
    lately = FactRow.objects.filter(kind=str(Kind.ROUTE_PROVEN), recorded__gt=now - PROVEN_FOR)
    proven = set(lately.values_list("details__mark", flat=True))
    lacking = []
    for name, told in routes(setup(), people).items():
        if _mark(told) in proven:
            continue
        try:
            _send(told, now)
        except OutsideFailed:
            lacking.append(f"{name} takes no message")
            continue
        _note(release, name, told, now, by)
    return lacking


def prove_route(place: int, *, by: str) -> Fact:
    """Send a test message by this table [[pagers]] of desk.toml, whenever it was proven last.

    Raises NotAllowed: nobody we know, or no such table; OutsideFailed: it takes no message.
    """
    role_of(by)
    if place not in range(len(setup().pagers)):
        raise NotAllowed(f"pagers[{place}]: desk.toml has no such table")
    told, now = setup().pagers[place], setup().clock().now()
    _send(told, now)
    return _note(SET_UP, f"pagers[{place}], {told.kind}", told, now, by)


def _send(told: PagerSetting, now: Instant) -> None:
    test = Alert("test: nothing is wrong", f"test/{_mark(told)}/{now.text()}", test=True)
    pager(told, setup()).page(test)


def _note(subject: str, name: str, told: PagerSetting, now: Instant, by: str) -> Fact:
    details = {"route": name, "mark": _mark(told)}
    return append(subject, Kind.ROUTE_PROVEN, at=now, recorded=now, actor=by, details=details)


def _mark(told: PagerSetting) -> str:
    """Another once the way leads elsewhere. Nobody without our key can try addresses on it."""
    where = [told.kind, told.url, told.user, told.sender, told.to, told.of]
    return keyed(setup().key().secret().encode(), canonical(where).decode())[:16]
