"""Advice, answers of bodies and corrective actions by short forms; breaches entered by people."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ninethirty.core.breach import Gap, Said
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.practices import Breach as BreachKind
from ninethirty.core.release import Role
from ninethirty.core.submission import write_submission
from ninethirty.desk.actions.reports.act import report_of
from ninethirty.desk.actions.reports.submit import submit_report
from ninethirty.desk.papers.entered import questions
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.record.models import Answer, Breach, CorrectiveAction, Message
from ninethirty.desk.record.register import subject_of
from tests.core.made import at
from tests.desk.mailbox import mailbox
from tests.desk.pages.console.test_report import page, press, signed_in
from tests.desk.papers.forms import form
from tests.desk.papers.made import as_docx, as_pdf
from tests.desk.papers.test_text import locked, pages, with_part, zipped
from tests.desk.reports.made import REGULATOR, body, mail, opened, reports_to, sender, signed
from tests.desk.reports.test_receive import KEY, SENT, post, submission
from tests.desk.setting import HEAD, OFFICER, STATISTICIAN, Desk

AsRole = Callable[..., Client]


def last(reference: str) -> Fact:
    return facts_of(subject_of(reference))[-1]


def test_an_action_is_planned_and_closed_with_what_shows_it(desk: Desk) -> None:
    reference = opened(desk).reference
    told = {"what": "A second look", "owner": "Head of web", "due": "2026-12-02"}
    assert f"/reports/{reference}/fill/plan" in page(STATISTICIAN, reference)
    assert f"/reports/{reference}/fill/done" not in page(STATISTICIAN, reference)
    assert press(STATISTICIAN, reference, "fill/plan", **told).status_code == 302
    desk.show(at(3 * 86400))
    shown = page(STATISTICIAN, reference)
    assert "A second look" in shown
    assert "overdue" in shown
    sent = {"action": "1", "evidence": "The log of 3 December."}
    assert press(STATISTICIAN, reference, "fill/done", **sent).status_code == 302
    assert "The log of 3 December." in page(STATISTICIAN, reference)
    assert last(reference).kind is Kind.ACTION_DONE
    assert press(STATISTICIAN, reference, "fill/done", **sent).status_code == 403


@pytest.mark.parametrize(
    ("name", "sent", "says"),
    [
        ("plan", {"what": "x", "owner": "y", "due": "soon"}, "expected one such as 2027-01-15"),
        ("plan", {"what": "x", "owner": "", "due": "2027-01-15"}, "by which role"),
        ("done", {"action": "7", "evidence": "x"}, "Choose the action"),
        ("advise", {"advice": "perhaps"}, "Say whether it is a breach"),
        ("hear", {"says": "maybe"}, "Say what the body said"),
        ("hear", {"says": "accepted", "at": "noon"}, "noon"),
    ],
)
def test_a_form_that_does_not_fit_says_so_keeps_what_was_typed_and_does_nothing(
    desk: Desk, name: str, sent: dict[str, str], says: str
) -> None:
    reference = opened(desk).reference
    before = facts_of(subject_of(reference))
    answer = press(STATISTICIAN, reference, f"fill/{name}", **sent)
    assert answer.status_code in (400, 403)
    assert says in answer.content.decode()
    assert facts_of(subject_of(reference)) == before
    assert not CorrectiveAction.objects.exists()


def test_a_body_advises_at_the_console(desk: Desk) -> None:
    reports_to(desk, sender(KEY))
    opened(desk)
    assert post(write_submission(submission(), KEY)).status_code == 200
    reference = SENT
    assert f"/reports/{reference}/fill/advise" in page(REGULATOR, reference)
    silent = press(REGULATOR, reference, "fill/advise", advice="is not a breach")
    assert "say why it is not a breach" in silent.content.decode()
    sent = {"advice": "is not a breach", "text": "An exemption covers it."}
    assert press(REGULATOR, reference, "fill/advise", **sent).status_code == 302
    assert last(reference).details["advice"] == "is not a breach"
    assert Answer.objects.filter(breach__reference=reference).count() == 2
    assert "An exemption covers it." in page(REGULATOR, reference)


def test_what_a_body_said_by_telephone_is_entered_as_its_word(desk: Desk) -> None:
    with mailbox() as box:
        reports_to(desk, body("regulator", "accepts", "r@regulator.example"), mail(box.url))
        reference = opened(desk).reference
        signed(reference)
        submit_report(reference, by=HEAD)
    assert f"/reports/{reference}/fill/hear" in page(OFFICER, reference)
    assert f"/reports/{reference}/fill/hear" not in page(STATISTICIAN, reference)
    sent = {"says": "returned", "text": "Since when?", "at": "2026-12-04 14:30"}
    assert press(OFFICER, reference, "fill/hear", **sent).status_code == 302
    fact = last(reference)
    assert (fact.kind, fact.said_by, fact.actor) == (Kind.REPORT_RETURNED, "regulator", OFFICER)
    assert fact.at.text().startswith("2026-12-04T14:30")  # type: ignore[union-attr]
    assert Message.objects.filter(id=fact.details["message"], text="Since when?").exists()


def test_a_filled_form_is_read_entered_and_what_it_does_not_say_is_open(desk: Desk) -> None:
    opened(desk)
    client = signed_in(STATISTICIAN)
    assert 'href="/reports/new"' in client.get("/reports").content.decode()
    sent = {"file": SimpleUploadedFile("form.docx", as_docx(form())), "known": "2018-03-08 09:31"}
    answer = client.post("/reports/new", {**sent, "platform": "platform.example"})
    entered = Breach.objects.order_by("-id")[0]
    assert answer.headers["Location"] == f"/reports/{entered.reference}"
    assert (entered.platform, entered.known.isoformat()) == (
        "platform.example",
        "2018-03-08T09:31:00+00:00",
    )
    report = report_of(entered)
    assert report.submitted
    assert isinstance(report.title, Said)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: locked(as_pdf(form())), "is behind a password"),
        (lambda: pages(500), "at most 60 pages"),
        (lambda: with_part(as_docx(form()), "word/vbaProject.bin", b"x"), "holds macros"),
        (lambda: zipped({"xl/workbook.xml": b"<a/>"}), "found a spreadsheet"),
        (lambda: (form() + "\n\n" + form()).encode(), "second one"),
        (lambda: bytes(20_000_001), "at most 20,000,000 bytes"),
    ],
)
def test_a_file_that_is_no_form_is_refused_at_the_console_and_nothing_is_entered(
    desk: Desk, make: Callable[[], bytes], says: str
) -> None:
    opened(desk)
    sent: dict[str, Any] = {"file": SimpleUploadedFile("form.docx", make())}
    answer = signed_in(STATISTICIAN).post("/reports/new", sent)
    assert answer.status_code == 400
    assert says in answer.content.decode()
    assert Breach.objects.count() == 1


def test_no_file_at_all_is_asked_for(desk: Desk) -> None:
    opened(desk)
    assert "Choose the file" in signed_in(STATISTICIAN).post("/reports/new").content.decode()


@pytest.mark.parametrize("kind", list(BreachKind))
def test_every_kind_of_breach_is_entered_by_its_questions(desk: Desk, kind: BreachKind) -> None:
    opened(desk)
    client = signed_in(STATISTICIAN)
    asked = client.get(f"/reports/new/{kind}").content.decode()
    assert all(one.asks in asked.replace("&#39;", "'") for one in questions(kind))
    sent = {
        "title": "Plums",
        "producer": "The office of examples",
        "occurred": "2026-12-01\n2026-12-02",
        "circumstances": "It was there at 9:45.",
    }
    assert client.post(f"/reports/new/{kind}", sent).status_code == 302
    report = report_of(Breach.objects.order_by("-id")[0])
    assert report.kind == Said(str(kind))
    assert [one.value for one in report.occurred if isinstance(one, Said)] == [
        "2026-12-01",
        "2026-12-02",
    ]
    assert isinstance(report.impact[0], Gap)


def test_a_question_that_must_be_answered_is_asked_again(desk: Desk) -> None:
    opened(desk)
    answer = signed_in(STATISTICIAN).post("/reports/new/late", {"title": "Plums"})
    assert answer.status_code == 400
    assert "producer is missing" in answer.content.decode()
    assert 'value="Plums"' in answer.content.decode()
    assert signed_in(STATISTICIAN).get("/reports/new/odd").status_code == 404


def test_whoever_only_reads_enters_nothing(desk: Desk, as_role: AsRole) -> None:
    opened(desk)
    auditor = as_role(Role.AUDITOR)
    assert 'href="/reports/new"' not in auditor.get("/reports").content.decode()
    assert auditor.get("/reports/new").status_code == 403
    assert Breach.objects.count() == 1
