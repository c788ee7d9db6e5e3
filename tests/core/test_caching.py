import pytest
from hypothesis import given
from hypothesis import strategies as st

from ninethirty.core.caching import Kept, heals_at, kept
from ninethirty.core.times import Instant
from tests.core.made import HALF_PAST, at

DATE = "Tue, 01 Dec 2026 09:30:00 GMT"


def cached(control: str = "max-age=1800", age: str = "600", date: str = DATE) -> dict[str, str]:
    return {"Cache-Control": control, "Age": age, "Date": date}


def heals(headers: dict[str, str]) -> Instant | None:
    return heals_at(headers, HALF_PAST)


def test_a_cached_answer_heals_when_its_lifetime_is_over() -> None:
    assert heals(cached()) == at(1200)


def test_the_names_of_headers_and_directives_may_be_in_any_case() -> None:
    assert heals({"AGE": "600", "date": DATE, "CACHE-control": "Public, Max-Age=1800"}) == at(1200)


@pytest.mark.parametrize("control", ["max-age=0, s-maxage=1800", "s-maxage=1800, max-age=0"])
def test_a_shared_cache_goes_by_its_own_lifetime_whichever_comes_first(control: str) -> None:
    assert heals(cached(control)) == at(1200)


def test_an_answer_kept_past_its_lifetime_should_have_healed_already() -> None:
    assert heals(cached("max-age=300")) == at(-300)


def test_the_clock_of_the_cache_does_not_matter() -> None:
    assert heals(cached(date="Fri, 31 Dec 1999 23:59:59 GMT")) == at(1200)
    assert heals(cached(date="yesterday")) == at(1200)


def test_without_a_lifetime_in_seconds_the_expiry_counts_from_the_date() -> None:
    expires = {"Expires": "Tue, 01 Dec 2026 10:00:00 GMT"}
    assert heals(cached(control="public") | expires) == at(1200)
    assert heals(cached() | {"Expires": "0"}) == at(1200)
    assert heals(cached(control="public") | {"Expires": "0"}) is None


@pytest.mark.parametrize(
    "headers",
    [
        {"Cache-Status": "Edge; hit; ttl=1200"},
        {"Cache-Status": "Origin; fwd=miss, Edge; HIT;ttl=1200"},
        {"Cache-Status": "Edge; hit; ttl=1200", "Age": "7", "Cache-Control": "max-age=9"},
    ],
)
def test_the_cache_nearest_to_us_says_how_long_it_keeps_the_answer(headers: dict[str, str]) -> None:
    assert heals(headers) == at(1200)


def test_an_answer_that_a_cache_knows_to_be_stale_should_have_healed_already() -> None:
    assert heals({"Cache-Status": "Edge; hit; ttl=-412"}) == at(-412)


@pytest.mark.parametrize("field", ["X-Cache", "X-Cache-Status"])
def test_a_hit_without_an_age_is_kept_for_nobody_knows_how_long(field: str) -> None:
    assert kept({field: "MISS, Hit from edge"}, HALF_PAST) == Kept(None, None)
    assert kept({field: "MISS"}, HALF_PAST) is None
    assert kept({"Cache-Status": "Edge; fwd=miss; stored"}, HALF_PAST) is None


def test_an_answer_was_put_there_as_long_ago_as_its_age() -> None:
    assert kept({"Age": "600"}, HALF_PAST) == Kept(at(-600), None)
    assert kept({"Age": "0", "X-Cache": "HIT"}, HALF_PAST) == Kept(HALF_PAST, None)


@pytest.mark.parametrize("age", ["0", "", "young", "-5", "1.5"])
def test_without_a_positive_age_the_answer_did_not_come_out_of_a_cache(age: str) -> None:
    assert heals(cached(age=age)) is None


@pytest.mark.parametrize(
    "headers",
    [
        {},
        cached(control="no-store"),
        cached(control="max-age=soon"),
        cached(control="max-age=" + "9" * 30),
        cached(age="9" * 5000),
    ],
)
def test_headers_that_cannot_be_read_predict_nothing(headers: dict[str, str]) -> None:
    assert heals(headers) is None


fields = ["Age", "Date", "Cache-Control", "Cache-Status", "X-Cache", "Expires"]


@given(st.dictionaries(st.sampled_from(fields), st.text()))
def test_no_headers_however_odd_stop_the_judge(headers: dict[str, str]) -> None:
    heals(headers)


@given(st.integers(1, 10_000), st.integers(0, 10_000))
def test_an_answer_heals_after_what_is_left_of_its_lifetime(age: int, lifetime: int) -> None:
    healed = heals(cached(f"max-age={lifetime}", str(age)))
    assert healed is not None
    assert (healed - HALF_PAST).total_seconds() == lifetime - age
