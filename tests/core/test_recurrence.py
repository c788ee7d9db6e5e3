from dataclasses import replace

from ninethirty.core.recurrence import Seen, seen_of
from ninethirty.core.sighting import View
from tests.core.made import FILE_PART, KEY, PLACEHOLDER, RIGHT, channel, watching


def test_looks_at_the_page_are_counted_by_what_was_not_right() -> None:
    right, wrong = [*watching("a", 1, 9, RIGHT)], [*watching("b", 1, 5, PLACEHOLDER)]
    pages = [one for one in (*right, *wrong) if one.part != FILE_PART]
    seen = seen_of(channel(), [*right, *wrong], KEY)
    assert seen.looks == len(pages)
    assert sum(seen.not_right.values()) == len([one for one in wrong if one.part != FILE_PART])
    assert list(seen.not_right) == ["coming-soon"]


def test_both_views_count_and_files_do_not() -> None:
    looks = [*watching("a", 1, 9, RIGHT)]
    past = [replace(one, view=View.BUSTED) for one in looks]
    once = seen_of(channel(), looks, KEY)
    assert seen_of(channel(), [*looks, *past], KEY).looks == 2 * once.looks
    files = [replace(one, part=FILE_PART) for one in looks]
    assert seen_of(channel(), files, KEY) == Seen()
