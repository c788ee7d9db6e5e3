"""The register: found by what people ask, shown to the public, kept by the regulator."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import feedparser  # type: ignore[import-untyped]
import html5lib  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ninethirty.core.breach import Gap, Said
from ninethirty.core.errors import FormUnreadable, NotAllowed
from ninethirty.core.register import Run
from ninethirty.core.schedule import Content
from ninethirty.demo.sample import COUNT, NAME, sample_rows
from ninethirty.desk.actions.opening import scheduled
from ninethirty.desk.actions.reports.act import breach_of, report_of
from ninethirty.desk.actions.reports.plan import plan_action
from ninethirty.desk.actions.reports.publish import publish_report
from ninethirty.desk.actions.reports.show import show_breaches, show_whole
from ninethirty.desk.actions.reports.show_period import show_period
from ninethirty.desk.actions.reports.take_over import take_over
from ninethirty.desk.actions.reports.write import write_report
from ninethirty.desk.actions.sum_up_period import sum_up_period
from ninethirty.desk.papers.read import read_bytes
from ninethirty.desk.public.register import Entry, counts_of, csv_lines, slug
from ninethirty.desk.record import oversight
from ninethirty.desk.record.facts import check_chain
from ninethirty.desk.record.kept import keep
from ninethirty.desk.record.models import Breach, KeptPromise
from ninethirty.desk.record.register import Wanted, find, look, subject_of, words_of
from ninethirty.desk.setup import setup
from tests.core.made import HALF_PAST
from tests.desk.reports.made import (
    REGULATOR,
    another,
    body,
    mail,
    opened,
    report,
    reports_to,
    signed,
)
from tests.desk.reports.test_period import YEAR, one
from tests.desk.setting import HEAD, STATISTICIAN, Desk

PERIOD = "/register/periods/platform-platform.example-2026-01-01-2026-12-31"
REAL = Path(__file__).parents[4] / "shared/data/breaches.csv"


def pages(document: str) -> dict[str, bytes]:
    return {
        opening.path: setup().shelf().read(opening.answer.digest)
        for opening in scheduled(document)
        if isinstance(opening.answer, Content)
    }


def published(desk: Desk, **more: Any) -> Breach:
    breach = opened(desk, **more)
    signed(breach.reference)
    publish_report(breach.reference, by=HEAD)
    return breach_of(breach.reference)


def references(wanted: Wanted, **more: Any) -> list[str]:
    return [breach.reference for breach in find(wanted, **more)]


def test_a_breach_is_found_by_words_and_filters_together(desk: Desk) -> None:
    opened(desk)
    another(title=Said("Plûms & pears"), kind=Said("early"), practices=(Said("T3.3"),))
    another(occurred=(Said("2019-05-06"),), cause="queue")
    assert references(Wanted("PLUMS")) == ["br-2026-0002"]
    assert references(Wanted("pears")) == ["br-2019-0001", "br-2026-0002", "br-2026-0001"]
    assert references(Wanted("pears", kind="late")) == ["br-2019-0001", "br-2026-0001"]
    assert references(Wanted(year="2019")) == ["br-2019-0001"]
    assert references(Wanted(practice="T3.3")) == ["br-2026-0002"]
    assert references(Wanted(cause="queue", producer="The office of examples")) == ["br-2019-0001"]
    assert references(Wanted("br-2026-0001")) == ["br-2026-0001"]
    assert references(Wanted("pears", kind="quoted")) == []
    assert references(Wanted("% _ '")) == references(Wanted())


def test_the_next_page_begins_after_the_last_entry_shown(desk: Desk) -> None:
    opened(desk)
    made = [another() for _ in range(4)]
    first = find(Wanted("pears"), limit=2)
    assert [one.id for one in first] == [made[3].id, made[2].id]
    assert [one.id for one in find(Wanted("pears"), before=first[-1].id, limit=2)] == [
        made[1].id,
        made[0].id,
    ]
    assert look(Wanted("pears")).count == 5
    assert look(Wanted("pears"), limit=3).rows == find(Wanted("pears"), limit=3)
    assert look(Wanted()).count == look(Wanted(), limit=1).count >= 5


def test_a_page_is_filled_with_what_somebody_may_see(desk: Desk) -> None:
    opened(desk)
    another(title=Said("Quinces"))
    for _ in range(5):
        another(title=Said("Plums"))
    theirs = Breach.objects.exclude(title="Plums")
    late = Wanted(kind="late")
    assert references(late, of=theirs, limit=1) == ["br-2026-0002"]
    assert references(late, of=theirs, limit=2) == ["br-2026-0002", "br-2026-0001"]
    assert references(late, of=theirs, limit=3) == ["br-2026-0002", "br-2026-0001"]
    before = Breach.objects.get(title="Quinces").id
    assert references(late, of=theirs, limit=1, before=before) == ["br-2026-0001"]
    assert references(Wanted(), of=theirs, limit=1) == ["br-2026-0002"]
    assert look(late, of=theirs, limit=1).count == 2
    assert look(Wanted(), of=theirs, limit=1).count == 2


def test_what_a_version_no_longer_says_does_not_find_it(desk: Desk) -> None:
    breach = opened(desk)
    write_report(breach.reference, report(title=Said("Plums")), reason="x", by=STATISTICIAN)
    assert references(Wanted("pears")) == []
    assert references(Wanted("plums")) == [breach.reference]


@given(st.text())
def test_a_word_is_found_by_what_it_was_filed_under(text: str) -> None:
    filed = words_of(text)
    assert words_of(" ".join(filed)) == filed


def test_a_report_that_is_accepted_has_its_pages_and_downloads(desk: Desk) -> None:
    breach = published(desk)
    found = pages(f"register/{breach.reference}")
    assert set(found) == {
        f"/register/{breach.reference}",
        f"/register/{breach.reference}/versions/1.html",
        *(
            f"/register/{breach.reference}/report.{name}"
            for name in ("html", "docx", "odt", "pdf", "md", "json")
        ),
    }
    page = found[f"/register/{breach.reference}"].decode()
    html5lib.HTMLParser(strict=True).parse(page)
    for words in ("Apples and pears", "<svg", "before 2026-12-01 11:00", "/statement", "T3.6"):
        assert words in page
    assert "desk@office.example" not in page


def test_the_public_copy_leaves_out_people_and_how_to_reach_them(desk: Desk) -> None:
    breach = published(desk, submitted="Call Pat on 0123", head_name=Said("Pat Example"))
    for path, data in pages(f"register/{breach.reference}").items():
        if path.endswith((".json", ".html", ".md")):
            text = data.decode()
            assert "desk@office.example" not in text
            assert "Statistics desk" not in text
            assert "Pat" not in text
    assert report_of(breach).contact_email == Said("desk@office.example")


def test_every_version_that_was_public_stays_with_the_reason_for_the_next(desk: Desk) -> None:
    breach = published(desk)
    write_report(breach.reference, report(title=Said("Plums")), reason="Plums!", by=STATISTICIAN)
    assert "Plums" not in str(pages(f"register/{breach.reference}"))
    signed(breach.reference)
    publish_report(breach.reference, by=HEAD)
    found = pages(f"register/{breach.reference}")
    page = found[f"/register/{breach.reference}"].decode()
    assert "Version 2" in page
    assert "Plums!" in page
    assert b"Apples" in found[f"/register/{breach.reference}/versions/1.html"]
    assert b"Plums" in found[f"/register/{breach.reference}/report.html"]


def test_what_was_written_since_is_not_shown_whoever_publishes_next(desk: Desk) -> None:
    """Neither drafts before the first publication, nor the version that is being written."""
    breach = opened(desk)
    write_report(breach.reference, report(title=Said("Figs")), reason="Second.", by=STATISTICIAN)
    write_report(breach.reference, report(), reason="Third.", by=STATISTICIAN)
    signed(breach.reference)
    publish_report(breach.reference, by=HEAD)
    write_report(breach.reference, report(title=Said("Plums")), reason="Next.", by=STATISTICIAN)
    other = another()
    signed(other.reference)
    publish_report(other.reference, by=HEAD)
    show_breaches([breach_of(breach.reference)])
    for document in ("register", f"register/{breach.reference}", "register-list/kind/late"):
        found = pages(document)
        assert found
        for path, data in found.items():
            for words in (b"Plums", b"Figs", b"Second.", b"Next."):
                assert words not in data, path
    assert f"/register/{breach.reference}/versions/1.html" not in pages(
        f"register/{breach.reference}"
    )


def test_nothing_is_published_before_a_body_has_accepted_it(desk: Desk) -> None:
    reports_to(desk, body("regulator", "accepts", "r@regulator.example"), mail("smtp://h:1"))
    breach = opened(desk)
    signed(breach.reference)
    with pytest.raises(NotAllowed, match="no body has accepted it yet"):
        publish_report(breach.reference, by=HEAD)
    assert pages("register") == {}


def test_the_whole_is_there_as_list_csv_json_and_atom(desk: Desk) -> None:
    breach = published(desk, title=Said("=1+1, <b>apples</b>"))
    another()
    found = pages("register")
    [row] = csv.DictReader(io.StringIO(found["/register.csv"].decode()))
    assert (row["reference"], row["title"]) == (breach.reference, "'=1+1, <b>apples</b>")
    [told] = json.loads(found["/register.json"])["breaches"]
    assert (told["practices"], told["delay_s"], told["sample"]) == (["T3.6"], 5400, False)
    feed = feedparser.parse(found["/register.atom"])
    assert not feed.bozo
    assert feed.entries[0].link == f"{setup().site}/register/{breach.reference}"
    assert b"&lt;b&gt;apples" in found["/register"]
    assert json.loads(found["/register/search/index.json"]) == {
        "shards": ["/register/search/2026.json"]
    }
    [one] = json.loads(found["/register/search/2026.json"])["breaches"]
    assert (one["path"], one["year"]) == (f"/register/{breach.reference}", ["2026"])
    assert set(pages("register-list/kind/late")) == {"/register/by-kind/late"}
    assert set(pages("register-list/year/2026")) == {"/register/by-year/2026"}
    for path in ("practice/t3.6", "year/2026", "cause/cache-old", "platform/platform.example"):
        assert f'href="/register/by-{path}"'.encode() in found["/register"], path


def test_the_front_page_counts_by_every_dimension_the_most_frequent_first() -> None:
    days = (date(2020, 1, 1), date(2026, 1, 1), date(2020, 6, 1))
    kinds = ("early", "late", "late")
    entries = [
        Entry(f"br-{n}", "x", "office", HALF_PAST, kind=kind, occurred=day, practices=("T3.6",))
        for n, (kind, day) in enumerate(zip(kinds, days, strict=True))
    ]
    found = counts_of(entries)
    assert list(found["kind"].items()) == [("late", 2), ("early", 1)]
    assert list(found["year"].items()) == [("2026", 1), ("2020", 2)]
    assert found["practice"] == {"T3.6": 3}
    assert found["platform"] == {}
    assert counts_of(entries, most=1)["kind"] == {"late": 2}


def test_a_name_in_an_address_is_small_letters() -> None:
    assert slug("The Office (of) Examples") == "the-office-of-examples"
    assert "/" not in slug("../../etc")
    assert slug("") == "none"


HEAD_LINE = "nn,form,title,producer,report_date,occurrence_date,practice,kind,cause,channel,"
ROWS = """scheduled_local,public_or_sent_local,url,more
1,2018-table,Apples,The office,2021-02-18,2021-02-18,T3.6,late,step_missed,a platform,\
2021-02-18T09:30,2021-02-18T09:38,https://register.example/1,x
2,2009-form,Plums,Another,2009-01-08,2009-05,Protocol 2 Practice 8,early_public,,,,,,
3,,Pears,The office,,2017-09-01,Pre-release rules,unpublished_quoted,,,,,,
"""


def table(desk: Desk, text: str = HEAD_LINE + ROWS) -> Path:
    file = desk.home / "register.csv"
    file.write_text(text)
    return file


def test_a_register_kept_elsewhere_is_taken_over_once_and_marked(desk: Desk) -> None:
    opened(desk)
    found = take_over(table(desk), "old", by=REGULATOR, sample=True)
    assert [(one.reference, one.kind, one.stage) for one in found] == [
        ("old-0001", "late", "published"),
        ("old-0002", "early", "published"),
        ("old-0003", "quoted", "published"),
    ]
    assert (found[0].delay_s, found[0].platform, found[0].sample) == (480, "a platform", True)
    assert found[0].source == "https://register.example/1"
    assert report_of(found[1]).practices == (Said("Protocol 2.8", words="Protocol 2 Practice 8"),)
    assert isinstance(report_of(found[1]).occurred[0], Gap)
    assert [report_of(one).form for one in found] == ["2018", "2009", "2022"]
    assert take_over(table(desk), "old", by=REGULATOR, sample=True) == []
    assert check_chain(subject_of("old-0001")) == 1
    show_whole(setup().clock().now())
    assert b"Sample data" in pages("register")["/register"]
    assert oversight.densest_of("The office") is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("title,producer\n", "names no column nn"),
        ("nn,title,producer\n1,,x\n", "line 2: title is empty"),
        ("nn,title,producer\n1,a,b\n1,c,d\n", "line 3: nn is a number of its own"),
        ("nn,title,producer\nx,a,b\n", "line 2: nn is a number"),
        ("nn,title,producer,kind\n1,a,b,lost\n", "line 2: kind: expected one of late, early"),
        ("nn,title,producer,report_date\n1,a,b,2021-02-31\n", "report_date: 2021-02-31 is no day"),
        ("nn,title,producer\n1,a\n", "line 2: not as many cells"),
        ("nn,title,producer\n1,a,b,c\n", "line 2: not as many cells"),
        ('nn,title,producer\n1,"a,b\n', "not a CSV file"),
        ("", "names no column nn, title, producer"),
    ],
)
def test_a_table_that_cannot_be_read_leaves_nothing_behind(
    desk: Desk, text: str, says: str
) -> None:
    opened(desk)
    with pytest.raises(FormUnreadable, match=says):
        take_over(table(desk, text), "old", by=REGULATOR, sample=True)
    assert Breach.objects.count() == 1


def test_who_takes_over_and_under_which_name_is_checked(desk: Desk) -> None:
    opened(desk)
    for name, by, says in (
        ("br", REGULATOR, "not our own prefix"),
        ("../x", REGULATOR, "small letters"),
        ("old", STATISTICIAN, "it takes"),
        ("old", HEAD, "as a sample"),
    ):
        with pytest.raises(NotAllowed, match=says):
            take_over(table(desk), name, by=by, sample=False)


@pytest.mark.skipif(not REAL.exists(), reason=f"{REAL} is not here: the real table is not read")
def test_a_sample_says_so_on_every_page_and_in_every_format(desk: Desk) -> None:
    opened(desk)
    found = take_over(table(desk), "old", by=REGULATOR, sample=True)
    show_breaches(found)
    own, whole = pages("register/old-0001"), pages("register")
    for path, data in own.items():
        told = read_bytes(data).title if "/report." in path else data.decode()
        assert "Apples (sample data)" in str(told), path
    for path, data in whole.items():
        if path.endswith(("/register", ".csv", ".json", ".atom")) and "index" not in path:
            assert "sample data)" in data.decode(), path
    assert (
        "Apples (sample data)"
        in pages("register-list/kind/late")["/register/by-kind/late"].decode()
    )
    assert report_of(found[0]).title == Said("Apples")


def test_the_demo_s_sample_is_the_same_for_one_seed_and_names_examples_alone(desk: Desk) -> None:
    opened(desk)
    text = sample_rows(7)
    assert text == sample_rows(7)
    assert text != sample_rows(8)
    found = take_over(table(desk, text), NAME, by=HEAD, sample=True)
    assert len(found) == COUNT
    assert all(one.sample and one.occurred and one.occurred < date(2018, 3, 8) for one in found)
    assert all("xample" in one.producer and one.platform.endswith(".example") for one in found)
    assert all(one.occurred.weekday() < 5 for one in found if one.occurred)
    assert all(one.delay_s for one in found if one.kind == "late")


def test_the_real_sample_is_read_whole(desk: Desk) -> None:
    opened(desk)
    found = take_over(REAL, "sample", by=REGULATOR, sample=True)
    assert len(found) == 23
    assert all(one.kind for one in found)
    late = breach_of("sample-0005")
    assert (late.delay_s, late.occurred) == (480, date(2021, 2, 18))


def test_the_regulator_sees_what_is_overdue_and_how_often_it_happens(desk: Desk) -> None:
    breach = opened(desk)
    another(occurred=(Said("2026-11-30"),))
    another(occurred=(Said("2026-01-31"),))
    plan_action(breach.reference, "x", owner="y", due=date(2026, 12, 3), by=STATISTICIAN)
    keep([one(f"release/{n}", f"2026-12-{n + 1:02}", 0.5) for n in range(4)])
    KeptPromise.objects.filter(release="release/0").update(source="as reported by the platform")
    keep([one("release/0", "2026-12-01", 0.5)])
    assert oversight.overdue_actions(date(2026, 12, 3)) == []
    assert [a.n for a in oversight.overdue_actions(date(2026, 12, 4))] == [1]
    assert len(oversight.unsent()) == 3
    assert [(t.month.isoformat(), t.breaches, t.due) for t in oversight.trends()] == [
        ("2026-01-01", 1, 0),
        ("2026-11-01", 1, 0),
        ("2026-12-01", 1, 4),
    ]
    assert [t.month.month for t in oversight.trends(since=date(2026, 11, 1))] == [11, 12]
    assert [t.due for t in oversight.trends(since=date(2026, 12, 3))] == [2]
    days = date(2026, 11, 30), date(2026, 12, 1)
    assert oversight.densest_of("The office of examples") == Run(2, *days)
    assert (oversight.inbox(), oversight.questions()) == ([], [])


def test_the_table_of_all_comes_line_by_line() -> None:
    def one_by_one() -> Iterator[Entry]:
        yield Entry("br-2026-0001", "Apples", "office", HALF_PAST)
        raise AssertionError("asked for more than was taken")

    lines = csv_lines(one_by_one())
    assert next(lines).startswith("reference,title")
    assert next(lines).startswith("br-2026-0001,Apples")


def test_a_period_report_and_the_breaches_it_lists_lead_to_each_other(desk: Desk) -> None:
    breach = published(desk)
    keep([one("release/a", "2026-12-01", 5400, cause="cached", reference=breach.reference)])
    assert show_period(sum_up_period(YEAR), note="Draft") == f"{setup().site}{PERIOD}"
    found = pages("period/platform-platform.example-2026-01-01-2026-12-31")
    assert set(found) == {
        PERIOD,
        *(f"{PERIOD}.{name}" for name in ("html", "docx", "odt", "pdf", "md", "json")),
    }
    page = found[PERIOD].decode()
    html5lib.HTMLParser(strict=True).parse(page)
    assert page.count("<svg") == 3
    assert breach.reference in found[f"{PERIOD}.html"].decode()
    back = pages(f"register/{breach.reference}")[f"/register/{breach.reference}"].decode()
    assert f'href="{PERIOD}">platform.example, 2026-01-01 to 2026-12-31 (Draft)' in back
    show_period(sum_up_period(YEAR))
    back = pages(f"register/{breach.reference}")[f"/register/{breach.reference}"].decode()
    assert "Draft" not in back
