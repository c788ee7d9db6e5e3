"""Read from the record what the public site knows: all of it, or what is around some releases."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, Exists, Max, OuterRef

from ninethirty.core.announcement import Provisional, Rhythm
from ninethirty.core.facts import Kind
from ninethirty.core.page import main_html
from ninethirty.core.release import Stage
from ninethirty.core.seal import PAGE, Manifest
from ninethirty.core.site import (
    LATEST,
    NEXT,
    WINDOW,
    About,
    Contact,
    Edition,
    File,
    Month,
    Notice,
    Producer,
    Promise,
    Series,
    Site,
    Version,
)
from ninethirty.core.times import Instant, WallTime
from ninethirty.desk.actions.access.act import release_in, subject_of
from ninethirty.desk.actions.add_series import OTHER
from ninethirty.desk.actions.bundle import index_of, manifest_in
from ninethirty.desk.actions.whose import OWN
from ninethirty.desk.record import models
from ninethirty.desk.service import SUBSCRIBERS
from ninethirty.desk.setup import setup

Shown = tuple[str, tuple[File, ...]]
"""Body and files of a version."""

_OUT = (Stage.ARMED, Stage.PUBLIC, Stage.WITNESSED, Stage.CLOSED, Stage.REPLACED)
"""Stages in which the public can read it from T on."""

_ABOUT = {
    Kind.LATE: About.LATE,
    Kind.RECOVERED: About.RECOVERED,
    Kind.HELD: About.HELD,
    Kind.CANCELLED: About.CANCELLED,
}

_PUBLIC_REASONS = frozenset({Kind.CANCELLED, Kind.REPLACED})
"""Of a hold the reason is for the desk: it may say what is wrong with a figure."""

_SAID = (Kind.PROVISIONAL, Kind.ANNOUNCED, Kind.RESCHEDULED, Kind.REPLACED, *_ABOUT)

_MANY = 10_000
"""Ids in one query; SQLite takes 32,766 at most."""

Fact = tuple[Kind, Instant, dict[str, Any]]
"""Kind, when it was recorded, details."""


class Promised(NamedTuple):
    """A row of the calendar; of thousands, making objects of the model is most of the work."""

    promise: str
    since: datetime
    opens: datetime | None
    reason: int | None


def plainly(manifest: Manifest) -> Shown:
    """The producer's own page, and its files without a look inside."""
    files = tuple(
        File(file.name, file.digest, file.size_bytes, file.media_type)
        for file in manifest.files
        if file.name != PAGE
    )
    return main_html(index_of(manifest)), files


def site_of(
    now: Instant,
    around: Collection[str] | None = None,
    *,
    content: Callable[[Manifest], Shown] = plainly,
) -> Site:
    """The whole site; or, of releases that were touched, what `Site.around` would keep, and then
    `content` is asked for those alone: no page but their own shows what is inside.

    A handful of queries for any number of releases.
    """
    touched = None if around is None else _first(around)
    producers, series = _producers(), _series()
    ids = None if touched is None else _near(touched, series, now)
    rows, corrections = _releases(ids)
    facts = _facts([*rows, *(row["id"] for each in corrections.values() for row in each)], ids)
    promises = _promises(ids)
    reasons = _reasons(promises, facts)
    access = _access(ids)
    looked = _looked(facts)
    editions = {}
    for id, row in rows.items():
        told = promises.get(id)
        if not told:
            continue
        shown = content if touched is None or id in touched else _nothing
        editions[id] = Edition(
            id=id,
            title=row["title"],
            series=row["series"] or OTHER,
            path=row["path"],
            promises=tuple(_promise(one, reasons) for one in told),
            versions=tuple(
                sorted(
                    _versions([row, *corrections.get(id, ())], facts, reasons, shown),
                    key=lambda version: version.opens,
                )
            ),
            notices=tuple(_notices(row, facts.get(id, ()), reasons, looked.get(id))),
            summary=row["summary"],
            announced=row["announced"],
            leave=row["leave"],
            ad_hoc=row["unscheduled"],
            access=_opens(told[-1]) if access.get(id) == told[-1].promise else None,
        )
    return replace(
        frame_of(now),
        producers=producers,
        series=series,
        editions=editions,
        counts=_counts(),
        calendar=True,
    )


def frame_of(now: Instant) -> Site:
    """With nothing in it: what the frame of a page asks for."""
    return Site(
        name=setup().producer,
        base=setup().site,
        producers={},
        series={},
        editions={},
        as_of=now,
        zone=setup().promises.usual.zone,
        contact=_own_contact(),
        mails=SUBSCRIBERS in setup().services,
        calendar=setup().public_site,
    )


def _nothing(manifest: Manifest) -> Shown:
    return "", tuple(
        File(file.name, file.digest, file.size_bytes, file.media_type)
        for file in manifest.files
        if file.name != PAGE
    )


