"""Threads that share a transaction: each has its own answer."""

from functools import partial

import pytest
from django.db import OperationalError

from ninethirty.core.errors import AlreadyHappened
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
