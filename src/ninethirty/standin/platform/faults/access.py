"""Who asks is sent elsewhere or turned away; or it depends on where they ask from."""

from dataclasses import replace
from datetime import timedelta
from random import Random

from ninethirty.standin.exchange import Request
from ninethirty.standin.pages import page
from ninethirty.standin.platform import documents
from ninethirty.standin.platform.content import WHOLE, Content, Part, Served, redirect
from ninethirty.standin.platform.faults.registry import FaultRefused, fault
from ninethirty.standin.platform.scene import Lens, Scene, standing

HOPS = 100


@fault(
    "sign-in-redirect",
    says="The page went live for staff only.",
    sees="A redirect to a sign-in.",
    source="detection.md 3.5",
    calls="late",
    causes="access",
)
def sign_in_redirect(scene: Scene, _: Random, *, to: str = "/sign-in") -> Scene:
    return _page_leads(scene, to)


@fault(
    "redirect-home",
    says="The address leads to the home page.",
    sees="A redirect to /, and 200 there.",
    source="detection.md 3.5",
    calls="late wrong",
    causes="not_published access",
)
def redirect_home(scene: Scene, _: Random) -> Scene:
    return _page_leads(scene, "/")


@fault(
    "redirect-maze",
    says="A hundred redirects, one after another, with the release at their end.",
    sees="More redirects than a reader follows.",
    source="issue: bad input",
    calls="late",
    causes="access",
)
def redirect_maze(scene: Scene, _: Random) -> Scene:
    hops = [standing(f"/hop/{n}", redirect(f"/hop/{n + 1}")) for n in range(1, HOPS)]
    end = standing(f"/hop/{HOPS}", documents.release_page(scene.release))
    return _page_leads(scene.changed(*hops, end), "/hop/1")


@fault(
    "redirect-private",
    says="The page leads to an address inside the platform's own network.",
    sees="A redirect to a private address.",
    source="issue: bad input",
    calls="late",
    causes="access",
)
def redirect_private(scene: Scene, _: Random, *, to: str = "http://10.0.0.1/") -> Scene:
    return _page_leads(scene, to)


@fault(
    "redirect-file",
    says="The page leads to a file address.",
    sees="A redirect to file:///.",
    source="issue: bad input",
    calls="late",
    causes="access",
)
def redirect_file(scene: Scene, _: Random, *, to: str = "file:///etc/hostname") -> Scene:
    return _page_leads(scene, to)


@fault(
    "bot-wall-403",
    says="A new rule turns away everything that is not a browser; readers see the release.",
    sees="403 for a watcher.",
    source="detection.md 3.5",
    calls="late unknown",
    causes="walled",
)
def bot_wall_403(scene: Scene, _: Random) -> Scene:
    return _walled(scene, Content(Served.WALL, 403, b"<h1>Forbidden</h1>"))


@fault(
    "bot-wall-429",
    says="A limit on requests, set too low, turns away who asks often; readers see the release.",
    sees="429 with Retry-After for a watcher.",
    source="detection.md 3.5",
    calls="late unknown",
    causes="walled",
)
def bot_wall_429(scene: Scene, _: Random) -> Scene:
    return _walled(
        scene, Content(Served.WALL, 429, b"<h1>Slow down</h1>", headers={"Retry-After": "60"})
    )


@fault(
    "bot-challenge",
    says="Who is not a browser gets a puzzle, with status 200; readers see the release.",
    sees="200 and `checking that you are not a robot`.",
    source="detection.md 3.5",
    calls="late wrong unknown",
    causes="walled",
)
def bot_challenge(scene: Scene, _: Random, *, status: float = 200) -> Scene:
    words = "<h1>Just a moment</h1><p>Checking that you are not a robot. Enable JavaScript.</p>"
    html = page("Wall example", "Just a moment", words)
    return _walled(scene, Content(Served.WALL, int(status), html))


@fault(
    "region-differs",
    says="One region's edge is cut off from the others and keeps what it has.",
    sees="The release everywhere but at one edge.",
    source="detection.md 3.5",
    calls="partial",
    causes="regional",
)
def region_differs(scene: Scene, chance: Random, *, minutes: float | None = None) -> Scene:
    lasts = chance.uniform(5, 30) if minutes is None else minutes
    return _left_behind(scene, {chance.choice(scene.edges)}, lasts)


@fault(
    "ipv6-differs",
    says="The addresses of one protocol lead to a host that was forgotten.",
    sees="The release over IPv4, the placeholder over IPv6. Needs an edge such as ::1.",
    source="detection.md 3.5",
    calls="partial",
    causes="regional",
)
def ipv6_differs(scene: Scene, chance: Random, *, minutes: float | None = None) -> Scene:
    six = {edge for edge in scene.edges if ":" in edge}
    if not six:
        raise FaultRefused("ipv6-differs needs an edge on IPv6, such as --edge ::1")
    return _left_behind(scene, six, chance.uniform(5, 30) if minutes is None else minutes)


def _page_leads(scene: Scene, to: str) -> Scene:
    """From the instant at which the page would have turned."""
    there = redirect(to)
    found = replace(scene.page(), after=lambda _: there)
    return scene.changed(found.turned(*(turn.at for turn in scene.page().turns)))


def _walled(scene: Scene, wall: Content) -> Scene:
    since = scene.opens - timedelta(minutes=1)
    return scene.behind(
        Lens(lambda _, __: wall, since, parts=WHOLE, reaches=lambda request: not _browser(request))
    )


def _browser(request: Request) -> bool:
    return request.headers.get("user-agent", "").startswith("Mozilla/")


def _left_behind(scene: Scene, edges: set[str], minutes: float) -> Scene:
    until = scene.opens + timedelta(minutes=minutes)

    def stays(before: Content) -> Lens:
        return Lens(lambda _, __: before, scene.opens, until, edges=frozenset(edges))

    return scene.behind(
        *(
            replace(stays(resource.before), names=frozenset({resource.name}))
            for resource in scene.of(Part.PAGE, Part.FILE, Part.LISTING, Part.FEED)
        )
    )
