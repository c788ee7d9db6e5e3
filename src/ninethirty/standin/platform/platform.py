"""A publishing platform the producer does not control: an upload API, an origin, caches in front.

A public request goes edge -> inner cache -> origin. Keys keep the query, so an address with a query
nobody used before is answered by the origin. Nothing happens between requests: what the platform
and its public would have done since the last one is worked out from the time when the next comes.
"""

import threading
from collections.abc import Sequence
from datetime import UTC, timedelta

from ninethirty.core.times import Clock, Instant
from ninethirty.standin import exchange
from ninethirty.standin.access import carries
from ninethirty.standin.exchange import Reply, Request, as_json, http_date
from ninethirty.standin.log import Writes
from ninethirty.standin.platform.content import Content, Outcome
from ninethirty.standin.platform.faults import Chosen, composed
from ninethirty.standin.platform.layers import Given, Layers
from ninethirty.standin.platform.scene import Resource, Scene, good_day, standing
from ninethirty.standin.platform.scheduled import Scheduled
from ninethirty.standin.platform.truth import Census, by_the_public, served
from ninethirty.standin.platform.upload import UploadRefused, scheduled

UPLOAD = "/private/scheduled/"


class Platform:
    """`edges` are its public addresses; the first is the front, which appears in its URLs.

    token: what an upload must show; None takes no uploads.
    """

    def __init__(
        self,
        *,
        edges: Sequence[str],
        seed: int,
        faults: Sequence[Chosen],
        clock: Clock,
        log: Writes,
        token: str | None = None,
    ) -> None:
        self._names = {host: f"edge-{n}" for n, host in enumerate(dict.fromkeys(edges), start=1)}
        self._front = edges[0]
        self._token = token
        self._seed = seed
        self._faults = tuple(faults)
        self._clock = clock
        self._log = log
        self._scenes: dict[str, Scene] = {}
        self._layers = Layers(self._names)
        self._census = Census(self._names, self._layers, log)
        self._caught_up: Instant | None = None
        self._lock = threading.Lock()

    def __call__(self, request: Request) -> exchange.Outcome:
        with self._lock:
            # Read inside the lock, so that time never runs backwards from one answer to the next.
            return self.answer(request, self._clock.now())

    def put(self, release: Scheduled, now: Instant) -> Scene:
        """Schedule it, or replace what the same address held.

        Raises FaultRefused for a fault that these edges cannot have.
        """
        self.catch_up(now)
        scene = composed(good_day(release, self._names), self._faults, self._seed)
        self._scenes[release.path] = scene
        files = sorted(release.files)
        opens = release.opens.text()
        self._log.write(now, "uploaded", slug=release.slug, opens=opens, files=files)
        self._census.begin(scene, now)
        self._caught_up = now
        return scene

    def answer(self, request: Request, now: Instant) -> exchange.Outcome:
        """As of an instant not before the last one. Reads no clock."""
        self.catch_up(now)
        if request.path.startswith(UPLOAD) and self._token is not None:
            return self._upload(request, now)
        if request.method not in {"GET", "HEAD"}:
            return Reply(405, headers={"Allow": "GET, HEAD"})
        return self._serve(request, now)

    def catch_up(self, now: Instant) -> None:
        """Let happen, in order, what was to happen since the last answer."""
        since = self._caught_up
        if since is None or since >= now:
            return
        self._caught_up = now
        for scene in self._scenes.values():
            begin = since
            lost = scene.lifetimes.lost_from
            if lost is not None and since < lost <= now:
                self._visits(scene, since, lost)
                self._census.until(lost, scene)
                self._layers.forget_inside()
                self._log.write(lost, "countdown_cleared", slug=scene.release.slug)
                begin = lost
            self._visits(scene, begin, now)
            self._census.until(now, scene)

    def _visits(self, scene: Scene, since: Instant, until: Instant) -> None:
        due = [visit for visit in scene.visits if since <= visit.at < until]
        for visit in sorted(due, key=lambda visit: visit.at):
            self._census.until(visit.at, scene)
            self._serve(by_the_public(visit.edge, visit.path), visit.at)

    def _upload(self, request: Request, now: Instant) -> Reply:
        if not carries(request, self._token or ""):
            return as_json(401, {"error": "wrong or missing token"})
        if request.method != "PUT":
            return Reply(405, headers={"Allow": "PUT"})
        try:
            slug = request.path.removeprefix(UPLOAD)
            release = scheduled(slug, request.document(), self._seed)
        except UploadRefused as refused:
            return as_json(400, {"error": str(refused)})
        self.put(release, now)
        site = f"http://{self._front}:{request.port}"
        files = {name: site + path for name, path in release.file_paths().items()}
        return as_json(201, {"url": site + release.path, "files": files})

    def _serve(self, request: Request, now: Instant) -> exchange.Outcome:
        scene, resource = self._found(request.path)
        given = self._layers.given(scene, resource, request, now)
        outcome = scene.seen(resource, request, given.content, now)
        self._note(request, resource, outcome, given, now)
        if given.how == "stale":
            self._census.look_again(now, scene)
        if not isinstance(outcome, Content):
            return outcome
        return Reply(
            outcome.status,
            outcome.body,
            {
                "Date": http_date(now),
                "Content-Type": outcome.content_type,
                "Cache-Control": _cache_control(scene, given),
                "Age": str(given.kept.age(now)),
                "X-Cache": given.how.upper(),
                "X-Served-By": self._names[request.address],
                **outcome.headers,
            },
            outcome.first_byte_after.total_seconds(),
            outcome.missing_bytes,
        )

    def _found(self, path: str) -> tuple[Scene, Resource]:
        for scene in self._scenes.values():
            if path in scene.resources:
                return scene, scene.resources[path]
        scene = next(iter(self._scenes.values()), _EMPTY)
        return scene, standing(path, scene.absent)

    def _note(
        self, request: Request, resource: Resource, outcome: Outcome, given: Given, now: Instant
    ) -> None:
        seen = outcome if isinstance(outcome, Content) else None
        self._log.write(
            now,
            "request",
            edge=self._names[request.address],
            address=request.address,
            client=request.client,
            method=request.method,
            path=request.path,
            query=request.query,
            busted=bool(request.query),
            part=resource.part,
            status=seen.status if seen else 0,
            served=served(outcome),
            right=bool(seen and seen.right),
            cache=given.how,
            filled_at=given.kept.filled_at.text(),
        )


_EMPTY = Scene(Scheduled("", "", Instant(1970, 1, 1, tzinfo=UTC), "", {}, ""), (), {})


def _cache_control(scene: Scene, given: Given) -> str:
    said = f"max-age={given.kept.answer.lifetime // timedelta(seconds=1)}"
    longer = scene.lifetimes.stale_while_revalidate // timedelta(seconds=1)
    return f"{said}, stale-while-revalidate={longer}" if longer else said
