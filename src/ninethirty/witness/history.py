"""How late earlier releases were, as `ninethirty watch` saw it: a file with a line for each."""

import json
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from ninethirty.core.errors import CannotStart
from ninethirty.core.verdict import Call, Verdict
from ninethirty.core.watch import WatchOrder

DRAWN = 30
"""The latest."""


def past_delays(file: Path, url: str) -> list[timedelta | None]:
    """Of releases at the host of `url`, oldest first; none if there is no such file yet. None: not
    seen while it was watched for. Raises CannotStart, naming the line that is none."""
    if not file.exists():
        return []
    found: list[timedelta | None] = []
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as wrong:
        raise CannotStart(f"--history {file}: cannot be read ({wrong})") from wrong
    for n, line in enumerate(lines, start=1):
        try:
            told = json.loads(line)
            ms = told["delay_ms"]
            delay = None if ms is None else timedelta(milliseconds=ms)
            if urlsplit(told["url"]).netloc == urlsplit(url).netloc:
                found.append(delay)
        except (ValueError, KeyError, TypeError, AttributeError) as wrong:
            raise CannotStart(
                f"--history {file} line {n}: expected url, opens and delay_ms, found {line[:60]!r}"
            ) from wrong
    return found[-DRAWN:]


def add(file: Path, order: WatchOrder, verdict: Verdict) -> None:
    """What came of this watch, if it says how slow the platform was: one that was broken off, blind
    or early does not."""
    if verdict.call in (Call.WAITING, Call.UNKNOWN, Call.EARLY):
        return
    seen = verdict.first_seen
    delay = None if seen is None else max(timedelta(0), seen.by - order.opens)
    told = {
        "url": order.channels[0].page.url,
        "opens": order.opens.text(),
        "delay_ms": None if delay is None else delay // timedelta(milliseconds=1),
    }
    with file.open("a", encoding="utf-8") as written:
        written.write(json.dumps(told) + "\n")
