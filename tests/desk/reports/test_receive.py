"""At a body: what comes in from a producer's installation, over the interface it uses."""

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from ninethirty.core.breach_document import as_document
from ninethirty.core.document import SigningKey, canonical, digest
from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Kind
from ninethirty.core.report import Advice
from ninethirty.core.submission import (
    Says,
    Submission,
    read_answer,
    write_submission,
)
from ninethirty.desk.actions.reports.answer import accept_report, advise, return_report
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.record.models import Breach, Message
from ninethirty.desk.record.register import subject_of
from ninethirty.desk.setup import setup
from tests.core.made import HALF_PAST, at
from tests.desk.reports.made import REGULATOR, opened, report, reports_to, sender
from tests.desk.setting import STATISTICIAN, Desk, kinds

KEY = SigningKey.new()
SENT = "ex-2026-0001"


def submission(version: int = 1, **more: Any) -> Submission:
    document = as_document(report(reference=SENT, version=version))
    made = Submission(
        reference=SENT,
        version=version,
        digest=digest(canonical(document)),
        report=document,
        sender="The office of examples",
        to="regulator",
        at=at(60),
        known=HALF_PAST,
        platform="platform.example",
        papers={"report.html": b"<p>x"},
    )
    return replace(made, **more)


def post(data: bytes, token: str = "known") -> Any:
    return Client(SERVER_NAME="localhost").post(
        "/api/v1/reports",
        data,
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )


def answers(token: str = "known") -> list[Any]:
    got = Client(SERVER_NAME="localhost").get(
        f"/api/v1/reports/{SENT}/answers", headers={"Authorization": f"Bearer {token}"}
    )
    public = setup().key().public
    return [read_answer(one.encode(), public) for one in got.json()["answers"]]


@pytest.fixture
def body(desk: Desk) -> Desk:
    reports_to(desk, sender(KEY), sender(SigningKey.new(), "Another office", "other"))
    opened(desk)
    return desk


def test_a_report_that_comes_in_is_in_the_inbox_and_has_a_receipt(body: Desk) -> None:
    got = post(write_submission(submission(), KEY))
    receipt = read_answer(got.content, setup().key().public)
    assert (receipt.reference, receipt.says, receipt.digest) == (
        SENT,
        Says.RECEIVED,
        submission().digest,
    )
    breach = Breach.objects.get(reference=SENT)
    assert (breach.stage, breach.sender) == ("submitted", "The office of examples")
    assert (breach.known, breach.platform) == (HALF_PAST, "platform.example")


def test_the_same_report_twice_is_taken_in_once_with_the_same_receipt(body: Desk) -> None:
    first, second = (post(write_submission(submission(), KEY)).content for _ in range(2))
    assert first == second
    assert kinds(facts_of(subject_of(SENT))) == [Kind.REPORT_RECEIVED]


def test_questions_a_new_version_and_acceptance_are_there_to_be_asked_for(body: Desk) -> None:
    post(write_submission(submission(), KEY))
    with pytest.raises(NotAllowed, match="returned with questions"):
        return_report(SENT, " ", by=REGULATOR)
    return_report(SENT, "Who saw it?", by=REGULATOR)
    assert post(write_submission(submission(2), KEY)).status_code == 200
    accept_report(SENT, by=REGULATOR)
    given = [(one.says, one.version, one.text) for one in answers()]
    assert given == [
        (Says.RECEIVED, 1, ""),
        (Says.RETURNED, 1, "Who saw it?"),
        (Says.RECEIVED, 2, ""),
        (Says.ACCEPTED, 2, ""),
    ]
    assert Breach.objects.get(reference=SENT).stage == "accepted"
    assert Message.objects.get(about=Kind.REPORT_RETURNED).text == "Who saw it?"
    assert answers("other") == []


def test_advice_that_it_is_not_a_breach_says_why(body: Desk) -> None:
    post(write_submission(submission(), KEY))
    with pytest.raises(NotAllowed, match="say why it is not a breach"):
        advise(SENT, Advice.IS_NOT, "", by=REGULATOR)
    advise(SENT, Advice.IS_NOT, "Leave was granted.", by=REGULATOR)
    assert (answers()[-1].advice, answers()[-1].text) == ("is not a breach", "Leave was granted.")


def test_only_a_regulator_answers(body: Desk) -> None:
    post(write_submission(submission(), KEY))
    with pytest.raises(NotAllowed, match="not for a statistician"):
        accept_report(SENT, by=STATISTICIAN)


@pytest.mark.parametrize(
    ("data", "token", "status", "says"),
    [
        (lambda: write_submission(submission(), KEY), "wrong", 401, "no sender has this token"),
        (lambda: write_submission(submission(), KEY), "other", 400, "signed by"),
        (lambda: b"{}", "known", 400, "not a signed document"),
        (lambda: b"\xff", "known", 400, "not a document"),
        (
            lambda: write_submission(submission(digest="0" * 64), KEY),
            "known",
            400,
            "not the report its digest names",
        ),
        (lambda: write_submission(submission(report={}), KEY), "known", 400, "no breach report"),
        (lambda: KEY.sign("breach-report", {"version": 1}), "known", 400, "not a submitted report"),
        (
            lambda: write_submission(submission(reference="br-2026-0001"), KEY),
            "known",
            409,
            "is in this register",
        ),
    ],
)
def test_what_cannot_be_trusted_is_refused_whole(
    body: Desk, data: Any, token: str, status: int, says: str
) -> None:
    before = Breach.objects.count()
    got = post(data(), token)
    assert (got.status_code, Breach.objects.count()) == (status, before)
    assert says in got.json()["detail"]


def test_one_bit_changed_on_the_way_is_found(body: Desk) -> None:
    data = write_submission(submission(), KEY).replace(b"It was late", b"It was fine")
    assert post(data).status_code == 400


def test_a_newer_version_takes_the_place_of_the_one_that_waits_and_an_older_does_not(
    body: Desk,
) -> None:
    post(write_submission(submission(2), KEY))
    got = post(write_submission(submission(1), KEY))
    assert (got.status_code, Breach.objects.get(reference=SENT).version) == (409, 2)
    assert post(write_submission(submission(3), KEY)).status_code == 200
    assert Breach.objects.get(reference=SENT).version == 3


def test_the_interface_says_what_it_takes(body: Desk) -> None:
    assert Client(SERVER_NAME="localhost").get("/api/v1/reports").status_code == 405
