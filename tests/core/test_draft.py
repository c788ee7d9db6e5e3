"""The report is a function of the facts: what they settle is said, what they do not stays open."""

from dataclasses import replace
from datetime import date, time, timedelta
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ninethirty.core.announcement import Leave
from ninethirty.core.breach import (
    Bound,
    Event,
    Field,
    Gap,
    Late,
    Moment,
    Planned,
    Report,
    Said,
    fields,
    gaps,
    kind_of,
    lateness,
    said_in,
)
from ninethirty.core.draft import draft
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.particulars import Counted, Done, Earlier, Particulars
from ninethirty.core.practices import Breach
from ninethirty.core.times import Instant, Interval, WallTime, When

PROMISED = WallTime.parse("2018-06-14 09:30 Europe/London")
HALF_PAST = PROMISED.resolve()
CAUSE = "A document sent again cleared the countdown."


def after(**passed: float) -> Instant:
    return HALF_PAST + timedelta(**passed)


def about(**changed: str) -> Particulars:
    told: dict[str, Any] = {
        "title": "Hedgehogs",
        "producer": "The office",
        "announced": "https://platform.example/hedgehogs",
        "alternate": "https://office.example/hedgehogs",
        "contact_name": "The statistics team",
        "contact_email": "statistics@office.example",
        "contact_telephone": "01632 960001",
    }
    return Particulars(promised=PROMISED, messages={7: CAUSE, 8: "Fixed."}, **(told | changed))


def a_late_day() -> list[Fact]:
    happened: list[tuple[Kind, When, dict[str, object]]] = [
        (Kind.ANNOUNCED, after(days=-28), {}),
        (Kind.SEALED, after(hours=-2), {}),
        (Kind.APPROVED, after(hours=-2), {}),
        (Kind.ARMED, after(hours=-1), {}),
        (Kind.WATCHED, after(hours=-1), {"witnesses": ["a", "b", "c"], "networks": ["A", "B"]}),
        (
            Kind.FIRST_SEEN,
            Interval(after(seconds=-0.5), after(seconds=0.25)),
            {"channel": "alternate"},
        ),
        (Kind.LATE_PROVISIONAL, after(seconds=22), {}),
        (Kind.CAUSE_INFERRED, after(seconds=23), {"cause": "cached"}),
        (Kind.ALTERNATE_VERIFIED, after(seconds=25), {}),
        (Kind.LATE, after(seconds=62), {}),
        (Kind.TICKET_RAISED, after(seconds=63), {}),
        (Kind.USERS_TOLD, after(seconds=83), {"channel": "x", "about": "late"}),
        (Kind.USERS_TOLD, after(seconds=84), {"channel": "news", "about": "late"}),
        (Kind.CAUSE_STATED, after(minutes=51), {"message": 7}),
        (
            Kind.FIRST_SEEN,
            Interval(after(minutes=87), after(minutes=88)),
            {"channel": "announced"},
        ),
        (
            Kind.SEEN_BY_ALL,
            Interval(after(minutes=88), after(minutes=89, seconds=1)),
            {"channel": "announced"},
        ),
        (Kind.RECOVERED, after(minutes=89, seconds=30), {}),
        (Kind.USERS_TOLD, after(minutes=90), {"channel": "x", "about": "recovered"}),
        (Kind.FIX_REPORTED, after(minutes=92), {"message": 8}),
    ]
    return [
        Fact("release/h", n, kind, at, HALF_PAST, "somebody", f"k{n}", details)
        for n, (kind, at, details) in enumerate(happened, start=1)
    ]


def without(*kinds: Kind) -> list[Fact]:
    return [fact for fact in a_late_day() if fact.kind not in kinds]


def sentences(report: Report) -> str:
    return "\n".join(one.value for one in told_in(report) if isinstance(one, Said))


def told_in(report: Report) -> list[Field]:
    accounts = ("circumstances", "access", "cause", "earlier", "leave", "impact", "actions")
    return [one for name in accounts for one in said_in(report, name)]


def open_questions(report: Report) -> list[str]:
    return [gap.asks for _, gap in gaps(report)]


def test_a_full_day_leaves_only_judgements_open() -> None:
    report = draft(a_late_day(), about(), after(hours=2))
    assert [name for name, _ in gaps(report)] == [
        "statement",
        "leave",
        "earlier",
        "impact",
        "actions",
    ]


