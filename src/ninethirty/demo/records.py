"""What the stand-ins and the independent reader wrote down during the day."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ninethirty.core.times import Instant
from ninethirty.demo.stage_set import EDGES, StageSet

SAID_ON = ("x", "linkedin", "news")
"""Channels that keep their own record of posts; the feed is read by the reader."""

Line = dict[str, Any]


@dataclass(frozen=True)
class Records:
    looks: list[Line]
    """Of the reader: where, part, edge, begun, ended, status, right."""
    posts: dict[str, list[Line]]
    tickets: list[Line]
    comments: list[Line]
    report: Line | None

    def at(self, where: str) -> list[Line]:
        return [look for look in self.looks if look["where"] == where]

    def first_right(self, where: str, part: str | None = None) -> Instant | None:
        """When the reader first had it right in its hands; of all parts, if none is named."""
        parts = {look["part"] for look in self.at(where)} if part is None else {part}
        firsts = [
            _first(look for look in self.at(where) if look["part"] == p and look["right"])
            for p in parts
        ]
        known = [at for at in firsts if at]
        return max(known) if known and len(known) == len(firsts) else None

    def edges_right(self) -> Instant | None:
        """When the reader had first found the announced page right on each watched edge."""
        firsts = [
            _first(
                look
                for look in self.at("announced")
                if look["edge"] == edge and look["part"] == "page" and look["right"]
            )
            for edge in EDGES
        ]
        known = [at for at in firsts if at]
        return max(known) if len(known) == len(firsts) else None

    def last_wrong(self) -> Instant | None:
        """When the reader last began a look that found the announced page not right."""
        wrong = [
            Instant.parse(look["begun"])
            for look in self.at("announced")
            if look["part"] == "page" and look["edge"] in EDGES and not look["right"]
        ]
        return max(wrong, default=None)

    def feed_entries(self) -> list[tuple[Instant, int]]:
        return [
            (Instant.parse(look["ended"]), look["entries"])
            for look in self.at("feed")
            if look.get("entries") is not None
        ]

    def answered(self, cue: str) -> Instant | None:
        """When the help desk's agents first wrote something with this word in it."""
        found = [
            Instant.parse(line["at"])
            for line in self.comments
            if line["author"] == "agent" and cue in line["body"].lower()
        ]
        return min(found, default=None)


def read_records(stage: StageSet) -> Records:
    helpdesk = _lines(stage.log("helpdesk"))
    report = stage.report("json")
    return Records(
        looks=[line for line in _lines(stage.log("reader")) if line["what"] == "look"],
        posts={
            name: [line for line in _lines(stage.log(name)) if line["what"] == "post"]
            for name in SAID_ON
        },
        tickets=[line for line in helpdesk if line["what"] == "ticket"],
        comments=[line for line in helpdesk if line["what"] == "comment"],
        report=json.loads(report.read_text()) if report.exists() else None,
    )


def _lines(file: Path) -> list[Line]:
    """JSON lines; a last one cut off by a kill is left out."""
    found: list[Line] = []
    for text in file.read_text().splitlines() if file.exists() else []:
        try:
            found.append(json.loads(text))
        except ValueError:
            continue
    return found


def _first(looks: Iterable[Line]) -> Instant | None:
    return min((Instant.parse(look["ended"]) for look in looks), default=None)
