"""Work out how promises were kept: from our own facts, or from a platform's word about itself."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ninethirty.core.errors import Malformed
from ninethirty.core.facts import Fact, Kind
from ninethirty.core.punctuality import Kept, Lag, Source, as_reported, lags
from ninethirty.core.times import Instant, WallTime
from ninethirty.desk.record.facts import facts_of
from ninethirty.desk.record.kept import keep
from ninethirty.desk.record.models import Breach, KeptPromise, Release
from ninethirty.desk.setup import setup

_SEEN = frozenset({Kind.FIRST_SEEN, Kind.EARLY, Kind.LATE, Kind.CAUSE_INFERRED, Kind.CAUSE_STATED})


def keep_punctuality() -> int:
    """Of every release whose instant is past and whose row may be out of date: those that are not
    over, or have none yet. How many were worked out."""
    now = setup().clock().now()
    done = set(
        KeptPromise.objects.filter(source=str(Source.WITNESSED)).values_list("release", flat=True)
    )
    releases = [
        one
        for one in Release.objects.exclude(order=b"").order_by("id")
        if not (one.closed and one.id in done)
    ]
    return keep(one for one in map(_kept, releases) if one.promised <= now)


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


def _kept(release: Release) -> Kept:
    promised = WallTime.parse(release.opens).resolve()
    facts = facts_of(release.id, kinds=_SEEN)
    anywhere, announced = lags(facts, promised)
    breach = Breach.objects.filter(release=release.id).first()
    return Kept(
        release=release.id,
        series=release.title,
        producer=setup().producer,
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
