"""How releases are watched: the table [watch] in desk.toml.

[watch]
witnesses = 3                   # these are the defaults: so many must miss it before it is late,
agree = 2                       # so many must see it before it is on time,
networks = 2                    # from so many networks
provisional_after_seconds = 20  # the graces: at most 60
confirmed_after_seconds = 60    # and at most 120
one_witness_acts = false        # witnesses = 1: users are told only once a person has said so
listings = []                   # addresses that must link the announced one after T
notices = []                    # addresses where users are told, that must not link it before T
content_api = ""                # where the platform keeps a record of each page, as "/api/content"
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from ninethirty.core.errors import OrderRefused
from ninethirty.core.watch import Policy

_COUNTS = ("witnesses", "agree", "networks")
_GRACES = ("provisional_after_seconds", "confirmed_after_seconds")
_LISTS = ("listings", "notices")


@dataclass(frozen=True)
class Watching:
    policy: Policy = field(default_factory=Policy)
    one_witness_acts: bool = False
    listings: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    content_api: str = ""


def read_watching(told: Any) -> Watching:
    """Raises ValueError, saying which setting is wrong."""
    if not isinstance(told, dict):
        raise ValueError("watch is not a table")
    known = (*_COUNTS, *_GRACES, *_LISTS, "one_witness_acts", "content_api")
    for name in told:
        if name not in known:
            raise ValueError(f"watch.{name} is not a setting; known: {', '.join(sorted(known))}")
    acts, api = told.get("one_witness_acts", False), told.get("content_api", "")
    if not isinstance(acts, bool):
        raise ValueError(f"watch.one_witness_acts: expected true or false, found {acts!r}")
    if not isinstance(api, str) or (api and not api.startswith("/")):
        raise ValueError(f"watch.content_api: expected a path as /api/content, found {api!r}")
    listings, notices = (_addresses(name, told.get(name, [])) for name in _LISTS)
    return Watching(_policy(told), acts, listings, notices, api)


def _policy(told: dict[str, Any]) -> Policy:
    usual = Policy()
    witnesses = _number(told, "witnesses", usual.witnesses)
    try:
        return Policy(
            _seconds(told, "provisional_after_seconds", usual.provisional_after),
            _seconds(told, "confirmed_after_seconds", usual.confirmed_after),
            witnesses,
            # Fewer witnesses than usual cannot be asked to agree in greater number.
            agree=_number(told, "agree", min(usual.agree, witnesses)),
            networks=_number(told, "networks", min(usual.networks, witnesses)),
        )
    except OrderRefused as refused:
        raise ValueError(f"watch: {refused}") from refused


def _seconds(told: dict[str, Any], name: str, usual: timedelta) -> timedelta:
    return timedelta(seconds=_number(told, name, usual // timedelta(seconds=1)))


def _number(told: dict[str, Any], name: str, usual: int) -> int:
    value = told.get(name, usual)
    if type(value) is not int or value < 1:
        raise ValueError(f"watch.{name}: expected a whole number above 0, found {value!r}")
    return value


def _addresses(name: str, told: Any) -> tuple[str, ...]:
    if not isinstance(told, list) or not all(
        isinstance(one, str) and one.startswith(("http://", "https://")) for one in told
    ):
        raise ValueError(f"watch.{name}: expected addresses such as https://www.example.org/all")
    return tuple(told)
