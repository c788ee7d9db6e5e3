"""Sites for the tests: one with a release in every state, and large ones."""

from datetime import date, datetime, timedelta

from ninethirty.core.announcement import Provisional, Rhythm
from ninethirty.core.site import (
    About,
    Contact,
    Edition,
    File,
    Notice,
    Preview,
    Producer,
    Promise,
    Series,
    Site,
    Version,
)
from ninethirty.core.times import Instant, WallTime

ZONE = "Europe/London"
NOW = Instant.parse("2026-11-24T12:00:00Z")
T = Instant.parse("2026-11-25T09:30:00Z")
SAID = Instant.parse("2026-10-01T10:00:00Z")
FILES = (
    File(
        "rates.csv",
        "3f" * 32,
        48_213,
        "text/csv; charset=utf-8",
        Preview((("Month", "Rate"), ("2026-09", "4.1"), ("2026-10", "4.0")), more=118),
    ),
    File(
        "tables.ods",
        "9a" * 32,
        1_204_000,
        "application/vnd.oasis.opendocument.spreadsheet",
        Preview((("Table", "What"), ("1", "Rates by region")), sheets=("Contents", "Table 1")),
    ),
)
BODY = (
    '<h2 class="govuk-heading-m">Main points</h2><p class="govuk-body">The rate was 4.0% in '
    'October 2026, <a class="govuk-link" href="/releases/fuel-2026-11/rates.csv">down from '
    "4.1%</a>.</p>"
)
OFFICE = Producer(
    "office",
    "Office for Example Statistics",
    about="Statistics of work, prices and people.",
    contact=Contact("Press desk", "press@office.example", "020 7946 0000"),
)
ISLES = Producer("isles", "Isles Statistical Service")
SERIES = (
    Series("fuel", "Road fuel prices", "office", Rhythm.MONTHLY, "Prices at the pump.", "Official"),
    Series("work", "People in work", "office", Rhythm.QUARTERLY, status="Accredited official"),
    Series("1-in-8", "1 in 8: who lives alone", "isles"),
    Series("ferries", "Ferries & <harbours>", "isles", Rhythm.YEARLY),
)


def wall(text: str, zone: str = ZONE) -> WallTime:
    return WallTime(datetime.fromisoformat(text), zone)


def promised(text: str, since: Instant = SAID, reason: str = "") -> Promise:
    return Promise(wall(text), since, reason)


def edition(name: str, series: str, *promises: Promise, **more: object) -> Edition:
    title = name.replace("-", " ").capitalize()
    made = Edition(name, title, series, f"/releases/{name}", promises)
    return Edition(**{**made.__dict__, **more})


def site(editions: list[Edition], now: Instant = NOW, **more: object) -> Site:
    made = Site(
        "Example statistics",
        "https://statistics.example",
        {one.id: one for one in (OFFICE, ISLES)},
        {one.id: one for one in SERIES},
        {one.id: one for one in editions},
        now,
        contact=Contact("The calendar team", "calendar@statistics.example"),
    )
    return Site(**{**made.__dict__, **more})


def every_state() -> Site:
    """One release in each state at NOW, and two that open at T."""
    early = Instant.parse("2026-11-20T09:30:00Z")
    today = Instant.parse("2026-11-24T09:30:00Z")
    hour = timedelta(hours=1)
    one = promised("2026-11-24T09:30")
    done = Version(early, FILES, BODY, "7c" * 32)
    return site(
        [
            edition("provisional", "work", Promise(Provisional.month(2027, 2), SAID)),
            edition(
                "ranged", "work", Promise(Provisional(date(2027, 3, 8), date(2027, 4, 2)), SAID)
            ),
            edition("confirmed", "work", promised("2026-12-08T09:30"), summary="How many work."),
            edition(
                "moved",
                "fuel",
                promised("2026-12-01T09:30"),
                promised("2026-12-15T09:30", SAID + hour, "The data came late."),
            ),
            edition("due-today", "fuel", promised("2026-11-24T16:00"), contact=OFFICE.contact),
            edition("overdue", "1-in-8", one),
            edition("published", "fuel", promised("2026-11-20T09:30"), versions=(done,)),
            edition(
                "corrected",
                "fuel",
                promised("2026-11-20T09:30"),
                versions=(
                    done,
                    Version(today, FILES, BODY, "8d" * 32, "Table 1 had the wrong year."),
                ),
            ),
            edition(
                "late",
                "ferries",
                one,
                announced="https://platform.example/late",
                versions=(Version(today, FILES, BODY, "7c" * 32),),
                notices=(
                    Notice(
                        About.LATE,
                        today + timedelta(minutes=2),
                        "The platform does not show it.",
                        "https://statistics.example/releases/late",
                        today + timedelta(minutes=3),
                    ),
                ),
            ),
            edition(
                "recovered",
                "ferries",
                one,
                versions=(Version(today, FILES, BODY),),
                notices=(
                    Notice(About.LATE, today + timedelta(minutes=2)),
                    Notice(About.RECOVERED, today + hour, "The cache was emptied."),
                ),
            ),
            edition(
                "cancelled",
                "ferries",
                promised("2026-12-02T09:30"),
                notices=(Notice(About.CANCELLED, SAID + hour, "No ferries ran."),),
            ),
            edition(
                "held",
                "ferries",
                promised("2026-11-26T09:30"),
                notices=(Notice(About.HELD, NOW - hour, "An error was found."),),
            ),
            edition(
                "withdrawn",
                "1-in-8",
                promised("2026-11-20T09:30"),
                versions=(done,),
                notices=(Notice(About.WITHDRAWN, today, "It named somebody."),),
            ),
            edition(
                "ad-hoc",
                "work",
                promised("2026-11-23T14:00", early),
                versions=(Version(Instant.parse("2026-11-23T14:00:00Z"), FILES[:1], BODY),),
                ad_hoc=True,
            ),
            edition(
                "fuel-2026-11",
                "fuel",
                promised("2026-11-25T09:30"),
                versions=(Version(T, FILES, BODY, "5b" * 32),),
            ),
            edition(
                "abroad",
                "work",
                Promise(wall("2026-11-25T04:30", "America/New_York"), SAID),
                versions=(Version(T, FILES[:1], BODY),),
                leave="ART 2026/7",
            ),
        ]
    )
