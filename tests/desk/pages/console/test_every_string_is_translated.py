"""A language in which each string comes accented and in brackets shows what went past gettext."""

import gettext
import re
from collections.abc import Callable, Collection, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import trans_real

from ninethirty.core.announcement import ELSEWHERE
from ninethirty.core.facts import Kind
from ninethirty.core.release import Role
from ninethirty.desk.outside.rehearsal import faults
from tests.core.made import at
from tests.desk.pages.console.staff import visitor
from tests.desk.reports.made import another
from tests.desk.setting import RELEASE, Desk, happens
from tests.desk.way import sealed

PAGE, ROOM = f"/releases/{RELEASE}", f"/incidents/{RELEASE}"
ACCENTS = str.maketrans("aeiouAEIOU", "áéíóúÁÉÍÓÚ")
PLACEHOLDER = re.compile(r"(%\(\w+\)[sd]|%[sd]|\{\w*\})")
SET_UP = (
    *(r"\[\[\w+\]\] .*", r"(late|published|recovered)_title", r".*\{title\}.*", *ELSEWHERE),
    *("published", "recovered", "gate-1", "helpdesk", "urn:li:organization:1"),
    *(r"ninethirty promise \w+", "Europe/London", "CSV|JSON( lines)?", "quoted"),
    *(r"release/gdp \d+", r"breach/\S+ \d+", r"\{\".*\}", r"\b(a|person)-[\w-]+"),
)
"""Of desk.toml and of the record: names, texts of settings; and what is typed in a terminal."""

TYPED = (
    *("Gross domestic product", r"Name of [\w-]+,?", "The office of examples", "somebody"),
    *(r"\d{4}-\d\d-\d\d \d\d:\d\d Europe/London", r"\(Europe/London\)", r"http\S+", "/gdp"),
    *(r"[0-9a-f]{16,}…?", r"index\.html", r"data\.csv", r"\d+ bytes", "feed|linkedin|news"),
    *("Apples and pears, November 2026", r"br-2026-0001,?", "It was late.", "Nobody asked."),
    *("Statistics desk", "desk@office.example", "The platform changed a setting.", "none"),
    *("late", "(update|corrected)(_title)?"),
    "DOCX|HTML|JSON|MD|ODT|PDF",
)
"""By people, or given by the desk: names, titles, addresses, digests."""

MADE_OF_A_CASE = (
    *("nobody has approved it", "no gate has said how its clock stands", "not checked yet"),
    *(
        "nobody is on call at T",
        r"the release is \w+, not armed",
        "from then on",
        "for open incident",
    ),
    *("does not say its language; .*", "its page has no status label .*", "its page names no .*"),
    *("2 files", "short-notice"),
    *("Available at another address: ", " can be read here: .*", "Now at its usual address: "),
    *(" is now at its usual address too: .*", " is not where it was promised, .*"),
    *("Still at another address: ", " can still be read here: .*"),
    *(r"\d+ breach(es)? and \d+ releases due .*", "Breaches of 1,000 releases due[;,] .*"),
    *("I can give you no figures by telephone: .*", "We will say on our site where it is .*"),
)
"""Sentences that rules, checks and papers make of a case. English: they are the record's, or the
producer's own words to users, which have templates of their own."""

RECORDED = re.compile("|".join((*SET_UP, *MADE_OF_A_CASE, *TYPED)))
ATTRIBUTES = ("aria-label", "alt", "placeholder")


class Pseudo(gettext.NullTranslations):
    def gettext(self, message: str) -> str:
        parts = PLACEHOLDER.split(message)
        return f"⟦{''.join(p if n % 2 else p.translate(ACCENTS) for n, p in enumerate(parts))}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)

    def pgettext(self, context: str, message: str) -> str:
        return self.gettext(message)

    def language(self) -> str:
        return "en-x-pseudo"

    to_language = language


class Seen(HTMLParser):
    """What people read, or are read."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._within: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.texts += [value for name, value in attrs if name in ATTRIBUTES and value]
        if tag in ("script", "style"):
            self._within.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._within and tag == self._within[-1]:
            self._within.pop()

    def handle_data(self, data: str) -> None:
        if not self._within and data.strip():
            self.texts.append(" ".join(data.split()))


@pytest.fixture
def pseudo() -> Iterator[None]:
    active: Any = vars(trans_real)["_active"]  # What `activate` sets, for locales with files only.
    before = getattr(active, "value", None)
    active.value = Pseudo()
    yield
    if before is None:
        del active.value
    else:
        active.value = before


def past_gettext(shown: str, names: Collection[str] = ()) -> list[str]:
    """names: of things, such as faults, that are the same in every language."""
    for name in sorted(names, key=len, reverse=True):
        shown = shown.replace(name, "")
    seen = Seen()
    seen.feed(shown)
    whole = re.sub(r"⟦[^⟦⟧]*⟧", "", "\n".join(seen.texts))
    while "⟦" in whole:  # a string within another
        before, whole = whole, re.sub(r"⟦[^⟦⟧]*⟧", "", whole)
        if before == whole:
            break
    left = {RECORDED.sub("", one).strip(" :,.") for one in whole.split("\n")}
    return sorted(one for one in left if re.search(r"[^\W\d_]{2}", one))


@pytest.fixture
def busy(desk: Desk, tmp_path: Path) -> str:
    """A desk with something on every page; the reference of a report."""
    sealed(tmp_path / "files")
    happens(Kind.LATE_PROVISIONAL, at(-21))
    return another().reference


def test_no_string_of_a_page_goes_past_gettext(
    busy: str, as_role: Callable[..., Client], pseudo: None
) -> None:
    head = as_role(Role.HEAD_OF_PROFESSION)
    report = f"/reports/{busy}"
    for path in (
        *("/", "/wall", PAGE, f"{PAGE}/act/approve", "/incidents", ROOM),
        *(f"{ROOM}/do/veto", f"{ROOM}/do/telephone", f"{ROOM}/steps/upload_elsewhere"),
        *("/reports", report, f"{report}/do/set_aside", f"{report}/edit/impact"),
        *("/calendar?year=2026", "/calendar/new", f"/calendar/date/{RELEASE}"),
        *(f"/calendar/cancel/{RELEASE}", "/calendar/series/fuel", "/rehearsal", "/rehearsal/end"),
        *("/set-up", "/set-up/add/producer", "/set-up/add/series", "/set-up/add/leave"),
        *("/register", "/register/waiting", f"{PAGE}/access", f"{PAGE}/access/slip"),
        *("/account", "/account/sessions", "/account/passkeys", "/none", f"{ROOM}/do/none"),
    ):
        names = faults() if path == "/rehearsal" else ()
        left = past_gettext(head.get(path).content.decode(), names)
        assert left == [], path
    operator = as_role(Role.OPERATOR)
    for path in (
        *("/people", "/people/new", "/people/person-1", "/people/person-1/do/leave"),
        *("/people/a-operator/do/reset", "/break-glass", "/audit", "/set-up"),
    ):
        answer = operator.get(path)
        assert answer.status_code == 200, path
        left = past_gettext(answer.content.decode(), set(Kind) if path == "/audit" else ())
        assert left == [], path
    left = past_gettext(visitor().get("/sign-in").content.decode())
    assert left == []
