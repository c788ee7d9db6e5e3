"""A title and a figure are planted in a release that is not public. They stand on its own pages,
and nowhere else: not in logs, addresses, page titles or pages that tell of an error."""

import html
import json
import logging
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from ninethirty.core.facts import Kind
from ninethirty.core.release import Role
from ninethirty.desk.actions.seal import seal
from ninethirty.desk.actions.stage import stage
from ninethirty.desk.record.models import Release
from ninethirty.desk.setup import HOME
from tests.core.made import at
from tests.desk.pages.console.staff import visitor
from tests.desk.setting import RELEASE, STATISTICIAN, Desk, bundle, happens
from tests.desk.way import promised

TITLE, FIGURE = "Quince harvest halved", "73.9173"
PAGE, ROOM = f"/releases/{RELEASE}", f"/incidents/{RELEASE}"
OTHER_DATE = f"/calendar/date/{RELEASE}"
PAGES = [
    *("/", "/wall", "/incidents", "/reports", "/account", PAGE),
    *("/calendar?year=2026", OTHER_DATE, "/register"),
    *("/register/waiting", "/rehearsal", "/set-up"),
    *(f"{PAGE}/act/ask", f"{PAGE}/as-it-will-be/before", ROOM, f"{ROOM}/do/hand-over"),
    *(f"{PAGE}/access", f"{PAGE}/access/slip"),
]
MISTAKES = [
    f"{OTHER_DATE}-none",
    f"/calendar/cancel/{RELEASE}-none",
    f"{PAGE}/access/nothing",
    "/register/register.pdf",
    "/set-up/add/nothing",
    f"{PAGE}/act/nothing",
    f"{PAGE}/as-it-will-be/now",
    f"{PAGE}/act/correct",
    f"{PAGE}/access/nothing",
    f"{ROOM}/live?since=x",
    f"{ROOM}/steps/none",
    f"{ROOM}/do/nothing",
    "/releases/none",
]


@pytest.fixture
def planted(desk: Desk, tmp_path: Path) -> Release:
    promised(title=TITLE)
    page = f"<html><body><main><h1>{TITLE}</h1><p>{FIGURE} tonnes.</p></main></body></html>"
    files = {"index.html": page.encode(), "data.csv": f"year,t\n2026,{FIGURE}\n".encode()}
    stage(RELEASE, bundle(tmp_path / "files", files), by=STATISTICIAN)
    seal(RELEASE, by=STATISTICIAN)
    happens(Kind.LATE_PROVISIONAL, at(21))
    return Release.objects.get(id=RELEASE)


def told_by(text: str) -> bool:
    return any(re.search(re.escape(one), html.unescape(text), re.I) for one in (TITLE, FIGURE))


def slug_in(address: str) -> bool:
    return "quince" in address.lower() or FIGURE in address


def test_its_own_pages_have_it_and_neither_their_titles_nor_addresses_do(
    planted: Release, as_role: Callable[..., Client]
) -> None:
    client = as_role(Role.STATISTICIAN)
    assert told_by(client.get(PAGE).content.decode())
    assert told_by(client.get(f"{PAGE}/as-it-will-be/after").content.decode())
    for path in PAGES:
        answer = client.get(path)
        assert answer.status_code == 200, path
        shown = answer.content.decode()
        if "as-it-will-be" not in path:  # that is the release's own page, in a sandbox
            [title] = re.findall("<title>(.*?)</title>", shown, re.S)
            assert not told_by(title), path
        for address in re.findall(r'(?:href|src|action|hx-get)="([^"]*)"', shown):
            assert not slug_in(address), f"{path}: {address}"


def test_no_error_page_and_no_log_has_it(
    planted: Release,
    as_role: Callable[..., Client],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    ours, auditor = as_role(Role.STATISTICIAN), as_role(Role.AUDITOR)
    other = as_role(Role.STATISTICIAN, "of-another", producers=("others",))
    answers: dict[str, Any] = {}
    for path in (*PAGES, *MISTAKES):
        ours.get(path)
    for path in MISTAKES:
        answers[f"a mistake: {path}"] = ours.get(path)
        answers[f"an auditor: {path}"] = auditor.post(path.partition("?")[0])
    for path in (
        *(PAGE, f"{PAGE}/act/seal", ROOM, f"{ROOM}/live", f"{PAGE}/as-it-will-be/after"),
        *(OTHER_DATE, f"/calendar/cancel/{RELEASE}", f"{PAGE}/access", f"{PAGE}/access/slip"),
    ):
        answers[f"another producer's: {path}"] = other.get(path)
        answers[f"nobody: {path}"] = visitor().get(path)
    forged = visitor(checks_forms=True)
    forged.cookies = ours.cookies
    answers["a forged form"] = forged.post(f"{PAGE}/act/seal", {"title": TITLE, "x": FIGURE})
    planted.manifest = {"title": TITLE, "figure": FIGURE}  # something of ours is broken
    planted.save()
    ours.raise_request_exception = False
    answers["broken"] = ours.get(PAGE)
    assert answers["broken"].status_code == 500
    for what, answer in answers.items():
        assert answer.status_code >= 300, what
        assert not told_by(answer.content.decode()), what
        assert not slug_in(answer.headers.get("Location", "")), what
    assert "Internal Server Error" in caplog.text
    said = capfd.readouterr()
    ours_alone = [one for one in caplog.records if not one.name.startswith("django.db")]
    logged = "\n".join(caplog.handler.format(one) for one in ours_alone)
    assert not told_by(logged + said.out + said.err)


def test_another_s_pages_of_the_day_do_not_name_it(
    planted: Release, as_role: Callable[..., Client]
) -> None:
    other = as_role(Role.HEAD_OF_PROFESSION, "of-another", producers=("others",))
    for path in (
        *("/", "/wall", "/today/rows", "/incidents", "/reports", "/calendar?year=2026"),
        *("/register", "/register/waiting", "/rehearsal", "/set-up"),
    ):
        assert not told_by(other.get(path).content.decode()), path


def test_the_pages_of_the_desk_itself_do_not_name_it(
    planted: Release, as_role: Callable[..., Client]
) -> None:
    operator = as_role(Role.OPERATOR)
    for path in ("/people", f"/people/{STATISTICIAN}", "/set-up", "/audit", "/audit/facts.csv"):
        answer = operator.get(path)
        assert answer.status_code == 200, path
        assert not told_by(b"".join(answer).decode()), path


def test_a_desk_behind_tls_keeps_its_cookies_to_tls(desk: Desk) -> None:
    (desk.home / "desk.toml").write_text(
        'site = "https://statistics.example"\nproducer = "x"\n'
        '[console]\naddress = "https://desk.example"\n'
    )
    names = (
        *("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_HSTS_SECONDS", "DEBUG"),
        *("SECURE_PROXY_SSL_HEADER", "CSRF_TRUSTED_ORIGINS", "ALLOWED_HOSTS"),
    )
    asks = (
        "import json; from ninethirty.desk import settings as s; "
        f"print(json.dumps({{n: getattr(s, n) for n in {names}}}))"
    )
    told = subprocess.run(
        [sys.executable, "-c", asks], env={HOME: str(desk.home)}, capture_output=True, check=True
    )
    assert json.loads(told.stdout) == {
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SECURE_HSTS_SECONDS": 365 * 86_400,
        "DEBUG": False,
        "SECURE_PROXY_SSL_HEADER": ["HTTP_X_FORWARDED_PROTO", "https"],
        "CSRF_TRUSTED_ORIGINS": ["https://desk.example"],
        "ALLOWED_HOSTS": ["127.0.0.1", "localhost", "desk.example"],
    }
