"""How breaches are reported: the table [reports] in desk.toml.

[reports]                       # these are the defaults
prefix = "br"                   # references begin with it: br-2018-0001; another for every desk
first_word_hours = 1            # our targets, not rules
report_working_days = 5
reviewed = true                 # a second person comments before the report is signed

[[reports.bodies]]              # in the order in which they are asked; none by default
name = "regulator"
part = "accepts"                # or "advises"
to = "https://regulator.example"    # another installation, or an address for mail
key = "..."                     # another installation: the public half of its desk.key
token = "..."                   # another installation: by which it knows us

[[reports.senders]]             # whose reports we take in
name = "The office of examples"
key = "..."
token = "..."

[reports.mail]                  # needed if a body is written to
url = "smtps://mail.example:465"
sender = "desk@office.example"
inbox = "imaps://mail.example:993"  # where answers come in; without it a person enters them
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, TypeVar

from ninethirty.core.errors import CannotStart, Malformed
from ninethirty.core.keyring import check_public
from ninethirty.core.report import Part

T = TypeVar("T")


@dataclass(frozen=True)
class Body:
    """One that is asked about a report; `to` is https://... of its installation, or a mailbox."""

    name: str
    part: Part
    to: str
    key: str = ""
    token: str = ""

    @property
    def by_mail(self) -> bool:
        return not self.to.startswith(("https://", "http://"))


@dataclass(frozen=True)
class Sender:
    """A producer's installation whose reports we take in."""

    name: str
    key: str
    token: str


@dataclass(frozen=True)
class MailSetting:
    url: str
    sender: str
    user: str = ""
    token: str = ""
    inbox: str = ""


@dataclass(frozen=True)
class Reporting:
    prefix: str = "br"
    first_word_hours: int = 1
    report_working_days: int = 5
    reviewed: bool = True
    bodies: tuple[Body, ...] = ()
    senders: tuple[Sender, ...] = ()
    mail: MailSetting | None = None

    @property
    def order(self) -> list[tuple[str, Part]]:
        return [(body.name, body.part) for body in self.bodies]

    def body(self, name: str) -> Body:
        """Raises CannotStart: it was asked, and is not configured any more."""
        for body in self.bodies:
            if body.name == name:
                return body
        raise CannotStart(f"reports.bodies: {name} was asked about a report; name it again")


def read_reporting(told: Any) -> Reporting:
    """Raises ValueError, saying which setting is wrong."""
    if not isinstance(told, dict):
        raise ValueError("reports is not a table")
    _known("reports", told, Reporting.__dataclass_fields__)
    bodies = tuple(_body(place, one) for place, one in enumerate(_is(told, "bodies", list, [])))
    senders = tuple(_sender(place, one) for place, one in enumerate(_is(told, "senders", list, [])))
    mail = _mail(told["mail"]) if "mail" in told else None
    if mail is None and any(body.by_mail for body in bodies):
        raise ValueError("reports.mail is missing: a body is written to by mail")
    for what, named in (("bodies", bodies), ("senders", senders)):
        names = [one.name for one in named]
        if len(set(names)) < len(names):
            raise ValueError(f"reports.{what}: two have the same name")
    prefix = _is(told, "prefix", str, Reporting.prefix)
    if not prefix.isascii() or not prefix.isalnum() or prefix != prefix.lower() or len(prefix) > 20:
        raise ValueError("reports.prefix: expected up to 20 small letters and digits")
    return Reporting(
        prefix=prefix,
        first_word_hours=_is(told, "first_word_hours", int, Reporting.first_word_hours),
        report_working_days=_is(told, "report_working_days", int, Reporting.report_working_days),
        reviewed=_is(told, "reviewed", bool, Reporting.reviewed),
        bodies=bodies,
        senders=senders,
        mail=mail,
    )


def _body(place: int, told: Any) -> Body:
    where = f"reports.bodies[{place}]"
    texts = _texts(where, told, ("name", "part", "to"), ("key", "token"))
    if texts["part"] not in list(Part):
        raise ValueError(f"{where}.part: expected {' or '.join(Part)}, found {texts['part']!r}")
    body = Body(**{**texts, "part": Part(texts["part"])})
    if body.by_mail and "@" not in body.to:
        raise ValueError(f"{where}.to: expected https://... or a mailbox, found {body.to!r}")
    if not body.by_mail:
        _public(f"{where}.key", body.key)
        if not body.token:
            raise ValueError(f"{where}.token is missing")
    return body


def _sender(place: int, told: Any) -> Sender:
    where = f"reports.senders[{place}]"
    sender = Sender(**_texts(where, told, ("name", "key", "token"), ()))
    _public(f"{where}.key", sender.key)
    return sender


def _mail(told: Any) -> MailSetting:
    return MailSetting(
        **_texts("reports.mail", told, ("url", "sender"), ("user", "token", "inbox"))
    )


def _public(where: str, key: str) -> None:
    try:
        check_public(key)
    except Malformed as wrong:
        raise ValueError(f"{where}: {wrong}") from wrong


def _texts(where: str, told: Any, needed: Collection[str], more: Collection[str]) -> dict[str, Any]:
    if not isinstance(told, dict):
        raise ValueError(f"{where} is not a table")
    _known(where, told, (*needed, *more))
    for name in (*needed, *told):
        if not isinstance(told.get(name), str) or not told[name]:
            raise ValueError(f"{where}.{name} is missing, or is not a text")
    return dict(told)


def _known(where: str, told: dict[str, Any], known: Collection[str]) -> None:
    for name in told:
        if name not in known:
            raise ValueError(f"{where}.{name} is not a setting; known: {', '.join(sorted(known))}")


def _is(told: dict[str, Any], name: str, kind: type[T], default: T) -> T:
    value = told.get(name, default)
    if type(value) is not kind or (kind is int and value < 1):  # type: ignore[operator]
        raise ValueError(f"reports.{name}: expected a {kind.__name__}, found {value!r}")
    return value
