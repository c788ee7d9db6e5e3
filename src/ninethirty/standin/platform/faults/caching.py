"""The caches: the origin is right, and what readers are given is not.

The day of the 2018 report is the first of these. Three minutes before the promised instant a
background re-send of the document drops its intent to publish. From then on answers have the
default lifetime of half an hour, so an edge filled with the placeholder in those minutes serves it
for half an hour. Why the page stayed away for two more half hours the report does not say. Here an
inner cache holds on to the placeholder for 62 to 80 minutes and refills the edges from it. That is
this stand-in's assumption, chosen because it gives what was seen: right again shortly before 11:00.
"""

from dataclasses import replace
from datetime import timedelta
from random import Random

from ninethirty.standin.platform import documents
from ninethirty.standin.platform.content import Content, Part
from ninethirty.standin.platform.faults.registry import fault
from ninethirty.standin.platform.scene import Hold, Outage, Scene, Visit, trouble

LOST_BEFORE = timedelta(minutes=3)
SHORTEST_HOLD = timedelta(minutes=62)
LONGEST_HOLD = timedelta(minutes=80)
ASKED_EARLIEST, ASKED_LATEST = 170.0, 85.0
"""Seconds before T. With the inner hold, an edge filled then is right 90 minutes later at best."""


@fault(
    "countdown-lost",
    says="8 March 2018: three minutes before T the countdown of lifetimes is lost, and an inner "
    "cache holds what it fills then for over an hour.",
    sees="The placeholder at every edge until shortly before 11:00; right at once past the caches.",
    source="platform-faults.md 1",
    calls="late",
    causes="cached",
)
def countdown_lost(
    scene: Scene, chance: Random, *, recovers: bool = True, visited: bool = True
) -> Scene:
    lost = scene.opens - LOST_BEFORE
    held = SHORTEST_HOLD + (LONGEST_HOLD - SHORTEST_HOLD) * chance.random()
    scene = replace(scene, hold=Hold(lost, scene.opens + held if recovers else None))
    scene = scene.told(lost_from=lost)
    return _visited(scene, chance, ASKED_EARLIEST, ASKED_LATEST) if visited else scene


@fault(
    "countdown-lost-at-edges",
    says="The same loss with no inner cache to prolong it: each edge keeps what somebody's request "
    "filled it with, at some moment from T-5 to T-0:05.",
    sees="An edge filled before the loss is right at T, one filled after it a whole lifetime later "
    "than that; right at once past the caches.",
    source="platform-faults.md 1",
    calls="late partial on_time recovered",
    causes="cached",
)
def countdown_lost_at_edges(
    scene: Scene,
    chance: Random,
    *,
    ttl_seconds: float | None = None,
    stale_seconds: float | None = None,
) -> Scene:
    ttl = chance.choice([300.0, 600.0, 900.0, 1800.0]) if ttl_seconds is None else ttl_seconds
    stale = (30.0 if ttl == 600 else 0.0) if stale_seconds is None else stale_seconds
    scene = replace(scene, has_inner=False).told(
        lost_from=scene.opens - LOST_BEFORE,
        usual=timedelta(seconds=ttl),
        stale_while_revalidate=timedelta(seconds=stale),
    )
    return _visited(scene, chance, 230, 5)


@fault(
    "not-found-cached",
    says="There is no placeholder; somebody asks at T-10 s, and every edge keeps the 404.",
    sees="404 for 2 to 5 minutes; right at once past the caches.",
    source="platform-faults.md 15",
    calls="late",
    causes="cached",
)
def not_found_cached(scene: Scene, chance: Random, *, kept_seconds: float | None = None) -> Scene:
    kept = chance.uniform(120, 300) if kept_seconds is None else kept_seconds
    scene = scene.changed(replace(scene.page(), before=documents.absent()))
    scene = scene.told(absent=timedelta(seconds=int(kept)))
    return _visited(scene, chance, 12, 8)


