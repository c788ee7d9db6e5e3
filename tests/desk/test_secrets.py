"""Secrets are planted in everything a desk is told, and looked for in everything that it writes."""

import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps

from ninethirty.core.escalation import Page
from ninethirty.core.facts import Kind
from ninethirty.core.page_link import PATH
from ninethirty.core.runbook import Due, Reach, Step
from ninethirty.core.verdict import Call, Verdict
from ninethirty.desk.actions.ask_platform import raise_ticket
from ninethirty.desk.actions.check_ready import check_ready
from ninethirty.desk.actions.copy_out import open_copy
from ninethirty.desk.actions.page_person import page_person
from ninethirty.desk.actions.tell_users import tell_late
from ninethirty.desk.outside.pagers.routes import pager
from ninethirty.desk.pages import at_it
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.runner.book import Action
from ninethirty.desk.runner.perform import Try, claim
from ninethirty.desk.setup import setup
from ninethirty.standin.exchange import Reply, Request
from ninethirty.standin.serving import Serving
from tests.core.made import HALF_PAST, at
from tests.desk.pages.console.staff import visitor
from tests.desk.services import service
from tests.desk.setting import RELEASE, Desk, happens, watched
from tests.desk.way import approved
from tests.standin.drill import Hands

NOTIFY = "key-11111111-2222-4333-8444-555555555555-planted0-notify-4999-8000-aaaaaaaaaaaa"
CHANNELS = ("x", "linkedin", "mastodon", "bluesky", "news", "webhook", "slack", "teams")
PAGERS = ("pagerduty", "webhook", "sms", "voice", "notify")


def planted(name: str) -> str:
    return f"planted-{name}-secret"


def repeats(request: Request) -> Reply:
    """The worst that a service can answer: all that it was sent."""
    headers = "\n".join(request.headers.values())
    return Reply(500, f"{headers}\n{request.path}\n".encode() + request.body)


