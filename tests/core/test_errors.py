import re

from ninethirty.core import errors
from ninethirty.core.errors import NinethirtyError, OutsideFailed


def drawn() -> set[tuple[str, str]]:
    """(error, the error it is a kind of), read from the picture at the top of the module."""
    assert errors.__doc__
    above: list[str] = []
    found: set[tuple[str, str]] = set()
    for line in errors.__doc__.splitlines():
        branch = re.match(r"^([│ ├└─]*)(\w+)(\s{2,}|\s*$|\s\s)", line)
        if not branch or not hasattr(errors, branch[2]):
            continue
        depth = len(branch[1]) // 4
        above = [*above[:depth], branch[2]]
        found.add((branch[2], above[depth - 1] if depth else "Exception"))
    return found


def kinds(error: type[Exception]) -> set[tuple[str, str]]:
    found = {(error.__name__, error.__bases__[0].__name__)}
    for kind in error.__subclasses__():
        if kind.__module__ == errors.__name__:
            found |= kinds(kind)
    return found


def test_the_tree_of_errors_is_drawn_as_it_is() -> None:
    assert drawn() == kinds(NinethirtyError)


def test_an_outside_failure_says_whether_it_may_be_asked_again_and_may_have_happened() -> None:
    failed = OutsideFailed("the help desk did not answer", retry=True)
    assert (str(failed), failed.retry, failed.happened_perhaps) == (
        "the help desk did not answer", True, False,
    )  # fmt: skip
    assert OutsideFailed("timed out", retry=False, happened_perhaps=True).happened_perhaps
