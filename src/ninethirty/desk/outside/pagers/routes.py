"""The ways to wake a person, in the order in which desk.toml names them.

[[pagers]]
kind = "mail"                          # or pagerduty, webhook, sms and voice (Twilio), notify
url = "smtps://mail.example:465"
sender = "desk@office.example"
to = "on-call@office.example"
of = "person-4"                        # whom alone it reaches; without it, whoever is on call
"""

from collections.abc import Iterable

from ninethirty.core.errors import CannotStart, OutsideFailed
from ninethirty.desk.outside.pagers.mail import Mail
from ninethirty.desk.outside.pagers.notify import Notify
from ninethirty.desk.outside.pagers.pagerduty import PagerDuty
from ninethirty.desk.outside.pagers.port import Pager
from ninethirty.desk.outside.pagers.printed import Printed
from ninethirty.desk.outside.pagers.twilio import Sms, Voice
from ninethirty.desk.outside.pagers.webhook import Webhook
from ninethirty.desk.outside.smtp import Account, Server
from ninethirty.desk.outside.web import check_public
from ninethirty.desk.service import Service
from ninethirty.desk.setup import PagerSetting, Setup

_NEEDS: dict[str, tuple[str, ...]] = {
    "mail": ("sender", "to"),
    "pagerduty": ("token",),
    "webhook": ("token",),
    "sms": ("user", "token", "sender", "to"),
    "voice": ("user", "token", "sender", "to"),
    "notify": ("token", "template", "to"),
}


def first_route(setup: Setup, person: str = "") -> Pager:
    """Their own, if they have one; else the one for all that is named first; the log if none is."""
    told = _own(setup, person) or _for_all(setup)
    return pager(told[0], setup) if told else Printed()


def second_route(setup: Setup) -> Pager:
    """The one named last: for what the first way did not bring about. The same, if there is one."""
    told = _for_all(setup)
    return pager(told[-1], setup) if told else Printed()


def routes(setup: Setup, people: Iterable[str]) -> dict[str, PagerSetting]:
    """By name, every way that a page to one of them could take."""
    firsts = [(_own(setup, person) or _for_all(setup))[:1] for person in people]
    wanted = [*(told for first in firsts for told in first), *_for_all(setup)[-1:]]
    return {
        f"pagers[{place}], {told.kind}": told
        for place, told in enumerate(setup.pagers)
        if told in wanted
    }


def _own(setup: Setup, person: str) -> tuple[PagerSetting, ...]:
    return tuple(told for told in setup.pagers if person and told.of == person)


def _for_all(setup: Setup) -> tuple[PagerSetting, ...]:
    """Better the wrong person's than none."""
    return tuple(told for told in setup.pagers if not told.of) or setup.pagers


def pager(told: PagerSetting, setup: Setup) -> Pager:
    """Raises CannotStart: of another kind, or something it needs is not told. OutsideFailed: its
    token is not where it should be."""
    needs = _NEEDS.get(told.kind)
    if needs is None:
        raise CannotStart(f"expected kind {', '.join(_NEEDS)}, found {told.kind!r}")
    missing = [name for name in needs if not getattr(told, name).strip(" ,")]
    if missing:
        raise CannotStart(f"needs {' and '.join(missing)}")
    service = Service(told.url, told.token)
    to = tuple(address.strip() for address in told.to.split(",") if address.strip())
    match told.kind:
        case "mail":
            account = Account(Server.parse(told.url), told.user, told.secret)
            return Mail(account, sender=told.sender, to=to, clock=setup.clock())
        case "pagerduty":
            return PagerDuty(service)
        case "sms":
            return Sms(told.url, told.user, told.secret, sender=told.sender, to=to)
        case "voice":
            return Voice(told.url, told.user, told.secret, sender=told.sender, to=to)
        case "notify":
            return Notify(told.url, told.secret, setup.clock(), template=told.template, to=to)
        case _:
            return Webhook(service, setup.clock())


def check_pagers(setup: Setup) -> None:
    """Raises CannotStart: a pager that cannot work is found at the start, and not at T."""
    for told in setup.pagers:
        try:
            pager(told, setup)
            if told.kind == "webhook" and not setup.clock().drill:
                check_public(told.url)
        except (OutsideFailed, CannotStart) as failed:
            raise CannotStart(f"pagers: {told.kind}: {failed}") from failed
