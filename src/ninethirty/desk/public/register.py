"""The public register: lists, a page for each breach, and the whole of it for machines.

Pure: entries in, bytes out. What an entry holds is public, every bit of it.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from html import escape
from xml.sax.saxutils import escape as xml
from xml.sax.saxutils import quoteattr

from ninethirty.core.site import Site
from ninethirty.core.times import Instant
from ninethirty.desk.charts.chart import table
from ninethirty.desk.charts.timeline import Mark, timeline
from ninethirty.desk.public.frame import page as framed
from ninethirty.desk.public.frame import words
from ninethirty.desk.public.page import Shown
from ninethirty.desk.record.export import csv_line, plain

FRONT = ("/register", "Register of breaches")
SEARCH = ("/register/search", "Search for a breach")
FORMATS = ("html", "docx", "odt", "pdf", "md", "json")
COLUMNS = (
    "reference",
    "title",
    "producer",
    "platform",
    "kind",
    "cause",
    "practices",
    "occurred",
    "delay_s",
    "published",
    "version",
    "sample",
    "source",
)
DIMENSIONS = ("producer", "kind", "practice", "cause", "platform", "year")
SAMPLE = "Sample data, to show how a register looks."
MARK = "(sample data)"
"""In the title of each, wherever it is told."""
_WORDS = {"": "not said"}


@dataclass(frozen=True)
class Entry:
    """practices: codes. versions: number, when and why. periods: path and title of period reports
    that draw on it. within: breaches of this producer in the 90 days up to it, itself among them.
    """

    reference: str
    title: str
    producer: str
    published: Instant
    platform: str = ""
    kind: str = ""
    cause: str = ""
    practices: tuple[str, ...] = ()
    occurred: date | None = None
    delay_s: int | None = None
    version: int = 1
    versions: tuple[tuple[int, Instant, str], ...] = ()
    periods: tuple[tuple[str, str], ...] = ()
    statement: str = ""
    within: int = 0
    watched: str = ""
    """What the watch over the days after the fix found."""
    sample: bool = False
    source: str = ""
    marks: tuple[Mark, ...] = field(default=())

    @property
    def path(self) -> str:
        return f"/register/{self.reference}"

    def values(self, dimension: str) -> tuple[str, ...]:
        """What it is filed under."""
        if dimension == "practice":
            return self.practices
        if dimension == "year":
            return (str(self.occurred.year),) if self.occurred else ()
        value: str = getattr(self, dimension)
        return (value,) if value else ()


def list_path(dimension: str, value: str) -> str:
    return f"/register/by-{dimension}/{slug(value)}"


def slug(value: str) -> str:
    return re.sub(r"[^a-z0-9.]+", "-", value.casefold()).strip("-") or "none"


def list_page(
    site: Site,
    page: tuple[str, str],
    entries: Sequence[Entry],
    counts: Mapping[str, Mapping[str, int]],
    total: int,
) -> bytes:
    """page: its path and title. counts: dimension -> value -> how many, for the links to the other
    lists."""
    path, title = page
    shown = f"{len(entries):,} of {total:,} breaches, the newest first."
    rows = table(title, ("Breach", "Producer", "Kind", "Day"), map(_row, entries))
    body = (
        f'{_note(entries)}<p><a href="{SEARCH[0]}">{SEARCH[1]}</a>.</p>\n'
        f"<p>{shown} The whole register: "
        '<a href="/register.csv">CSV</a>, <a href="/register.json">JSON</a>, '
        '<a href="/register.atom">news as Atom</a>.</p>\n'
        f"{rows}\n{_filters(counts)}"
    )
    return words(site, path, title, body, [] if path == FRONT[0] else [FRONT])


def breach_page(site: Site, entry: Entry) -> bytes:
    facts = [
        ("Reference", escape(entry.reference)),
        ("Producer", _filed("producer", entry.producer)),
        ("Kind", _filed("kind", entry.kind)),
        ("Practices", ", ".join(_filed("practice", one) for one in entry.practices)),
        ("Day", escape(str(entry.occurred or "not said"))),
        ("Platform", _filed("platform", entry.platform)),
        ("Cause", _filed("cause", entry.cause)),
        ("Statement", _link(entry.statement)),
        ("Breaches of this producer in the 90 days up to it", str(entry.within)),
        ("The days after the fix", escape(entry.watched)),
        ("Where it was taken from", _link(entry.source)),
    ]
    rows = "\n".join(
        f'<tr><th scope="row">{name}</th><td>{value}</td></tr>' for name, value in facts if value
    )
    body = (
        f"{_note([entry])}<table>\n"
        f"<caption>In short</caption>\n<tbody>\n{rows}\n</tbody>\n</table>\n"
        f"{_picture(entry)}{_downloads(entry)}{_versions(entry)}{_periods(entry)}"
    )
    return words(site, entry.path, f"Breach: {entry.title}", body, [FRONT])


def searched(site: Site, entries: Sequence[Entry]) -> Iterator[tuple[str, Shown]]:
    """The page for searching in a browser, and what it reads: one list for each year."""
    path, title = SEARCH
    filters = {
        name: [(value, _said(name, value)) for value in sorted(_values(entries, name))]
        for name in DIMENSIONS
    }
    note = SAMPLE if any(one.sample for one in entries) else ""
    yield path, framed("register_search.html", site, path, title, filters=filters, note=note)
    by_year: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_year[(*entry.values("year"), "undated")[0]].append(entry)
    shards = {f"{path}/{year}.json": by_year[year] for year in sorted(by_year, reverse=True)}
    yield f"{path}/index.json", _json({"shards": list(shards)})
    yield from (
        (shard, _json({"breaches": list(map(_found, some))})) for shard, some in shards.items()
    )


def counts_of(entries: Sequence[Entry], *, most: int = 200) -> dict[str, dict[str, int]]:
    """Dimension -> value -> how many have it, the most frequent first; of years the newest."""
    found = {}
    for name in DIMENSIONS:
        count = Counter(value for entry in entries for value in entry.values(name))
        order = sorted(count, reverse=True) if name == "year" else sorted(count)
        if name != "year":
            order.sort(key=lambda value: -count[value])
        found[name] = {value: count[value] for value in order[:most]}
    return found


def csv_lines(entries: Iterable[Entry]) -> Iterator[str]:
    """One line at a time. A cell that a spreadsheet would run as a formula begins with '."""
    yield csv_line(COLUMNS)
    for entry in entries:
        yield csv_line([plain(_cell(entry, name)) for name in COLUMNS])