@fault(
    "file-not-found-cached",
    says="The same for an address below the page: the page itself is right.",
    sees="The right page; one of its files answers 404 for up to 5 minutes.",
    source="platform-faults.md 15",
    calls="partial",
    causes="cached incomplete",
)
def file_not_found_cached(scene: Scene, chance: Random, *, kept_seconds: float = 300) -> Scene:
    file = chance.choice(scene.of(Part.FILE))
    absent = replace(scene.lifetimes, absent=timedelta(seconds=kept_seconds))
    scene = scene.changed(replace(file, lifetimes=absent))
    return _visited(scene, chance, 12, 8, file.path)


@fault(
    "ttl-too-long",
    says="A lifetime of 30 minutes is deployed instead of 300 s and the countdown; nothing else "
    "changes.",
    sees="max-age=1800 in the days before; at T the placeholder wherever somebody asked before.",
    source="platform-faults.md 19",
    calls="late",
    causes="cached",
)
def ttl_too_long(scene: Scene, chance: Random, *, ttl_seconds: float = 1800) -> Scene:
    ttl = timedelta(seconds=ttl_seconds)
    scene = scene.told(longest=ttl, shortest=ttl, usual=ttl, leeway=timedelta(0))
    return _visited(scene, chance, 400, 30)


@fault(
    "ttl-too-short",
    says="A lifetime of 1 s is deployed instead of 300 s; nothing else changes.",
    sees="Right and on time; only the headers changed.",
    source="platform-faults.md 19",
    calls="on_time",
)
def ttl_too_short(scene: Scene, _: Random, *, ttl_seconds: float = 1) -> Scene:
    ttl = timedelta(seconds=ttl_seconds)
    return scene.told(longest=ttl, shortest=ttl, usual=ttl, absent=ttl)


@fault(
    "origin-down-stale",
    says="The origin fails at T, and the edges go on with what they have.",
    sees="200 with the placeholder and a growing Age; past the caches 503.",
    source="detection.md, finding 1",
    calls="late",
    causes="outage cached",
)
def origin_down_stale(scene: Scene, chance: Random, *, minutes: float | None = None) -> Scene:
    lasts = timedelta(minutes=chance.uniform(3, 20) if minutes is None else minutes)
    down = Outage(scene.opens - timedelta(seconds=2), scene.opens + lasts, trouble(503))
    scene = replace(scene, outages=(*scene.outages, down)).told(stale_if_error=timedelta(hours=24))
    paths = [r.path for r in scene.of(Part.PAGE, Part.LISTING, Part.FEED)]
    for path in paths:
        scene = _visited(scene, chance, 60, 10, path)
    return scene


@fault(
    "mirror",
    says="The origin fails before T and a static mirror, filled in the night, answers for it.",
    sees="200 and the placeholder, Last-Modified before T, a lifetime of 900 s, a mirror's header.",
    source="detection.md, finding 1",
    calls="late",
    causes="mirror",
)
def mirror(scene: Scene, chance: Random, *, minutes: float | None = None) -> Scene:
    lasts = timedelta(minutes=chance.uniform(5, 30) if minutes is None else minutes)
    since, until = scene.opens - timedelta(minutes=4), scene.opens + lasts
    crawled = scene.opens - timedelta(hours=chance.uniform(2, 9))
    headers = {
        "Last-Modified": crawled.strftime("%a, %d %b %Y %H:%M:%S GMT"),
        "X-Backend": "mirror",
    }

    def mirrored(content: Content) -> Content:
        return replace(content, headers=headers, lifetime=timedelta(seconds=900))

    for resource in scene.of(Part.PAGE, Part.FILE, Part.LISTING, Part.FEED):
        before = resource.before if resource.before.status == 200 else documents.absent()
        back = resource.turned(max(until, *(turn.at for turn in resource.turns)))
        scene = scene.changed(
            replace(back, turns=()).then(since, mirrored(before)).then(until, back.turns[0].content)
        )
    return scene


def _visited(
    scene: Scene, chance: Random, earliest: float, latest: float, path: str | None = None
) -> Scene:
    """Somebody asks each edge once, so many seconds before T."""
    return scene.visited(
        *(
            Visit(
                scene.opens - timedelta(seconds=chance.uniform(latest, earliest)),
                edge,
                path or scene.release.path,
            )
            for edge in scene.edges
        )
    )
