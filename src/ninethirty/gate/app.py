"""The gate's answer to a request: an RSGI callable for granian.

Each request reads the clock once and asks the core. Nothing else happens at T.
"""

import os
from collections import OrderedDict
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import structlog

from ninethirty.core import gate
from ninethirty.core.errors import SealBroken
from ninethirty.core.schedule import Content, Gone, Redirect
from ninethirty.core.times import Clock, Instant, clock
from ninethirty.gate.store import Store
from ninethirty.lifeline import follow_parent

STORE = "NINETHIRTY_GATE_STORE"
DRILL = "NINETHIRTY_DRILL"

KEPT_BYTES = 64 << 20
"""Small files are kept in memory up to this much, checked against their seal when read."""
SMALL_BYTES = 1 << 20

log = structlog.get_logger()

_PAGE = """<!doctype html>
<html lang="en-GB"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>body{{font:1.2rem/1.5 system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem}}
</style>
<main><h1>{title}</h1><p>{words}</p></main></html>
"""
_NOT_FOUND = _PAGE.format(
    title="There is nothing at this address",
    words="If a release is promised here, it will appear at the time announced for it.",
).encode()
_NOT_HERE_NOW = _PAGE.format(
    title="This page cannot be shown",
    words="What is stored is not what was sealed, so it is not served. We have been told.",
).encode()
_METHOD = _PAGE.format(title="Only reading is possible here", words="Use GET or HEAD.").encode()


class App:
    """Answers for one store. One per worker process."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._kept_bytes = 0

    async def __call__(self, scope: Any, protocol: Any) -> None:
        now = self._clock.now()
        if scope.proto != "http":
            return
        if scope.method not in ("GET", "HEAD"):
            self._page(protocol, scope, now, 405, _METHOD, [("allow", "GET, HEAD")])
            return
        timeline = self._store.timeline(scope.path)
        found = gate.answer(timeline, now)
        if found is None:
            # 404, not 403, and the same for every path: nothing tells that a file is waiting.
            lifetime = gate.max_age(now, self._store.next_opening(now), absent=True)
            self._page(protocol, scope, now, 404, _NOT_FOUND, [_lifetime(lifetime)])
            return
        lifetime = gate.max_age(now, gate.next_change(timeline, now))
        match found:
            case Redirect(location):
                headers = [("location", location), _lifetime(lifetime)]
                self._page(protocol, scope, now, 301, b"", headers)
            case Gone(reason):
                words = _PAGE.format(title="Withdrawn", words=_escaped(reason)).encode()
                self._page(protocol, scope, now, 410, words, [_lifetime(lifetime)])
            case Content():
                opened = max(o.opens for o in timeline if o.opens <= now)
                self._content(protocol, scope, now, found, opened, lifetime)

    def _content(
        self, protocol: Any, scope: Any, now: Instant, found: Content, opened: Instant, age: int
    ) -> None:
        tag = f'"{found.digest}"'
        headers = [
            ("date", _http_date(now)),
            ("last-modified", _http_date(opened)),
            ("etag", tag),
            _lifetime(age),
            ("x-content-type-options", "nosniff"),
        ]
        asked = scope.headers.get("if-none-match", "")
        if tag in (part.strip().removeprefix("W/") for part in asked.split(",")):
            protocol.response_empty(304, headers)
            return
        headers += [
            ("content-type", found.media_type),
            ("content-length", str(found.size_bytes)),
        ]
        if found.media_type.startswith("text/html"):
            headers.append(("content-security-policy", "script-src 'none'; object-src 'none'"))
        if scope.method == "HEAD":
            protocol.response_empty(200, headers)
        elif found.size_bytes > SMALL_BYTES:
            protocol.response_file(200, headers, str(self._store.place(found.digest)))
        else:
            try:
                protocol.response_bytes(200, headers, self._small(found.digest))
            except (SealBroken, OSError) as broken:
                log.error("gate.seal_broken", path=scope.path, reason=str(broken))
                never = [("cache-control", "no-store")]
                self._page(protocol, scope, now, 500, _NOT_HERE_NOW, never)

    def _small(self, name: str) -> bytes:
        kept = self._kept.get(name)
        if kept is not None:
            self._kept.move_to_end(name)
            return kept
        content = self._store.read(name)
        self._kept[name] = content
        self._kept_bytes += len(content)
        while self._kept_bytes > KEPT_BYTES:
            _, dropped = self._kept.popitem(last=False)
            self._kept_bytes -= len(dropped)
        return content

    def _page(
        self,
        protocol: Any,
        scope: Any,
        now: Instant,
        status: int,
        body: bytes,
        headers: list[tuple[str, str]],
    ) -> None:
        headers = [
            ("date", _http_date(now)),
            ("content-type", "text/html; charset=utf-8"),
            ("content-length", str(len(body))),
            ("x-content-type-options", "nosniff"),
            *headers,
        ]
        if scope.method == "HEAD":
            protocol.response_empty(status, headers)
        else:
            protocol.response_bytes(status, headers, body)


def make() -> App:
    """What granian calls in each worker."""
    follow_parent()
    drill = os.environ.get(DRILL)
    app = App(Store(Path(os.environ[STORE])), clock(Path(drill) if drill else None))
    print("ready", flush=True)  # granian has bound the port before it makes its workers
    return app


def _lifetime(seconds: int) -> tuple[str, str]:
    return ("cache-control", f"public, max-age={seconds}, must-revalidate")


def _http_date(instant: Instant) -> str:
    return format_datetime(instant, usegmt=True)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
