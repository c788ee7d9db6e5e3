"""One look: ask for a part of a release, and write down what was there."""

import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass
from importlib.metadata import version
from urllib.parse import urljoin

from ninethirty.core.sighting import Family, Hop, Sighting, Trouble, View
from ninethirty.core.times import Clock, Instant
from ninethirty.core.watch import Part, WatchOrder
from ninethirty.witness.ask import Answer, Question, ask
from ninethirty.witness.loop import Loop
from ninethirty.witness.onward import host_of
from ninethirty.witness.reading import Reading, Sought
from ninethirty.witness.transfer import Vantage, limits_of

SOFTWARE = f"ninethirty {version('ninethirty')}"

Done = Callable[[Sighting, Reading, Answer], None]


@dataclass(frozen=True)
class Look:
    """What to look at, and how. address: where the part is by the platform's own word, if that is
    another than the order names."""

    order: WatchOrder
    channel: str
    page_url: str
    part: Part
    view: View
    decoy: str = ""
    address: str = ""


class Probe:
    """The eyes of one witness.

    clock_offset_ms: how far its clock is off now, said with every sighting. allowed: hosts that a
    redirect may lead to although they are inside the network. record: have the requests' bytes
    too.
    """

    def __init__(
        self,
        *,
        witness: str,
        network: str,
        vantage: Vantage,
        clock: Clock,
        clock_offset_ms: Callable[[], int] = lambda: 0,
        allowed: Collection[str] = (),
        record: bool = False,
    ) -> None:
        self.witness = witness
        self.network = network
        self._vantage = vantage
        self._clock = clock
        self._clock_offset_ms = clock_offset_ms
        self._allowed = frozenset(allowed)
        self._record = record

    def look(self, loop: Loop, look: Look, done: Done) -> None:
        """`done` is called from a later turn of the loop. Never raises for what the other side
        does."""
        address = look.address or look.part.url
        url = busted(address) if look.view is View.BUSTED else address
        sought = Sought(look.part, look.page_url, look.order.placeholder, look.decoy)
        started = self._clock.now()

        def answered(answer: Answer) -> None:
            ended = self._clock.now()

            def have_read(reading: Reading) -> None:
                done(self._sighting(look, answer, reading, started, ended), reading, answer)

            loop.read(answer.last, sought, have_read)

        ask(loop.traffic, self._question(url, look), answered)

    def _question(self, url: str, look: Look) -> Question:
        known = self._allowed | {host_of(look.part.url), host_of(look.page_url)}
        return Question(url, self._vantage, limits_of(look.part), known, self._record)

    def _sighting(
        self, look: Look, answer: Answer, reading: Reading, started: Instant, ended: Instant
    ) -> Sighting:
        last = answer.last
        # What came of a body that was cut off could be mistaken for the whole.
        whole = answer.trouble is Trouble.NONE
        return Sighting(
            witness=self.witness,
            network=self.network,
            release=look.order.release,
            channel=look.channel,
            part=look.part.name,
            view=look.view,
            started=started,
            ended=ended,
            family=_family(last.peer),
            trouble=answer.trouble,
            status=last.status,
            digest=last.body.digest if whole else "",
            text_digest=reading.text_digest if whole else "",
            placeholder=reading.placeholder,
            signs=reading.signs,
            similar_permille=reading.similar_permille,
            home=reading.home,
            mentions=reading.mentions,
            size_bytes=last.body.size,
            hops=tuple(Hop(hop.status, hop.url, hop.headers) for hop in answer.hops[:-1]),
            headers=last.headers,
            peer=last.peer,
            phases_ms=last.phases,
            clock_offset_ms=self._clock_offset_ms(),
            software=SOFTWARE,
            reported=reading.reported,
        )


def busted(url: str) -> str:
    """The same address with a query nobody has used before."""
    base, _, _ = url.partition("#")
    joint = "&" if "?" in base else "?"
    return f"{base}{joint}look={secrets.token_hex(8)}"


def beside(url: str) -> str:
    """An address that nobody has made, in the same folder: what is there when nothing is."""
    return urljoin(url, f"no-such-page-{secrets.token_hex(8)}")


def _family(peer: str) -> Family:
    if not peer:
        return Family.NONE
    return Family.V6 if ":" in peer else Family.V4
