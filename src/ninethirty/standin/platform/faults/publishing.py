"""The publisher: what should turn at T turns later, in part, twice, or never."""

from dataclasses import replace
from datetime import timedelta
from random import Random

from ninethirty.standin.platform import documents
from ninethirty.standin.platform.content import Part, redirect
from ninethirty.standin.platform.faults.registry import fault
from ninethirty.standin.platform.scene import (
    OPENING_TAKES,
    PUBLISHED,
    Outage,
    Scene,
    Visit,
    trouble,
)

ALL_BUT_FILES = PUBLISHED - {Part.FILE}
DAY = 24 * 3600.0


@fault(
    "queue-delay",
    says="The publishing job is sent at T+15 s and waits in a queue; readers in between fill the "
    "caches with the old page.",
    sees="The placeholder everywhere until the wait is over; then, unless the leeway covers the "
    "wait, still the placeholder at edges that were asked meanwhile, for up to half an hour.",
    source="platform-faults.md 2",
    calls="late",
    causes="not_published cached",
)
def queue_delay(
    scene: Scene,
    chance: Random,
    *,
    wait_seconds: float | None = None,
    leeway_seconds: float | None = None,
) -> Scene:
    wait = chance.uniform(100, 400) if wait_seconds is None else wait_seconds
    leeway = chance.choice([0.0, 300.0]) if leeway_seconds is None else leeway_seconds
    turns = scene.opens + timedelta(seconds=15 + wait)
    path = scene.release.path
    visits = [
        Visit(scene.opens + timedelta(seconds=chance.uniform(0, 15 + wait)), edge, path)
        for edge in scene.edges
    ]
    return scene.published(turns).told(leeway=timedelta(seconds=leeway)).visited(*visits)


@fault(
    "head-of-line",
    says="One pool of workers in strict order, with thousands of other jobs ahead.",
    sees="Nothing of the release anywhere for 1 to 30 minutes, then all of it.",
    source="platform-faults.md 3",
    calls="late",
    causes="not_published",
)
def head_of_line(scene: Scene, chance: Random, *, minutes: float | None = None) -> Scene:
    waits = chance.uniform(1.2, 30) if minutes is None else minutes
    return scene.published(scene.opens + timedelta(minutes=waits))


@fault(
    "attachments-late",
    says="The page is live at T+2 s, its files only later.",
    sees="The right page, whose links lead to a sign-in, to nothing, or to the previous file, "
    "which caches then keep for half an hour.",
    source="platform-faults.md 4",
    calls="partial wrong",
    causes="incomplete access content cached",
)
def attachments_late(
    scene: Scene, chance: Random, *, seconds: float | None = None, instead: str | None = None
) -> Scene:
    later = chance.uniform(60, 600) if seconds is None else seconds
    kind = chance.choice(["sign-in", "absent", "previous"]) if instead is None else instead
    scene = scene.turned(ALL_BUT_FILES, scene.opens + timedelta(seconds=2))
    for file in scene.of(Part.FILE):
        match kind:
            case "sign-in":
                before = redirect("/sign-in")
            case "previous":
                before = documents.previous_file(scene.release, file.name)
            case _:
                before = documents.absent()
        turned = file.turned(scene.opens + timedelta(seconds=later))
        scene = scene.changed(replace(turned, before=before))
    return scene


@fault(
    "page-before-data",
    says="Page and data have schedulers of their own; the one for data misses its only minute, and "
    "somebody starts it by hand.",
    sees="The right page with no files for 5 to 60 minutes.",
    source="platform-faults.md 5",
    calls="partial",
    causes="incomplete",
)
def page_before_data(scene: Scene, chance: Random, *, minutes: float | None = None) -> Scene:
    later = chance.uniform(5, 60) if minutes is None else minutes
    return scene.turned({Part.FILE}, scene.opens + timedelta(minutes=later))


@fault(
    "data-before-page",
    says="The reverse: the data are out at T, the scheduler of pages misses its only minute.",
    sees="The placeholder for 5 to 60 minutes; who knows the files' addresses gets them.",
    source="platform-faults.md 5",
    calls="late partial",
    causes="not_published",
)
def data_before_page(scene: Scene, chance: Random, *, minutes: float | None = None) -> Scene:
    later = chance.uniform(5, 60) if minutes is None else minutes
    return scene.turned(ALL_BUT_FILES, scene.opens + timedelta(minutes=later))


@fault(
    "serial-bundle",
    says="Pages are published one after another, 0.13 s each, after all bundles ahead.",
    sees="Old and new mixed for seconds; late only if many pages are ahead.",
    source="platform-faults.md 6",
    calls="on_time late_provisional late recovered partial",
    causes="not_published incomplete",
)
def serial_bundle(scene: Scene, chance: Random, *, ahead: float | None = None) -> Scene:
    pages = chance.choice([0, 20, 60, 1000, 4000]) if ahead is None else int(ahead)
    at = scene.opens + OPENING_TAKES + pages * timedelta(seconds=0.13)
    for resource in scene.of(*PUBLISHED):
        scene = scene.changed(resource.turned(at))
        at += timedelta(seconds=0.13)
    return scene


@fault(
    "swallowed-error",
    says="The publisher's database says published; the public store never got it, and the gauge "
    "for overdue releases stays at 0.",
    sees="The placeholder, while the content API says that it was published on time.",
    source="platform-faults.md 7",
    calls="late",
    causes="not_published",
)
def swallowed_error(scene: Scene, _: Random) -> Scene:
    return scene.turned(PUBLISHED - {Part.API})


