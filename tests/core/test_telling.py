"""One word on one channel, driven by hand."""

from collections.abc import Generator
from typing import Any

import pytest

from ninethirty.core.telling import Ask, Drop, Find, Keep, Kept, Note, Post, tell


def said(driven: Generator[Ask, Any, bool], answer: object) -> bool:
    """What it ends with."""
    with pytest.raises(StopIteration) as end:
        driven.send(answer)
    value: bool = end.value.value
    return value


def test_the_first_attempt_posts_and_notes_which_post_it_is() -> None:
    driven = tell()
    assert next(driven) == Keep()
    assert driven.send(Kept(new=True, told=False)) == Post()
    assert driven.send("post") == Note("post")
    assert said(driven, None)


def test_any_later_attempt_looks_before_it_posts() -> None:
    driven = tell()
    next(driven)
    assert driven.send(Kept(new=False, told=False)) == Find()
    assert driven.send("found") == Note("found")
    driven = tell()
    next(driven)
    driven.send(Kept(new=False, told=False))
    assert driven.send(None) == Post()


def test_what_is_noted_is_not_posted_again() -> None:
    for only_look in (True, False):
        driven = tell(only_look=only_look)
        next(driven)
        assert said(driven, Kept(new=False, told=True))


def test_who_only_looks_notes_what_is_found_and_posts_nothing() -> None:
    driven = tell(only_look=True)
    assert next(driven) == Keep(make=False)
    assert driven.send(Kept(new=False, told=False)) == Find()
    assert driven.send("found") == Note("found")
    assert said(driven, None)


@pytest.mark.parametrize("new", [True, False])
def test_who_only_looks_and_finds_nothing_leaves_no_row(new: bool) -> None:
    driven = tell(only_look=True)
    next(driven)
    asked = driven.send(Kept(new=new, told=False))
    if not new:
        assert asked == Find()
        asked = driven.send(None)
    assert asked == Drop()
    assert not said(driven, None)
