"""A breach report that is complete, and a desk that reports to bodies."""

from dataclasses import replace
from typing import Any

from ninethirty.core.breach import Bound, Event, Moment, Planned, Report, Said
from ninethirty.core.document import SigningKey
from ninethirty.core.release import Role
from ninethirty.desk.actions.reports.open_breach import About, open_breach
from ninethirty.desk.actions.reports.review import ask_review, comment
from ninethirty.desk.actions.reports.sign import sign_report
from ninethirty.desk.actions.reports.state import publish_statement
from ninethirty.desk.record.models import Breach, Person
from ninethirty.desk.setup import setup
from tests.core.made import HALF_PAST
from tests.desk.setting import COLLEAGUE, HEAD, STATISTICIAN, Desk, work_here

REGULATOR = "person-9"


def report(**more: Any) -> Report:
    """Of an invented breach: late by 27 minutes elsewhere, and 90 as announced."""
    made = Report(
        form="2020",
        kind=Said("late"),
        title=Said("Apples and pears, November 2026"),
        links=(Said("https://platform.example/apples"),),
        producer=Said("The office of examples"),
        contact_name=Said("Statistics desk"),
        contact_email=Said("desk@office.example"),
        contact_telephone=Said("none"),
        statement=Said("https://office.example/statement"),
        report_date=Said("2026-12-04"),
        practices=(Said("T3.6"),),
        occurred=(Said("2026-12-01"),),
        circumstances=(Said("It was late."),),
        impact=(Said("Nobody asked."),),
        actions=(Said("The platform changed a setting."),),
        planned=(Planned(Said("Look at it"), Said("operator"), Said("2027-01-15")),),
        moments=(
            Moment("2026-12-01T09:30", Bound.AT, Event.PROMISED, "at 9.30"),
            Moment("2026-12-01T09:57", Bound.AT, Event.ALTERNATE_PUBLIC, "at 9.57"),
            Moment("2026-12-01T11:00", Bound.BEFORE, Event.ANNOUNCED_PUBLIC, "before 11"),
        ),
    )
    return replace(made, **more)


def opened(desk: Desk, **more: Any) -> Breach:
    work_here()
    Person.objects.create(id=REGULATOR, name="x", role=Role.REGULATOR)
    return another(**more)


def another(**more: Any) -> Breach:
    about = {"known": HALF_PAST, "platform": "platform.example", "cause": "cache_old"}
    told = {name: more.pop(name) for name in list(more) if name in About.__dataclass_fields__}
    return open_breach(report(**more), About(**{**about, **told}), by=STATISTICIAN)


def signed(reference: str) -> None:
    """Reviewed, signed, and with its statement."""
    ask_review(reference, by=STATISTICIAN)
    comment(reference, "Right as it is.", by=COLLEAGUE)
    sign_report(reference, by=HEAD)
    publish_statement(reference, "It was late.\n\nWe are sorry.", by=HEAD)


def reports_to(desk: Desk, *tables: str, more: str = "") -> None:
    """Settings with these tables under [reports]."""
    file = desk.home / "desk.toml"
    desk.told()
    file.write_text(file.read_text() + f"\n[reports]\n{more}\n" + "\n".join(tables) + "\n")
    setup.cache_clear()


def body(name: str, part: str, to: str, key: str = "", token: str = "") -> str:
    rest = f'key = "{key}"\ntoken = "{token}"\n' if key else ""
    return f'[[reports.bodies]]\nname = "{name}"\npart = "{part}"\nto = "{to}"\n{rest}'


def mail(url: str) -> str:
    return f'[reports.mail]\nurl = "{url}"\nsender = "desk@office.example"\n'


def sender(key: SigningKey, name: str = "The office of examples", token: str = "known") -> str:
    return f'[[reports.senders]]\nname = "{name}"\nkey = "{key.public}"\ntoken = "{token}"\n'
