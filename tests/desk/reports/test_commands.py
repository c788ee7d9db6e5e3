"""The commands as people type them, and what they say when something is wrong."""

import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from ninethirty.core.breach import Said
from ninethirty.core.errors import CannotStart, NinethirtyError
from ninethirty.desk.problem_command import problem
from ninethirty.desk.record.export import json_parts, lines
from ninethirty.desk.record.kept import keep
from ninethirty.desk.record.models import Breach, Person
from ninethirty.desk.record.register import Wanted
from ninethirty.desk.register_command import period, register
from ninethirty.desk.reports_command import report as reports
from ninethirty.desk.setup import setup
from tests.core.made import HALF_PAST, at
from tests.desk.reports.made import REGULATOR, another, body, mail, opened, reports_to
from tests.desk.reports.test_period import ITEM, one
from tests.desk.reports.test_register import HEAD_LINE, ROWS, pages, published
from tests.desk.setting import STATISTICIAN, Desk

SQLITE = pytest.mark.parametrize("database", ["sqlite"])
YEAR = ("--from", "2026-01-01", "--to", "2026-12-31")


def ask(group: Any, *arguments: str, home: Path) -> str:
    found = CliRunner().invoke(group, [*arguments, "--home", str(home)])
    if found.exception and not isinstance(found.exception, SystemExit):
        raise found.exception
    return found.output


@SQLITE
def test_the_register_is_searched_and_exported(desk: Desk) -> None:
    opened(desk)
    another(title=Said("Plums"))
    told = ask(register, "list", "plums", "--kind", "late", home=desk.home)
    assert "br-2026-0002  2026-12-01  late  draft" in told
    assert "1 of 1" in told
    table = ask(register, "export", "--year", "2026", home=desk.home)
    assert [line.partition(",")[0] for line in table.splitlines()] == [
        "reference",
        "br-2026-0001",
        "br-2026-0002",
    ]


@SQLITE
def test_what_is_overdue_is_named_as_our_target(desk: Desk) -> None:
    opened(desk)
    desk.show(at(30 * 86400))
    told = ask(register, "overdue", home=desk.home)
    assert "br-2026-0001: report, our target was 2026-12-08 23:59" in told
    assert "br-2026-0001: first word, our target was 2026-12-01 10:29" in told
    assert "2026-12  1 breaches  0 due" in ask(register, "trends", home=desk.home)


@SQLITE
def test_a_register_is_taken_over_and_shown(desk: Desk) -> None:
    opened(desk)
    file = desk.home / "old.csv"
    file.write_text(HEAD_LINE + ROWS)
    told = ask(
        register,
        "import",
        str(file),
        "--name",
        "old",
        "--sample",
        "--by",
        REGULATOR,
        home=desk.home,
    )
    assert told == "3 taken over\n"
    assert "/register/old-0001" in pages("register/old-0001")


@SQLITE
def test_a_period_report_is_written_as_asked(desk: Desk) -> None:
    keep([one("release/a", "2026-12-01", 90, cause="cached")])
    asked = ("--platform", "platform.example", *YEAR)
    assert "| Releases | 1 |" in ask(period, *asked, home=desk.home)
    told = json.loads(ask(period, *asked, "--as", "json", "--draft", home=desk.home))
    assert (told["note"], told["releases"], told["causes"]["cached"]["count"]) == ("Draft", 1, 1)
    address = ask(period, *asked, "--publish", home=desk.home).strip()
    assert address.startswith(f"{setup().site}/register/periods/platform-platform.example-")
    ask(period, *asked, "--as", "pdf", "--out", str(desk.home / "p.pdf"), home=desk.home)
    assert (desk.home / "p.pdf").read_bytes().startswith(b"%PDF")


@SQLITE
@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "give one of --platform, --producer"),
        (("--platform", "a", "--producer", "b"), "give one of --platform, --producer"),
        (("--platform", "a", "--late-after", "-1"), "expected 0 seconds or more"),
        (("--platform", "a", "--zone", "Nowhere"), "is not a time zone"),
    ],
)
def test_a_period_that_cannot_be_asked_for_says_why(
    desk: Desk, arguments: tuple[str, ...], says: str
) -> None:
    try:
        told = ask(period, *arguments, *YEAR, home=desk.home)
    except NinethirtyError as wrong:
        told = str(wrong)
    assert says in told