def test_both_delays_are_told_apart_and_in_plain_words() -> None:
    told = sentences(draft(a_late_day(), about(), after(hours=2)))
    assert "public at any address: at most 1 second (at https://office.example" in told
    assert "between 87 minutes and 88 minutes for the first of our witnesses" in told
    assert "between 88 minutes and 90 minutes for the last" in told


def test_the_cause_inferred_is_kept_apart_from_the_cause_stated() -> None:
    told = sentences(draft(a_late_day(), about(), after(hours=2)))
    assert "Cause inferred from evidence: caches of the platform" in told
    assert f"Cause stated by the platform at 10:21:00: “{CAUSE}”" in told


def test_the_witnesses_are_counted_and_their_networks_called_declared() -> None:
    told = sentences(draft(a_late_day(), about(), after(hours=2)))
    assert "3 witnesses, declared as 2 networks, established this by 09:31:02." in told
    assert "Witnesses established this" in sentences(
        draft(without(Kind.WATCHED), about(), after(hours=2))
    )


def test_users_told_are_named_by_channel_and_by_the_last_of_them() -> None:
    told = sentences(draft(a_late_day(), about(), after(hours=2)))
    assert "Users were told by 09:31:24 on X and the producer's news page." in told
    assert "They were told there too when the announced address worked." in told


def test_that_users_were_told_again_is_said_with_its_time() -> None:
    told = replace(a_late_day()[-2], n=99, at=after(minutes=61))
    again = replace(told, details={"channel": "x", "about": "update"})
    said = sentences(draft([*a_late_day(), again], about(), after(hours=2)))
    assert "They were told there again by 10:31:00, as it went on." in said


def test_one_channel_is_named_alone() -> None:
    facts = [f for f in a_late_day() if f.details.get("channel") != "news"]
    assert "Users were told by 09:31:23 on X." in sentences(draft(facts, about(), after(hours=2)))


def test_every_sentence_of_an_account_names_its_facts() -> None:
    report = draft(a_late_day(), about(), after(hours=2))
    assert all(one.facts for one in told_in(report) if isinstance(one, Said))


def test_the_practice_suggested_is_that_of_the_breach_seen_and_names_its_facts() -> None:
    facts = a_late_day()
    late = next(fact.n for fact in facts if fact.kind is Kind.LATE)
    assert draft(facts, about(), after(hours=2)).practices == (Said("T3.6", facts=(late,)),)


def test_a_practice_touched_twice_is_named_once_with_all_its_facts() -> None:
    facts = [*a_late_day(), Fact("release/h", 90, Kind.EARLY, HALF_PAST, HALF_PAST, "w", "k90")]
    late = next(fact.n for fact in facts if fact.kind is Kind.LATE)
    assert draft(facts, about(), after(hours=2)).practices == (
        Said("T3.3", facts=(90,)),
        Said("T3.6", facts=(late, 90)),
    )


def test_nothing_is_invented_from_no_facts() -> None:
    report = draft([], about(contact_name="", contact_telephone=""), after(hours=2))
    assert len(open_questions(report)) == 18
    assert "Who answers questions about this report?" in open_questions(report)
    assert report.practices == (
        Gap("Which practice of the Code, in the edition in force that day?"),
    )
    assert isinstance(report.contact_telephone, Gap)
    assert sentences(report) == (
        "The release was promised for 09:30 on 14 June 2018 at https://platform.example/hedgehogs."
    )


def test_an_alternate_nobody_checked_is_not_offered_as_an_answer() -> None:
    report = draft(without(Kind.ALTERNATE_VERIFIED), about(), after(hours=2))
    asked = "At which other address could users get it, and from when?"
    assert asked in open_questions(report)


def test_times_are_local_and_what_is_known_only_to_a_bound_is_rounded_up() -> None:
    report = draft(a_late_day(), about(), after(hours=2))
    assert report.moments[:2] == (
        Moment("2018-06-14T09:30", Bound.AT, Event.PROMISED, "promised", (1,)),
        Moment(
            "2018-06-14T09:30:01",
            Bound.BY,
            Event.ALTERNATE_PUBLIC,
            "first seen public",
            (6,),
            "2018-06-14T09:29:59",
        ),
    )
    by_all = next(m for m in report.moments if m.event is Event.ANNOUNCED_PUBLIC)
    assert by_all.when == "2018-06-14T10:59:01"


def test_the_report_is_dated_by_the_producers_calendar() -> None:
    late_evening = Instant.parse("2018-06-14T23:30:00Z")
    assert draft(a_late_day(), about(), late_evening).report_date == Said(
        "2018-06-15", words="15 June 2018"
    )
    assert draft(a_late_day(), about(), after(hours=2)).occurred == (
        Said("2018-06-14", facts=(1,)),
    )