@fault(
    "scheduler-never",
    says="No run of the scheduler: a lost job, a host asleep; nothing is logged anywhere.",
    sees="The placeholder until the next retry: 2 minutes, a day, or never.",
    source="platform-faults.md 8",
    calls="late",
    causes="not_published",
)
def scheduler_never(
    scene: Scene, chance: Random, *, retry_seconds: float | None = None, never: bool | None = None
) -> Scene:
    retries = chance.choice([120.0, DAY, 0.0]) if retry_seconds is None else retry_seconds
    if never or not retries:
        return scene.published()
    return scene.published(scene.opens + timedelta(seconds=retries))


@fault(
    "approved-late",
    says="Approved at T-20 s, after the picker ran at T-60 s.",
    sees="Nothing until T+60 to 120 s, then everything.",
    source="platform-faults.md 9",
    calls="late",
    causes="not_published",
)
def approved_late(scene: Scene, chance: Random, *, seconds: float | None = None) -> Scene:
    later = chance.uniform(70, 120) if seconds is None else seconds
    return scene.published(scene.opens + timedelta(seconds=later))


@fault(
    "not-approved",
    says="Not approved by T-30 s, so the release is switched to manual, with no alarm.",
    sees="The placeholder until somebody notices.",
    source="platform-faults.md 9",
    calls="late",
    causes="not_published",
)
def not_approved(scene: Scene, chance: Random, *, minutes: float | None = None) -> Scene:
    later = chance.uniform(10, 90) if minutes is None else minutes
    return scene.published(scene.opens + timedelta(minutes=later))


@fault(
    "double-run",
    says="Two workers publish the same bundle.",
    sees="Right and on time; two entries in the feed and two in the change history.",
    source="platform-faults.md 11",
    calls="on_time",
)
def double_run(scene: Scene, chance: Random, *, apart_seconds: float | None = None) -> Scene:
    apart = chance.uniform(1, 30) if apart_seconds is None else apart_seconds
    first = scene.opens + OPENING_TAKES
    again = first + timedelta(seconds=apart)
    release = scene.release
    twice = {
        release.feed: documents.feed(release, again, first),
        documents.API + release.path: documents.release_document(release, first, again),
    }
    return scene.changed(*(scene.resources[path].then(again, new) for path, new in twice.items()))


@fault(
    "two-dates",
    says="The announcement says one day, the release object a week later.",
    sees="The placeholder at T; the content API names the other date.",
    source="platform-faults.md 14",
    calls="late",
    causes="not_published",
)
def two_dates(scene: Scene, _: Random, *, days: float = 7) -> Scene:
    other = scene.opens + timedelta(days=days)
    release = scene.release
    api = scene.resources[documents.API + release.path]
    said = documents.coming_soon_document(release, other)
    return scene.changed(replace(api, before=said)).published(other + OPENING_TAKES)


@fault(
    "thundering-herd",
    says="All edges expire at T at once, and the origin breaks down under them.",
    sees="503, or no first byte for seconds, for 1 to 5 minutes.",
    source="platform-faults.md 16",
    calls="late",
    causes="outage platform_outage",
)
def thundering_herd(
    scene: Scene, chance: Random, *, minutes: float | None = None, slow: bool | None = None
) -> Scene:
    lasts = chance.uniform(1.5, 5) if minutes is None else minutes
    is_slow = chance.random() < 0.5 if slow is None else slow
    sick = replace(trouble(503), first_byte_after=timedelta(seconds=10 if is_slow else 0))
    ends = scene.opens + timedelta(minutes=lasts)
    return replace(scene, outages=(*scene.outages, Outage(scene.opens, ends, sick)))


@fault(
    "wrong-zone",
    says="The host's zone is wrong: what was meant in London is taken as UTC, or the reverse.",
    sees="Everything an hour late, or an hour early.",
    source="platform-faults.md 17",
    calls="late early",
    causes="not_published",
)
def wrong_zone(scene: Scene, chance: Random, *, hours: float | None = None) -> Scene:
    off = chance.choice([-1.0, 1.0]) if hours is None else hours
    return scene.published(scene.opens + OPENING_TAKES + timedelta(hours=off))


@fault(
    "half-rollback",
    says="Publishing fails and is reported as rolled back; the new files stay public.",
    sees="The placeholder, with the new files at their addresses.",
    source="platform-faults.md 18",
    calls="late partial",
    causes="not_published",
)
def half_rollback(scene: Scene, _: Random) -> Scene:
    return scene.turned(ALL_BUT_FILES)


@fault(
    "publisher-clock-slow",
    says="The publisher sleeps until its own wall clock shows T, and that is slow.",
    sees="Everything 5 s to 2 minutes late.",
    source="platform-faults.md 20",
    calls="on_time late_provisional late recovered",
    causes="not_published",
)
def publisher_clock_slow(scene: Scene, chance: Random, *, seconds: float | None = None) -> Scene:
    off = chance.uniform(5, 120) if seconds is None else seconds
    return scene.published(scene.opens + OPENING_TAKES + timedelta(seconds=off))


@fault(
    "slow-alarm",
    says="Before publishing, the publisher waits for a chat service that takes 10 s.",
    sees="Everything ten seconds after T: slow, but within the grace.",
    source="platform-faults.md 21",
    calls="on_time",
)
def slow_alarm(scene: Scene, _: Random, *, seconds: float = 10) -> Scene:
    return scene.published(scene.opens + OPENING_TAKES + timedelta(seconds=seconds))