@pytest.fixture
def told(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A desk with every service that there is, whose tokens are kept in each of the three ways."""
    with Serving(repeats, Hands(HALF_PAST), ["127.0.0.1"], 0) as server:
        tables = []
        for name in CHANNELS:
            token = planted(name)
            if name in ("slack", "teams"):
                token = f"{server.url}/{token}"
            elif name == "mastodon":
                monkeypatch.setenv("MASTODON_TOKEN", token)
                token = "env:MASTODON_TOKEN"
            elif name == "linkedin":
                kept = tmp_path / "linkedin-token"
                kept.touch(mode=0o600)
                kept.write_text(token)
                token = f"file:{kept}"
            account = {"bluesky": "producer.example", "news": "desk", "linkedin": "urn:li:1"}
            tables.append(
                f'[services.{name}]\nurl = "{server.url}"\ntoken = "{token}"\n'
                f'account = "{account.get(name, "")}"\n'
            )
        tables.append(f'[services.helpdesk]\nurl = "{server.url}"\ntoken = "{planted("helpdesk")}"')
        for kind in PAGERS:
            token = NOTIFY if kind == "notify" else planted(f"page-{kind}")
            tables.append(
                f'[[pagers]]\nkind = "{kind}"\nurl = "{server.url}"\ntoken = "{token}"\n'
                'user = "desk"\nsender = "desk"\nto = "+441632960000"\ntemplate = "t"\n'
            )
        tables.append(
            f'[[copies]]\nkind = "s3"\nplace = "bucket"\nurl = "{server.url}"\naccount = "id"\n'
            f'token = "{planted("s3")}"\n'
        )
        file = desk.home / "desk.toml"
        head = f'drill = "{desk.home / "clock.json"}"\n'
        head += f'database = "{desk.database}"\n' if desk.database else ""
        file.write_text(
            f'site = "http://statistics.example"\nproducer = "The office"\n{head}'
            + "\n".join(tables)
        )
        file.chmod(0o600)
        setup.cache_clear()
        yield desk


def attempt(name: str, action: Action) -> None:
    due = Due(Step(name, Reach.INTERNAL, Kind.LATE), 1)
    one = Try(RELEASE, due, action, "runner-a", Verdict(Call.LATE, at(61)))
    [claimed] = claim([one])
    one.perform(claimed=claimed is True)


def everything_is_tried(folder: Path) -> None:
    watched()
    happens(Kind.LATE, at(61))
    for name in CHANNELS:
        attempt(f"tell_{name}", partial(tell_late, channel=name))
    attempt("raise_ticket", raise_ticket)
    attempt("check_ready", partial(check_ready, about="ready"))
    page = Page("late", "lead", 1, at(61))
    routes: list[Callable[[], Any]] = [partial(pager, one, setup()) for one in setup().pagers]
    for number, route in enumerate(routes):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(
                "ninethirty.desk.actions.page_person.first_route", lambda *_, by=route: by()
            )
            attempt(f"page_{number}", partial(page_person, page=page, about="late"))


def in_the_database() -> str:
    rows = [row for model in apps.get_models() for row in model._default_manager.values_list()]
    return "\n".join(map(str, rows))


def in_files(desk: Desk) -> str:
    files = [file for file in desk.home.rglob("*") if file.is_file()]
    return "\n".join(
        file.read_bytes().decode(errors="replace") for file in files if file.name != "desk.toml"
    )


def test_no_secret_is_in_database_facts_files_or_log_though_a_service_repeats_it(
    told: Desk, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    told.show(at(100))
    everything_is_tried(told.home)
    failed = [fact.details["step"] for fact in facts_of(RELEASE) if fact.kind is Kind.STEP_FAILED]
    assert len(failed) == len(CHANNELS) + 2 + len(PAGERS)
    printed = capsys.readouterr()
    logged = printed.out + printed.err + caplog.text
    assert logged.count("answered 500") >= len(CHANNELS)
    for place in (
        logged,
        in_the_database(),
        in_files(told),
        "\n".join(map(str, facts_of(RELEASE))),
    ):
        assert "planted" not in place


@pytest.mark.parametrize("database", ["sqlite"])
def test_no_secret_is_in_what_a_copy_says_went_wrong(
    told: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    approved(tmp_path / "bundle")
    happens(Kind.ARMED, at(-3600), gates=["gate-1"])
    told.show(at(2))
    attempt("open_copy", partial(open_copy, number=0))
    logged = capsys.readouterr().out
    assert "bucket bucket: " in logged
    assert "planted" not in logged + in_the_database() + in_files(told)


@pytest.mark.parametrize("database", ["sqlite"])
def test_no_secret_is_on_an_error_page_nor_in_what_it_logs(
    told: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(*_: object) -> None:
        raise RuntimeError(f"something broke with {setup()!r}")

    monkeypatch.setattr(at_it, "read_link", breaks)
    client = visitor()
    client.raise_request_exception = False
    answer = client.get(f"{PATH}token")
    assert answer.status_code == 500
    assert "something broke with Setup(" in caplog.text
    for place in (answer.content.decode(), caplog.text):
        assert "planted" not in place


@pytest.mark.parametrize("database", ["sqlite"])
def test_a_new_token_is_used_by_the_next_attempt_of_the_same_process(
    desk: Desk, tmp_path: Path
) -> None:
    kept = tmp_path / "x-token"
    kept.touch(mode=0o600)
    kept.write_text("revoked")
    with service("x", tmp_path) as moody:
        desk.told(x=moody.url)
        text = (desk.home / "desk.toml").read_text()
        (desk.home / "desk.toml").write_text(text.replace('"let-me-in"', f'"file:{kept}"', 1))
        setup.cache_clear()
        here = setup()
        watched()
        happens(Kind.LATE, at(61))
        with suppress(Exception):
            attempt("tell_x", partial(tell_late, channel="x"))
        assert moody.truth() == []
        kept.write_text("let-me-in")
        attempt("tell_x_anew", partial(tell_late, channel="x"))
        assert len(moody.truth()) == 1
        assert setup() is here
