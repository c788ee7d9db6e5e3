"""The day as it happens, on a terminal or as plain lines."""

from typing import Any

from rich.console import Console, Group
from rich.live import Live
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table

from ninethirty.core.times import Instant, at_local

LINES = 22

_EVENTFUL = {
    "late_provisional": "yellow",
    "late": "bold red",
    "early": "bold red",
    "recovered": "bold green",
    "on_time": "bold green",
    "users_told": "cyan",
    "ticket_raised": "cyan",
    "step_failed": "yellow",
    "paged": "bold red",
}


class View:
    """Use as a context. `begins` and `ends` span the progress bar."""

    def __init__(self, console: Console, *, zone: str, begins: Instant, ends: Instant) -> None:
        self._console = console
        self._zone = zone
        self._begins = begins
        self._ends = ends
        self._rows: list[tuple[str, str, str]] = []
        self._progress = Progress(
            TextColumn("[bold]{task.description}"), BarColumn(bar_width=None), console=console
        )
        self._bar = self._progress.add_task("", total=(ends - begins).total_seconds())
        self._live = Live(console=console, refresh_per_second=8, auto_refresh=False)

    def __enter__(self) -> "View":
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._console.is_terminal:
            self._live.stop()

    def tick(self, now: Instant) -> None:
        clock = f"{at_local(now, self._zone):%-d %B %Y %H:%M:%S}"
        self._progress.update(
            self._bar, completed=(now - self._begins).total_seconds(), description=clock
        )
        if self._console.is_terminal:
            self._live.update(Group(self._table(), self._progress), refresh=True)

    def show(self, fact: dict[str, Any]) -> None:
        at = fact["at"]
        by = Instant.parse(at[1] if isinstance(at, list) else at)
        when = f"{at_local(by, self._zone):%H:%M:%S}"
        self._line(when, fact["words"], _EVENTFUL.get(fact["kind"], ""))

    def say(self, now: Instant, words: str) -> None:
        """Something that is no fact of the desk: the stage's own doing."""
        self._line(f"{at_local(now, self._zone):%H:%M:%S}", f"({words})", "dim")

    def _line(self, when: str, words: str, style: str) -> None:
        self._rows.append((when, words, style))
        if not self._console.is_terminal:
            self._console.print(f"{when}  {words}", highlight=False, markup=False)

    def _table(self) -> Table:
        table = Table.grid(padding=(0, 2))
        for when, words, style in self._rows[-LINES:]:
            table.add_row(when, words, style=style)
        return table
