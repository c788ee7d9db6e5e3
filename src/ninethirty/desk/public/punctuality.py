"""Pages on punctuality: of everything, of one producer, series or platform, of a reported period.

Pure: promises as they were kept in, bytes out. The figures are of the twelve months up to a day;
what is older is in the period reports.
"""

from collections.abc import Iterable, Mapping, Sequence
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
    figures,
    grouped,
    in_words,
)
from ninethirty.core.site import Site
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

DIMENSIONS = ("producer", "series", "platform")
LISTED = 100
"""Releases on one page, the latest first; the JSON beside it has all."""

_SECOND = timedelta(seconds=1)
_COLUMNS = ("Releases", "On time", "Within a minute", "Middle", "19 of 20", "Worst")


@dataclass(frozen=True)
class Told:
    """kept: of that year, in order of time, with references of public reports only. causes: code ->
    words. periods: path and title of the period reports. last: the day up to which it is."""

    kept: Sequence[Kept]
    causes: Mapping[str, str]
    periods: Sequence[tuple[str, str]]
    last: date


def group_path(dimension: str, name: str) -> str:
    return f"{FRONT[0]}/by-{dimension}/{slug(name)}"


def by_group(kept: Iterable[Kept], dimension: str) -> dict[str, list[Kept]]:
    """By the last part of the address, so that names which share one share a page."""
    return grouped(kept, lambda one: slug(_name(one, dimension)))


def front_pages(site: Site, told: Told) -> dict[str, Shown]:
    path, title = FRONT
    lists = {name: by_group(told.kept, name) for name in DIMENSIONS}
    tables = "\n".join(_by(name, groups) for name, groups in lists.items() if told.kept)
    missed, periods = _missed(told.kept, site.zone), _periods(told.periods)
    text = f"{_summary(site, told)}\n{tables}\n{missed}\n{periods}"
    data = {
        "by": {
            name: [
                {
                    "name": _name(some[0], name),
                    "url": f"{site.base}{group_path(name, _name(some[0], name))}",
                    **_figures(figures(some)),
                }
                for some in groups.values()
            ]
            for name, groups in lists.items()
        }
    }
    return {path: Shown(words(site, path, title, text)), **_beside(site, path, title, told, data)}


def group_pages(site: Site, told: Told, dimension: str) -> dict[str, Shown]:
    """Of one producer, series or platform: what is told is its own. At least one promise."""
    name = _name(told.kept[0], dimension)
    path, title = group_path(dimension, name), f"Punctuality: {name}"
    text = f"{_summary(site, told)}\n{_releases('The latest releases', told.kept, site.zone)}"
    shown = Shown(words(site, path, title, text, [FRONT]))
    return {path: shown, **_beside(site, path, title, told, {})}


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
    links = ", ".join(
        f'<a href="{escape(one)}">{one.rpartition(".")[2].upper()}</a>' for one in papers
    )
    text = (
        f"<p>{asked.first} to {asked.last}. {_counted(kept)}</p>\n{_shares(period.figures)}\n"
        f"<p>The period report: {links}</p>\n" + _charts(kept, asked.zone, asked.late_after, causes)
    )
    return words(site, path, f"Punctuality of {asked.name}", text, [REGISTER, FRONT])


def _summary(site: Site, told: Told) -> str:
    first = told.last - YEAR + timedelta(days=1)
    days = f"{short_day(first)} to {short_day(told.last)}"
    if not told.kept:
        return f"<p>{days}. Nobody has watched a release in these days, so nothing can be told.</p>"
    return (
        f"<p>{days}. {_counted(told.kept)}</p>\n"
        f"{_shares(figures(told.kept))}\n{_charts(told.kept, site.zone, LATE_AFTER, told.causes)}"
    )


def _counted(kept: Sequence[Kept]) -> str:
    reported = sum(one.source is Source.REPORTED for one in kept)
    told = f"{len(kept):,} release{'' if len(kept) == 1 else 's'}"
    return f"{told}, of which {reported:,} {Source.REPORTED}." if reported else f"{told}."


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
    kept: Sequence[Kept], zone: str, late_after: timedelta, causes: Mapping[str, str]
) -> str:
    drawn: list[Chart] = [
        strip(kept, zone, late_after),
        spread(one.announced for one in kept),
        run(kept, zone, causes),
    ]
    return "\n".join(f"<h2>{escape(one.title)}</h2>\n{one.html}" for one in drawn)


def _by(dimension: str, groups: Mapping[str, Sequence[Kept]]) -> str:
    rows = [_group(dimension, some) for some in groups.values()]
    return f"<h2>By {dimension}</h2>\n" + table(
        f"Punctuality by {dimension}", (dimension.capitalize(), *_COLUMNS), rows
    )


def _group(dimension: str, some: Sequence[Kept]) -> list[str]:
    found, name = figures(some), _name(some[0], dimension)
    link = f'<a href="{escape(group_path(dimension, name))}">{escape(name)}</a>'
    lags = [in_words(lag) for lag in (found.median, found.tail, found.worst)]
    on_time = [_share(found.on_time[tolerance]) for tolerance in TOLERANCES[:2]]
    return [link, f"{found.releases:,}", *on_time, *lags]


def _missed(kept: Sequence[Kept], zone: str) -> str:
    missed = [one for one in kept if not one.announced.surely_within(LATE_AFTER)]
    return _releases("Early, late, or not surely on time", missed, zone) if missed else ""


def _releases(title: str, kept: Sequence[Kept], zone: str) -> str:
    latest = kept[: -LISTED - 1 : -1]
    some = f"The latest {LISTED} of {len(kept):,}" if len(kept) > LISTED else title
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


def _name(one: Kept, dimension: str) -> str:
    name: str = getattr(one, dimension)
    return name or "not said"


def _beside(site: Site, path: str, title: str, told: Told, more: Json) -> dict[str, Shown]:
    data = {
        "title": title,
        "url": f"{site.base}{path}",
        "first": (told.last - YEAR + timedelta(days=1)).isoformat(),
        "last": told.last.isoformat(),
        **_figures(figures(told.kept)),
        **more,
        "promises": [_promise(one) for one in told.kept],
    }
    return {json_path(path): Shown(written(data), JSON)}


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