def test_an_answer_whose_words_were_erased_is_still_a_moment() -> None:
    erased = replace(about(), messages={})
    told = sentences(draft(a_late_day(), erased, after(hours=2)))
    assert "Cause stated by the platform at 10:21:00: its words are no longer kept." in told


def test_the_days_after_the_fix_are_told_as_far_as_they_have_come() -> None:
    day = a_late_day()
    begun = replace(
        day[-1],
        n=90,
        kind=Kind.WATCH_BEGUN,
        details={"cause": "cached", "until": "2018-06-19T10:00:00Z", "releases": []},
    )
    assert "until 19 June 2018" in sentences(draft([*day, begun], about(), after(hours=2)))
    seen = {"cause": "cached", "looks": 40, "not_right": {"coming-soon": 2}, "again": []}
    ended = replace(begun, n=91, kind=Kind.WATCH_ENDED, details=seen)
    told = sentences(draft([*day, begun, ended], about(), after(hours=2)))
    assert "2 of 40 looks at the announced address found it not right" in told
    assert "was seen on no other release." in told
    again = replace(ended, details=seen | {"again": ["cpi", "rpi"]})
    assert "was seen on cpi and rpi." in sentences(draft([*day, again], about(), after(hours=2)))


def test_what_an_older_version_noted_of_the_days_after_is_passed_over() -> None:
    day = a_late_day()
    begun = replace(day[-1], n=90, kind=Kind.WATCH_BEGUN, details={"cause": "cached"})
    ended = replace(begun, n=91, kind=Kind.WATCH_ENDED, details={"cause": "cached", "again": []})
    assert draft([*day, begun, ended], about(), after(hours=2)) == draft(
        day, about(), after(hours=2)
    )


@given(st.randoms(use_true_random=False))
def test_the_report_does_not_depend_on_the_order_in_which_facts_were_read(random: Random) -> None:
    day = a_late_day()
    shuffled = random.sample(day, len(day))
    assert draft(shuffled, about(), after(hours=2)) == draft(day, about(), after(hours=2))


def more(*happened: tuple[Kind, dict[str, object]]) -> list[Fact]:
    """The late day, and what else happened two hours later."""
    later = after(hours=2)
    return a_late_day() + [
        Fact("release/h", n, kind, later, later, "somebody", f"k{n}", details)
        for n, (kind, details) in enumerate(happened, start=50)
    ]


def told(facts: list[Fact], **changed: Any) -> str:
    return sentences(draft(facts, replace(about(), **changed), after(days=3)))


def test_the_form_is_the_one_in_use_on_the_day_of_the_report() -> None:
    assert draft([], about(), after(hours=2)).form == "2018"
    assert draft([], about(), Instant.parse("2026-01-05T09:00:00Z")).form == "2022"


def test_the_kind_is_the_gravest_of_what_was_seen() -> None:
    assert kind_of(draft(a_late_day(), about(), after(hours=2))) is Breach.LATE
    early = more((Kind.EARLY, {}), (Kind.WRONG, {}))
    assert draft(early, about(), after(hours=3)).kind == Said("early", facts=(50,))
    assert isinstance(draft([], about(), after(hours=2)).kind, Gap)


def test_what_witnesses_saw_besides_lateness_is_told() -> None:
    said = told(more((Kind.EARLY, {}), (Kind.WRONG, {}), (Kind.PARTIAL, {})))
    assert "Witnesses saw it before its time, by 11:30:00." in said
    assert "not what had been sealed, by 11:30:00." in said
    assert "only a part of it was public, by 11:30:00." in said


def test_who_could_see_it_when_is_told_as_far_as_anybody_looked() -> None:
    said = told(a_late_day())
    assert "No witness saw any of it before its time." in said
    assert "Anybody could read it at https://office.example/hedgehogs from 09:30:01 at" in said
    assert "Anybody could read it at https://platform.example/hedgehogs from 10:58:00 at" in said
    assert "No witness saw any" not in told(more((Kind.EARLY, {})))
    assert "No witness saw any" not in told(without(Kind.WATCHED))


def test_both_delays_of_a_draft_are_intervals_that_can_be_counted() -> None:
    found = lateness(draft(a_late_day(), about(), after(hours=2)))
    assert found.anywhere == Late(0, 1)
    assert found.announced == Late(88 * 60, 89 * 60 + 1)


