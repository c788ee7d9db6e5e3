"""From the draft of a release that was late to its entry in the register, and on."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

from ninethirty.core.breach import Gap, Planned, Said
from ninethirty.core.breach_document import as_document
from ninethirty.core.edits import By
from ninethirty.core.facts import Kind
from ninethirty.core.sighting import View
from ninethirty.core.times import Interval
from ninethirty.desk.actions.access.slip import Recalled, Slip, note_slip
from ninethirty.desk.actions.draft_report import draft_file, draft_report
from ninethirty.desk.actions.reports.act import report_of
from ninethirty.desk.actions.reports.enter import edits_of, enter_breach, keep_draft
from ninethirty.desk.actions.reports.plan import finish_action, plan_action
from ninethirty.desk.actions.reports.review import ask_review
from ninethirty.desk.actions.reports.write import write_report
from ninethirty.desk.actions.step import Work
from ninethirty.desk.actions.watch_period import end_watch
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.record.models import Breach, Release
from ninethirty.desk.record.register import subject_of
from ninethirty.desk.record.sightings import store
from tests.core.made import at
from tests.desk.reports.made import another
from tests.desk.setting import RELEASE, STATISTICIAN, Desk, happens, looks, watched, work_here


def drafted(desk: Desk) -> Work:
    work_here()
    watched()
    happens(Kind.LATE_PROVISIONAL, at(20), reason="missing")
    happens(Kind.INCIDENT_OPENED, at(21))
    happens(Kind.LATE, at(60), reason="missing")
    happens(Kind.CAUSE_INFERRED, at(60), cause="cached")
    happens(Kind.RECOVERED, at(5400), reason="whole")
    release = Release.objects.get(id=RELEASE)
    verdict: Any = None
    work = Work(release, facts_of(RELEASE), f"{RELEASE}/draft_report", 1, verdict)
    draft_report(work)
    return work


def draft_says(release: Release, **changes: Any) -> None:
    """As when it is drafted again from more facts."""
    now = replace(report_of(Breach.objects.get(), 1), **changes)
    draft_file(release).write_text(json.dumps(as_document(now)))


def test_a_late_release_is_in_the_register_once_its_report_is_drafted(desk: Desk) -> None:
    work = drafted(desk)
    enter_breach(work)
    enter_breach(work)
    breach = Breach.objects.get()
    assert (breach.release, breach.kind, breach.cause) == (RELEASE, "late", "cached")
    assert (breach.platform, breach.known, breach.stage) == ("platform.example", at(21), "draft")


def test_what_was_sent_astray_before_has_entries_of_its_own(desk: Desk) -> None:
    work = drafted(desk)
    slip = Slip("by e-mail", "a policy team", 2, Recalled.NOT, "nobody yet")
    astray = [note_slip(RELEASE, slip, by=STATISTICIAN) for _ in range(2)]
    enter_breach(work)
    late = Breach.objects.exclude(reference__in=astray).get()
    assert (late.release, late.kind) == (RELEASE, "late")
    draft_file(work.release).write_text(
        json.dumps(as_document(replace(report_of(late), cause=(Said("It was a cache."),))))
    )
    changed = keep_draft(work.release)
    assert changed is not None
    assert changed.subject == subject_of(late.reference)
    for breach in Breach.objects.filter(reference__in=astray):
        assert (breach.release, breach.kind, breach.version) == (RELEASE, "wrong_audience", 1)
        assert edits_of(breach) == []


def test_new_facts_change_the_draft_and_leave_what_people_wrote(desk: Desk) -> None:
    work = drafted(desk)
    enter_breach(work)
    breach = Breach.objects.get()
    mine = replace(report_of(breach), impact=(Said("Two people asked."),))
    write_report(breach.reference, mine, reason="Impact.", by=STATISTICIAN)
    draft_says(work.release, cause=(Said("It was a cache."),))
    assert keep_draft(work.release) is not None
    breach.refresh_from_db()
    told = report_of(breach)
    assert (told.impact, told.cause) == (mine.impact, (Said("It was a cache."),))
    assert (breach.version, told.reason) == (3, "New facts came.")
    assert keep_draft(work.release) is None


def test_the_report_is_held_against_its_draft(desk: Desk) -> None:
    work = drafted(desk)
    enter_breach(work)
    breach = Breach.objects.get()
    assert edits_of(breach) == []
    told = report_of(breach)
    mine = replace(told, cause=(Said("It was us."),), title=Said("Apples"))
    write_report(breach.reference, mine, reason="Cause.", by=STATISTICIAN)
    breach.refresh_from_db()
    assert [(one.name, one.by) for one in edits_of(breach)] == [
        ("title", By.PERSON),
        ("cause", By.PERSON),
    ]
    news = (Said("It was a cache."),)
    draft_says(work.release, cause=news, access=(Said("Nobody could."),))
    assert {one.name: one.by for one in edits_of(breach)} == {
        "title": By.PERSON,
        "cause": By.BOTH,
        "access": By.DRAFT,
    }
    assert keep_draft(work.release) is not None
    breach.refresh_from_db()
    [title, cause] = edits_of(breach)
    assert (title.by, title.draft, title.stands) == (By.PERSON, (told.title,), (Said("Apples"),))
    assert (cause.by, cause.draft, cause.stands) == (By.BOTH, news, mine.cause)
    ask_review(breach.reference, by=STATISTICIAN)
    draft_says(work.release, cause=news, access=(Said("Two could."),))
    assert [(one.name, one.by) for one in edits_of(breach)][1:] == [
        ("access", By.DRAFT),
        ("cause", By.BOTH),
    ]


def test_a_breach_that_was_never_drafted_has_nothing_to_be_held_against(desk: Desk) -> None:
    work_here()
    assert edits_of(another()) == []


def test_what_people_review_is_not_changed_under_them(desk: Desk) -> None:
    work = drafted(desk)
    enter_breach(work)
    ask_review(Breach.objects.get().reference, by=STATISTICIAN)
    draft_says(work.release, cause=(Said("It was a cache."),))
    assert keep_draft(work.release) is None


def test_what_the_watch_found_is_added_to_the_breach_once(desk: Desk) -> None:
    work = drafted(desk)
    enter_breach(work)
    happens(Kind.WATCH_BEGUN, at(6000), cause="cached")
    work = replace(work, facts=facts_of(RELEASE))
    end_watch(work)
    end_watch(work)
    [told] = facts_of(subject_of(Breach.objects.get().reference), kinds=[Kind.WATCH_ENDED])
    assert told.details == {"cause": "cached", "again": [], "looks": 0, "not_right": {}}


def test_a_draft_names_earlier_breaches_from_the_register(desk: Desk) -> None:
    work = drafted(desk)
    another(occurred=(Said("2026-11-02"),))
    another(occurred=(Said("2026-12-24"),))
    draft_report(work)
    told = json.loads(draft_file(work.release).read_bytes())
    assert "br-2026-0001" in str(told["earlier"])
    assert "br-2026-0002" not in str(told["earlier"])


ASKS = Gap("What will the producer do, who, and by when?")


def test_a_corrective_action_is_in_the_report_at_once_as_planned_and_then_as_done(
    desk: Desk,
) -> None:
    enter_breach(drafted(desk))
    breach = Breach.objects.get()
    assert ASKS in report_of(breach).actions
    plan_action(breach.reference, "Look", owner="operator", due=date(2027, 1, 3), by=STATISTICIAN)
    breach.refresh_from_db()
    told = report_of(breach)
    assert told.planned == (Planned(Said("Look"), Said("operator"), Said("2027-01-03")),)
    assert ASKS not in told.actions
    desk.show(at(5 * 86400))
    finish_action(breach.reference, 1, "Ten looks on time.", by=STATISTICIAN)
    breach.refresh_from_db()
    told = report_of(breach)
    assert told.planned == ()
    done = "Done on 6 December 2026: Look. What shows it: Ten looks on time."
    assert told.actions[-1] == Said(done)
    assert breach.version == 3


def test_an_action_on_what_people_review_is_seen_beside_it_and_changes_nothing(desk: Desk) -> None:
    enter_breach(drafted(desk))
    breach = Breach.objects.get()
    ask_review(breach.reference, by=STATISTICIAN)
    plan_action(breach.reference, "Look", owner="operator", due=date(2027, 1, 3), by=STATISTICIAN)
    breach.refresh_from_db()
    assert (breach.version, report_of(breach).planned) == (1, ())
    assert {one.name for one in edits_of(breach)} == {"actions", "planned"}


def test_looks_that_failed_are_counted_from_the_promised_time_until_it_worked(desk: Desk) -> None:
    missed = looks(0, 20, "absent")
    past_caches = [replace(one, view=View.BUSTED) for one in missed]
    store(
        [*past_caches, *looks(-10, -2, "absent"), *looks(0, 20, "absent"), *looks(30, 34, "right")]
    )
    store(looks(60, 64, "absent"))
    work = drafted(desk)
    counted = (
        "as users ask, that found it not right, of 51: 42, as far as our own witnesses can tell."
    )
    assert counted in draft_file(work.release).read_text()
    worked = happens(Kind.SEEN_BY_ALL, Interval(at(20), at(32)), channel="announced")
    draft_report(replace(work, facts=facts_of(RELEASE)))
    told = json.loads(draft_file(work.release).read_bytes())["impact"]
    [looked] = [one for one in told if "found it not right" in str(one)]
    assert "of 36: 33, as far" in looked["value"]
    assert looked["facts"][-1] == worked.n
