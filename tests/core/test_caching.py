import pytest
from hypothesis import given
from hypothesis import strategies as st

from ninethirty.core.caching import heals_at
from tests.core.made import HALF_PAST, at

DATE = "Tue, 01 Dec 2026 09:30:00 GMT"


def cached(control: str = "max-age=1800", age: str = "600", date: str = DATE) -> dict[str, str]:
    return {"Cache-Control": control, "Age": age, "Date": date}


def test_a_cached_answer_heals_when_its_lifetime_is_over() -> None:
    assert heals_at(cached()) == at(1200)


def test_the_names_of_headers_and_directives_may_be_in_any_case() -> None:
    assert heals_at({"AGE": "600", "date": DATE, "CACHE-control": "Public, Max-Age=1800"}) == at(
        1200
    )


@pytest.mark.parametrize("control", ["max-age=0, s-maxage=1800", "s-maxage=1800, max-age=0"])
def test_a_shared_cache_goes_by_its_own_lifetime_whichever_comes_first(control: str) -> None:
    assert heals_at(cached(control)) == at(1200)


def test_an_answer_kept_past_its_lifetime_should_have_healed_already() -> None:
    assert heals_at(cached("max-age=300")) == at(-300)


def test_a_date_in_another_zone_is_the_same_moment() -> None:
    assert heals_at(cached(date="Tue, 01 Dec 2026 10:30:00 +0100")) == at(1200)


@pytest.mark.parametrize("age", ["0", "", "young", "-5", "1.5"])
def test_without_a_positive_age_the_answer_did_not_come_out_of_a_cache(age: str) -> None:
    assert heals_at(cached(age=age)) is None


@pytest.mark.parametrize(
    "headers",
    [
        {},
        cached(control="no-store"),
        cached(control="max-age=soon"),
        cached(date=""),
        cached(date="yesterday"),
        cached(date="Tue, 01 Dec 2026 09:30:00"),
        cached(date="Tue, 01 Dec 2026 09:30:00 -0000"),
        cached(control="max-age=" + "9" * 30),
        cached(age="9" * 5000),
        cached(date="Fri, 31 Dec 9999 23:59:59 GMT"),
    ],
)
def test_headers_that_cannot_be_read_predict_nothing(headers: dict[str, str]) -> None:
    assert heals_at(headers) is None


@given(st.dictionaries(st.sampled_from(["Age", "Date", "Cache-Control"]), st.text()))
def test_no_headers_however_odd_stop_the_judge(headers: dict[str, str]) -> None:
    heals_at(headers)


@given(st.integers(1, 10_000), st.integers(0, 10_000))
def test_an_answer_heals_after_what_is_left_of_its_lifetime(age: int, lifetime: int) -> None:
    healed = heals_at(cached(f"max-age={lifetime}", str(age)))
    assert healed is not None
    assert (healed - HALF_PAST).total_seconds() == lifetime - age
