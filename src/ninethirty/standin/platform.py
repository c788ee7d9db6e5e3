"""A publishing platform the producer does not control: an upload API, an origin, caches in front.

A public request goes edge -> inner cache -> origin. Keys keep the query, so an address with a query
nobody used before is answered by the origin. Nothing happens between requests: what the platform
would have done by itself since the last one is worked out from the time when the next one comes.
"""

import threading
from collections.abc import Sequence
from datetime import timedelta

from ninethirty.core.times import Clock, Instant
from ninethirty.standin.access import carries
from ninethirty.standin.cache import Cache, Kept
from ninethirty.standin.exchange import Reply, Request, as_json, http_date
from ninethirty.standin.faults import CountdownLost
from ninethirty.standin.log import Log
from ninethirty.standin.origin import Answer, Origin, Served
from ninethirty.standin.upload import UploadRefused, scheduled

UPLOAD = "/private/scheduled/"


class Platform:
    """`edges` are its public addresses; the first is the front, which appears in its URLs."""

    def __init__(
        self,
        *,
        edges: Sequence[str],
        token: str,
        seed: int,
        fault: CountdownLost | None,
        clock: Clock,
        log: Log,
    ) -> None:
        self._names = {host: f"edge-{n}" for n, host in enumerate(dict.fromkeys(edges), start=1)}
        self._front = edges[0]
        self._token = token
        self._seed = seed
        self._fault = fault
        self._clock = clock
        self._log = log
        self._origin = Origin()
        self._edges: dict[str, Cache[Answer]] = {host: Cache() for host in self._names}
        self._inner: Cache[Answer] = Cache()
        self._cleared: set[tuple[str, Instant]] = set()
        self._lock = threading.Lock()

    def __call__(self, request: Request) -> Reply:
        with self._lock:
            # Read inside the lock, so that time never runs backwards from one answer to the next.
            now = self._clock.now()
            self._catch_up(now)
            if request.path.startswith(UPLOAD):
                return self._upload(request, now)
            if request.method not in {"GET", "HEAD"}:
                return Reply(405, headers={"Allow": "GET, HEAD"})
            return self._serve(request, now)

    def _catch_up(self, now: Instant) -> None:
        if self._fault is None:
            return
        for page in self._origin.pages():
            promise = (page.slug, page.opens)
            if promise not in self._cleared and self._fault.has_lost(page.opens, now):
                self._cleared.add(promise)
                self._inner.clear()
                lost_at = self._fault.lost_at(page.opens)
                self._log.write(lost_at, "countdown_cleared", slug=page.slug)

    def _upload(self, request: Request, now: Instant) -> Reply:
        if not carries(request, self._token):
            return as_json(401, {"error": "wrong or missing token"})
        if request.method != "PUT":
            return Reply(405, headers={"Allow": "PUT"})
        try:
            slug = request.path.removeprefix(UPLOAD)
            page = scheduled(slug, request.document(), self._seed)
        except UploadRefused as refused:
            return as_json(400, {"error": str(refused)})
        self._origin.put(page)
        self._log.write(
            now, "uploaded", slug=page.slug, opens=page.opens.text(), files=sorted(page.files)
        )
        site = f"http://{self._front}:{request.port}"
        files = {name: site + path for name, path in page.file_paths().items()}
        return as_json(201, {"url": site + page.path, "files": files})

    def _serve(self, request: Request, now: Instant) -> Reply:
        key = f"{request.path}?{request.query}"
        edge = self._edges[request.address]
        kept = edge.lookup(key, now)
        hit = kept is not None
        if kept is None:
            answer = self._from_inner(key, request.path, now)
            kept = edge.fill(key, answer, now, answer.lifetime)
        self._note(request, kept, hit, now)
        return Reply(
            kept.answer.status,
            kept.answer.body,
            {
                "Date": http_date(now),
                "Content-Type": kept.answer.content_type,
                "Cache-Control": f"max-age={kept.answer.lifetime // timedelta(seconds=1)}",
                "Age": str(kept.age(now)),
                "X-Cache": "HIT" if hit else "MISS",
                "X-Served-By": self._names[request.address],
            },
        )

    def _from_inner(self, key: str, path: str, now: Instant) -> Answer:
        kept = self._inner.lookup(key, now)
        if kept is None:
            answer, lifetime = self._from_origin(path, now)
            kept = self._inner.fill(key, answer, now, lifetime)
        return kept.answer

    def _from_origin(self, path: str, now: Instant) -> tuple[Answer, timedelta]:
        """The answer, and how long the inner cache will keep it."""
        page = self._origin.scheduled(path)
        if page is None or self._fault is None:
            answer = self._origin.answer(path, now, countdown=True)
            return answer, answer.lifetime
        lost = self._fault.has_lost(page.opens, now)
        answer = self._origin.answer(path, now, countdown=not lost)
        hold = self._fault.inner_hold(page.opens, now)
        if hold is None or answer.served is Served.ABSENT:
            return answer, answer.lifetime
        return answer, hold

    def _note(self, request: Request, kept: Kept[Answer], hit: bool, now: Instant) -> None:
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
            status=kept.answer.status,
            served=kept.answer.served,
            cache="hit" if hit else "miss",
            filled_at=kept.filled_at.text(),
        )
