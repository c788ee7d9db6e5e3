"""One word on one channel, driven by hand."""

import pytest

from ninethirty.core.telling import Find, Keep, Kept, Note, Post, tell


def test_the_first_attempt_posts_and_notes_which_post_it_is() -> None:
    driven = tell()
    assert next(driven) == Keep()
    assert driven.send(Kept(new=True, told=False)) == Post()
    assert driven.send("post") == Note("post")
    with pytest.raises(StopIteration):
        driven.send(None)


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
    driven = tell()
    next(driven)
    with pytest.raises(StopIteration):
        driven.send(Kept(new=False, told=True))
