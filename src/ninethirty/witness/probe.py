"""One look: ask for a part of a release, and write down what was there."""

import re
import secrets
from collections.abc import Mapping

from ninethirty.core.document import digest
from ninethirty.core.errors import Malformed
from ninethirty.core.page import visible_text
from ninethirty.core.sighting import Sighting, Trouble, View
from ninethirty.core.times import Clock
from ninethirty.core.watch import Channel, Part, WatchOrder
from ninethirty.witness.transfer import Answer, Vantage, fetch


class Probe:
    """The eyes of one witness.

    clock_offset_ms: how far its clock is known to be off, said with every sighting.
    """

    def __init__(
        self,
        *,
        witness: str,
        network: str,
        vantage: Vantage,
        clock: Clock,
        clock_offset_ms: int = 0,
    ) -> None:
        self._witness = witness
        self._network = network
        self._vantage = vantage
        self._clock = clock
        self._clock_offset_ms = clock_offset_ms

    def look(self, order: WatchOrder, channel: Channel, part: Part, view: View) -> Sighting:
        """Takes up to three real seconds. Never raises for what the other side does."""
        url = busted(part.url) if view is View.BUSTED else part.url
        started = self._clock.now()
        answer = fetch(url, self._vantage)
        ended = self._clock.now()
        # What came of a body that was cut off could be mistaken for the whole.
        complete = answer.trouble is Trouble.NONE
        text = page_text(answer) if complete and part.is_page else ""
        return Sighting(
            witness=self._witness,
            network=self._network,
            release=order.release,
            channel=channel.name,
            part=part.name,
            view=view,
            started=started,
            ended=ended,
            trouble=answer.trouble,
            status=answer.status,
            digest=digest(answer.body) if complete else "",
            # Only a strange charset can make words that UTF-8 has no bytes for.
            text_digest=digest(text.encode(errors="replace")) if complete and part.is_page else "",
            placeholder=says_not_yet(text, order.placeholder),
            size_bytes=len(answer.body),
            peer=answer.peer,
            clock_offset_ms=self._clock_offset_ms,
            headers=answer.headers,
        )


def busted(url: str) -> str:
    """The same address with a query nobody has used before."""
    base, _, _ = url.partition("#")
    joint = "&" if "?" in base else "?"
    return f"{base}{joint}look={secrets.token_hex(8)}"


def page_text(answer: Answer) -> str:
    try:
        html = answer.body.decode(_charset(answer.headers), errors="replace")
    except (LookupError, ValueError):
        # A charset that is not one.
        html = answer.body.decode(errors="replace")
    try:
        return visible_text(html)
    except Malformed:
        return ""  # more tags than any page of statistics: not the release


def says_not_yet(text: str, phrases: tuple[str, ...]) -> bool:
    folded = text.casefold()
    return any(phrase.casefold() in folded for phrase in phrases)


def _charset(headers: Mapping[str, str]) -> str:
    found = re.search(r"charset=\"?([\w.:-]+)", headers.get("content-type", ""), re.IGNORECASE)
    return found[1] if found else "utf-8"
