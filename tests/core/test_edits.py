"""A person's edits are kept while the draft under them changes."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from ninethirty.core.breach import Gap, Report, Said
from ninethirty.core.edits import By, merged, taken
from tests.core.test_breach import report

_SENTENCES = st.lists(st.sampled_from("abcdef").map(Said), max_size=5).map(tuple)


def account(*sentences: str) -> Report:
    return replace(report(), circumstances=tuple(map(Said, sentences)))


def stands(one: Report) -> list[str]:
    return [field.value for field in one.circumstances if isinstance(field, Said)]


def test_a_sentence_a_person_changed_stays_while_others_come_from_the_draft() -> None:
    found = merged(
        account("It was due.", "It was late."),
        account("It was due.", "It was late.", "It worked by 11."),
        account("It was due at 9.30.", "It was late."),
    )
    assert stands(found.report) == ["It was due at 9.30.", "It was late.", "It worked by 11."]
    assert [change.by for change in found.changes] == [By.PERSON, By.DRAFT]


def test_where_both_changed_the_same_the_person_stands_and_the_draft_is_shown() -> None:
    before = replace(report(), title=Said("GDP"))
    found = merged(
        before, replace(before, title=Said("GDP, May")), replace(before, title=Said("GDP for May"))
    )
    assert found.report.title == Said("GDP for May")
    (change,) = found.changes
    assert (change.name, change.by) == ("title", By.BOTH)
    assert change.before == (Said("GDP"),)
    assert change.now == (Said("GDP, May"),)
    assert change.stands == (Said("GDP for May"),)


def test_what_both_changed_to_the_same_is_no_conflict() -> None:
    found = merged(account("a"), account("b"), account("b"))
    assert [change.by for change in found.changes] == [By.DRAFT]


def test_a_gap_a_person_filled_stays_filled() -> None:
    before = replace(report(), impact=(Gap("Who was affected?"),))
    human = replace(report(), impact=(Said("Traders."),))
    assert merged(before, before, human).report.impact == (Said("Traders."),)


def test_a_field_that_was_not_asked_for_stays_so_until_the_draft_asks() -> None:
    assert merged(report(), report(), report()).report.kind is None
    asked = replace(report(), kind=Said("late"))
    assert merged(report(), asked, report()).report.kind == Said("late")


def test_what_the_draft_changed_is_taken_by_a_report_that_says_the_same() -> None:
    before, now = account("a", "b"), account("a", "c")
    [change] = merged(before, now, before).changes
    assert not taken(change, before)
    assert taken(change, now)
    assert not taken(change, account("b", "c"))


@given(_SENTENCES, _SENTENCES)
def test_without_edits_the_new_draft_stands_and_without_news_the_person_does(
    one: tuple[Said, ...], other: tuple[Said, ...]
) -> None:
    before, after = replace(report(), cause=one), replace(report(), cause=other)
    assert merged(before, after, before).report == after
    assert merged(before, before, after).report == after
    assert merged(before, after, after).report == after


@given(_SENTENCES, _SENTENCES, _SENTENCES)
def test_nothing_a_person_wrote_is_lost(
    before: tuple[Said, ...], now: tuple[Said, ...], human: tuple[Said, ...]
) -> None:
    one, two, three = (replace(report(), cause=side) for side in (before, now, human))
    kept = merged(one, two, three).report.cause
    assert {said for said in human if said not in before} <= set(kept)
