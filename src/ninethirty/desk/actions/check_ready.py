"""Pre-flight: is everything as it must be for the release to open at T, and for us to see it?"""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from ninethirty.core.errors import CannotStart, NotYet, OutsideFailed
from ninethirty.core.facts import Kind
from ninethirty.core.preflight import Gates, Light, in_doubt, not_armed, tell
from ninethirty.core.sighting import Sighting
from ninethirty.core.times import Instant, WallTime, zone_rules
from ninethirty.core.watch import ALTERNATE, ANNOUNCED, WatchOrder, read_order
from ninethirty.core.witnessed import CLOCK_LIMIT_MS
from ninethirty.desk.actions.on_call import LEAD, on_call
from ninethirty.desk.actions.people import RUNNER
from ninethirty.desk.actions.preview_notices import previews
from ninethirty.desk.actions.prove import services
from ninethirty.desk.actions.prove_routes import prove_routes
from ninethirty.desk.actions.step import Happened, Work
from ninethirty.desk.actions.tell_users import alternate_of
from ninethirty.desk.outside.notices.channels import check_channels
from ninethirty.desk.outside.web import check_public
from ninethirty.desk.record.models import Person, Release
from ninethirty.desk.record.sightings import seen_since
from ninethirty.desk.setup import setup

LATELY = timedelta(minutes=2)
"""A witness that has not looked for longer may not be there at T."""


def check_ready(work: Work, about: str) -> list[Happened]:
    """Raises NotYet with everything that is missing."""
    gates = gates_now()
    lacking = {
        Light.ARMED: not_armed(work.facts, gates),
        Light.CLOCKS: in_doubt(gates),
        Light.WITNESSES: list(work.verdict.stood),
        Light.TOKENS: [*_tokens(), *_texts(work.release), *_addresses(work.release)],
        Light.ON_CALL: _people(work),
    }
    if work.release.order:
        order = read_order(bytes(work.release.order), setup().key().public)
        seen = _lately(work.release.id, setup().clock().now())
        lacking[Light.WITNESSES] += _witnesses(order, seen)
        lacking[Light.ARMED] += _wall_clock(work.release.opens, order.opens)
    if missing := [(light, what) for light, whats in lacking.items() for what in whats]:
        raise NotYet(tell(missing))
    return [Happened(Kind.CHECKED, None, f"checked/{about}", {"about": about})]


def look_closed(work: Work) -> list[Happened]:
    """Every witness that can see has looked, and nobody got it. Raises NotYet."""
    order = read_order(bytes(work.release.order), setup().key().public)
    lacking = _witnesses(order, _lately(work.release.id, setup().clock().now()))
    lacking += work.verdict.stood
    if any(fact.kind is Kind.EARLY for fact in work.facts):
        lacking.append("it was seen before its time")
    if lacking:
        raise NotYet("; ".join(lacking))
    return [Happened(Kind.CHECKED, None, "checked/closed", {"about": "closed before T"})]


def gates_now() -> Gates:
    """What the gates stand for, and how far they trust their clocks."""
    shelf = setup().shelf()
    root = shelf.root()
    return Gates(root.version if root else 0, shelf.acknowledged(), shelf.clocks())


def _wall_clock(promise: str, armed: Instant) -> list[str]:
    """A government may change its clocks after a release was armed; what was promised is the time
    that people's clocks show."""
    today = WallTime.parse(promise).resolve()
    if today == armed:
        return []
    return [
        f"{promise} is {today.text()} by the time zones of today ({zone_rules()}), and "
        f"{armed.text()} is armed: hold it, and arm it anew"
    ]


def _witnesses(order: WatchOrder, seen: list[Sighting]) -> list[str]:
    wrong = {one.witness for one in seen if abs(one.clock_offset_ms) > CLOCK_LIMIT_MS}
    able = {one.witness: one.network for one in seen if one.witness not in wrong}
    lacking = [f"the clock of witness {name} is off" for name in sorted(wrong)]
    if len(able) < order.policy.witnesses or len(set(able.values())) < order.policy.networks:
        lacking.append(f"{len(able)} of {order.policy.witnesses} witnesses can see")
    return lacking


def _lately(release: str, now: Instant) -> list[Sighting]:
    since = now - LATELY
    return [one for name in (ANNOUNCED, ALTERNATE) for one in seen_since(release, name, since)]


def _tokens() -> list[str]:
    lacking = []
    for name, ask in services().items():
        try:
            ask()
        except OutsideFailed as failed:
            lacking.append(f"{name} does not {'answer' if failed.retry else 'let us in'}")
    return lacking


def _texts(release: Release) -> list[str]:
    """Words that no service would take."""
    return [
        f"what {one.channel} is told ({one.about}, {one.language}) is {one.letters} letters long,"
        f" and {one.limit} fit: shorten it in desk.toml"
        for one in previews(release)
        if one.too_long
    ]


def _addresses(release: Release) -> list[str]:
    """Where nobody but we could go: what users would be sent to, and what posts for us."""
    if setup().clock().drill:
        return []
    asks: dict[str, Callable[[], None]] = {
        address: partial(check_public, address)
        for address in (alternate_of(release), release.announced)
    }
    asks["desk.toml"] = partial(check_channels, setup())
    lacking = []
    for what, ask in asks.items():
        try:
            ask()
        except CannotStart as wrong:
            lacking.append(f"{what}: {wrong}")
    return lacking


def _people(work: Work) -> list[str]:
    """Somebody is on call at T, and a test message gets through to all who could be paged."""
    people = on_call(WallTime.parse(work.release.opens).resolve())
    lacking = [] if LEAD in people else ["nobody is on call at T: add [[on_call]] to desk.toml"]
    here = set(Person.objects.filter(left=None).values_list("id", flat=True))
    lacking += [
        f"{person}, on call as {rung}, does not work here"
        for rung, person in people.items()
        if person not in here
    ]
    return lacking + prove_routes(work.release.id, people.values(), by=f"{RUNNER}book")
