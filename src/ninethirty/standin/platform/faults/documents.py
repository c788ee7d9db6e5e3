"""A 200 that is not the release: something else, something older, or not all of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random

from ninethirty.core.times import Instant
from ninethirty.standin.exchange import Request
from ninethirty.standin.pages import page
from ninethirty.standin.platform import documents
from ninethirty.standin.platform.content import Content, Part, Served
from ninethirty.standin.platform.faults.registry import fault
from ninethirty.standin.platform.scene import Lens, Resource, Scene


@fault(
    "soft-404",
    says="What is not there is answered with 200 and a friendly page; the release is not there.",
    sees="200 with the words of any made-up address beside it.",
    source="detection.md 3.5",
    calls="late wrong",
    causes="not_published",
)
def soft_404(scene: Scene, _: Random) -> Scene:
    friendly = replace(documents.absent(), status=200, served=Served.ABSENT)
    missing = replace(scene.page(), before=friendly, turns=())
    scene = scene.changed(missing, *(replace(f, before=friendly) for f in scene.of(Part.FILE)))
    return replace(scene, absent=friendly)


@fault(
    "gone",
    says="The page is withdrawn by mistake as it is published.",
    sees="410 from T on.",
    source="detection.md 3.5",
    calls="late",
    causes="not_published",
)
def gone(scene: Scene, _: Random) -> Scene:
    html = page(documents.SITE, "Withdrawn", "<h1>This page has been removed</h1>")
    return _page_becomes(scene, Content(Served.ABSENT, 410, html))


@fault(
    "coming-soon",
    says="Everything else turns; the page keeps its placeholder.",
    sees="200 and `coming soon`; files, list and feed are there.",
    source="detection.md 3.5",
    calls="late partial",
    causes="not_published",
)
def coming_soon(scene: Scene, _: Random) -> Scene:
    return scene.turned({Part.PAGE})


@fault(
    "stale-previous",
    says="The address shows the newest edition, and goes on showing the last one.",
    sees="200 with last time's page; nothing says `coming soon`.",
    source="detection.md 3.5",
    calls="late wrong",
    causes="not_published",
)
def stale_previous(scene: Scene, _: Random) -> Scene:
    old = documents.previous_page(scene.release)
    return scene.changed(replace(scene.page(), before=old, turns=()))


@fault(
    "wrong-page",
    says="Another page was published at the address.",
    sees="200 with words nobody sealed.",
    source="detection.md 3.5",
    calls="wrong",
    causes="content",
)
def wrong_page(scene: Scene, _: Random) -> Scene:
    html = page(documents.SITE, "Another", "<h1>Another release</h1><p>There were 99.</p>")
    return _page_becomes(scene, Content(Served.OTHER, body=html))


@fault(
    "one-figure-wrong",
    says="An old draft was published: one figure in the page is not the approved one.",
    sees="200 with nearly the right words.",
    source="detection.md 3.5",
    calls="wrong",
    causes="content",
)
def one_figure_wrong(scene: Scene, _: Random) -> Scene:
    right = documents.release_page(scene.release)
    body = right.body.replace(b"</main>", b"<p>Revised: 13.</p></main>")
    return _page_becomes(scene, replace(right, body=body, right=False, served=Served.OTHER))


@fault(
    "empty-page",
    says="The template fails half-way and its frame is cached as a page.",
    sees="200 with a frame and nothing in it.",
    source="detection.md 3.5",
    calls="late wrong",
    causes="content not_published",
)
def empty_page(scene: Scene, _: Random) -> Scene:
    frame = page(documents.SITE, scene.release.title, "")
    return _page_becomes(scene, Content(Served.OTHER, body=frame))


@fault(
    "not-utf-8",
    says="The page says UTF-8, and is not.",
    sees="200 with bytes that are no text.",
    source="issue: bad input",
    calls="wrong late",
    causes="content",
)
def not_utf_8(scene: Scene, chance: Random) -> Scene:
    body = b"<main>" + bytes(chance.choices(range(128, 256), k=2000)) + b"</main>"
    return _page_becomes(scene, Content(Served.OTHER, body=body))


@fault(
    "truncated-page",
    says="Connections break in the middle of the page.",
    sees="Fewer bytes than were declared.",
    source="detection.md 3.5",
    calls="late wrong",
    causes="outage",
)
def truncated_page(scene: Scene, _: Random) -> Scene:
    return scene.behind(Lens(_cut, scene.opens, parts=frozenset({Part.PAGE})))


@fault(
    "truncated-file",
    says="One file breaks off in the middle.",
    sees="The right page; fewer bytes of one file than were declared.",
    source="detection.md 3.5",
    calls="partial wrong",
    causes="outage incomplete",
)
def truncated_file(scene: Scene, chance: Random) -> Scene:
    file = chance.choice(scene.of(Part.FILE))
    return scene.behind(Lens(_cut, scene.opens, names=frozenset({file.name})))


@fault(
    "wrong-file",
    says="One file is an older one, of the same name and nearly the same length.",
    sees="The right page; one file differs from what was sealed.",
    source="detection.md 3.5",
    calls="wrong partial",
    causes="content",
)
def wrong_file(scene: Scene, chance: Random) -> Scene:
    file = chance.choice(scene.of(Part.FILE))
    other = replace(file.after(scene.opens), right=False, served=Served.OTHER)
    other = replace(other, body=other.body[:-2] + b"?\n")
    return scene.changed(_becomes(file, lambda _: other))


@fault(
    "missing-file",
    says="One file was never published.",
    sees="The right page; 404 for one of the files it links to.",
    source="detection.md, finding 8",
    calls="partial",
    causes="incomplete",
)
def missing_file(scene: Scene, chance: Random) -> Scene:
    file = chance.choice(scene.of(Part.FILE))
    return scene.changed(file.turned())


@fault(
    "listing-absent",
    says="The list of releases cannot be found.",
    sees="The right page and files; 404 for the list.",
    source="detection.md 3.5",
    calls="partial on_time",
    causes="incomplete",
)
def listing_absent(scene: Scene, _: Random) -> Scene:
    [listing] = scene.of(Part.LISTING)
    return scene.changed(replace(listing, before=documents.absent(), turns=()))


@fault(
    "listing-stale",
    says="The index behind the list runs late.",
    sees="The right page and files; the list does not show it for 2 to 30 minutes.",
    source="detection.md 3.5",
    calls="partial",
    causes="incomplete",
)
def listing_stale(scene: Scene, chance: Random, *, minutes: float | None = None) -> Scene:
    late = chance.uniform(2.5, 30) if minutes is None else minutes
    return scene.turned({Part.LISTING}, scene.opens + timedelta(minutes=late))


@fault(
    "feed-absent",
    says="The feed is gone.",
    sees="The right page and files; 404 for the feed.",
    source="detection.md 3.5",
    calls="partial",
    causes="incomplete",
)
def feed_absent(scene: Scene, _: Random) -> Scene:
    [feed] = scene.of(Part.FEED)
    return scene.changed(replace(feed, before=documents.absent(), turns=()))


@fault(
    "feed-stale",
    says="The feed is made once an hour.",
    sees="The right page and files; no entry in the feed for up to an hour.",
    source="detection.md 3.5",
    calls="partial",
    causes="incomplete",
)
def feed_stale(scene: Scene, chance: Random, *, minutes: float | None = None) -> Scene:
    late = chance.uniform(3, 60) if minutes is None else minutes
    return scene.turned({Part.FEED}, scene.opens + timedelta(minutes=late))


def _page_becomes(scene: Scene, content: Content) -> Scene:
    return scene.changed(_becomes(scene.page(), lambda _: content))


def _becomes(resource: Resource, after: Callable[[Instant], Content]) -> Resource:
    """Turns when it would have, into something else."""
    changed = replace(resource, after=after)
    return changed.turned(*(turn.at for turn in resource.turns))


def _cut(content: Content, _: Request) -> Content:
    """Half of a body that is a whole one elsewhere."""
    half = len(content.body) // 2
    missing = len(content.body) - half
    return replace(content, body=content.body[:half], missing_bytes=missing, right=False)