@SQLITE
def test_a_platforms_word_is_taken_from_files(desk: Desk) -> None:
    file = desk.home / "item.json"
    file.write_text(json.dumps(ITEM))
    told = ask(register, "backfill", str(file), "--platform", "www.example", home=desk.home)
    assert told == "1 of 1 say how late they were\n"
    file.write_text("[]")
    with pytest.raises(NinethirtyError, match=r"item\.json: expected one content item"):
        ask(register, "backfill", str(file), "--platform", "www.example", home=desk.home)


@SQLITE
def test_a_report_is_shown_in_any_version_and_format(desk: Desk) -> None:
    published(desk)
    told = ask(reports, "show", "br-2026-0001", home=desk.home)
    assert json.loads(told)["reference"] == "br-2026-0001"
    public = ask(reports, "show", "br-2026-0001", "--public", "--as", "md", home=desk.home)
    assert "desk@office.example" in told
    assert "desk@office" not in public
    with pytest.raises(NinethirtyError, match="there are versions 1 to 1, not 7"):
        ask(reports, "show", "br-2026-0001", "--version", "7", home=desk.home)
    with pytest.raises(NinethirtyError, match="no such breach"):
        ask(reports, "review", "br-1999-0001", "--by", STATISTICIAN, home=desk.home)


@SQLITE
@pytest.mark.parametrize("write", [lines, json_parts])
def test_an_export_keeps_few_entries_in_memory(desk: Desk, write: Any) -> None:
    Breach.objects.bulk_create(
        Breach(reference=f"br-2026-{n}", title="t" * 200, producer="p" * 200, known=HALF_PAST)
        for n in range(6000)
    )
    every = write(Wanted())
    for _ in range(1500):
        next(every)  # what is made once is there
    tracemalloc.start()
    try:
        assert sum(1 for _ in every) >= 6001 - 1500
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # All of it at once would be six times what a thousand take, 2 MB of titles alone.
    assert peak < 4_000_000


@SQLITE
@pytest.mark.parametrize(
    ("tables", "says"),
    [
        (("prefix = 'Br-1'",), "reports.prefix: expected up to 20 small letters"),
        (("report_working_days = 0",), "reports.report_working_days: expected a int, found 0"),
        (("colour = 'red'",), "reports.colour is not a setting"),
        (("reviewed = 'no'",), "reports.reviewed: expected a bool"),
        ((body("r", "accepts", "r@x.example"),), "reports.mail is missing"),
        ((body("r", "judges", "r@x.example"), mail("smtp://h:1")), "expected advises or accepts"),
        ((body("r", "accepts", "nowhere"), mail("smtp://h:1")), "expected https://... or a mail"),
        ((body("r", "accepts", "https://r.example"),), r"bodies\[0\].key"),
        (
            (
                body("r", "accepts", "r@x.example"),
                body("r", "accepts", "s@x.example"),
                mail("smtp://h:1"),
            ),
            "two have the same name",
        ),
    ],
)
def test_a_setting_that_cannot_work_stops_the_start(
    desk: Desk, tables: tuple[str, ...], says: str
) -> None:
    reports_to(desk, *tables)
    with pytest.raises(CannotStart, match=says):
        setup()


@SQLITE
def test_an_operator_answers_everybody_one_fault_hit(desk: Desk) -> None:
    opened(desk)
    Person.objects.create(id="person-8", name="x", role="operator")

    def act(*words: str) -> str:
        return ask(problem, *words, "--by", "person-8", home=desk.home)

    id = act("open", "platform.example", "Old pages stay").strip()
    hit = ("--hit", "2026-11-30T09:30Z")
    act("add", id, "release/a", *hit, "--producer", "First")
    assert "told: First" in act("cause", id, "outage", "A machine stopped.")
    assert "told: First" in act("cause", id, "cached", "It was a cache.")
    act("add", id, "release/b", *hit, "--producer", "Second")
    assert "told: First, Second" in act("fix", id, "It asks again.", "--at", "2026-12-01T11:00Z")
    act("watch", id, "begin")
    assert "end of the watch" in act("watch", id, "end")
    act("close", id)
    told = ask(problem, "show", id, home=desk.home)
    assert f"{id}  closed  platform.example: Old pages stay" in told
    assert "cause      2026-12-01 08:30  outage" in told
    assert "outage: A machine stopped." in told
    assert "corrected  2026-12-01 08:30  cached" in told
    assert "fix        2026-12-01 11:00  It asks again." in told
    second = [line for line in told.splitlines() if line.startswith("told") and "Second:" in line]
    assert [line.partition("Second: ")[2] for line in second] == [
        "It was a cache.",
        "It asks again.",
    ]
    assert "came back on 0 releases" in told
