"""Every action that changes anything says who did it."""

import ast
import inspect
from collections.abc import Callable, Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest

from ninethirty.desk import actions

READS = {
    "alert",
    "document_of",
    "check_promise",
    "feed",
    "adapter",
    "help_desk",
    "index_of",
    "is_drafted",
    "manifest_of",
    "on_call",
    "openings_of",
    "out_of_date",
    "page_of",
    "paged",
    "published",
    "release_of",
    "role_of",
    "scheduled",
    "watched_until",
    "words_of",
}
"""They change nothing; `test_what_only_reads_writes_nothing` holds them to it."""

OTHERS = {
    "conclude": "what witnesses saw, as `witnesses`",
    "hear": "what the platform's support said, as `platform's support`",
    "kept": "words to which the fact of whoever wrote them points",
    "redraft": "papers; what it gives back is written as the runner's",
    "take_back": "the schedule, for hold and arm, which say who",
}

WRITES = {
    "append",
    "append_all",
    "note",
    "kept",
    "save",
    "create",
    "get_or_create",
    "update",
    "delete",
    "publish",
    "put",
    "write_text",
}


def public() -> Iterator[Callable[..., Any]]:
    for module in iter_modules(actions.__path__, f"{actions.__name__}."):
        for name, found in inspect.getmembers(import_module(module.name), inspect.isfunction):
            if not name.startswith("_") and found.__module__ == module.name:
                yield found


FUNCTIONS = list(public())


@pytest.mark.parametrize("act", FUNCTIONS, ids=lambda act: act.__name__)
def test_whoever_changes_anything_is_asked_who_they_are(act: Callable[..., Any]) -> None:
    parameters = inspect.signature(act).parameters
    if act.__name__ in READS | OTHERS.keys():
        return
    if "by" in parameters:
        assert parameters["by"].default is inspect.Parameter.empty
        return
    # A step of a runbook: the runner that performs it writes what came of it under its own name.
    assert "Work" in str(parameters[next(iter(parameters))].annotation), (
        f"{act.__module__}.{act.__name__} takes no `by`; add it, or say here that it only reads"
    )


@pytest.mark.parametrize(
    "act", [one for one in FUNCTIONS if one.__name__ in READS], ids=lambda act: act.__name__
)
def test_what_only_reads_writes_nothing(act: Callable[..., Any]) -> None:
    tree = ast.parse(inspect.getsource(inspect.unwrap(act)))
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    names = {
        one.attr if isinstance(one, ast.Attribute) else getattr(one, "id", "") for one in calls
    }
    assert not names & WRITES


def test_the_lists_above_name_only_what_there_is() -> None:
    assert {one.__name__ for one in FUNCTIONS} >= READS | OTHERS.keys()
