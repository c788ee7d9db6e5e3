"""Threads that share a transaction: each has its own answer."""

from functools import partial

import pytest
from django.db import DataError, OperationalError

from ninethirty.core.errors import AlreadyHappened, Malformed
from ninethirty.core.facts import Kind
from ninethirty.desk.record.facts import Lump, New, check_chain, facts_of
from ninethirty.desk.runner import together as together_module
from ninethirty.desk.runner.together import write_together
from tests.core.made import at
from tests.desk.setting import Desk, happens, kinds, together


def lump(subject: str, *keys: str, **details: object) -> Lump:
    news = [New(subject, Kind.LATE, at(1), key, details) for key in keys]
    return Lump(news, "runner-1", at(2))


def write(subject: str, *keys: str, **details: object) -> None:
    [answer] = write_together([lump(subject, *keys, **details)])
    if isinstance(answer, Exception):
        raise answer


def test_whatever_many_threads_write_at_once_is_all_there(desk: Desk) -> None:
    names = [f"release/{n % 3}" for n in range(24)]
    came = together(*[partial(write, name, f"key-{n}") for n, name in enumerate(names)])
    assert came == [None] * 24
    assert sum(check_chain(name) for name in set(names)) == 24


def test_a_key_that_is_there_is_refused_to_its_own_thread_alone(desk: Desk) -> None:
    happens(Kind.EARLY, subject="release/b", key="taken")
    acts = [partial(write, "release/a", "free")]
    acts.append(partial(write, "release/b", "new", "taken"))
    acts += [partial(write, "release/c", f"key-{n}") for n in range(6)]
    came = together(*acts)
    assert isinstance(came[1], AlreadyHappened)
    assert [one for one in came if one is not came[1]] == [None] * 7
    assert kinds(facts_of("release/b")) == [Kind.EARLY]
    assert check_chain("release/c") == 6


def test_if_the_record_is_gone_everybody_is_told_and_may_ask_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object, **__: object) -> None:
        raise OperationalError("the connection is closed")

    with monkeypatch.context() as patch:
        patch.setattr(together_module, "append_each", gone)
        came = together(*[partial(write, "release/a", f"key-{n}") for n in range(4)])
    assert {type(one) for one in came} == {OperationalError}
    assert facts_of("release/a") == []
    write("release/a", "key-0")


def test_a_lump_that_is_no_fact_has_an_answer_of_its_own(desk: Desk) -> None:
    lumps = [lump("release/a", "a"), lump("release/b", "b", share=0.5), lump("release/c", "c")]
    came = write_together(lumps)
    assert isinstance(came[1], Malformed)
    assert [len(facts_of(f"release/{name}")) for name in "abc"] == [1, 0, 1]


@pytest.mark.parametrize("database", ["postgresql"])
def test_a_lump_that_the_database_refuses_has_an_answer_of_its_own(desk: Desk) -> None:
    unfit = Lump(lump("release/b", "b").news, "runner-" + "b" * 100, at(2))
    came = write_together([lump("release/a", "a"), unfit, lump("release/c", "c")])
    assert isinstance(came[1], DataError)
    assert [len(facts_of(f"release/{name}")) for name in "abc"] == [1, 0, 1]


def test_lumps_on_one_timeline_are_chained_in_their_order(desk: Desk) -> None:
    came = write_together([lump("release/a", "1", "2"), lump("release/a", "2"), lump("release/a")])
    assert isinstance(came[1], AlreadyHappened)
    write_together([lump("release/a", "3"), lump("release/a", "4")])
    assert [fact.key for fact in facts_of("release/a")] == ["1", "2", "3", "4"]
    assert check_chain("release/a") == 4
