"""What a service that is busy asks of us."""

from collections.abc import Mapping

import pytest

from ninethirty.core.errors import OutsideFailed
from ninethirty.desk.outside.web import LONGEST_WAIT_S, ask
from ninethirty.standin.exchange import Outcome, Reply, Request
from ninethirty.standin.serving import Serving
from tests.core.made import HALF_PAST
from tests.standin.drill import Hands

DATE = "Tue, 01 Dec 2026 09:30:00 GMT"


def asked_to_wait(status: int, headers: Mapping[str, str]) -> int:
    def busy(request: Request) -> Outcome:
        return Reply(status, b"later", headers)

    with (
        Serving(busy, Hands(HALF_PAST), ["127.0.0.1"], 0) as server,
        pytest.raises(OutsideFailed) as failed,
    ):
        ask("GET", server.url)
    return failed.value.wait_s


@pytest.mark.parametrize(
    ("status", "told", "wait_s"),
    [
        (429, "120", 120),
        (503, " 7 ", 7),
        (429, "99999999999999", LONGEST_WAIT_S),
        (429, "soon", 0),
        (429, "-5", 0),
        (429, "", 0),
        (403, "120", 0),
    ],
)
def test_a_busy_service_is_left_alone_for_as_long_as_it_says(
    status: int, told: str, wait_s: int
) -> None:
    assert asked_to_wait(status, {"Retry-After": told}) == wait_s


@pytest.mark.parametrize(
    ("until", "wait_s"),
    [
        ("Tue, 01 Dec 2026 09:32:00 GMT", 120),
        ("Tue, 01 Dec 2026 09:29:00 GMT", 0),
        ("Wed, 02 Dec 2026 09:30:00 GMT", LONGEST_WAIT_S),
    ],
)
def test_a_date_is_taken_against_the_date_of_the_service(until: str, wait_s: int) -> None:
    assert asked_to_wait(503, {"Retry-After": until, "Date": DATE}) == wait_s
