"""A report on its way: who may do what, what must be there first, and what comes back."""

from collections.abc import Callable
from datetime import date, timedelta
from email.message import EmailMessage

import pytest

from ninethirty.core.breach import Gap, Said
from ninethirty.core.errors import AlreadyHappened, NotAllowed, OutsideFailed
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.submission import Answer, Says, read_submission
from ninethirty.core.times import Instant
from ninethirty.desk.actions.opening import scheduled
from ninethirty.desk.actions.reports.act import report_of
from ninethirty.desk.actions.reports.hear import ask_bodies, ask_body, enter_answer, take_answer
from ninethirty.desk.actions.reports.plan import finish_action, plan_action
from ninethirty.desk.actions.reports.remind import remind, targets_of
from ninethirty.desk.actions.reports.review import ask_review, comment
from ninethirty.desk.actions.reports.sign import set_aside, sign_report
from ninethirty.desk.actions.reports.state import publish_statement
from ninethirty.desk.actions.reports.submit import submit_report
from ninethirty.desk.actions.reports.write import write_report
from ninethirty.desk.record.facts import check_chain, facts_of
from ninethirty.desk.record.models import (
    Breach,
    BreachVersion,
    CorrectiveAction,
    Message,
)
from ninethirty.desk.record.register import subject_of
from ninethirty.desk.setup import setup
from ninethirty.standin.imap import Imap, listening
from tests.core.made import HALF_PAST, at
from tests.desk.mailbox import mailbox
from tests.desk.reports.made import another, body, mail, opened, report, reports_to, signed
from tests.desk.setting import (
    APPROVER,
    COLLEAGUE,
    HEAD,
    OFFICER,
    RELEASE,
    STATISTICIAN,
    TOKEN,
    Desk,
    happens,
    kinds,
)


def stage_of(breach: Breach) -> str:
    breach.refresh_from_db()
    return breach.stage


def test_a_breach_is_entered_with_a_reference_that_stays(desk: Desk) -> None:
    first, second = opened(desk), another(occurred=(Said("2025-02-03"),))
    third = another()
    assert [one.reference for one in (first, second, third)] == [
        "br-2026-0001",
        "br-2025-0001",
        "br-2026-0002",
    ]
    assert (first.stage, first.kind, first.delay_s) == ("draft", "late", 5400)
    assert report_of(first).reference == "br-2026-0001"


def test_a_release_has_one_entry(desk: Desk) -> None:
    opened(desk, release=RELEASE)
    with pytest.raises(NotAllowed, match=r"is in the register as br-2026-0001"):
        another(release=RELEASE)


def test_a_version_is_kept_whole_and_says_why_it_is_there(desk: Desk) -> None:
    breach = opened(desk)
    write_report(
        breach.reference,
        report(kind=Said("early"), title=Said("Plums")),
        reason="It was plums.",
        by=STATISTICIAN,
    )
    old, new = (report_of(breach, n) for n in (1, 2))
    assert [old.version, new.version, new.reason] == [1, 2, "It was plums."]
    assert old.title != new.title == Said("Plums")
    breach.refresh_from_db()
    assert (breach.title, breach.kind, breach.version) == ("Plums", "early", 2)
    with pytest.raises(NotAllowed, match="needs a reason"):
        write_report(breach.reference, report(), reason=" ", by=STATISTICIAN)
    assert BreachVersion.objects.filter(breach=breach).count() == 2


def test_it_is_reviewed_and_signed_by_the_head_of_profession(desk: Desk) -> None:
    breach = opened(desk)
    ask_review(breach.reference, by=STATISTICIAN)
    with pytest.raises(NotAllowed, match="a second person must have read"):
        sign_report(breach.reference, by=HEAD)
    comment(breach.reference, "The time is missing.", by=APPROVER)
    with pytest.raises(NotAllowed, match="it takes a head of profession"):
        sign_report(breach.reference, by=STATISTICIAN)
    fact = sign_report(breach.reference, by=HEAD)
    assert fact.details["digest"] == BreachVersion.objects.get(breach=breach).digest
    assert stage_of(breach) == "signed"
    assert Message.objects.get(about=Kind.COMMENTED).text == "The time is missing."


def test_where_no_review_is_asked_for_one_person_signs(desk: Desk) -> None:
    reports_to(desk, more="reviewed = false")
    breach = opened(desk)
    ask_review(breach.reference, by=HEAD)
    sign_report(breach.reference, by=HEAD)
    assert stage_of(breach) == "signed"


def test_nothing_is_signed_with_an_open_entry(desk: Desk) -> None:
    breach = opened(desk, impact=(Gap("Who was hurt?"),))
    ask_review(breach.reference, by=STATISTICIAN)
    comment(breach.reference, "Impact?", by=COLLEAGUE)
    with pytest.raises(NotAllowed, match="still to be filled in before it is signed: impact"):
        sign_report(breach.reference, by=HEAD)


