"""Who may sign in: people come, begin by a link, are reset, and leave."""

from pathlib import Path

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from click.testing import CliRunner

from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Kind
from ninethirty.core.release import Role
from ninethirty.core.times import RealClock
from ninethirty.desk.actions.accounts import (
    LINK_LIVES_S,
    account_of_link,
    add_person,
    begin,
    change,
    leave,
    link_of,
    reset,
)
from ninethirty.desk.actions.erase import PEOPLE
from ninethirty.desk.actions.people import role_of
from ninethirty.desk.actions.whose import producers_of
from ninethirty.desk.person_command import person
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.record.models import Account, Producer
from tests.desk.setting import APPROVER, STATISTICIAN, Desk, kinds, work_here

OPERATOR = "operator-1"
PASSWORD = "three words that do not belong together"


@pytest.fixture
def operator(desk: Desk) -> Account:
    return add_person(OPERATOR, "The operator", Role.OPERATOR, by=OPERATOR)


def token(account: Account) -> str:
    return link_of(account).rpartition("/")[2]


def test_the_first_operator_adds_themselves_and_nobody_else_does(operator: Account) -> None:
    with pytest.raises(NotAllowed, match="operator-2: nobody of this name works here"):
        add_person("operator-2", "Another", Role.OPERATOR, by="operator-2")
    add_person("operator-2", "Another", Role.OPERATOR, by=OPERATOR)
    assert kinds(facts_of(PEOPLE)) == [Kind.PERSON_ADDED, Kind.PERSON_ADDED]
    assert "Another" not in str(facts_of(PEOPLE)), "facts hold no names"


def test_only_an_operator_lets_people_in_and_out(operator: Account) -> None:
    work_here()
    add_person(APPROVER, f"Name of {APPROVER}", Role.APPROVER, by=OPERATOR)
    for act in (
        lambda: add_person("person-9", "Somebody", Role.AUDITOR, by=APPROVER),
        lambda: leave(APPROVER, by=STATISTICIAN),
        lambda: reset(APPROVER, by=APPROVER),
    ):
        with pytest.raises(NotAllowed, match="an operator lets people in and out"):
            act()


def test_a_link_is_good_once(operator: Account) -> None:
    link = token(operator)
    begin(link, PASSWORD, by=OPERATOR)
    with pytest.raises(NotAllowed, match="this link was used"):
        begin(link, "another password altogether", by=OPERATOR)
    assert Account.objects.get(pk=operator.pk).check_password(PASSWORD)


def test_a_link_is_over_after_a_day_or_if_a_letter_of_it_is_changed(operator: Account) -> None:
    link = token(operator)
    assert account_of_link(link) == operator
    with pytest.raises(NotAllowed, match="this link is over"):
        account_of_link(f"x{link}")
    later = RealClock().now().timestamp() + LINK_LIVES_S + 60
    with time_machine.travel(later), pytest.raises(NotAllowed, match="this link is over"):
        account_of_link(link)


def test_a_reset_takes_password_second_factor_and_older_links_away(operator: Account) -> None:
    link = token(operator)
    operator.set_password(PASSWORD)
    operator.save()
    Authenticator.objects.create(user=operator, type="totp", data={})
    again = reset(OPERATOR, by=OPERATOR)
    assert not again.has_usable_password()
    assert not Authenticator.objects.exists()
    with pytest.raises(NotAllowed, match="another one was made"):
        account_of_link(link)
    assert account_of_link(token(again)) == operator


def test_whoever_left_cannot_begin_and_the_last_operator_stays(operator: Account) -> None:
    other = add_person("person-9", "Somebody", Role.AUDITOR, by=OPERATOR)
    link = token(other)
    leave("person-9", by=OPERATOR)
    with pytest.raises(NotAllowed, match="this link was used"):
        account_of_link(link)
    with pytest.raises(NotAllowed, match="is the last operator"):
        leave(OPERATOR, by=OPERATOR)


@pytest.mark.parametrize(
    ("id", "role", "producer", "says"),
    [
        ("Person 1", Role.AUDITOR, (), "an id has small letters"),
        ("runner-1", Role.AUDITOR, (), "is not a person"),
        ("person-9", Role.BODY, (), "is not a person"),
        ("person-9", Role.AUDITOR, ("nowhere",), "no producer nowhere; add it first"),
        (OPERATOR, Role.OPERATOR, (), "there is or was somebody with this id"),
    ],
)
def test_somebody_who_cannot_be_is_refused(
    operator: Account, id: str, role: Role, producer: tuple[str, ...], says: str
) -> None:
    with pytest.raises(NotAllowed, match=says):
        add_person(id, "Somebody", role, by=OPERATOR, producers=producer)


def test_the_command_prints_a_link_and_lists_who_works_for_whom(desk: Desk) -> None:
    run = CliRunner()
    home = ["--home", str(desk.home)]
    asked = ["--name", "The operator", "--role", "operator", "--by", OPERATOR]
    added = run.invoke(person, ["add", *home, OPERATOR, *asked], catch_exceptions=False)
    link = added.output.split()[-1]
    assert link.startswith("http://localhost:9331/begin/")
    assert account_of_link(link.rpartition("/")[2]).username == OPERATOR
    Producer.objects.create(id="north", name="North")
    more = ["--name", "Somebody", "--role", "auditor", "--producer", "north", "--by", OPERATOR]
    run.invoke(person, ["add", *home, "person-9", *more], catch_exceptions=False)
    again = run.invoke(person, ["reset", *home, "person-9", "--by", OPERATOR])
    assert "http://localhost:9331/begin/" in again.output
    listed = run.invoke(person, ["list", *home], catch_exceptions=False).output
    assert listed.splitlines() == [
        "operator-1: The operator, operator, office; has not begun yet",
        "person-9: Somebody, auditor, north; has not begun yet",
    ]
    gone = run.invoke(person, ["leave", *home, "person-9", "--by", OPERATOR])
    assert gone.output == "person-9 cannot sign in any more\n"


def test_a_command_on_a_folder_that_is_no_desk_says_so(tmp_path: Path) -> None:
    answer = CliRunner().invoke(person, ["list", "--home", str(tmp_path / "nowhere")])
    assert answer.exit_code != 0


def test_somebody_gets_another_role_and_other_producers(operator: Account) -> None:
    Producer.objects.create(id="north", name="North")
    add_person("person-9", "Somebody", Role.AUDITOR, by=OPERATOR)
    change("person-9", Role.APPROVER, ["north"], by=OPERATOR)
    assert role_of("person-9") is Role.APPROVER
    assert producers_of("person-9") == {"north"}
    with pytest.raises(NotAllowed, match="no producer south; add it first"):
        change("person-9", Role.APPROVER, ["south"], by=OPERATOR)
    with pytest.raises(NotAllowed, match="is the last operator"):
        change(OPERATOR, Role.AUDITOR, [], by=OPERATOR)
    with pytest.raises(NotAllowed, match="an operator lets people in and out"):
        change("person-9", Role.OPERATOR, [], by="person-9")
    assert producers_of("person-9") == {"north"}
