"""A day on a platform, played at simulated time and without a socket."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from ninethirty.core.times import Instant
from ninethirty.standin.exchange import Outcome, Reply, Request
from ninethirty.standin.log import Memory
from ninethirty.standin.platform.content import Part
from ninethirty.standin.platform.example import example
from ninethirty.standin.platform.faults import chosen
from ninethirty.standin.platform.platform import Platform
from ninethirty.standin.platform.scene import Scene
from ninethirty.standin.platform.truth import BROWSER, Truth
from tests.standin.drill import HALF_PAST, Hands, at

EDGES = ("127.0.0.1", "127.0.0.2", "127.0.0.3")
A, B, C = EDGES


@dataclass
class Day:
    """Ask in the order of time."""

    platform: Platform
    scene: Scene
    log: Memory
    asked: int = field(default=0)

    @classmethod
    def of(
        cls,
        *faults: str,
        seed: int = 1,
        edges: tuple[str, ...] = EDGES,
        begins: Instant | None = None,
    ) -> "Day":
        log = Memory()
        begins = begins or at(minutes=-15)
        platform = Platform(
            edges=edges,
            seed=seed,
            faults=[chosen(name) for name in faults],
            clock=Hands(begins),
            log=log,
        )
        scene = platform.put(example(HALF_PAST, seed), begins)
        return cls(platform, scene, log)

    def path(self, name: str) -> str:
        """By the name of a resource, a file's being its file name."""
        return next(path for path, r in self.scene.resources.items() if r.name == name)

    def file(self) -> str:
        return self.scene.of(Part.FILE)[0].path

    def files(self) -> list[str]:
        return [resource.path for resource in self.scene.of(Part.FILE)]

    def outcome(
        self, now: Instant, path: str = "", edge: str = A, query: str = "", agent: str = BROWSER
    ) -> Outcome:
        headers = {"user-agent": agent}
        request = Request(
            "GET", path or self.scene.release.path, query, headers, b"", "reader", edge, 80
        )
        return self.platform.answer(request, now)

    def ask(
        self, now: Instant, path: str = "", edge: str = A, query: str = "", agent: str = BROWSER
    ) -> Reply:
        outcome = self.outcome(now, path, edge, query, agent)
        assert isinstance(outcome, Reply), outcome
        return outcome

    def busted(self, now: Instant, path: str = "") -> Reply:
        self.asked += 1
        return self.ask(now, path, query=f"look={self.asked}")

    def says(self, now: Instant, path: str = "", edge: str = A) -> str:
        """What is at an address, as its reader would put it."""
        return words(self.ask(now, path, edge))

    def truth(self, until: Instant) -> Truth:
        self.platform.catch_up(until)
        return Truth.read(self.log.lines)


def words(reply: Reply) -> str:
    if reply.status in {301, 302}:
        return f"to {reply.headers['Location']}"
    if reply.status != 200:
        return str(reply.status)
    if b"Coming soon" in reply.body:
        return "placeholder"
    return "release" if b"There were" in reply.body else "something else"


def seconds(first: float, last: float, step: float = 1) -> Iterator[Instant]:
    """From T + first to T + last."""
    for n in range(int((last - first) / step) + 1):
        yield HALF_PAST + timedelta(seconds=first + n * step)
