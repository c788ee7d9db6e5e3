"""A watch shown to a person in a terminal, or as lines to a program."""

import json
from collections import deque
from collections.abc import Sequence
from datetime import timedelta
from typing import TextIO

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from ninethirty.core.cause import Cause
from ninethirty.core.delay import drawn
from ninethirty.core.finding import GOOD, classify
from ninethirty.core.sighting import Sighting, View, document
from ninethirty.core.times import Instant, WallTime, at_local
from ninethirty.core.verdict import Call, Verdict
from ninethirty.core.watch import CONTROL, Part, Sort, WatchOrder
from ninethirty.witness.verdicts import verdict_document

COLOURS = {
    Call.WAITING: "cyan",
    Call.ON_TIME: "bold green",
    Call.RECOVERED: "bold green",
    Call.LATE_PROVISIONAL: "bold yellow",
    Call.UNKNOWN: "bold yellow",
}
FAILED_COLOUR = "bold red"

WORDS = {
    Call.WAITING: "waiting",
    Call.EARLY: "EARLY",
    Call.ON_TIME: "ON TIME",
    Call.LATE_PROVISIONAL: "LATE, not yet confirmed",
    Call.LATE: "LATE",
    Call.PARTIAL: "PARTIAL",
    Call.WRONG: "WRONG",
    Call.UNKNOWN: "UNKNOWN",
    Call.RECOVERED: "RECOVERED",
}

NEWS = 8


class Lines:
    """Canonical enough for a program: one JSON object on each line."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def sighting(self, sighting: Sighting) -> None:
        self._write({"sighting": document(sighting)})

    def verdict(self, verdict: Verdict, now: Instant, *, final: bool) -> None:
        said = {**verdict_document(verdict), "reason": verdict.reason}
        self._write({"verdict": said, "at": now.text(), "final": final})

    def tick(self, now: Instant) -> None: ...

    def close(self) -> None: ...

    def _write(self, value: dict[str, object]) -> None:
        self._out.write(json.dumps(value, ensure_ascii=False) + "\n")
        self._out.flush()


class Board:
    """What was last seen of each part by each witness, and the verdict, kept up to date."""

    def __init__(
        self,
        order: WatchOrder,
        opens: WallTime,
        key: bytes | None,
        console: Console,
        past: Sequence[timedelta | None] = (),
    ) -> None:
        """past: delays of earlier releases on this platform."""
        policy = order.policy
        self._graces = drawn(past, policy.provisional_after, policy.confirmed_after)
        self._order = order
        self._opens = opens
        self._key = key
        self._last: dict[tuple[str, str, View], Sighting] = {}
        self._witnesses: dict[str, None] = {}
        self._looks = 0
        self._verdict: Verdict | None = None
        self._news: deque[Text] = deque(maxlen=NEWS)
        self._console = console
        self._live = Live(console=console, auto_refresh=False, transient=False)
        self._live.start()

    def sighting(self, sighting: Sighting) -> None:
        self._looks += 1
        self._witnesses[sighting.witness] = None
        self._last[sighting.witness, sighting.part, sighting.view] = sighting

    def verdict(self, verdict: Verdict, now: Instant, *, final: bool) -> None:
        self._verdict = verdict
        line = Text(f"{self._clock(now)}  ")
        line.append(WORDS[verdict.call], _colour(verdict.call))
        line.append(f"  {verdict.reason}")
        self._news.append(line)
        if final:
            self.tick(now)

    def tick(self, now: Instant) -> None:
        self._live.update(self.drawn(now), refresh=True)

    def close(self) -> None:
        self._live.stop()

    def drawn(self, now: Instant) -> Group:
        channel = self._order.channels[0]
        head = Text.assemble((channel.page.url, "bold"), f"\nopens {self._opens}, ")
        head.append(_distance(now - self._order.opens))
        head.append(f"  ·  {self._looks} looks\n")
        head.append(self._graces, "dim")
        table = Table(box=None, pad_edge=False)
        table.add_column("part", no_wrap=True, max_width=32)
        for name in self._witnesses:
            table.add_column(name, no_wrap=True)
        parts = (*channel.parts, *channel.notices, *channel.records)
        rows = [(part, View.USER, part.name) for part in parts]
        if channel.cache_busting:
            rows.insert(1, (channel.page, View.BUSTED, "page, past caches"))
        rows += [(part, View.USER, part.name) for part in self._order.controls]
        for part, view, label in rows:
            cells = [self._cell(name, part, view, now) for name in self._witnesses]
            table.add_row(label, *cells)
        return Group(head, Text(), table, Text(), *self._news)

    def _cell(self, witness: str, part: Part, view: View, now: Instant) -> Text:
        look = self._last.get((witness, part.name, view))
        if look is None:
            return Text("—", "dim")
        ago = max(0, (now - look.ended) // timedelta(seconds=1))
        if look.reported:
            right, words = True, look.reported.document_type
        elif look.channel == CONTROL or part.sort is Sort.RECORD:
            right, words = look.status == 200, str(look.status or look.trouble)
        else:
            found = classify(look, part, self._key)
            right, words = found.counts in GOOD, str(found)
        return Text.assemble((words, "green" if right else "red"), (f" {ago} s ago", "dim"))

    def _clock(self, now: Instant) -> str:
        return at_local(now, self._opens.zone).strftime("%H:%M:%S")


def _colour(call: Call) -> str:
    return COLOURS.get(call, FAILED_COLOUR)


def _distance(since: timedelta) -> str:
    sign = "T-" if since < timedelta(0) else "T+"
    seconds = abs(since) // timedelta(seconds=1)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"now {sign}{hours:02}:{minutes:02}:{seconds:02}"


def summary(verdict: Verdict, channel_url: str, reasons: Sequence[str] = ()) -> str:
    """The verdict in a few lines, for after the board."""
    said = [f"{WORDS[verdict.call]}: {channel_url}", *(f"  {why}" for why in verdict.reasons)]
    said += [f"  {what}; the last edition, or a draft?" for what in verdict.stood]
    said += [f"  {what}" for what in verdict.platform]
    if verdict.single:
        said.append("  single witness: it may be the witness that is wrong")
    if not verdict.compared:
        said.append("  content not compared: presence was all there was to go by")
    if verdict.cause is not Cause.NOT_KNOWN:
        said.append(f"  cause: {verdict.cause}")
    if verdict.heals:
        said.append(f"  caches should let go by {verdict.heals.by.text()}")
    for name, seen in (("first seen", verdict.first_seen), ("seen by all", verdict.seen_by_all)):
        if seen:
            after = f"after {seen.after.text()}, " if seen.after else ""
            said.append(f"  {name}: {after}by {seen.by.text()}")
    if verdict.resolution is not None:
        said.append(f"  looked every {verdict.resolution.total_seconds():.1f} s")
    return "\n".join([*said, *(f"  {why}" for why in reasons)])