def test_exemptions_and_alternative_times_are_looked_up_before_it_is_called_a_breach() -> None:
    day = PROMISED.local.date()
    other = Leave("ART/2", time(12, 0), day - timedelta(days=9), day - timedelta(days=1))
    none = told(a_late_day(), leave=(other,))
    assert "No exemption and no alternative release time is recorded for that day." in none
    usual = told(a_late_day(), leave=(Leave("ART/3", time(9, 30), day),))
    assert "The promised time is an alternative release time, granted under ART/3." in usual
    later = told(a_late_day(), leave=(Leave("ART/4", time(12, 0), day),))
    assert "It may be no breach, because ART/4 allows release at 12:00 on that day" in later
    sooner = told(a_late_day(), leave=(Leave("ART/5", time(10, 0), day),))
    assert "ART/5 allows release at 10:00 on that day, which does not cover" in sooner
    wrong = told(more((Kind.WRONG, {})), leave=(Leave("ART/6", time(12, 0), day),))
    assert "ART/6 allows release at 12:00 on that day, which does not cover" in wrong
    before = told(a_late_day(), leave=(Leave("ART/8", time(7, 0), day),))
    assert "ART/8 allows release at 07:00 on that day, which does not cover" in before
    unseen = told(without(Kind.SEEN_BY_ALL), leave=(Leave("ART/7", time(12, 0), day),))
    assert "which does not cover" in unseen


def test_earlier_breaches_come_from_the_register() -> None:
    assert "Were there earlier breaches like it?" in open_questions(
        draft(a_late_day(), about(), after(hours=2))
    )
    assert "The register holds no earlier breach like it." in told(a_late_day(), earlier=())
    one = Earlier("2018/7", date(2018, 5, 3), "late, 3 minutes")
    assert "2018/7, 3 May 2018: late, 3 minutes" in told(a_late_day(), earlier=(one,))


def test_what_was_counted_is_told_with_its_source_and_its_meaning_is_left_to_people() -> None:
    counted = Counted("Readers of the other address", 1204, "the gates' own logs")
    said = told(a_late_day(), counted=(counted,))
    assert "Readers of the other address: 1,204, as far as the gates' own logs can tell." in said
    report = draft(a_late_day(), replace(about(), counted=(counted,)), after(hours=2))
    assert isinstance(report.impact[-1], Gap)


def test_what_was_not_counted_is_said_so_that_it_does_not_read_as_nobody() -> None:
    *_, last, _ = draft(a_late_day(), about(), after(hours=2)).impact
    assert last == Said(
        "We did not count requests of readers at https://platform.example/hedgehogs while it "
        "failed, nor readers at https://office.example/hedgehogs.",
        facts=(6, 10),
    )
    never_open = sentences(draft(without(Kind.FIRST_SEEN), about(), after(hours=2)))
    assert "at https://platform.example/hedgehogs while it failed.\n" in never_open
    nothing_wrong = draft(without(Kind.LATE), about(), after(hours=2))
    assert "We did not count" not in sentences(nothing_wrong)


def test_what_is_planned_has_an_owner_and_a_day_and_closes_the_question() -> None:
    planned = Planned(Said("Ask for a shorter cache."), Said("Head of web"), Said("2018-07-01"))
    report = draft(a_late_day(), replace(about(), planned=(planned,)), after(hours=2))
    assert report.planned == (planned,)
    assert not any(isinstance(one, Gap) for one in report.actions)


def test_what_was_done_since_is_told_with_its_day_and_what_shows_it() -> None:
    done = Done("Asked for a shorter cache.", after(days=3), "Ten looks on time.")
    report = draft(a_late_day(), replace(about(), done=(done,)), after(days=4))
    *_, last = report.actions
    assert isinstance(last, Said)
    assert ": Asked for a shorter cache. What shows it: Ten looks on time." in last.value
    assert last.value.startswith("Done on ")


def test_a_statement_that_was_published_is_linked() -> None:
    where = "https://office.example/statement"
    report = draft(a_late_day(), replace(about(), statement=where), after(hours=2))
    assert report.statement == Said(where)


def test_answers_and_a_copy_made_by_hand_are_told() -> None:
    facts = more(
        (Kind.TICKET_ANSWERED, {"message": 7}),
        (Kind.TICKET_ANSWERED, {"message": 9}),
        (Kind.UPLOADED, {"message": 10}),
        (Kind.UPLOAD_VERIFIED, {}),
    )
    said = told(facts, messages={9: "We are on it."})
    assert said.count("support answered") == 1
    assert "The platform's support answered at 11:30:00: \u201cWe are on it.\u201d" in said
    assert "A person put a copy on another page of the platform" in said