def json_of(entries: Iterable[Entry]) -> bytes:
    told = [_document(entry) for entry in entries]
    return (json.dumps({"breaches": told}, indent=1, ensure_ascii=False) + "\n").encode()


def atom(entries: Sequence[Entry], base: str, producer: str) -> bytes:
    """The newest first; base: of the site, without a slash at its end."""
    updated = max((entry.published for entry in entries), default=None)
    items = "\n".join(_item(entry, base) for entry in entries)
    at = f"<updated>{updated.text()}</updated>\n" if updated else ""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
        f"<title>{xml(f'Breaches: {producer}')}</title>\n<id>{xml(base)}/register</id>\n"
        f"<author><name>{xml(producer)}</name></author>\n"
        f'<link rel="self" href={quoteattr(f"{base}/register.atom")}/>\n'
        f"<link href={quoteattr(f'{base}/register')}/>\n{at}{items}\n</feed>\n"
    ).encode()


def _item(entry: Entry, base: str) -> str:
    address = f"{base}{entry.path}"
    version = f", version {entry.version}" if entry.version > 1 else ""
    return (
        f"<entry>\n<title>{xml(f'{entry.producer}: {entry.title}{version}')}</title>\n"
        f"<id>{xml(address)}#version-{entry.version}</id>\n<link href={quoteattr(address)}/>\n"
        f"<updated>{entry.published.text()}</updated>\n"
        f"<summary>{xml(_kind(entry.kind))}</summary>\n</entry>"
    )