def _own_contact() -> Contact:
    told = setup().contact
    return Contact(told.name, told.email, told.telephone)


def _producers() -> dict[str, Producer]:
    found = {OWN: Producer(OWN, setup().producer, contact=_own_contact())}
    for row in models.Producer.objects.order_by("id"):
        contact = Contact(**row.contact)
        found[row.id] = Producer(row.id, row.name, row.about, row.url, contact)
    return found


def _series() -> dict[str, Series]:
    found = {OTHER: Series(OTHER, "Other releases", OWN)}
    columns = ("id", "title", "producer", "rhythm", "about", "status", "keywords")
    for id, title, producer, rhythm, about, status, words in models.Series.objects.order_by(
        "id"
    ).values_list(*columns):
        found[id] = Series(
            id, title, producer, Rhythm(rhythm) if rhythm else None, about, status, tuple(words)
        )
    return found


def _first(ids: Collection[str]) -> set[str]:
    """A correction is a version of what it corrects."""
    corrected = models.Release.objects.filter(id__in=ids).exclude(replaces="")
    first = dict(corrected.values_list("id", "replaces"))
    return {first.get(id, id) for id in ids}


def _near(touched: set[str], series: Mapping[str, Series], now: Instant) -> set[str]:
    """Ids of everything that a page can show together with these."""
    of = models.Release.objects.filter(id__in=touched).values_list("series", flat=True)
    producers = {series[id or OTHER].producer for id in of}
    shared = [id for id, one in series.items() if one.producer in producers]
    if OTHER in shared:
        shared.append("")
    promised = models.Promised.objects.order_by()
    months = promised.filter(release__in=touched).values("month")
    stands = models.Release.objects.filter(id=OuterRef("release"), opens=OuterRef("promise"))
    dated = promised.filter(Exists(stands))
    out = promised.filter(Exists(stands.filter(stage__in=_OUT)))
    found = {*touched, *_latest_said()}
    found.update(
        models.Release.objects.filter(series__in=shared, replaces="").values_list("id", flat=True)
    )
    for rows in (
        promised.filter(month__in=list(months.values_list("month", flat=True))),
        dated.filter(opens__gt=now - WINDOW, opens__lt=now + WINDOW),
        dated.filter(opens__gt=now).order_by("opens")[:NEXT],
        out.filter(opens__lte=now + WINDOW).order_by("-opens")[:LATEST],
    ):
        found.update(rows.values_list("release", flat=True))
    return found


def _latest_said() -> set[str]:
    """Those of which something was said last, and those that were said with the last of them."""
    kinds = [str(kind) for kind in _SAID]
    newest = models.FactRow.objects.filter(kind__in=kinds).order_by("-id")
    found: set[str] = set()
    last = None
    for subject, said in newest.values_list("subject", "recorded").iterator(chunk_size=LATEST):
        if len(found) >= LATEST and said != last:
            break
        found.add(subject)
        last = said
    return _first(found)


Row = dict[str, Any]


def _releases(ids: set[str] | None) -> tuple[dict[str, Row], dict[str, list[Row]]]:
    """By id; and corrections, in their order, by the id of what they correct."""
    columns = ("id", "title", "series", "summary", "path", "announced", "stage", "manifest")
    columns += ("seal", "leave", "unscheduled", "replaces")  # type: ignore[assignment]
    rows: dict[str, Row] = {}
    corrections: dict[str, list[Row]] = defaultdict(list)
    wanted = None if ids is None else ids | _corrections_of(ids)
    for some in _pieces(wanted):
        every = models.Release.objects.order_by("id")
        for row in (every if some is None else every.filter(id__in=some)).values(*columns):
            if row["replaces"]:
                corrections[row["replaces"]].append(row)
            else:
                rows[row["id"]] = row
    for some_of_one in corrections.values():
        # Their ids end in a number: as texts, the tenth would come before the second.
        some_of_one.sort(key=lambda row: (len(row["id"]), row["id"]))
    return rows, corrections


def _corrections_of(ids: set[str]) -> set[str]:
    """Ids of their corrections, and of those of these: by facts, which are found by their subject;
    a release is not found by what it replaces."""
    found: set[str] = set()
    asked = ids
    while asked:
        told: set[str] = set()
        for some in _pieces(asked):
            facts = models.FactRow.objects.filter(subject__in=some or (), kind=str(Kind.REPLACED))
            told.update(
                details["correction"] for details in facts.values_list("details", flat=True)
            )
        asked = told - found
        found |= told
    return found


def _pieces(ids: Collection[str] | None) -> Iterator[list[str] | None]:
    if ids is None:
        yield None
        return
    ordered = sorted(ids)
    for start in range(0, len(ordered), _MANY):
        yield ordered[start : start + _MANY]


