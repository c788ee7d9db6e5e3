from datetime import timedelta

from ninethirty.core.rolling import EVERY, HORIZON, LEAST, is_due, is_short
from ninethirty.core.times import Instant

NOW = Instant.parse("2026-12-01T09:30:00Z")
SECOND = timedelta(seconds=1)


def test_pages_are_made_anew_at_first_with_news_and_every_half_day() -> None:
    assert is_due(None, NOW, news=False)
    assert is_due(NOW + HORIZON, NOW, news=True)
    assert not is_due(NOW + HORIZON - EVERY + SECOND, NOW, news=False)
    assert is_due(NOW + HORIZON - EVERY, NOW, news=False)


def test_a_person_is_paged_when_less_than_a_day_is_left_of_what_was_rendered() -> None:
    assert not is_short(None, NOW)
    assert not is_short(NOW + LEAST, NOW)
    assert is_short(NOW + LEAST - SECOND, NOW)
