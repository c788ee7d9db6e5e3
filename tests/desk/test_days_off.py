"""Bank holidays differ between the nations; a producer's own closures come on top."""

from datetime import date

import pytest

from ninethirty.core.errors import CannotStart
from ninethirty.desk.outside.calendars.days_off import days_off

UNITED = ("GB-ENG", "GB-WLS", "GB-SCT", "GB-NIR")


@pytest.mark.parametrize(
    ("day", "says"),
    [
        ("2026-07-13", "Battle of the Boyne (observed) (GB-NIR)"),
        ("2026-04-06", "Easter Monday (GB-ENG, GB-WLS, GB-NIR)"),
        ("2026-03-17", "Saint Patrick's Day (GB-NIR)"),
        ("2026-08-31", "Late Summer Bank Holiday (GB-ENG, GB-WLS, GB-NIR)"),
        ("2026-01-02", "New Year Holiday (GB-SCT)"),
        ("2026-12-25", "Christmas Day (GB-ENG, GB-WLS, GB-SCT, GB-NIR)"),
        ("2026-12-24", None),
    ],
)
def test_a_bank_holiday_is_told_with_the_nations_that_have_it(day: str, says: str | None) -> None:
    assert days_off(UNITED, {})(date.fromisoformat(day)) == says


def test_a_closure_of_the_producer_is_a_day_off_too() -> None:
    move = {date(2026, 3, 4): "the office moves"}
    assert days_off(["GB-ENG"], move)(date(2026, 3, 4)) == "the office moves"
    assert days_off([], move)(date(2026, 12, 25)) is None


@pytest.mark.parametrize(
    ("place", "day", "says"),
    [
        ("US", "2026-07-03", "Independence Day"),
        ("CA-ON", "2026-02-16", "Family Day"),
        ("AU-ACT", "2026-01-26", "Australia Day"),
        ("FR", "2026-07-14", "National Day"),
        ("DE-HE", "2026-06-04", "Corpus Christi"),
        ("LU", "2026-06-23", "National Day"),
    ],
)
def test_other_countries_have_their_own(place: str, day: str, says: str) -> None:
    assert says in (days_off([place], {})(date.fromisoformat(day)) or "")


@pytest.mark.parametrize("language", ["", "fr_FR.UTF-8", "C.UTF-8"])
def test_days_are_named_alike_whatever_language_the_machine_speaks(
    language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", language)
    assert days_off(["CA-ON"], {})(date(2026, 7, 1)) == "Canada Day (CA-ON)"
    assert days_off(["FR"], {})(date(2026, 7, 14)) == "National Day (FR)"


@pytest.mark.parametrize("place", ["GB", "GB-XXX", "ZZ", ""])
def test_a_place_that_is_not_known_stops_the_start_and_is_named(place: str) -> None:
    with pytest.raises(CannotStart, match=f"^{place}: "):
        days_off([place], {})