def test_nine_in_ten_fields_are_settled_by_a_late_day() -> None:
    about_all = replace(about(), leave=(), earlier=(), statement="https://office.example/statement")
    report = draft(a_late_day(), about_all, after(hours=2))
    # What it meant, and what will be done, are judgements.
    assert [name for name, _ in gaps(report)] == ["impact", "actions"]
    assert len(gaps(report)) <= 0.1 * len(fields(report))


def test_a_cause_that_was_corrected_is_told_as_it_was_first_given_and_as_it_was_corrected() -> None:
    corrected = Fact(
        "release/h",
        20,
        Kind.CAUSE_STATED,
        after(days=4),
        HALF_PAST,
        "somebody",
        "k20",
        {"message": 9},
    )
    again = replace(corrected, n=21, key="k21", at=after(days=5), details={"message": 10})
    messages = {7: CAUSE, 8: "Fixed.", 9: "It was another cause.", 10: "It was another cause."}
    report = draft(
        [*a_late_day(), corrected, again], replace(about(), messages=messages), after(days=6)
    )
    told = [one.value for one in report.cause if isinstance(one, Said)]
    assert told[1:] == [
        f"Cause stated by the platform at 10:21:00: “{CAUSE}”",
        "The platform corrected this at 09:30:00 on 18 June 2018: “It was another cause.”",
    ]
    stated = [one.facts for one in report.moments if one.event is Event.CAUSE_STATED]
    assert stated == [(14,), (20,)]


def test_each_fix_is_told() -> None:
    second = replace(a_late_day()[-1], n=20, key="k20", at=after(days=1), details={"message": 9})
    messages = {7: CAUSE, 8: "Fixed.", 9: "Fixed better."}
    report = draft([*a_late_day(), second], replace(about(), messages=messages), after(days=6))
    told = sentences(report)
    assert "The platform reported a fix at 11:02:00: “Fixed.”" in told
    assert "reported another fix at 09:30:00 on 15 June 2018: “Fixed better.”" in told


def test_readers_who_wrote_are_counted_and_nobody_else_is() -> None:
    wrote = [
        replace(a_late_day()[-1], n=n, key=f"k{n}", kind=Kind.READER_WROTE, details={"message": n})
        for n in (20, 21)
    ]
    report = draft([*a_late_day(), *wrote], about(), after(hours=2))
    assert Said("Readers who wrote on our own pages: 2.", facts=(20, 21)) in report.impact
    assert "Readers" not in sentences(draft(a_late_day(), about(), after(hours=2)))


def test_enquiries_from_the_promised_time_on_are_counted_by_the_way_they_came() -> None:
    asked = [
        replace(
            a_late_day()[-1],
            n=n,
            key=f"k{n}",
            kind=Kind.ENQUIRY_NOTED,
            at=after(minutes=minutes),
            details={"how": how, "message": n},
        )
        for n, minutes, how in (
            (20, -30, "telephone"),
            (21, 0, "telephone"),
            (22, 5, "mail"),
            (23, 9, "telephone"),
        )
    ]
    told = draft([*a_late_day(), *asked], about(), after(hours=2)).impact
    counted = "Enquiries noted from the promised time on: 1 by mail and 2 by telephone."
    assert Said(counted, facts=(21, 22, 23)) in told
    nobody = "No enquiry by telephone or mail was noted from the promised time on."
    assert Said(nobody, facts=(10,)) in draft(a_late_day(), about(), after(hours=2)).impact
    assert nobody not in sentences(draft(without(Kind.LATE), about(), after(hours=2)))


def test_how_many_read_it_elsewhere_is_asked_of_people_where_it_was_open() -> None:
    asks = "How many read it at https://office.example/hedgehogs?"
    assert asks in open_questions(draft(a_late_day(), about(), after(hours=2)))[-2]
    assert asks not in str(draft(without(Kind.FIRST_SEEN), about(), after(hours=2)).impact)


def test_what_was_counted_names_the_facts_between_which_it_was_counted() -> None:
    counted = Counted("Looks that failed", 12, "our own witnesses", facts=(10, 16))
    [told] = [
        one
        for one in draft(a_late_day(), replace(about(), counted=(counted,)), after(hours=2)).impact
        if isinstance(one, Said) and "Looks" in one.value
    ]
    assert told.facts == (10, 16)
