"""Pages on punctuality: of everything, of one producer, series or platform, of a reported period.

Pure: promises as they were kept in, bytes out. The figures are of the twelve months up to a day;
what is older is in the period reports.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape

from ninethirty.core.document import Json
from ninethirty.core.period import Period
from ninethirty.core.punctuality import (
    TOLERANCES,
    Figures,
    Kept,
    Lag,
    Share,
    Source,
    in_words,
)
from ninethirty.core.site import Site
from ninethirty.core.tally import Account, account, measure
from ninethirty.core.times import at_local
from ninethirty.desk.charts.chart import Chart, table
from ninethirty.desk.charts.run import run
from ninethirty.desk.charts.spread import spread
from ninethirty.desk.charts.strip import strip
from ninethirty.desk.public.data import json_path, written
from ninethirty.desk.public.frame import words
from ninethirty.desk.public.page import JSON, Shown
from ninethirty.desk.public.register import FRONT as REGISTER
from ninethirty.desk.public.register import slug
from ninethirty.desk.public.told import moment, short_day

FRONT = ("/punctuality", "Punctuality")
YEAR = timedelta(days=365)
LATE_AFTER = timedelta(seconds=60)
"""From so much lateness on a release counts as late in a chart."""

LISTED = 100
"""Releases on one page, the latest first."""

_SECOND = timedelta(seconds=1)
_COLUMNS = ("Releases", "On time", "Within a minute", "Middle", "19 of 20", "Worst")


@dataclass(frozen=True)
class Told:
    """account: of all promises of the year that ends with `last`. worst: of each day. listed: those
    that are told one by one, in order of time, with references of public reports only; on the front
    page those that were not surely on time. listed_of: how many there are. causes: code -> words.
    periods: path and title of the period reports."""

    account: Account
    worst: Mapping[date, Kept]
    listed: Sequence[Kept]
    listed_of: int
    causes: Mapping[str, str]
    periods: Sequence[tuple[str, str]]
    last: date


Groups = Mapping[str, Sequence[tuple[str, Figures]]]
"""Dimension -> names, and how each of them did."""


def group_path(dimension: str, name: str) -> str:
    return f"{FRONT[0]}/by-{dimension}/{slug(name)}"


def front_pages(site: Site, told: Told, groups: Groups) -> dict[str, Shown]:
    missed = "Early, late, or not surely on time"
    lists = _releases(missed, told, site.zone) if told.listed else ""
    text = f"{_by(groups)}\n{lists}\n{_periods(told.periods)}"
    return _pages(site, *FRONT, told, text, groups)


def group_pages(
    site: Site, told: Told, dimension: str, name: str, groups: Groups
) -> dict[str, Shown]:
    """Of one producer, series or platform: what is told is its own. The page has the latest; the
    JSON beside it has what is listed."""
    text = f"{_by(groups)}\n{_releases('The latest releases', told, site.zone)}"
    path = group_path(dimension, name)
    return _pages(site, path, f"Punctuality: {name}", told, text, groups)


def _pages(
    site: Site, path: str, title: str, told: Told, text: str, groups: Groups
) -> dict[str, Shown]:
    above = [FRONT] if path != FRONT[0] else []
    page = words(site, path, title, f"{_summary(site, told)}\n{text}", above)
    return {path: Shown(page), json_path(path): _json(site, path, title, told, groups)}


def period_page(
    site: Site,
    path: str,
    period: Period,
    kept: Sequence[Kept],
    causes: Mapping[str, str],
    papers: Sequence[str],
) -> bytes:
    """kept: what the period counted. papers: addresses of the report."""
    asked = period.asked
    found, worst = account_of(kept, asked.zone, asked.late_after)
    links = ", ".join(
        f'<a href="{escape(one)}">{one.rpartition(".")[2].upper()}</a>' for one in papers
    )
    text = (
        f"<p>{asked.first} to {asked.last}. {_counted(found)}</p>\n{_shares(period.figures)}\n"
        f"<p>The period report: {links}</p>\n" + _charts(found, worst, asked.late_after, causes)
    )
    return words(site, path, f"Punctuality of {asked.name}", text, [REGISTER, FRONT])


def account_of(
    kept: Sequence[Kept], zone: str, late_after: timedelta = LATE_AFTER
) -> tuple[Account, dict[date, Kept]]:
    """And the worst of each day."""
    measures = [measure(n, one) for n, one in enumerate(kept)]
    found = account(measures, lambda at: at_local(at, zone).date(), late_after)
    return found, {day: kept[n] for day, n in found.worst.items()}


def _summary(site: Site, told: Told) -> str:
    first = told.last - YEAR + timedelta(days=1)
    days = f"{short_day(first)} to {short_day(told.last)}"
    if not told.account.days:
        return f"<p>{days}. Nobody has watched a release in these days, so nothing can be told.</p>"
    return (
        f"<p>{days}. {_counted(told.account)}</p>\n{_shares(told.account.figures)}\n"
        f"{_charts(told.account, told.worst, LATE_AFTER, told.causes)}"
    )


def _counted(found: Account) -> str:
    count = found.figures.releases
    told = f"{count:,} release{'' if count == 1 else 's'}"
    return (
        f"{told}, of which {found.reported:,} {Source.REPORTED}." if found.reported else f"{told}."
    )


def _shares(found: Figures) -> str:
    """In words: at the address that was promised, and wherever the public could get it."""
    lines = [
        f"<li>{_within(tolerance)}: {_share(share)} at the address promised; "
        f"{_share(found.anywhere[tolerance])} at any address</li>"
        for tolerance, share in found.on_time.items()
    ]
    lines.append(
        f"<li>half of them took {in_words(found.median)}; 19 of 20 {in_words(found.tail)}; the "
        f"worst {in_words(found.worst)}</li>"
    )
    lines.append(f"<li>early: {found.early:,}; never seen public: {found.unseen:,}</li>")
    return "<ul>\n" + "\n".join(lines) + "\n</ul>"


def _within(tolerance: timedelta) -> str:
    return f"within {tolerance // _SECOND} s" if tolerance else "at the very instant"


def _share(share: Share) -> str:
    if share.surely == share.possibly:
        return f"{share.surely:,} of {share.of:,}"
    return f"{share.surely:,} surely and {share.possibly:,} possibly, of {share.of:,}"


def _charts(
    found: Account, worst: Mapping[date, Kept], late_after: timedelta, causes: Mapping[str, str]
) -> str:
    drawn: list[Chart] = [
        strip(found.days, late_after),
        spread(found.announced),
        run(worst, causes),
    ]
    return "\n".join(f"<h2>{escape(one.title)}</h2>\n{one.html}" for one in drawn)


def _by(groups: Groups) -> str:
    return "\n".join(
        f"<h2>By {dimension}</h2>\n"
        + table(
            f"Punctuality by {dimension}",
            (dimension.capitalize(), *_COLUMNS),
            [_group(dimension, name, found) for name, found in some],
        )
        for dimension, some in groups.items()
        if some
    )


def _group(dimension: str, name: str, found: Figures) -> list[str]:
    link = f'<a href="{escape(group_path(dimension, name))}">{escape(name)}</a>'
    lags = [in_words(lag) for lag in (found.median, found.tail, found.worst)]
    on_time = [_share(found.on_time[tolerance]) for tolerance in TOLERANCES[:2]]
    return [link, f"{found.releases:,}", *on_time, *lags]


def _releases(title: str, told: Told, zone: str) -> str:
    latest = told.listed[: -LISTED - 1 : -1]
    some = f"The latest {LISTED} of {told.listed_of:,}" if told.listed_of > LISTED else title
    columns = ("Release", "Promised for", "At the address promised", "At any address", "Whose word")
    rows = [
        [
            _linked(one),
            moment(one.promised, zone),
            in_words(one.announced),
            in_words(one.anywhere),
            escape(one.source),
        ]
        for one in latest
    ]
    return f"<h2>{escape(title)}</h2>\n{table(some, columns, rows)}"


def _linked(one: Kept) -> str:
    title = escape(one.title or one.release)
    return f'<a href="/register/{escape(one.reference)}">{title}</a>' if one.reference else title


def _periods(periods: Sequence[tuple[str, str]]) -> str:
    links = "\n".join(
        f'<li><a href="{escape(path)}">{escape(title)}</a></li>' for path, title in periods
    )
    return f"<h2>Period reports</h2>\n<ul>\n{links}\n</ul>" if links else ""


def _json(site: Site, path: str, title: str, told: Told, groups: Groups) -> Shown:
    data = {
        "title": title,
        "url": f"{site.base}{path}",
        "first": (told.last - YEAR + timedelta(days=1)).isoformat(),
        "last": told.last.isoformat(),
        **_figures(told.account.figures),
        "by": {
            dimension: [
                {"name": name, "url": f"{site.base}{group_path(dimension, name)}", **_figures(one)}
                for name, one in some
            ]
            for dimension, some in groups.items()
        },
        "promises": [_promise(one) for one in told.listed],
    }
    return Shown(written(data), JSON)


def _figures(found: Figures) -> Json:
    def shares(by: Mapping[timedelta, Share]) -> Json:
        return {
            str(tolerance // _SECOND): {
                "of": share.of,
                "surely": share.surely,
                "possibly": share.possibly,
            }
            for tolerance, share in by.items()
        }

    return {
        "releases": found.releases,
        "early": found.early,
        "late": found.late,
        "not_seen": found.unseen,
        "within_s": shares(found.on_time),
        "anywhere_within_s": shares(found.anywhere),
        "median": _lag(found.median),
        "percentile_95": _lag(found.tail),
        "worst": _lag(found.worst),
    }


def _promise(one: Kept) -> Json:
    return {
        "release": one.release,
        "title": one.title,
        "series": one.series,
        "producer": one.producer,
        "platform": one.platform,
        "promised": one.promised.text(),
        "announced": _lag(one.announced),
        "anywhere": _lag(one.anywhere),
        "source": one.source,
        "cause": one.cause,
        "reference": one.reference,
    }


def _lag(lag: Lag) -> Json:
    """In seconds after T; null: no bound is known."""
    over, most = (None if one is None else one / _SECOND for one in (lag.over, lag.at_most))
    return {"over_s": over, "at_most_s": most}
