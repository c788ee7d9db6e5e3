import pytest

from ninethirty.core.breach import Bound, Event, Gap, Said
from ninethirty.desk.papers.clocks import clocks
from ninethirty.desk.papers.moments import moments

MONDAY = Said("2019-06-03")


def told(text: str) -> list[tuple[str, Bound, Event]]:
    return [(m.when, m.bound, m.event) for m in moments([text], MONDAY)]


@pytest.mark.parametrize(
    ("words", "clock"),
    [
        ("at 9:30am", "09:30"),
        ("at 9.30am", "09:30"),
        ("at 09:30", "09:30"),
        ("at 0930 hrs", "09:30"),
        ("at 0930", "09:30"),
        ("by 10am", "10:00"),
        ("by 10 a.m. that day", "10:00"),
        ("~09.45", "09:45"),
        ("around 9:45", "09:45"),
        ("at 9.45", "09:45"),
        ("13:25pm", "13:25"),
        ("13:25am", "13:25"),
        ("at 1.31pm", "13:31"),
        ("at 12.05am", "00:05"),
        ("12:15pm", "12:15"),
        ("12 noon", "12:00"),
        ("at 10:08:59", "10:08"),
    ],
)
def test_a_clock_time_is_read_however_it_is_written(words: str, clock: str) -> None:
    assert [str(found) for found in clocks(words)] == [clock]


@pytest.mark.parametrize(
    "words",
    [
        "for 30 minutes",
        "for 1:30 hours",
        "rose by 9.45 per cent",
        "rose around 9.45%",
        "practice T3.6",
        "version 10.15",
        "since 2018",
        "25:10",
        "9:75",
        "£9.45",
        "01632 960001",
    ],
)
def test_a_length_of_time_or_a_number_is_no_clock_time(words: str) -> None:
    assert clocks(words) == []


@pytest.mark.parametrize(
    ("text", "bound", "event"),
    [
        ("It was scheduled for 11:15 on our site.", Bound.AT, Event.PROMISED),
        ("We put the tables on another page before 11.15am.", Bound.BEFORE, Event.ALTERNATE_PUBLIC),
        ("Subscribers were told at around 11:15.", Bound.ABOUT, Event.USERS_TOLD),
        ("The duty officer opened a ticket at 11:15.", Bound.AT, Event.TICKET_RAISED),
        ("The planned page was available by 11:15.", Bound.BEFORE, Event.ANNOUNCED_PUBLIC),
        ("At 11:15 the supplier confirmed the cause.", Bound.AT, Event.CAUSE_STATED),
        ("A fix was deployed at 11:15.", Bound.AT, Event.FIX_REPORTED),
        ("The duty officer noticed it at 11:15.", Bound.AT, Event.OTHER),
        ("The statistician looked again just after 11:15.", Bound.ABOUT, Event.OTHER),
    ],
)
def test_a_cue_in_the_clause_says_what_happened(text: str, bound: Bound, event: Event) -> None:
    assert told(text) == [("2019-06-03T11:15", bound, event)]


@pytest.mark.parametrize(
    "text",
    [
        "The planned page was not available at 11:15.",
        "A fix will be deployed at 11:15.",
        "They hadn\u2019t found the cause at 11:15.",
        "Readers complained on Twitter at 11:15.",
        "We tweeted the address, and the director was called at 11:15.",
        "We tweeted the address and informed the press office at 11:15.",
    ],
)
def test_in_doubt_it_is_something_else(text: str) -> None:
    assert told(text) == [("2019-06-03T11:15", Bound.AT, Event.OTHER)]


def test_the_cue_in_the_same_clause_wins() -> None:
    text = "We uploaded it to another page at 10:01 and tweeted the address at 10:02."
    assert told(text) == [
        ("2019-06-03T10:01", Bound.AT, Event.ALTERNATE_PUBLIC),
        ("2019-06-03T10:02", Bound.AT, Event.USERS_TOLD),
    ]


def test_within_a_clause_the_nearest_cue_wins() -> None:
    text = "Before the fix was deployed users were told at 11:15 by the duty officer."
    assert told(text) == [("2019-06-03T11:15", Bound.AT, Event.USERS_TOLD)]


def test_two_cues_equally_near_tell_nothing() -> None:
    text = "The fix was deployed 11:15 tweeted."
    assert told(text) == [("2019-06-03T11:15", Bound.AT, Event.OTHER)]


def test_a_time_that_stands_alone_belongs_to_what_it_stands_beside() -> None:
    assert told("On Monday 3 June at 10:01, we uploaded it to another page.") == [
        ("2019-06-03T10:01", Bound.AT, Event.ALTERNATE_PUBLIC)
    ]


def test_immediately_shares_the_time_before_it() -> None:
    text = "Staff put it on a temporary page at 10:01, and told all users immediately."
    assert told(text) == [
        ("2019-06-03T10:01", Bound.AT, Event.ALTERNATE_PUBLIC),
        ("2019-06-03T10:01", Bound.AT, Event.USERS_TOLD),
    ]


def test_immediately_does_not_reach_back_over_the_time() -> None:
    text = "Having told users they posted it elsewhere at 10:01, at once."
    assert [event for _, _, event in told(text)] == [Event.ALTERNATE_PUBLIC]


def test_the_same_event_at_the_same_time_is_told_once() -> None:
    text = "It was due at 9:30. As said, it was due at 9.30am."
    assert told(text) == [("2019-06-03T09:30", Bound.AT, Event.PROMISED)]


def test_a_day_alone_is_a_moment_and_its_year_is_that_of_the_breach() -> None:
    assert told("On June 5 they deployed a fix.") == [("2019-06-05", Bound.AT, Event.FIX_REPORTED)]
    assert told("It came back by 7th June 2020.") == [("2020-06-07", Bound.BEFORE, Event.OTHER)]


def test_a_time_is_of_the_day_its_sentence_names() -> None:
    assert told("It was seen at 16:20 on 5 June.") == [("2019-06-05T16:20", Bound.AT, Event.OTHER)]
    assert told("On Monday it was seen at 16:20.") == [("2019-06-03T16:20", Bound.AT, Event.OTHER)]


@pytest.mark.parametrize(
    "text",
    [
        "It was seen the next day at 16:20.",
        "It was seen on Tuesday at 16:20.",
        "From 5 June to 7 June it was seen at 16:20.",
        "It was seen on 31 June at 16:20.",
    ],
)
def test_where_the_day_is_unclear_the_clock_time_stands_alone(text: str) -> None:
    assert told(text) == [("16:20", Bound.AT, Event.OTHER)]


def test_without_a_day_of_the_breach_nothing_is_given_a_day() -> None:
    (moment,) = moments(["It was due at 9:30, as on 5 June."], Gap("the day"))
    assert (moment.when, moment.event) == ("09:30", Event.PROMISED)


@pytest.mark.parametrize(
    "text",
    [
        "The account covers July 2017 to February 2018.",
        "It happened every day from 5 to 9 June.",
        "It happened between 5 June and 9 June.",
        "Last June 30 pages were late.",
        "See https://stats.example/12:30/5-June for more.",
        "It may be 10 may be more.",
    ],
)
def test_a_period_or_an_address_is_no_moment(text: str) -> None:
    assert told(text) == []


def test_january_named_in_december_is_given_no_year() -> None:
    assert moments(["A fix came on 4 January."], Said("2019-12-20")) == ()


def test_a_sentence_without_end_is_read_in_bounded_time() -> None:
    assert moments(["tweet 9:30 " * 5_000], MONDAY)
