"""Reports at the console: read, edited, reviewed, signed, and refused to whoever may not."""

from typing import Any

import pytest
from django.test import Client

from ninethirty.core.breach import Gap, Said
from ninethirty.core.facts import Kind
from ninethirty.core.release import Role
from ninethirty.desk.actions.reports.act import report_of
from ninethirty.desk.actions.reports.enter import enter_breach
from ninethirty.desk.papers.write import FORMATS
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.record.models import Breach, Person, Release
from ninethirty.desk.record.register import subject_of
from tests.desk.pages.console.staff import client_of, somebody
from tests.desk.reports.made import opened
from tests.desk.reports.test_enter import drafted
from tests.desk.setting import COLLEAGUE, HEAD, OFFICER, RELEASE, STATISTICIAN, Desk, watched


def signed_in(person: str) -> Client:
    return client_of(somebody(Role(Person.objects.get(id=person).role), person))


def page(person: str, reference: str) -> str:
    return signed_in(person).get(f"/reports/{reference}").content.decode()


def press(person: str, reference: str, path: str, **sent: str) -> Any:
    return signed_in(person).post(f"/reports/{reference}/{path}", sent)


def test_a_report_goes_from_draft_to_signed_by_three_people(desk: Desk) -> None:
    reference = opened(desk).reference
    assert reference in signed_in(STATISTICIAN).get("/reports").content.decode()
    for person, path, text in (
        (STATISTICIAN, "do/review_asked", ""),
        (COLLEAGUE, "do/commented", "Right as it is."),
        (HEAD, "do/report_signed", ""),
        (HEAD, "do/statement_published", "It was late."),
        (HEAD, "do/report_published", ""),
    ):
        assert f"/reports/{reference}/{path}" in page(person, reference)
        assert press(person, reference, path, text=text).status_code == 302
    assert Breach.objects.get(reference=reference).stage == "published"
    assert "Right as it is." in page(OFFICER, reference)


def test_a_sentence_leads_to_its_facts_and_keeps_them_through_an_edit(desk: Desk) -> None:
    desk.told()
    told = (Said("It was late.", facts=(7,)), Said("Nobody looked."))
    reference = opened(desk, circumstances=told, release=RELEASE, impact=(Gap("Who was hit?"),))
    watched()
    name = reference.reference
    shown = page(STATISTICIAN, name)
    assert f'href="/incidents/{RELEASE}#fact-7"' in shown
    assert "Who was hit?" in shown
    assert "One entry is still to be filled in" in shown
    text = "It was late.\nTwo people looked."
    assert press(STATISTICIAN, name, "edit/circumstances", text=text, reason="asked").status_code
    [kept, new] = report_of(Breach.objects.get(reference=name)).circumstances
    assert kept == told[0]
    assert isinstance(new, Said)
    assert new.value == "Two people looked."


def test_what_people_wrote_stands_beside_what_the_facts_would_say(desk: Desk) -> None:
    enter_breach(drafted(desk))
    reference = Breach.objects.get().reference
    assert "beside" not in page(STATISTICIAN, reference)
    alike = signed_in(STATISTICIAN).get(f"/reports/{reference}/beside").content.decode()
    assert "The report says what its draft says." in alike
    press(STATISTICIAN, reference, "edit/impact", text="Traders rang.", reason="they did")
    shown = page(STATISTICIAN, reference)
    assert f'href="/reports/{reference}/beside">In one place' in shown
    told = signed_in(STATISTICIAN).get(f"/reports/{reference}/beside").content.decode()
    assert told.index("To be filled in: When was it first") < told.index("Traders rang.")
    assert "Written by a person" in told


def test_what_was_typed_against_an_older_version_is_kept_and_refused(desk: Desk) -> None:
    reference = opened(desk).reference
    sent = {"text": "Typed.", "reason": "because", "version": "0"}
    answer = press(STATISTICIAN, reference, "edit/impact", **sent)
    assert answer.status_code == 403
    assert "Somebody wrote another version meanwhile" in answer.content.decode()
    assert "Typed.</textarea>" in answer.content.decode()
    assert press(STATISTICIAN, reference, "edit/title", text="a\nb", reason="x").status_code == 403


def test_a_report_is_there_in_all_its_formats(desk: Desk) -> None:
    reference = opened(desk).reference
    for form in FORMATS:
        answer = signed_in(STATISTICIAN).get(f"/reports/{reference}/report.{form}")
        assert answer.status_code == 200, form
        assert answer["Content-Disposition"].endswith(f'{reference}-1.{form}"')
        assert len(answer.content) > 500
    assert signed_in(STATISTICIAN).get(f"/reports/{reference}/report.exe").status_code == 404


@pytest.mark.parametrize("path", ["do/report_signed", "do/set_aside", "do/statement_published"])
def test_what_is_for_the_head_of_profession_is_refused_to_others(desk: Desk, path: str) -> None:
    reference = opened(desk).reference
    before = facts_of(subject_of(reference))
    assert press(STATISTICIAN, reference, path, text="x").status_code == 403
    assert facts_of(subject_of(reference)) == before
    assert f"/reports/{reference}/{path}" not in page(STATISTICIAN, reference)


def test_nobody_signs_what_no_second_person_has_read(desk: Desk) -> None:
    reference = opened(desk).reference
    press(STATISTICIAN, reference, "do/review_asked")
    answer = press(HEAD, reference, "do/report_signed")
    assert answer.status_code == 403
    assert "a second person must have read" in answer.content.decode()


def test_a_report_of_another_producer_is_not_there(desk: Desk) -> None:
    reference = opened(desk, release=RELEASE).reference
    watched()
    Release.objects.filter(id=RELEASE).update(series="of-others")
    assert signed_in(STATISTICIAN).get(f"/reports/{reference}").status_code == 404
    assert press(STATISTICIAN, reference, "do/review_asked").status_code == 404
    kinds = {fact.kind for fact in facts_of(subject_of(reference))}
    assert kinds == {Kind.BREACH_OPENED}