def _facts(subjects: Collection[str], ids: set[str] | None) -> dict[str, list[Fact]]:
    kinds = [str(kind) for kind in (*_ABOUT, Kind.REPLACED)]
    found: dict[str, list[Fact]] = defaultdict(list)
    for some in _pieces(None if ids is None else subjects):
        rows = models.FactRow.objects.filter(kind__in=kinds).order_by("subject", "n")
        rows = rows if some is None else rows.filter(subject__in=some)
        for subject, kind, recorded, details in rows.values_list(
            "subject", "kind", "recorded", "details"
        ):
            found[subject].append((Kind(kind), Instant.of(recorded), details))  # type: ignore[call-arg]
    return found


def _opens(row: Promised) -> Instant | None:
    return Instant.of(row.opens) if row.opens else None


def _access(ids: set[str] | None) -> dict[str, str]:
    """For which time the list of who sees a release early was confirmed and sealed last."""
    kind, found = str(Kind.ACCESS_PUBLISHED), {}
    for some in _pieces(ids):
        rows = models.FactRow.objects.filter(kind=kind).order_by("subject", "n")
        if some is not None:
            rows = rows.filter(subject__in=[subject_of(id) for id in some])
        for subject, details in rows.values_list("subject", "details"):
            found[release_in(subject)] = details.get("opens", "")
    return found


def _promises(ids: set[str] | None) -> dict[str, list[Promised]]:
    found: dict[str, list[Promised]] = defaultdict(list)
    for some in _pieces(ids):
        every = models.Promised.objects.order_by("release", "n")
        rows = every if some is None else every.filter(release__in=some)
        for release, promise, since, opens, reason in rows.values_list(
            "release", "promise", "since", "opens", "reason"
        ):
            found[release].append(Promised(promise, since, opens, reason))
    return found


def _reasons(
    promises: Mapping[str, Iterable[Promised]], facts: Mapping[str, Iterable[Fact]]
) -> dict[int, str]:
    wanted = {one.reason for told in promises.values() for one in told if one.reason}
    for told in facts.values():
        wanted |= {
            details["reason_kept"]
            for kind, _, details in told
            if kind in _PUBLIC_REASONS and "reason_kept" in details
        }
    found: dict[int, str] = {}
    ordered = sorted(wanted)
    for start in range(0, len(ordered), _MANY):
        rows = models.Message.objects.filter(id__in=ordered[start : start + _MANY])
        found.update(rows.values_list("id", "text"))
    return found


def _looked(facts: Mapping[str, Iterable[Fact]]) -> dict[str, Instant]:
    """When somebody last looked, of what was late."""
    late = [id for id, told in facts.items() if any(kind is Kind.LATE for kind, *_ in told)]
    rows = models.SightingRow.objects.filter(release__in=late).values("release")
    return {
        row["release"]: Instant.of(row["last"])
        for row in rows.annotate(last=Max("started")).order_by("release")
    }


def _promise(row: Promised, reasons: Mapping[int, str]) -> Promise:
    when = Provisional.parse(row.promise) if row.opens is None else WallTime.parse(row.promise)
    reason = reasons.get(row.reason, "") if row.reason else ""
    return Promise(when, Instant.of(row.since), reason)


def _versions(
    rows: Iterable[Row],
    facts: Mapping[str, Iterable[Fact]],
    reasons: Mapping[int, str],
    content: Callable[[Manifest], Shown],
) -> Iterator[Version]:
    """What opened or will: of the release itself, then of its corrections."""
    ordered = {
        details["correction"]: reasons.get(details["reason_kept"], "")
        for row in rows
        for kind, _, details in facts.get(row["id"], ())
        if kind is Kind.REPLACED
    }
    for row in rows:
        if row["stage"] in _OUT and row["manifest"]:
            manifest = manifest_in(row["manifest"])
            body, files = content(manifest)
            yield Version(
                manifest.opens.resolve(), files, body, row["seal"], ordered.get(row["id"], "")
            )


def _notices(
    row: Row, facts: Iterable[Fact], reasons: Mapping[int, str], looked: Instant | None
) -> Iterator[Notice]:
    for kind, recorded, details in facts:
        if kind not in _ABOUT:
            continue
        is_late = kind is Kind.LATE
        public = kind in _PUBLIC_REASONS
        yield Notice(
            about=_ABOUT[kind],
            since=recorded,
            reason=reasons.get(details.get("reason_kept", 0), "") if public else "",
            alternate=f"{setup().site}{row['path']}" if is_late else "",
            looked=looked if is_late else None,
        )


def _counts() -> dict[Month, int]:
    rows = models.Promised.objects.order_by().values("month")
    counted = rows.annotate(count=Count("release", distinct=True))
    return {(int(row["month"][:4]), int(row["month"][5:])): row["count"] for row in counted}
