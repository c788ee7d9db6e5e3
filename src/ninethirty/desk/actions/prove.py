"""Ask every outside service whether it lets us in; nothing is said there."""

from collections.abc import Callable
from functools import partial

from ninethirty.core.errors import NotAllowed
from ninethirty.desk.actions.tell_users import reach
from ninethirty.desk.outside.copies.places import place
from ninethirty.desk.outside.mailing.account import let_in
from ninethirty.desk.outside.notices.channels import in_use
from ninethirty.desk.outside.tickets.desks import help_desk
from ninethirty.desk.service import HELP_DESK, SUBSCRIBERS
from ninethirty.desk.setup import setup


def services() -> dict[str, Callable[[], object]]:
    """By name; each raises OutsideFailed when it is asked and does not let us in."""
    asks: dict[str, Callable[[], object]] = {
        name: partial(_check_channel, name) for name in in_use(setup())
    }
    asks |= {
        f"copies[{number}]": partial(_check_copy, number) for number in range(len(setup().copies))
    }
    asks[HELP_DESK] = lambda: help_desk(setup()).check()
    if SUBSCRIBERS in setup().services:
        asks[SUBSCRIBERS] = partial(let_in, setup())
    return asks


def prove(name: str) -> None:
    """Raises OutsideFailed; CannotStart: what it is told cannot be; NotAllowed: no such service."""
    ask = services().get(name)
    if ask is None:
        raise NotAllowed(f"{name}: desk.toml names no such service")
    ask()


def _check_channel(name: str) -> None:
    reach(name, setup()).check()


def _check_copy(number: int) -> None:
    place(setup().copies[number]).check()
