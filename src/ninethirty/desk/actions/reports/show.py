"""Render the public register through the gate: a breach's pages, and the lists it is on."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from ninethirty.core.breach import Bound, Event, Moment, Report, Said
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.register import within
from ninethirty.core.site import Site
from ninethirty.core.times import Instant
from ninethirty.desk.actions.put_pages import put_pages
from ninethirty.desk.actions.read_site import frame_of
from ninethirty.desk.actions.reports.act import report_of
from ninethirty.desk.actions.reports.open_breach import told_by
from ninethirty.desk.actions.reports.state import link_of
from ninethirty.desk.charts.timeline import Mark
from ninethirty.desk.papers.marks import cells_of
from ninethirty.desk.papers.people import public as without_people
from ninethirty.desk.papers.write import FORMATS, write
from ninethirty.desk.public import register as public
from ninethirty.desk.public.page import Shown
from ninethirty.desk.public.register import DIMENSIONS, MARK, Entry, list_path
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.record.models import Breach, BreachTerm, BreachVersion, PublishedPeriod
from ninethirty.desk.record.register import filter_term, subject_of
from ninethirty.desk.setup import setup

SHOWN = 200
"""On one page of a list; the rest is in the files."""

TYPES = {
    "html": "text/html; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
    "pdf": "application/pdf",
    "md": "text/markdown; charset=utf-8",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "atom": "application/atom+xml",
}


def show_breaches(breaches: Iterable[Breach]) -> None:
    """The pages of each, and every list that one is on; each of those is one document of the
    schedule, so that it changes as a whole."""
    now = setup().clock().now()
    site = frame_of(now)
    shown: dict[str, dict[str, Shown]] = {}
    lists: set[tuple[str, str]] = set()
    for breach in breaches:
        entry = entry_of(breach)
        shown[f"register/{breach.reference}"] = _pages(site, breach, entry)
        lists |= {(name, value) for name in DIMENSIONS for value in entry.values(name)}
    for name, value in sorted(lists):
        shown[f"register-list/{name}/{public.slug(value)}"] = _list(site, name, value)
    put_pages({**shown, "register": _whole(site)}, now)


def marked(breach: Breach, report: Report) -> Report:
    """Of a sample the title says so, on every page and in every format."""
    if not breach.sample or not isinstance(report.title, Said):
        return report
    return replace(report, title=replace(report.title, value=f"{report.title.value} {MARK}"))


def show_whole(now: Instant) -> None:
    """The first page, the search, and the files with all of it."""
    put_pages({"register": _whole(frame_of(now))}, now)


def _whole(site: Site) -> dict[str, Shown]:
    rows = Breach.objects.filter(public_version__gt=0).order_by("-id")
    every = [entry_of(one) for one in rows]
    newest = every[:SHOWN]
    front = public.list_page(site, public.FRONT, newest, public.counts_of(every), len(every))
    return {
        "/register": Shown(front),
        "/register.csv": Shown("".join(public.csv_lines(every)).encode(), TYPES["csv"]),
        "/register.json": Shown(public.json_of(every), TYPES["json"]),
        "/register.atom": Shown(public.atom(newest[:50], site.base, site.name), TYPES["atom"]),
        **dict(public.searched(site, every)),
    }


def entry_of(breach: Breach) -> Entry:
    """What is public of it: versions that were published, and nothing that was written since."""
    facts = facts_of(
        subject_of(breach.reference),
        kinds=[Kind.STATEMENT_PUBLISHED, Kind.REPORT_PUBLISHED, Kind.WATCH_ENDED],
    )
    given = [fact for fact in facts if fact.kind is Kind.REPORT_PUBLISHED]
    report = _copy(breach, breach.public_version)
    told = told_by(report)
    days = Breach.objects.filter(
        producer=told["producer"], sample=breach.sample, public_version__gt=0
    ).values_list("occurred", flat=True)
    stated = any(fact.kind is Kind.STATEMENT_PUBLISHED for fact in facts)
    return Entry(
        **told,
        reference=breach.reference,
        published=given[-1].recorded,
        platform=breach.platform,
        cause=breach.cause,
        practices=tuple(one.value for one in report.practices if isinstance(one, Said)),
        version=breach.public_version,
        versions=tuple(_versions(breach, given)),
        periods=tuple(
            PublishedPeriod.objects.filter(breaches=breach)
            .order_by("path")
            .values_list("path", "title")
        ),
        statement=link_of(breach.reference) if stated else "",
        within=within((day for day in days if day), told["occurred"]) if told["occurred"] else 0,
        watched=_watched(facts),
        sample=breach.sample,
        source=breach.source,
        marks=_marks(report),
    )


def _versions(breach: Breach, given: Sequence[Fact]) -> Iterator[tuple[int, Instant, str]]:
    """Those that were published, each with the reasons for all that was written since the last."""
    last = 0
    for fact in given:
        n = int(fact.details["version"])
        since = BreachVersion.objects.filter(breach=breach, n__gt=last, n__lte=n).order_by("n")
        reasons = [one.reason for one in since if one.reason] if last else []
        yield n, fact.recorded, " ".join(reasons)
        last = n


def _watched(facts: Sequence[Fact]) -> str:
    ended = [fact for fact in facts if fact.kind is Kind.WATCH_ENDED]
    if not ended:
        return ""
    again = len(ended[-1].details["again"])
    return f"it came back on {again} releases" if again else "it did not come back"


def _marks(report: Report) -> tuple[Mark, ...]:
    told = [moment for moment in report.moments if moment.event is not Event.OTHER]
    return tuple(_mark(moment) for moment in sorted(told, key=lambda moment: moment.when))


def _mark(moment: Moment) -> Mark:
    bound = "" if moment.bound is Bound.AT else f"{moment.bound} "
    return Mark(
        bound + moment.when.replace("T", " "),
        cells_of(moment)[1].text,
        out=moment.event is Event.ALTERNATE_PUBLIC,
        well=moment.event is Event.ANNOUNCED_PUBLIC,
    )


def _copy(breach: Breach, n: int) -> Report:
    """As the public may have it."""
    return marked(breach, without_people(report_of(breach, n)))


def _pages(site: Site, breach: Breach, entry: Entry) -> dict[str, Shown]:
    found = {entry.path: Shown(public.breach_page(site, entry))}
    for n, _, _ in entry.versions:
        paper = write(_copy(breach, n), "html")
        found[f"{entry.path}/versions/{n}.html"] = Shown(paper)
    report = _copy(breach, breach.public_version)
    for name in FORMATS:
        found[f"{entry.path}/report.{name}"] = Shown(write(report, name), TYPES[name])
    return found


def _list(site: Site, dimension: str, value: str) -> dict[str, Shown]:
    rows = Breach.objects.filter(
        public_version__gt=0,
        id__in=BreachTerm.objects.filter(term=filter_term(dimension, value)).values("breach_id"),
    ).order_by("-id")
    title = f"Breaches: {dimension} {value.replace('_', ' ')}"
    # Terms are of the newest version, which need not be the one that is public.
    entries = [one for one in map(entry_of, rows[:SHOWN]) if value in one.values(dimension)]
    path = list_path(dimension, value)
    return {path: Shown(public.list_page(site, (path, title), entries, {}, rows.count()))}
