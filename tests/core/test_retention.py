import pytest

from ninethirty.core.retention import DAYS, Kept, ends
from tests.core.made import HALF_PAST, at


@pytest.mark.parametrize("kept", Kept)
def test_every_kind_of_row_has_a_time(kept: Kept) -> None:
    # Of who asked for mail and did not confirm it, no longer than a list needs; of an upload, while
    # somebody may go on with it.
    assert DAYS[kept] == {Kept.SUBSCRIPTION: 30, Kept.PARCEL: 7}.get(kept, 0) or DAYS[kept] > 365


def test_a_time_ends_to_the_instant() -> None:
    assert ends(HALF_PAST, 2) == at(2 * 86400)
