"""How many facts a second the record takes, one after another, each in its own transaction."""

import tempfile
import time
from pathlib import Path

from bench.figure import Figure
from ninethirty.core.document import SigningKey
from ninethirty.desk.command import prepare

FACTS = 1000


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "desk.toml").write_text('site = "http://bench.example"\nproducer = "bench"\n')
        (home / "desk.key").write_text(SigningKey.new().secret())
        return _measure(home)


def _measure(home: Path) -> list[Figure]:
    prepare(home)
    from django.core.management import call_command
    from django.db import connection

    from ninethirty.core.facts import Kind
    from ninethirty.core.times import RealClock
    from ninethirty.desk.record.facts import append, check_chain, facts_of

    call_command("migrate", verbosity=0)
    clock = RealClock()
    begun = time.monotonic()
    for _ in range(FACTS):
        now = clock.now()
        append("release/bench", Kind.STAGED, at=now, recorded=now, actor="bench")
    appended = time.monotonic() - begun
    begun = time.monotonic()
    check_chain("release/bench")
    checked = time.monotonic() - begun
    begun = time.monotonic()
    facts_of("release/bench")
    read = time.monotonic() - begun
    size = (home / "desk.sqlite3").stat().st_size
    connection.close()
    return [
        Figure("facts", FACTS),
        Figure("appended a second", round(FACTS / appended)),
        Figure("checked a second", round(FACTS / checked)),
        Figure("read a second", round(FACTS / read)),
        Figure("bytes a fact", round(size / FACTS)),
    ]