def _row(entry: Entry) -> tuple[str, ...]:
    link = f'<a href="{entry.path}">{escape(entry.title)}</a>'
    return link, escape(entry.producer), _kind(entry.kind), str(entry.occurred or "not said")


def _values(entries: Iterable[Entry], dimension: str) -> set[str]:
    return {value for entry in entries for value in entry.values(dimension)}


def _found(entry: Entry) -> dict[str, object]:
    """As a search shows it, with what it is found by."""
    return {
        "path": entry.path,
        "reference": entry.reference,
        "title": entry.title,
        "when": str(entry.occurred or "not said"),
        "day": str(entry.occurred or ""),
        **{name: list(entry.values(name)) for name in DIMENSIONS},
    }


def _json(value: object) -> Shown:
    return Shown(json.dumps(value, ensure_ascii=False).encode(), "application/json")


def _filters(counts: Mapping[str, Mapping[str, int]]) -> str:
    parts = []
    for dimension, values in counts.items():
        links = "\n".join(
            f"<li>{_filed(dimension, value)} ({count:,})</li>" for value, count in values.items()
        )
        if links:
            parts.append(f"<h2>By {dimension}</h2>\n<ul>\n{links}\n</ul>\n")
    return f'<nav aria-label="Lists">\n{"".join(parts)}</nav>' if parts else ""


def _filed(dimension: str, value: str) -> str:
    if not value:
        return ""
    return f'<a href="{escape(list_path(dimension, value))}">{escape(_said(dimension, value))}</a>'


def _said(dimension: str, value: str) -> str:
    return _kind(value) if dimension in ("kind", "cause") else value


def _kind(value: str) -> str:
    return _WORDS.get(value) or value.replace("_", " ")


def _link(address: str) -> str:
    if not address.startswith(("https://", "http://")):
        return escape(address)
    return f'<a href="{escape(address)}">{escape(address)}</a>'


def _note(entries: Sequence[Entry]) -> str:
    return f'<p class="nt-sample">{SAMPLE}</p>\n' if any(one.sample for one in entries) else ""


def _picture(entry: Entry) -> str:
    if not entry.marks:
        return ""
    return f"<h2>What happened when</h2>\n{timeline(entry.marks).html}\n"


def _downloads(entry: Entry) -> str:
    links = ", ".join(f'<a href="{entry.path}/report.{one}">{one.upper()}</a>' for one in FORMATS)
    return f"<h2>The report</h2>\n<p>{links}</p>\n"


def _versions(entry: Entry) -> str:
    rows = "\n".join(
        f"<li>Version {n}, {at.date().isoformat()}{f': {escape(why)}' if why else ''} "
        f'(<a href="{entry.path}/versions/{n}.html">as it was</a>)</li>'
        for n, at, why in entry.versions
    )
    return f"<h2>Versions</h2>\n<ul>\n{rows}\n</ul>\n" if rows else ""


def _periods(entry: Entry) -> str:
    links = "\n".join(
        f'<li><a href="{escape(path)}">{escape(title)}</a></li>' for path, title in entry.periods
    )
    return f"<h2>Period reports that count it</h2>\n<ul>\n{links}\n</ul>\n" if links else ""


def _cell(entry: Entry, name: str) -> str:
    match name:
        case "practices":
            return "; ".join(entry.practices)
        case "published":
            return entry.published.text()
        case "sample":
            return "yes" if entry.sample else "no"
        case _:
            value = getattr(entry, name)
            return "" if value is None else str(value)


def _document(entry: Entry) -> dict[str, object]:
    told: dict[str, object] = {name: _cell(entry, name) for name in COLUMNS}
    more = {"practices": list(entry.practices), "delay_s": entry.delay_s, "sample": entry.sample}
    return {**told, **more, "version": entry.version, "path": entry.path}
