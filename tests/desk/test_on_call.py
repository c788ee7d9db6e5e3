"""Who is on call, whether a page would reach them, and who is paged when."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from ninethirty.core.errors import NotYet
from ninethirty.core.escalation import LADDER, Page
from ninethirty.core.facts import Kind
from ninethirty.desk.actions.check_ready import check_ready
from ninethirty.desk.actions.page_person import page_person
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.record.models import Person
from ninethirty.desk.setup import setup
from tests.core.made import HALF_PAST, at
from tests.desk.services import Moody, service
from tests.desk.setting import COLLEAGUE, HEAD, OFFICER, RELEASE, TOKEN, Desk, watched, work_here
from tests.desk.test_by_hand import work

ROUTES = {"officer": OFFICER, "deputy": COLLEAGUE, "all": ""}


def rota(who: str = OFFICER, deputy: str = COLLEAGUE, until: timedelta = timedelta(1)) -> str:
    return (
        f'[[on_call]]\nwho = "{who}"\ndeputy = "{deputy}"\n'
        f"since = {(HALF_PAST - timedelta(2)).text()}\nuntil = {(HALF_PAST + until).text()}\n"
    )


@contextmanager
def on_duty(desk: Desk, folder: Path, shift: str = "") -> Iterator[dict[str, Moody]]:
    """A pager of the officer's own, one of their deputy's, and one for all."""
    desk.show(at(-86_000))
    work_here()
    watched()
    with ExitStack() as stack:
        pagers = {}
        for name in ROUTES:
            (folder / name).mkdir()
            pagers[name] = stack.enter_context(service("pagerduty", folder / name))
        tables = [
            f'[[pagers]]\nkind = "pagerduty"\nurl = "{pagers[name].url}"\ntoken = "{TOKEN}"\n'
            + (f'of = "{person}"\n' if person else "")
            for name, person in ROUTES.items()
        ]
        desk.more = "".join(tables) + (shift or rota())
        desk.told()
        yield pagers


def lacking() -> str:
    with pytest.raises(NotYet) as found:
        check_ready(work(), "ready")
    return str(found.value)


def reached(pagers: dict[str, Moody]) -> dict[str, int]:
    return {name: len(pager.truth()) for name, pager in pagers.items()}


def test_each_way_to_a_person_on_call_is_tried_a_day_and_an_hour_before(
    desk: Desk, tmp_path: Path
) -> None:
    with on_duty(desk, tmp_path) as pagers:
        assert "on call" not in lacking()
        assert reached(pagers) == {"officer": 1, "deputy": 1, "all": 1}
        assert pagers["officer"].truth()[0]["text"] == "test: nothing is wrong"
        lacking()  # tried again a minute later: nobody is bothered twice
        assert reached(pagers) == {"officer": 1, "deputy": 1, "all": 1}
        desk.show(at(-3600))
        setup.cache_clear()
        lacking()
        assert reached(pagers) == {"officer": 2, "deputy": 2, "all": 2}
    proven = [fact for fact in facts_of(RELEASE) if fact.kind is Kind.ROUTE_PROVEN]
    assert [fact.details["route"] for fact in proven] == 2 * [
        f"pagers[{place}], pagerduty" for place in range(3)
    ]
    assert not any("http" in str(fact.details) for fact in proven)


def test_a_dead_way_is_named_and_tried_until_it_works(desk: Desk, tmp_path: Path) -> None:
    with on_duty(desk, tmp_path) as pagers:
        pagers["deputy"].moods = [403]
        assert "pagers[1], pagerduty takes no message" in lacking()
        assert reached(pagers) == {"officer": 1, "deputy": 0, "all": 1}
        assert "takes no message" not in lacking()
        assert reached(pagers) == {"officer": 1, "deputy": 1, "all": 1}


def test_a_way_that_leads_elsewhere_now_is_tried_anew(desk: Desk, tmp_path: Path) -> None:
    with on_duty(desk, tmp_path) as pagers:
        lacking()
        elsewhere = pagers["officer"].url.replace("127.0.0.1", "localhost")
        desk.more = desk.more.replace(pagers["officer"].url, elsewhere)
        desk.told()
        lacking()
        assert reached(pagers) == {"officer": 2, "deputy": 1, "all": 1}


@pytest.mark.parametrize(
    ("shift", "why"),
    [
        (rota(until=timedelta(0)), "nobody is on call at T: add [[on_call]] to desk.toml"),
        (rota(who="person-9"), "person-9, on call as lead, does not work here"),
        (rota(deputy="person-9"), "person-9, on call as deputy, does not work here"),
    ],
)
@pytest.mark.parametrize("database", ["sqlite"])
def test_somebody_on_call_is_somebody_who_works_here_and_is_on_the_rota_at_t(
    desk: Desk, tmp_path: Path, shift: str, why: str
) -> None:
    with on_duty(desk, tmp_path, shift):
        assert why in lacking()


def test_who_has_left_is_not_on_call(desk: Desk, tmp_path: Path) -> None:
    with on_duty(desk, tmp_path):
        Person.objects.filter(id=OFFICER).update(left=at(-90_000))
        assert f"{OFFICER}, on call as lead, does not work here" in lacking()


def test_without_a_pager_nobody_can_be_paged_and_that_is_said(desk: Desk) -> None:
    desk.show(at(-86_000))
    work_here()
    watched()
    desk.more = rota()
    desk.told()
    assert "a page would be a line in a log: add [[pagers]] to desk.toml" in lacking()


def test_a_page_goes_to_the_person_on_the_rota_then_to_their_deputy_then_upwards(
    desk: Desk, tmp_path: Path
) -> None:
    with on_duty(desk, tmp_path) as pagers:
        told = [
            page_person(work(), Page("late", rung, number, at(30)), "late")[0].details
            for number, rung in enumerate(LADDER, start=1)
        ]
        assert [details.get("person") for details in told] == [OFFICER, COLLEAGUE, HEAD, None]
        assert reached(pagers) == {"officer": 1, "deputy": 1, "all": 2}
        assert pagers["officer"].truth()[0]["text"] == f"lead, {OFFICER}: {RELEASE}: late"


@pytest.mark.parametrize("database", ["sqlite"])
@pytest.mark.parametrize(
    ("name", "mood", "said"),
    [
        (name, mood, said)
        for name in ("x", "linkedin", "news", "helpdesk")
        for mood, said in ((401, "does not let us in"), (503, "does not answer"))
    ],
)
def test_a_service_that_would_fail_on_the_day_is_named_before_it(
    desk: Desk, tmp_path: Path, name: str, mood: int, said: str
) -> None:
    desk.show(at(-86_000))
    work_here()
    watched()
    with service(name, tmp_path) as moody:
        desk.told(**{name: moody.url})
        moody.reads = [mood]
        assert f"{name} {said}" in lacking()
        assert name not in lacking()
        assert moody.truth() + moody.truth("ticket") == [], "asking changes nothing"
