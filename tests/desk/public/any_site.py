"""Sites for the documents that machines read: a plain one, and any that hypothesis thinks of."""

from datetime import timedelta

from hypothesis import strategies as st

from ninethirty.core.announcement import Provisional, Rhythm
from ninethirty.core.document import digest
from ninethirty.core.site import (
    About,
    Contact,
    Edition,
    File,
    Listing,
    Notice,
    Producer,
    Promise,
    Series,
    Site,
    Version,
)
from ninethirty.core.times import Instant, WallTime
from tests.core.made import HALF_PAST, at

BASE = "https://statistics.example"
T = HALF_PAST
PROMISE = WallTime.parse("2026-12-01 09:30 Europe/London")
BEFORE = at(-60 * 86_400)

OFFICE = Producer(
    "office", "The office of <examples> & more", contact=Contact("Desk", "desk@office.example")
)
BOARD = Producer("board", "The board")
GDP = Series("gdp", "Gross domestic product", "office", Rhythm.QUARTERLY, keywords=("growth",))
BIRTHS = Series("births", "Births", "board")


def a_file(name: str) -> File:
    named = digest(name.encode())
    return File(name, named, 7_000_000_000 + int(named[:6], 16), "text/csv")


def an_edition(id: str = "gdp-q3") -> Edition:
    return Edition(
        id=id,
        title=f"Edition {id}",
        series="gdp",
        path=f"/statistics/{id}",
        promises=(
            Promise(Provisional.month(2026, 12), BEFORE),
            Promise(PROMISE, BEFORE + timedelta(days=20)),
        ),
        versions=(Version(T, (a_file(f"{id}.csv"),), "<p>0.3%</p>", "ab" * 32),),
    )


def a_site(*editions: Edition) -> Site:
    return Site(
        name="Statistics",
        base=BASE,
        producers={one.id: one for one in (OFFICE, BOARD)},
        series={one.id: one for one in (GDP, BIRTHS)},
        editions={one.id: one for one in editions},
        as_of=T,
    )


def whole(site: Site) -> Listing:
    return Listing(site.name, "/", tuple(site.editions.values()))


moments = st.integers(-40 * 24, 40 * 24).map(lambda hours: at(hours * 3600)) | st.integers(
    -3, 3
).map(at)
titles = st.text(st.characters(codec="utf-8") | st.sampled_from("<>&\"'\\;,\n\r\0"), max_size=12)


@st.composite
def editions(draw: st.DrawFn, n: int) -> Edition:
    """What is not yet said of it is marked, so that it can be looked for."""
    announced = draw(moments)
    later = sorted(draw(st.lists(moments.filter(lambda m: m > announced), max_size=3)))
    dates: list[Provisional | WallTime] = [Provisional.month(2026, 12), PROMISE]
    promises = [
        Promise(
            draw(st.sampled_from(dates)),
            since,
            f"reason-{n}-{k}-x",
        )
        for k, since in enumerate([announced, *later])
    ]
    opened = sorted(draw(st.lists(moments, max_size=2, unique=True)))
    versions = [
        Version(opens, (a_file(f"file-{n}-{k}-x.csv"),), "", "", f"correction-{n}-{k}-x" * bool(k))
        for k, opens in enumerate(opened)
    ]
    notices = [
        Notice(about, since, f"notice-{n}-{k}-x")
        for k, (since, about) in enumerate(
            sorted(draw(st.lists(st.tuples(moments, st.sampled_from(About)), max_size=2)))
        )
    ]
    return Edition(
        id=f"edition-{n}",
        title=f"E{n} {draw(titles)}",
        series=draw(st.sampled_from(["gdp", "births"])),
        path=f"/statistics/e{n}",
        promises=tuple(promises),
        versions=tuple(versions),
        notices=tuple(notices),
        ad_hoc=draw(st.booleans()),
        access=draw(st.none() | moments),
    )


@st.composite
def sites(draw: st.DrawFn) -> Site:
    return a_site(*(draw(editions(n)) for n in range(draw(st.integers(1, 3)))))


def secrets(site: Site, now: Instant) -> set[str]:
    """What nobody may read anywhere at that instant."""
    found: set[str] = set()
    for edition in site.editions.values():
        found |= {promise.reason for promise in edition.promises if promise.since > now}
        found |= {notice.reason for notice in edition.notices if notice.since > now}
        if edition.access and edition.access > now:
            found.add(f"{edition.path}/pre-release-access")
        if edition.as_of(now) is None:
            found |= {edition.path, edition.id}
        for version in edition.versions:
            if version.opens > now or edition.as_of(now) is None:
                found |= {version.correction} - {""}
                for file in version.files:
                    found |= {file.name, file.digest, str(file.size_bytes)}
    return found
