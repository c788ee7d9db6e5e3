"""Send a test message by every way that a page could take on the day, so that a dead one is found
while there is time to mend it."""

from collections.abc import Iterable
from datetime import timedelta

from ninethirty.core.document import canonical, keyed
from ninethirty.core.errors import OutsideFailed
from ninethirty.core.facts import Kind
from ninethirty.desk.outside.pagers.port import Alert
from ninethirty.desk.outside.pagers.routes import pager, routes
from ninethirty.desk.record.facts import append
from ninethirty.desk.record.models import FactRow
from ninethirty.desk.setup import PagerSetting, setup

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
        mark = _mark(told)
        if mark in proven:
            continue
        try:
            test = Alert("test: nothing is wrong", f"test/{mark}/{now.text()}", test=True)
            pager(told, setup()).page(test)
        except OutsideFailed:
            lacking.append(f"{name} takes no message")
            continue
        append(
            release,
            Kind.ROUTE_PROVEN,
            at=now,
            recorded=now,
            actor=by,
            details={"route": name, "mark": mark},
        )
    return lacking


def _mark(told: PagerSetting) -> str:
    """Another once the way leads elsewhere. Nobody without our key can try addresses on it."""
    where = [told.kind, told.url, told.user, told.sender, told.to, told.of]
    return keyed(setup().key().secret().encode(), canonical(where).decode())[:16]