def test_a_statement_has_a_page_of_its_own_before_the_report_is_sent(desk: Desk) -> None:
    reports_to(desk, body("regulator", "accepts", "r@regulator.example"), mail("smtp://h:1"))
    breach = opened(desk)
    ask_review(breach.reference, by=STATISTICIAN)
    comment(breach.reference, "Fine.", by=COLLEAGUE)
    sign_report(breach.reference, by=HEAD)
    with pytest.raises(NotAllowed, match="publish a statement first"):
        submit_report(breach.reference, by=HEAD)
    publish_statement(breach.reference, "Late.\n\n<b>We</b> are sorry.", by=OFFICER)
    [opening] = scheduled(f"statement/{breach.reference}")
    page = setup().shelf().read(opening.answer.digest).decode()  # type: ignore[union-attr]
    assert opening.path == "/register/br-2026-0001/statement"
    assert "&lt;b&gt;We&lt;/b&gt; are sorry." in page


def test_it_goes_to_each_body_in_turn_by_mail_with_its_papers(desk: Desk) -> None:
    with mailbox() as box:
        reports_to(
            desk,
            body("practice", "advises", "team@practice.example"),
            body("regulator", "accepts", "r@regulator.example"),
            mail(box.url),
        )
        breach = opened(desk)
        signed(breach.reference)
        sent = submit_report(breach.reference, by=HEAD)
        with pytest.raises(NotAllowed, match="the report is submitted"):
            submit_report(breach.reference, by=HEAD)
        told = Answer(breach.reference, 1, sent.details["digest"], Says.ADVISED, HALF_PAST)
        with pytest.raises(NotAllowed, match="expected is a breach or is not a breach"):
            enter_answer(told, by=OFFICER)
        advised = Answer(
            breach.reference, 1, sent.details["digest"], Says.ADVISED, HALF_PAST, "is a breach"
        )
        fact = enter_answer(advised, by=OFFICER)
        assert (fact.said_by, fact.at, stage_of(breach)) == ("practice", HALF_PAST, "advised")
        submit_report(breach.reference, by=HEAD)
    assert [message["To"] for message in box.taken] == [
        "team@practice.example",
        "r@regulator.example",
    ]
    papers = {
        part.get_filename(): part.get_payload(decode=True)
        for part in box.taken[0].iter_attachments()
    }
    data = papers["br-2026-0001.signed.json"]
    assert isinstance(data, bytes)
    one = read_submission(data, setup().key().public)
    assert (one.reference, one.to, one.statement) == (
        "br-2026-0001",
        "practice",
        "http://statistics.example/register/br-2026-0001/statement",
    )
    assert set(one.papers) == set(papers) - {"br-2026-0001.signed.json"} != set()
    assert check_chain(subject_of(breach.reference)) > 6


def test_a_report_that_did_not_go_out_was_not_submitted(desk: Desk) -> None:
    with mailbox() as box:
        box.moods = ["451 later"]
        reports_to(desk, body("regulator", "accepts", "r@regulator.example"), mail(box.url))
        breach = opened(desk)
        signed(breach.reference)
        with pytest.raises(OutsideFailed):
            submit_report(breach.reference, by=HEAD)
        assert stage_of(breach) == "signed"
        submit_report(breach.reference, by=HEAD)
    assert stage_of(breach) == "submitted"
    assert len(box.taken) == 1


def submitted(desk: Desk) -> tuple[Breach, str]:
    with mailbox() as box:
        reports_to(desk, body("regulator", "accepts", "r@regulator.example"), mail(box.url))
        breach = opened(desk)
        signed(breach.reference)
        sent = submit_report(breach.reference, by=HEAD)
    return breach, sent.details["digest"]


def test_questions_bring_it_back_and_the_next_version_goes_the_same_way(desk: Desk) -> None:
    breach, sent = submitted(desk)
    back = Answer(breach.reference, 1, sent, Says.RETURNED, at(10), text="Who saw it?")
    take_answer(back, said_by="regulator", by="regulator")
    assert stage_of(breach) == "returned"
    with pytest.raises(AlreadyHappened):
        take_answer(back, said_by="regulator", by="regulator")
    write_report(breach.reference, report(impact=(Said("Ten."),)), reason="Asked.", by=STATISTICIAN)
    assert stage_of(breach) == "draft"
    other = Answer(breach.reference, 2, "0" * 64, Says.ACCEPTED, at(20))
    with pytest.raises(NotAllowed):
        take_answer(other, said_by="regulator", by="regulator")


def test_an_answer_about_what_was_not_sent_is_refused(desk: Desk) -> None:
    breach, _ = submitted(desk)
    with pytest.raises(NotAllowed, match="a version that was not sent"):
        take_answer(
            Answer(breach.reference, 1, "0" * 64, Says.ACCEPTED, at(1)),
            said_by="regulator",
            by="regulator",
        )
    assert stage_of(breach) == "submitted"


