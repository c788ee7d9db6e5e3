"""Bank holidays where a producer works, and its own closures.

Bank holidays come with the `holidays` package; one proclaimed since the last update of it, such as
that of 19 September 2022, is told as a closure until then.
"""

from collections.abc import Mapping, Sequence
from datetime import date

import holidays

from ninethirty.core.announcement import DaysOff
from ninethirty.core.errors import CannotStart


def days_off(places: Sequence[str], closures: Mapping[date, str]) -> DaysOff:
    """A day off in any of these places, or a closure.

    places: a country, or a part of one, such as GB-ENG, GB-NIR or US. The United Kingdom is always
    told by its parts: as a whole it has neither Easter Monday nor the bank holiday in August.

    Raises:
        CannotStart: a place that is not known.
    """
    calendars = {place: _calendar(place) for place in places}

    def day_off(day: date) -> str | None:
        if day in closures:
            return closures[day]
        found: dict[str, list[str]] = {}
        for place, calendar in calendars.items():
            if name := calendar.get(day):
                found.setdefault(name, []).append(place)
        return "; ".join(f"{name} ({', '.join(where)})" for name, where in found.items()) or None

    return day_off


def _calendar(place: str) -> holidays.HolidayBase:
    country, _, part = place.partition("-")
    if country == "GB" and not part:
        raise CannotStart(f"{place}: name the parts: GB-ENG, GB-WLS, GB-SCT, GB-NIR")
    try:
        # Named alike whatever language the machine speaks.
        return holidays.country_holidays(country, subdiv=part or None, language="en_US")
    except NotImplementedError as unknown:
        raise CannotStart(
            f"{place}: expected a country or a part of one, such as GB-ENG or US ({unknown})"
        ) from unknown
