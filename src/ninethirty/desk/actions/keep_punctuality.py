"""Work out how promises were kept: from our own facts, or from a platform's word about itself."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.db.models import Exists, OuterRef

from ninethirty.core.errors import Malformed
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.punctuality import Kept, Lag, Source, as_reported, lags
from ninethirty.core.times import Instant, WallTime
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.record.kept import keep, rounded, witnessed
from ninethirty.desk.record.models import KeptPromise, Producer, Release, Series
from ninethirty.desk.record.register import of_incident
from ninethirty.desk.setup import setup

_SEEN = frozenset({Kind.FIRST_SEEN, Kind.EARLY, Kind.LATE, Kind.CAUSE_INFERRED, Kind.CAUSE_STATED})


def keep_punctuality() -> list[Kept]:
    """Of every release whose instant is past and whose row may be out of date: those that are not
    over, or have none yet. What was not known before."""
    now = setup().clock().now()
    told = KeptPromise.objects.filter(release=OuterRef("id"), source=str(Source.WITNESSED))
    releases = Release.objects.exclude(order=b"").exclude(Exists(told), closed=True).order_by("id")
    series = dict(Series.objects.values_list("id", "title"))
    makers = _makers()
    found = [_kept(one, series, makers) for one in releases]
    past = [one for one in found if one.promised <= now]
    known = {one.release: one for one in witnessed([one.release for one in past])}
    new = [one for one in past if rounded(one) != known.get(one.release)]
    keep(new)
    return new


def _makers() -> dict[str, str]:
    """Id of a series -> name of its producer."""
    names = dict(Producer.objects.values_list("id", "name"))
    rows = Series.objects.values_list("id", "producer")
    return {id: names.get(producer, setup().producer) for id, producer in rows}


def backfill(items: Iterable[tuple[str, Mapping[str, Any]]], platform: str) -> int:
    """Content items as GOV.UK's content API gives them, each with the name of its file; how many
    say when they were scheduled and how late they were. All are read before any is written.

    Raises:
        Malformed: names the file.
    """
    return keep(list(_reported(items, platform)))


def read_items(files: Iterable[Path]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Raises Malformed: names the file."""
    for file in files:
        try:
            item = json.loads(file.read_bytes())
        except (ValueError, RecursionError) as wrong:
            raise Malformed(f"{file}: not JSON: {wrong}") from wrong
        if not isinstance(item, dict):
            raise Malformed(f"{file}: expected one content item, found a {type(item).__name__}")
        yield str(file), item


def _kept(release: Release, series: Mapping[str, str], makers: Mapping[str, str]) -> Kept:
    """series, makers: id of a series -> its title, the name of its producer."""
    promised = WallTime.parse(release.opens).resolve()
    facts = facts_of(release.id, kinds=_SEEN)
    anywhere, announced = lags(facts, promised)
    breach = of_incident(release.id).first()
    return Kept(
        release=release.id,
        series=series.get(release.series, release.title),
        producer=makers.get(release.series, setup().producer),
        platform=urlsplit(release.announced).netloc,
        promised=promised,
        anywhere=anywhere,
        announced=announced,
        cause=breach.cause if breach and breach.cause else _cause(facts),
        title=release.title,
        reference=breach.reference if breach else "",
    )


def _cause(facts: Iterable[Fact]) -> str:
    """What was stated last; else what was inferred last."""
    told = {fact.kind: str(fact.details["cause"]) for fact in facts if "cause" in fact.details}
    return told.get(Kind.CAUSE_STATED) or told.get(Kind.CAUSE_INFERRED, "")


def _reported(items: Iterable[tuple[str, Mapping[str, Any]]], platform: str) -> Iterator[Kept]:
    for name, item in items:
        try:
            found = as_reported(item)
            if found:
                yield _from_item(item, *found, platform)
        except (Malformed, KeyError, TypeError) as wrong:
            raise Malformed(f"{name}: not a content item: {wrong}") from wrong


def _from_item(item: Mapping[str, Any], promised: Instant, lag: Lag, platform: str) -> Kept:
    makers = item.get("links", {}).get("organisations") or [{"title": "not said"}]
    return Kept(
        release=f"{platform}{item['base_path']}"[:100],
        series=item["title"],
        producer=makers[0]["title"],
        platform=platform,
        promised=promised,
        anywhere=lag,
        announced=lag,
        source=Source.REPORTED,
        title=item["title"],
    )