def test_what_is_not_a_breach_is_set_aside_with_its_reason(desk: Desk) -> None:
    breach = opened(desk)
    with pytest.raises(NotAllowed, match="say why"):
        set_aside(breach.reference, "", by=HEAD)
    set_aside(breach.reference, "An exemption covers that day.", by=HEAD)
    assert stage_of(breach) == "set aside"


def test_an_action_is_done_once_with_evidence(desk: Desk) -> None:
    breach = opened(desk)
    plan_action(
        breach.reference, "Shorten it", owner="operator", due=date(2027, 1, 15), by=STATISTICIAN
    )
    with pytest.raises(NotAllowed, match="what shows that action 1 is done"):
        finish_action(breach.reference, 1, "", by=STATISTICIAN)
    finish_action(breach.reference, 1, "Ten looks on time.", by=STATISTICIAN)
    with pytest.raises(NotAllowed, match="no action 1 that is still to be done"):
        finish_action(breach.reference, 1, "again", by=STATISTICIAN)
    action = CorrectiveAction.objects.get()
    assert (action.evidence, action.done is not None) == ("Ten looks on time.", True)
    assert stage_of(breach) == "draft"


def test_a_report_and_an_action_are_reminded_of_once_before_their_day_is_over(desk: Desk) -> None:
    """Known on a Tuesday; five working days end with the Tuesday after."""
    breach = opened(desk)
    plan_action(breach.reference, "Look", owner="operator", due=date(2026, 12, 9), by=STATISTICIAN)
    desk.show(Instant.parse("2026-12-07T23:59:59Z"))
    assert remind(by="runner-1") == []
    desk.show(Instant.parse("2026-12-08T00:00:01Z"))
    assert [fact.details["of"] for fact in remind(by="runner-1")] == ["report", "action/1"]
    assert remind(by="runner-1") == []


def test_targets_are_met_by_the_first_word_to_users_and_by_sending(desk: Desk) -> None:
    breach = opened(desk, release=RELEASE)
    happens(Kind.USERS_TOLD, at(27 * 60))
    word, sent = targets_of(breach)
    assert (word.met, word.due) == (at(27 * 60), HALF_PAST + timedelta(hours=1))
    assert (sent.met, sent.due) == (None, Instant.parse("2026-12-09T00:00:00Z"))


def test_somebody_who_only_reads_can_do_nothing(desk: Desk) -> None:
    breach = opened(desk)
    before = kinds(facts_of(subject_of(breach.reference)))
    acts: list[Callable[[], Fact]] = [
        lambda: write_report(breach.reference, report(), reason="x", by=APPROVER),
        lambda: ask_review(breach.reference, by="nobody"),
        lambda: set_aside(breach.reference, "x", by=STATISTICIAN),
    ]
    for act in acts:
        with pytest.raises(NotAllowed):
            act()
    assert kinds(facts_of(subject_of(breach.reference))) == before


def reply(sent: EmailMessage, sender: str, words: str, hour: int) -> bytes:
    answer = EmailMessage()
    answer["From"], answer["To"] = sender, sent["From"]
    answer["Message-ID"] = f"<{hour}.{len(words)}@practice.example>"
    answer["In-Reply-To"] = answer["References"] = sent["Message-ID"]
    answer["Date"] = f"Wed, 02 Dec 2026 {hour:02}:00:00 +0000"
    answer.set_content(words)
    return answer.as_bytes()


def test_what_a_body_answers_by_mail_comes_onto_the_timeline_once(desk: Desk) -> None:
    practice = body("practice", "advises", "Team@practice.example")
    inbox = Imap("desk", TOKEN)
    with mailbox() as box, listening(inbox) as port:
        reports_to(desk, practice, mail(box.url))
        breach = opened(desk)
        signed(breach.reference)
        submit_report(breach.reference, by=HEAD)
        assert ask_bodies() == []
        reads = f'user = "desk"\ntoken = "{TOKEN}"\ninbox = "imap://127.0.0.1:{port}"\n'
        reports_to(desk, practice, mail(box.url) + reads)
        (sent,) = box.taken
        inbox.mails = [
            reply(sent, "stranger@elsewhere.example", "Is not a breach\n\nMove on.", 9),
            reply(sent, "team@practice.example", "We shall look at it.", 10),
            reply(sent, "team@practice.example", "Is a breach\n\nIt was late.\n> yours", 11),
        ]
        heard = ask_bodies()
        assert ask_body(breach.reference) == []
    assert [(one.kind, one.details.get("advice")) for one in heard] == [
        (Kind.REPORT_RECEIVED, None),
        (Kind.REPORT_ADVISED, "is a breach"),
    ]
    assert {(one.actor, one.said_by) for one in heard} == {("runner-mail", "practice")}
    assert heard[1].at == Instant.parse("2026-12-02T11:00:00Z")
    words = [Message.objects.get(id=one.details["message"]).text for one in heard]
    assert words == ["We shall look at it.", "It was late."]
    assert stage_of(breach) == "advised"
    asked = sent.get_body(("plain",))
    assert asked is not None
    assert "Is a breach" in asked.get_content()
