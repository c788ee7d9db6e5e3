"""The ends of timelines: told, signed, published, and held against the record."""

import json
from pathlib import Path

import pytest

from ninethirty.core import heads
from ninethirty.core.document import digest
from ninethirty.core.errors import ChainBroken
from ninethirty.core.facts import Kind
from ninethirty.core.heads import read_signed
from ninethirty.core.schedule import Content
from ninethirty.desk.actions import sign_heads as signing
from ninethirty.desk.actions.sign_heads import published, sign_heads
from ninethirty.desk.record.facts import check_chain, facts_of, subjects
from ninethirty.desk.record.models import Head, SignedHead
from ninethirty.desk.setup import setup
from ninethirty.gate import arm as gate
from ninethirty.gate.source import Folder
from ninethirty.gate.store import Store
from tests.core.made import at
from tests.desk.setting import GATE, GATE_KEY, RELEASE, Desk, happens, together
from tests.gate.made import Told

OTHER = "release/cpi"


def tell(desk: Desk, minute: int) -> bool:
    desk.show(at(60 * minute))
    return sign_heads(by="runner-1") is not None


def test_ends_are_told_in_each_minute_with_news_and_once_a_day_without(desk: Desk) -> None:
    assert not tell(desk, 0)
    happens(Kind.ANNOUNCED)
    assert tell(desk, 0)
    assert not tell(desk, 0)
    assert not tell(desk, 1)
    happens(Kind.STAGED)
    assert tell(desk, 2)
    happens(Kind.SEALED, subject=OTHER)
    assert not tell(desk, 2)
    assert tell(desk, 3)
    assert not tell(desk, 4)
    assert tell(desk, 24 * 60)
    told = facts_of(heads.SUBJECT)
    assert [[row[:2] for row in fact.details["grown"]] for fact in told] == [
        [[RELEASE, 1]],
        [[RELEASE, 2]],
        [[OTHER, 1]],
        [],
    ]
    assert check_chain(heads.SUBJECT) == 4


def test_what_is_published_is_small_signed_and_names_no_release(desk: Desk) -> None:
    happens(Kind.ANNOUNCED)
    tell(desk, 0)
    body = published()
    assert body is not None
    signed = read_signed(body, setup().key().public)
    head = Head.objects.get(subject=heads.SUBJECT)
    assert (signed.n, signed.hash, signed.subjects) == (1, head.hash, 1)
    assert RELEASE not in body.decode()
    assert len(body) < 600


def test_a_gate_carries_it_at_its_address(desk: Desk, tmp_path: Path) -> None:
    happens(Kind.ANNOUNCED)
    tell(desk, 0)
    store = Store(tmp_path / "gate", GATE_KEY)
    gate.arm(
        store,
        Folder(desk.home / "shelf"),
        gate=GATE,
        trusted_key=setup().key().public,
        clock=Told(at(0), drill=True),
    )
    [opening] = store.timeline("/record/heads.json", at(0))
    store.close()
    body = published()
    assert body is not None
    assert isinstance(opening.answer, Content)
    assert opening.answer.digest == digest(body)


def test_what_was_told_by_one_who_died_before_publishing_is_published_next(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    happens(Kind.ANNOUNCED)
    with monkeypatch.context() as dies:

        def die(*_: object) -> None:
            raise ZeroDivisionError

        dies.setattr(signing, "_publish", die)
        with pytest.raises(ZeroDivisionError):
            tell(desk, 0)
    assert published() is None
    assert not tell(desk, 0)
    assert json.loads(published() or b"{}")["body"]["n"] == 1


def test_of_runners_that_tell_at_one_moment_one_does(desk: Desk) -> None:
    happens(Kind.ANNOUNCED)
    desk.show(at(0))
    came = together(*[lambda: sign_heads(by="runner-1")] * 4)
    assert sum(one is not None for one in came) == 1
    assert not [one for one in came if isinstance(one, Exception)]
    assert len(facts_of(heads.SUBJECT)) == 1


@pytest.mark.parametrize("gone", [True, False])
def test_a_timeline_that_was_told_and_is_gone_or_cut_is_not_signed_over(
    desk: Desk, gone: bool
) -> None:
    happens(Kind.ANNOUNCED)
    happens(Kind.STAGED)
    happens(Kind.ANNOUNCED, subject=OTHER)
    tell(desk, 0)
    head = Head.objects.filter(subject=RELEASE)
    head.delete() if gone else head.update(n=1)
    happens(Kind.STAGED, subject=OTHER)
    with pytest.raises(ChainBroken, match=f"{RELEASE}: signed with 2 facts"):
        tell(desk, 1)
    assert len(facts_of(heads.SUBJECT)) == 1


def test_the_table_of_told_ends_is_what_the_facts_tell(desk: Desk) -> None:
    happens(Kind.ANNOUNCED)
    tell(desk, 0)
    happens(Kind.STAGED)
    happens(Kind.ANNOUNCED, subject=OTHER)
    tell(desk, 1)
    rows = {row.subject: (row.n, row.hash) for row in SignedHead.objects.all()}
    assert rows == heads.replay(facts_of(heads.SUBJECT))
    assert subjects() == [heads.SUBJECT, OTHER, RELEASE]
