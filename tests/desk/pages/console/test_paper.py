"""The way in on paper, as it is on the night on which it is needed, and on the morning after."""

from collections.abc import Callable
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from click.testing import CliRunner
from django.test import Client

from ninethirty.core.errors import NotAllowed
from ninethirty.core.facts import Kind
from ninethirty.core.release import Role
from ninethirty.desk.actions.accounts import leave, reset
from ninethirty.desk.actions.erase import PEOPLE
from ninethirty.desk.actions.paper import ENVELOPE, close_paper, make_paper
from ninethirty.desk.person_command import person
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.record.models import Account, Message
from tests.desk.pages.console.staff import SECRET, somebody, visitor
from tests.desk.setting import Desk, kinds
from tests.desk.test_on_call import on_duty, reached

OPERATOR = "a-operator"


@pytest.fixture
def secret(desk: Desk) -> str:
    somebody(Role.OPERATOR)
    return make_paper(by=OPERATOR)


def shown(client: Client, path: str = "/") -> str:
    return client.get(path, follow=True).text


def came_in(secret: str) -> Client:
    client = visitor()
    client.post("/sign-in", {"login": ENVELOPE, "password": secret})
    return client


def test_the_secret_lets_an_operator_in_once_and_every_page_says_so(
    secret: str, as_role: Callable[..., Client]
) -> None:
    head = as_role(Role.HEAD_OF_PROFESSION)
    assert "way in on paper" not in shown(head)
    somebody_in = came_in(secret)
    assert "The way in on paper, operator" in shown(somebody_in)
    assert somebody_in.get("/audit").status_code == 200
    assert kinds(facts_of(PEOPLE)) == [Kind.PAPER_MADE, Kind.PAPER_USED]
    again = came_in(secret)
    assert "Sign in" in shown(again)
    for path in ("/", "/audit", "/account"):
        assert "Somebody came in by the way in on paper" in shown(somebody_in, path)
    assert "Somebody came in by the way in on paper" in shown(head)


def test_everybody_on_call_is_paged_and_who_cannot_be_keeps_nobody_out(
    secret: str, desk: Desk, tmp_path: Path
) -> None:
    with on_duty(desk, tmp_path) as pagers:
        assert "The way in on paper, operator" in shown(came_in(secret))
        assert reached(pagers) == {"officer": 1, "deputy": 1, "all": 1}
        told = "".join(pager.log.read_text() for pager in pagers.values())
        assert "the way in on paper was used" in told
        assert secret not in told
    # All pagers are gone by now.
    assert "The way in on paper, operator" in shown(came_in(make_paper(by=OPERATOR)))


def test_the_banner_stays_until_a_person_says_what_it_was_used_for(
    secret: str, as_role: Callable[..., Client]
) -> None:
    in_by_paper = came_in(secret)
    refused = in_by_paper.post("/break-glass", {"text": "Nothing to see"})
    assert "signed in as themselves" in refused.text
    assert as_role(Role.STATISTICIAN).get("/break-glass").status_code == 403
    head = as_role(Role.HEAD_OF_PROFESSION)
    empty = head.post("/break-glass", {"text": " "})
    assert (empty.status_code, "say what it was used for" in empty.text) == (403, True)
    assert head.post("/break-glass", {"text": "Ada opened it: no operator."}).status_code == 302
    assert "Somebody came in" not in shown(head)
    closed = facts_of(PEOPLE)[-1]
    assert closed.kind is Kind.PAPER_CLOSED
    assert Message.objects.get(id=closed.details["why"]).text == "Ada opened it: no operator."
    with pytest.raises(NotAllowed, match="closed already"):
        close_paper("Again", by="a-head-of-profession")


def test_it_is_no_second_way_in_and_no_operator_who_could_be_left_alone(secret: str) -> None:
    with pytest.raises(NotAllowed, match="nobody of this name has an account"):
        reset(ENVELOPE, by=OPERATOR)
    with pytest.raises(NotAllowed, match="is the last operator"):
        leave(OPERATOR, by=OPERATOR)
    in_by_paper = came_in(secret)
    with pytest.raises(NotAllowed, match="signed in as themselves"):
        make_paper(by=ENVELOPE)
    # A factor that was added meanwhile is no way in either.
    TOTP.activate(Account.objects.get(on_paper=True), SECRET)
    in_by_paper.logout()
    anew = make_paper(by=OPERATOR)
    assert anew != secret
    assert "Sign in" in shown(came_in(secret))
    assert "The way in on paper, operator" in shown(came_in(anew))


def test_the_secret_is_printed_once_and_kept_as_a_hash_alone(desk: Desk) -> None:
    somebody(Role.OPERATOR)
    said = CliRunner().invoke(person, ["break-glass", "--home", str(desk.home), "--by", OPERATOR])
    assert said.exit_code == 0, said.output
    printed = said.output.split("Password: ")[1].split()[0]
    kept = Account.objects.get(on_paper=True)
    assert printed not in kept.password
    assert kept.check_password(printed)
    assert printed not in str(facts_of(PEOPLE))
    not_one = CliRunner().invoke(person, ["break-glass", "--home", str(desk.home), "--by", "who"])
    assert isinstance(not_one.exception, NotAllowed)
