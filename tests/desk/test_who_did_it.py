"""Every action that changes anything says who did it."""

import ast
import inspect
from collections.abc import Callable, Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest

from ninethirty.desk import actions

OTHERS = {
    "conclude": "what witnesses saw, as `witnesses`",
    "hear": "what the platform's support said, as `platform's support`",
    "kept": "words to which the fact of whoever wrote them points",
    "redraft": "papers; what it gives back is written as the runner's",
    "take_back": "the schedule, for hold and arm, which say who",
    "words_update": "nothing: `update` makes words, no row",
}

WRITES = {
    "append()",
    "append_all()",
    "note()",
    ".save()",
    ".create()",
    ".bulk_create()",
    ".get_or_create()",
    ".update()",
    ".delete()",
    ".publish()",
    ".put()",
    ".write_text()",
}
"""Calls by which something is written; those with a point are of a method."""


def public() -> Iterator[Callable[..., Any]]:
    for module in iter_modules(actions.__path__, f"{actions.__name__}."):
        for name, found in inspect.getmembers(import_module(module.name), inspect.isfunction):
            if not name.startswith("_") and found.__module__ == module.name:
                yield found


FUNCTIONS = list(public())


@pytest.mark.parametrize("act", FUNCTIONS, ids=lambda act: act.__name__)
def test_whoever_changes_anything_is_asked_who_they_are(act: Callable[..., Any]) -> None:
    if act.__name__ in OTHERS:
        return
    parameters = inspect.signature(act).parameters
    if "by" in parameters:
        assert parameters["by"].default is inspect.Parameter.empty
        return
    # A step of a runbook: the runner that performs it writes what came of it under its own name.
    if any("Work" in str(one.annotation) for one in parameters.values()):
        return
    assert not called_by(act) & WRITES, (
        f"{act.__module__}.{act.__name__} takes no `by`; add it, or say here why it need not"
    )


def called_by(act: Callable[..., Any]) -> set[str]:
    tree = ast.parse(inspect.getsource(inspect.unwrap(act)))
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {
        f".{one.attr}()" if isinstance(one, ast.Attribute) else f"{getattr(one, 'id', '')}()"
        for one in calls
    }


def test_the_list_above_names_only_what_there_is() -> None:
    assert {one.__name__ for one in FUNCTIONS} >= OTHERS.keys()
