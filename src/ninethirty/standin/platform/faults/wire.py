"""Below and around HTTP: connections, certificates, and bodies that are weapons."""

import zlib
from dataclasses import replace
from datetime import timedelta
from functools import cache
from random import Random

from ninethirty.standin.exchange import Endless, Reset, Silence
from ninethirty.standin.platform.content import WHOLE, Content, Outcome, Part, Served
from ninethirty.standin.platform.faults.registry import fault
from ninethirty.standin.platform.scene import Lens, Outage, Scene, Wire, trouble

PIECE = b"0123456789abcdef" * 4096
TWO_GB = 2_000_000_000
BOMB_BYTES = 1_000_000_000


@fault(
    "server-error",
    says="The platform answers every request with an error.",
    sees="500, 502 or 503 everywhere from T on.",
    source="detection.md 3.5",
    calls="late",
    causes="outage platform_outage",
)
def server_error(
    scene: Scene, chance: Random, *, status: float | None = None, minutes: float | None = None
) -> Scene:
    said = trouble(int(chance.choice([500, 502, 503]) if status is None else status))
    lasts = timedelta(minutes=chance.uniform(2, 30) if minutes is None else minutes)
    outage = Outage(scene.opens - timedelta(seconds=1), scene.opens + lasts, said)
    return replace(scene, outages=(*scene.outages, outage))


@fault(
    "slow-first-byte",
    says="Every answer takes four seconds to begin.",
    sees="A first byte after more than 3 s: no answer for who waits 3 s, and right for who waits.",
    source="detection.md 3.5",
    calls="late unknown",
    causes="outage",
)
def slow_first_byte(scene: Scene, _: Random, *, seconds: float = 4) -> Scene:
    late = timedelta(seconds=seconds)
    return scene.behind(
        Lens(lambda content, _: replace(content, first_byte_after=late), scene.opens, parts=WHOLE)
    )


@fault(
    "silence",
    says="Connections are taken, and nothing is ever said.",
    sees="A time-out waiting for the first byte.",
    source="issue: bad input",
    calls="late",
    causes="outage platform_outage",
)
def silence(scene: Scene, chance: Random, *, minutes: float | None = None) -> Scene:
    return _instead(scene, Silence(), chance, minutes)


@fault(
    "tcp-reset",
    says="Connections are torn down as soon as something is asked.",
    sees="A reset.",
    source="detection.md 3.5",
    calls="late",
    causes="outage platform_outage",
)
def tcp_reset(scene: Scene, chance: Random, *, minutes: float | None = None) -> Scene:
    return _instead(scene, Reset(), chance, minutes)


@fault(
    "endless-bytes",
    says="The page never ends.",
    sees="Bytes for as long as anybody reads.",
    source="issue: bad input",
    calls="late wrong",
    causes="outage content",
)
def endless_bytes(scene: Scene, _: Random) -> Scene:
    return _page_is(scene, Endless(PIECE, {"Content-Type": "text/html"}))


@fault(
    "huge-file",
    says="One file has become 2 GB long.",
    sees="The right page, and a file far longer than was sealed.",
    source="issue: bad input",
    calls="wrong partial",
    causes="content",
)
def huge_file(scene: Scene, chance: Random, *, size_bytes: float = TWO_GB) -> Scene:
    name = chance.choice(scene.of(Part.FILE)).name
    huge = Endless(PIECE, {"Content-Type": "text/csv"}, int(size_bytes))
    return scene.behind(Lens(lambda _, __: huge, scene.opens, names=frozenset({name})))


@fault(
    "gzip-bomb",
    says="The page is a megabyte of gzip that unpacks to a gigabyte.",
    sees="Content-Encoding: gzip, whatever was accepted.",
    source="issue: bad input",
    calls="late wrong",
    causes="content outage",
)
def gzip_bomb(scene: Scene, _: Random) -> Scene:
    body = _bomb()
    packed = Content(Served.OTHER, body=body, headers={"Content-Encoding": "gzip"})
    return _page_is(scene, packed)


@fault(
    "tcp-refused",
    says="Nothing listens.",
    sees="Connection refused at every edge, before T too.",
    source="detection.md 3.5",
    calls="late",
    causes="outage platform_outage",
)
def tcp_refused(scene: Scene, _: Random) -> Scene:
    return _wired(scene, Wire.REFUSED)


@fault(
    "tcp-timeout",
    says="Packets are dropped.",
    sees="A time-out while connecting to any edge, before T too.",
    source="detection.md 3.5",
    calls="late",
    causes="outage platform_outage",
)
def tcp_timeout(scene: Scene, _: Random) -> Scene:
    return _wired(scene, Wire.DEAF)


@fault(
    "tls-expired",
    says="The certificate ran out yesterday.",
    sees="TLS: expired.",
    source="detection.md 3.5",
    calls="late",
    causes="tls platform_outage",
)
def tls_expired(scene: Scene, _: Random) -> Scene:
    return _wired(scene, Wire.TLS_EXPIRED)


@fault(
    "tls-wrong-name",
    says="The certificate is another host's.",
    sees="TLS: no matching name.",
    source="detection.md 3.5",
    calls="late",
    causes="tls platform_outage",
)
def tls_wrong_name(scene: Scene, _: Random) -> Scene:
    return _wired(scene, Wire.TLS_NAME)


@fault(
    "tls-untrusted",
    says="The certificate was signed by nobody known.",
    sees="TLS: untrusted chain.",
    source="detection.md 3.5",
    calls="late",
    causes="tls platform_outage",
)
def tls_untrusted(scene: Scene, _: Random) -> Scene:
    return _wired(scene, Wire.TLS_CHAIN)


def _instead(scene: Scene, outcome: Outcome, chance: Random, minutes: float | None) -> Scene:
    """All parts, from a second before T on."""
    since = scene.opens - timedelta(seconds=1)
    until = scene.opens + timedelta(minutes=chance.uniform(2, 30) if minutes is None else minutes)
    return scene.behind(Lens(lambda _, __: outcome, since, until, parts=WHOLE))


def _page_is(scene: Scene, outcome: Outcome) -> Scene:
    return scene.behind(Lens(lambda _, __: outcome, scene.opens, parts=frozenset({Part.PAGE})))


def _wired(scene: Scene, wire: Wire) -> Scene:
    return replace(scene, wire=dict.fromkeys(scene.edges, wire))


@cache
def _bomb() -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    zeros = bytes(1_000_000)
    pieces = [packer.compress(zeros) for _ in range(BOMB_BYTES // len(zeros))]
    return b"".join(pieces) + packer.flush()
