from datetime import timedelta

from ninethirty.standin.platform.cache import ROOM, Cache
from tests.standin.drill import HALF_PAST, at


def test_an_answer_is_kept_for_its_lifetime_and_no_longer() -> None:
    cache = Cache[str]()
    cache.fill("/", "page", HALF_PAST, timedelta(seconds=5))
    kept = cache.lookup("/", at(seconds=4.999))
    assert kept is not None
    assert (kept.answer, kept.age(at(seconds=4.999))) == ("page", 4)
    assert cache.lookup("/", at(seconds=5)) is None


def test_a_full_cache_forgets_what_it_filled_longest_ago() -> None:
    cache = Cache[int]()
    for n in range(ROOM):
        cache.fill(str(n), n, HALF_PAST, timedelta(hours=1))
    cache.fill("0", 0, HALF_PAST, timedelta(hours=1))
    cache.fill("new", -1, HALF_PAST, timedelta(hours=1))
    assert cache.lookup("0", HALF_PAST) is not None
    assert cache.lookup("1", HALF_PAST) is None
