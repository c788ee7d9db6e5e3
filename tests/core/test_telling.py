"""One word on one channel, driven by hand; then many, by attempts that die anywhere."""

from collections import Counter
from collections.abc import Generator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ninethirty.core.errors import NeverDone
from ninethirty.core.telling import MOST, Ask, Drop, Find, Keep, Kept, Note, Post, tell


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


def test_where_enough_was_said_nothing_more_is_and_no_row_is_left() -> None:
    driven = tell()
    next(driven)
    assert driven.send(Kept(new=True, told=False, others=MOST)) == Drop()
    with pytest.raises(NeverDone, match="8 words were said there"):
        driven.send(None)


def test_a_word_that_was_begun_is_finished_however_much_else_was_said() -> None:
    driven = tell()
    next(driven)
    assert driven.send(Kept(new=False, told=False, others=MOST)) == Find()


class Channel:
    """The rows of one channel, with whether their post was noted, and what readers see."""

    def __init__(self) -> None:
        self.rows: dict[int, bool] = {}
        self.posts: Counter[int] = Counter()

    def attempt(self, word: int, dies_after: int, *, acts: bool, only_look: bool) -> None:
        """acts: the post that it dies of was made all the same."""
        driven, answer = tell(only_look=only_look), None
        for question in range(dies_after + 1):
            try:
                ask = driven.send(answer)
            except (StopIteration, NeverDone):
                return
            if question == dies_after:
                if isinstance(ask, Post) and acts:
                    self.posts[word] += 1
                return
            answer = self._answer(ask, word)

    def _answer(self, ask: Ask, word: int) -> Any:
        match ask:
            case Keep(make):
                new, told = word not in self.rows, self.rows.get(word, False)
                if make:
                    self.rows.setdefault(word, False)
                return Kept(new, told, others=len(self.rows.keys() - {word}))
            case Find():
                return "post" if self.posts[word] else None
            case Post():
                self.posts[word] += 1
                return "post"
            case Note():
                self.rows[word] = True
            case Drop():
                self.rows.pop(word, None)
        return None


ATTEMPTS = st.tuples(st.integers(0, 3 * MOST), st.integers(0, 6), st.booleans(), st.booleans())


@given(st.lists(ATTEMPTS, max_size=80))
def test_whatever_dies_no_word_is_there_twice_and_no_channel_has_more_than_its_most(
    attempts: list[tuple[int, int, bool, bool]],
) -> None:
    channel = Channel()
    for word, dies_after, acts, only_look in attempts:
        channel.attempt(word, dies_after, acts=acts, only_look=only_look)
    assert all(times <= 1 for times in channel.posts.values())
    assert channel.posts.total() <= MOST


def test_where_each_key_is_taken_once_it_is_said_again_unread_and_yet_looked_for_if_moot() -> None:
    again = tell(keyed=True)
    next(again)
    assert again.send(Kept(new=False, told=False)) == Post()
    looking = tell(only_look=True, keyed=True)
    next(looking)
    assert looking.send(Kept(new=False, told=False)) == Find()
