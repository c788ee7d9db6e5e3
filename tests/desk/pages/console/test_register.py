"""The register at the console: searched, taken out as files, and what waits in it."""

import csv
import json
from collections.abc import Callable
from datetime import date

import pytest
from django.http import StreamingHttpResponse
from django.test import Client

from ninethirty.core.breach import Said
from ninethirty.core.release import Role
from ninethirty.desk.actions.reports.plan import plan_action
from ninethirty.desk.pages.console import register
from ninethirty.desk.record.kept import keep
from ninethirty.desk.record.models import Breach, Release
from tests.core.made import at
from tests.desk.reports.made import another, opened
from tests.desk.reports.test_period import one
from tests.desk.setting import RELEASE, STATISTICIAN, Desk, watched

AsRole = Callable[..., Client]


def seen(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def taken_out(client: Client, path: str) -> str:
    answer = client.get(path)
    assert isinstance(answer, StreamingHttpResponse)
    return b"".join(answer).decode()


def test_a_regulator_searches_by_words_and_filters_together(desk: Desk, as_role: AsRole) -> None:
    opened(desk)
    another(title=Said("Plums"), kind=Said("early"), practices=(Said("T3.3"),))
    another(title=Said("Plums again"), occurred=(Said("2019-05-06"),))
    regulator = as_role(Role.REGULATOR)
    told = seen(regulator, "/register?words=plums&kind=early&practice=T3.3")
    assert "One breach" in told
    assert 'href="/reports/br-2026-0002"' in told
    assert "br-2019-0001" not in told
    assert "Plums again" in seen(regulator, "/register?year=2019")
    assert "Nothing has all of these." in seen(regulator, "/register?words=quinces")
    assert 'href="/register"' in seen(regulator, "/reports")


def test_older_entries_are_on_the_next_page(
    desk: Desk, as_role: AsRole, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(desk)
    another(title=Said("Plums"))
    another(title=Said("Quinces"))
    monkeypatch.setattr(register, "SHOWN", 2)
    regulator = as_role(Role.REGULATOR)
    first = seen(regulator, "/register?kind=late")
    assert "3 breaches" in first
    assert "Apples" not in first
    last = Breach.objects.get(title="Plums").id
    assert f"kind=late&amp;before={last}" in first
    assert "Apples" in seen(regulator, f"/register?kind=late&before={last}")
    assert "Quinces" in seen(regulator, "/register?before=nowhere&words=quinces%00")


def test_what_was_found_is_taken_out_as_csv_and_json(desk: Desk, as_role: AsRole) -> None:
    opened(desk)
    another(title=Said("=Plums"), kind=Said("early"))
    regulator = as_role(Role.REGULATOR)
    [row] = csv.DictReader(taken_out(regulator, "/register/register.csv?kind=early").splitlines())
    assert (row["reference"], row["title"], row["sample"]) == ("br-2026-0002", "'=Plums", "False")
    told = json.loads(taken_out(regulator, "/register/register.json"))["breaches"]
    assert [(one["reference"], one["title"], one["occurred"]) for one in told] == [
        ("br-2026-0001", "Apples and pears, November 2026", "2026-12-01"),
        ("br-2026-0002", "=Plums", "2026-12-01"),
    ]
    assert json.loads(taken_out(regulator, "/register/register.json?words=no")) == {"breaches": []}
    assert regulator.get("/register/register.exe").status_code == 404


def test_nobody_takes_the_register_out_without_signing_in(desk: Desk) -> None:
    opened(desk)
    for path in ("/register", "/register/register.csv", "/register/register.json"):
        assert Client(headers={"host": "localhost"}).get(path).status_code == 302


def test_breaches_of_other_producers_are_found_by_nobody_else(desk: Desk, as_role: AsRole) -> None:
    opened(desk, release=RELEASE)
    another(title=Said("Plums"))
    watched()
    Release.objects.filter(id=RELEASE).update(series="of-others")
    client = as_role(Role.STATISTICIAN)
    for path in ("/register", "/register?words=apples", "/register?kind=late", "/register/waiting"):
        assert "Apples" not in seen(client, path), path
    assert "Plums" in seen(client, "/register?kind=late")
    for form in ("csv", "json"):
        told = taken_out(client, f"/register/register.{form}")
        assert "Plums" in told
        assert "Apples" not in told


def test_what_waits_is_on_one_page(desk: Desk, as_role: AsRole) -> None:
    breach = opened(desk)
    another(title=Said("Plums"), occurred=(Said("2026-11-30"),))
    Breach.objects.filter(title="Plums").update(stage="submitted", sender="The other office")
    another(title=Said("Quinces"))
    Breach.objects.filter(title="Quinces").update(stage="returned")
    plan_action(breach.reference, "Look", owner="operator", due=date(2026, 12, 3), by=STATISTICIAN)
    keep([one(f"release/{n}", f"2026-12-{n + 1:02}", 0.5) for n in range(4)])
    desk.show(at(30 * 86400))
    told = seen(as_role(Role.REGULATOR), "/register/waiting?producer=The+office+of+examples")
    inbox, questions = told.index("Plums, The other office"), told.index("Quinces")
    assert told.index("Inbox") < inbox < told.index("Questions that are open") < questions
    assert "report: due by" in told
    assert "due on 2026-12-03, operator: Look" in " ".join(told.split())
    assert "Most within 90 days: 3, from 2026-11-30 to 2026-12-01." in told
    assert "3 breaches and 0 releases due from 2026-11 to 2026-12." in told
    assert '<title id="months-title">' in told
    assert 'value="The office of examples"' in told
    everybody = seen(as_role(Role.REGULATOR), "/register/waiting")
    assert 'value="The office of examples"' not in everybody
    assert "3 breaches and 4 releases due" in everybody


def test_where_nothing_waits_each_part_says_so(desk: Desk, as_role: AsRole) -> None:
    told = seen(as_role(Role.REGULATOR), "/register/waiting")
    for says in ("Nothing waits", "No question is open", "No report is overdue", "No action is"):
        assert says in told
    assert "The register is empty." in seen(as_role(Role.REGULATOR), "/register")
