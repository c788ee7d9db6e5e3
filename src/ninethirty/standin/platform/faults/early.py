"""Out before T: a page, a file, or a word about it."""

from dataclasses import replace
from datetime import timedelta
from random import Random

from ninethirty.standin.platform import documents
from ninethirty.standin.platform.content import Part
from ninethirty.standin.platform.faults.registry import fault
from ninethirty.standin.platform.scene import Scene, Visit

TRIES = 44


@fault(
    "date-moved",
    says="The date was moved while the release was held; the job at the old time was left behind.",
    sees="Everything, earlier than the time now promised.",
    source="platform-faults.md 10",
    calls="early",
)
def date_moved(scene: Scene, chance: Random, *, hours: float | None = None) -> Scene:
    earlier = chance.choice([0.5, 1.0, 24.0]) if hours is None else hours
    return scene.published(scene.opens - timedelta(hours=earlier))


@fault(
    "early-stage-flag",
    says="Preparing files at five past midnight completes the release.",
    sees="Everything, 9 h 25 min before half past nine.",
    source="platform-faults.md 12",
    calls="early",
)
def early_stage_flag(scene: Scene, _: Random, *, hours: float = 9 + 25 / 60) -> Scene:
    return scene.published(scene.opens - timedelta(hours=hours))


@fault(
    "early-file",
    says="A file can be fetched at its address from its upload on; bots that had guessed it ask "
    "44 times in vain, and have it within minutes of the upload.",
    sees="The placeholder, and the file: anything at that address before T.",
    source="platform-faults.md 13",
    calls="early",
)
def early_file(scene: Scene, chance: Random, *, minutes: float | None = None) -> Scene:
    before = chance.uniform(7, 60) if minutes is None else minutes
    out = scene.opens - timedelta(minutes=before)
    file = chance.choice(scene.of(Part.FILE))
    edge = scene.edges[0]
    tries = [Visit(out - timedelta(minutes=2 * n), edge, file.path) for n in range(1, TRIES + 1)]
    return scene.changed(file.turned(out)).visited(*tries)


@fault(
    "early-listing",
    says="The list shows title and address before the release is out.",
    sees="The placeholder; the list links to it as published.",
    source="platform-faults.md 13",
    calls="early",
)
def early_listing(scene: Scene, chance: Random, *, minutes: float | None = None) -> Scene:
    before = chance.uniform(7, 40) if minutes is None else minutes
    return scene.turned({Part.LISTING}, scene.opens - timedelta(minutes=before))


@fault(
    "early-notice",
    says="The notification goes out before the page.",
    sees="The placeholder; an entry in the feed says that it is published.",
    source="platform-faults.md 13",
    calls="early",
)
def early_notice(scene: Scene, chance: Random, *, minutes: float | None = None) -> Scene:
    before = chance.uniform(7, 40) if minutes is None else minutes
    return scene.turned({Part.FEED}, scene.opens - timedelta(minutes=before))


@fault(
    "early-api",
    says="The content API serves the released document, figures and all, before the page turns.",
    sees="The placeholder; the API's document has the body.",
    source="platform-faults.md 13",
    calls="early on_time",
)
def early_api(scene: Scene, chance: Random, *, minutes: float | None = None) -> Scene:
    before = chance.uniform(1, 5) if minutes is None else minutes
    api = scene.resources[documents.API + scene.release.path]
    return scene.changed(api.turned(scene.opens - timedelta(minutes=before)))


@fault(
    "publisher-clock-fast",
    says="The publisher's wall clock is fast.",
    sees="Everything 5 s to 2 minutes early; early seconds count.",
    source="platform-faults.md 20",
    calls="early",
)
def publisher_clock_fast(scene: Scene, chance: Random, *, seconds: float | None = None) -> Scene:
    off = chance.uniform(5, 120) if seconds is None else seconds
    return scene.published(scene.opens - timedelta(seconds=off))


@fault(
    "early-then-hidden",
    says="A rehearsal puts the real page live for some minutes, and takes it back.",
    sees="The release before T, then the placeholder, then on time.",
    source="detection.md, finding 7",
    calls="early",
)
def early_then_hidden(scene: Scene, chance: Random, *, minutes: float | None = None) -> Scene:
    before = chance.uniform(4, 9) if minutes is None else minutes
    out = scene.opens - timedelta(minutes=before)
    hidden = out + timedelta(minutes=min(8.0, before / 2))
    page = scene.page()
    early = page.turned(out).then(hidden, page.before)
    return scene.changed(replace(early, turns=(*early.turns, *page.turns)))
