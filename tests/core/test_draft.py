"""The report is a function of the facts: what they settle is said, what they do not stays open."""

from dataclasses import replace
from datetime import timedelta

from ninethirty.core.breach import Bound, Event, Gap, Moment, Report, Said, gaps
from ninethirty.core.draft import Particulars, draft
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.times import Instant, Interval, WallTime, When

PROMISED = WallTime.parse("2018-06-14 09:30 Europe/London")
HALF_PAST = PROMISED.resolve()
CAUSE = "A document sent again cleared the countdown."


def after(**passed: float) -> Instant:
    return HALF_PAST + timedelta(**passed)


def about(**changed: str) -> Particulars:
    told = {
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
    told = (*report.circumstances, *report.impact, *report.actions)
    return "\n".join(one.value for one in told if isinstance(one, Said))


def open_questions(report: Report) -> list[str]:
    return [gap.asks for _, gap in gaps(report)]


def test_a_full_day_leaves_only_judgements_open() -> None:
    report = draft(a_late_day(), about(), after(hours=2))
    assert [name for name, _ in gaps(report)] == ["statement", "impact", "actions"]


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


def test_one_channel_is_named_alone() -> None:
    facts = [f for f in a_late_day() if f.details.get("channel") != "news"]
    assert "Users were told by 09:31:23 on X." in sentences(draft(facts, about(), after(hours=2)))


def test_every_sentence_of_an_account_names_its_facts() -> None:
    report = draft(a_late_day(), about(), after(hours=2))
    told = (*report.circumstances, *report.impact, *report.actions)
    assert all(one.facts for one in told if isinstance(one, Said))


def test_the_practice_suggested_is_that_of_the_breach_seen_and_names_its_facts() -> None:
    facts = a_late_day()
    late = next(fact.n for fact in facts if fact.kind is Kind.LATE)
    assert draft(facts, about(), after(hours=2)).practices == (Said("T3.6", facts=(late,)),)


def test_a_practice_touched_twice_is_named_once_with_all_its_facts() -> None:
    facts = [*a_late_day(), Fact("release/h", 90, Kind.EARLY, HALF_PAST, HALF_PAST, "w", "k90")]
    late = next(fact.n for fact in facts if fact.kind is Kind.LATE)
    assert draft(facts, about(), after(hours=2)).practices == (
        Said("T3.6", facts=(late, 90)),
        Said("T3.3", facts=(90,)),
    )


def test_nothing_is_invented_from_no_facts() -> None:
    report = draft([], about(contact_name="", contact_telephone=""), after(hours=2))
    assert len(open_questions(report)) == 15
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
        Moment("2018-06-14T09:30:01", Bound.BY, Event.ALTERNATE_PUBLIC, "first seen public", (6,)),
    )
    by_all = next(m for m in report.moments if m.event is Event.ANNOUNCED_PUBLIC)
    assert by_all.when == "2018-06-14T10:59:01"


def test_the_report_is_dated_by_the_producers_calendar() -> None:
    late_evening = Instant.parse("2018-06-14T23:30:00Z")
    assert draft(a_late_day(), about(), late_evening).report_date == Said("2018-06-15")
    assert draft(a_late_day(), about(), after(hours=2)).occurred == (
        Said("2018-06-14", facts=(1,)),
    )


def test_an_answer_whose_words_were_erased_is_still_a_moment() -> None:
    erased = replace(about(), messages={})
    told = sentences(draft(a_late_day(), erased, after(hours=2)))
    assert "Cause stated by the platform at 10:21:00: its words are no longer kept." in told
