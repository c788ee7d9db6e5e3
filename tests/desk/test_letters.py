"""What readers wrote, taken in by the desk."""

import pytest

from ninethirty.core import letter
from ninethirty.core.errors import OutsideFailed
from ninethirty.core.facts import Kind
from ninethirty.core.letter import Letter
from ninethirty.desk.actions import take_letters as module
from ninethirty.desk.actions.take_letters import CHANNEL, NO_RELEASE, take_letters
from ninethirty.desk.outside.pagers.port import Alert
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.record.models import Message, Release
from ninethirty.desk.setup import setup
from tests.core.made import at
from tests.desk.setting import RELEASE, Desk
from tests.desk.way import promised


class Ear:
    """A pager that notes what it was given; or fails, as often as told."""

    def __init__(self, fails: int = 0) -> None:
        self.heard: list[Alert] = []
        self._fails = fails

    def page(self, alert: Alert) -> None:
        if self._fails:
            self._fails -= 1
            raise OutsideFailed("no way to call anybody", retry=True)
        self.heard.append(alert)


@pytest.fixture
def ear(monkeypatch: pytest.MonkeyPatch) -> Ear:
    ear = Ear()
    monkeypatch.setattr(module, "first_route", lambda _: ear)
    return ear


def lies(name: str, about: str, words: str = "Table 2 is empty.") -> None:
    setup().shelf().put_letter(name, letter.write(Letter(about, words, at(60))))


def test_a_letter_is_a_fact_and_its_words_are_in_a_row_that_can_be_erased(
    desk: Desk, ear: Ear
) -> None:
    promised()
    path = Release.objects.get(id=RELEASE).path
    lies("gate-1", f"{path}/data.csv")
    desk.show(at(61))
    [fact] = take_letters(by="runner-x")
    assert (fact.subject, fact.kind, fact.at) == (RELEASE, Kind.READER_WROTE, at(60))
    assert (fact.recorded, fact.said_by) == (at(61), "a reader")
    message = Message.objects.get(id=fact.details["message"])
    assert (message.channel, message.text) == (CHANNEL, "Table 2 is empty.")
    assert message.link == f"{path}/data.csv"
    assert "Table 2" not in str(fact)
    assert [alert.reason for alert in ear.heard] == [
        f"{RELEASE}: a reader said that something is wrong"
    ]
    assert setup().shelf().letters() == []


@pytest.mark.parametrize("about", ["/", "/calendar", "/statistics/gdpx"])
def test_a_letter_about_no_release_is_on_a_timeline_of_its_own(
    desk: Desk, ear: Ear, about: str
) -> None:
    promised()
    lies("gate-1", about)
    take_letters(by="runner-x")
    assert [fact.kind for fact in facts_of(NO_RELEASE)] == [Kind.READER_WROTE]
    assert len(ear.heard) == 1


def test_a_letter_stays_until_somebody_was_paged_and_is_one_fact_all_the_same(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    deaf = Ear(fails=1)
    monkeypatch.setattr(module, "first_route", lambda _: deaf)
    lies("gate-1", "/")
    with pytest.raises(OutsideFailed):
        take_letters(by="runner-x")
    assert len(setup().shelf().letters()) == 1
    assert take_letters(by="runner-x") == []
    assert setup().shelf().letters() == []
    assert len(facts_of(NO_RELEASE)) == len(deaf.heard) == 1


def test_a_letter_given_again_after_it_was_taken_in_is_one_fact(desk: Desk, ear: Ear) -> None:
    for _ in range(2):
        lies("gate-1", "/")
        take_letters(by="runner-x")
    assert len(facts_of(NO_RELEASE)) == 1


def test_what_is_no_letter_keeps_no_other_back(desk: Desk, ear: Ear) -> None:
    setup().shelf().put_letter("gate-0", b"{")
    lies("gate-1", "/")
    assert len(take_letters(by="runner-x")) == 1
    assert setup().shelf().letters() == []
