"""Keeps a gate's clock: asks who knows the time, keeps what was answered with, says what is wrong.

Two threads of the main process, so that a time server that is silent delays nothing else.
"""

import threading
import time

import structlog

from ninethirty.core.guard import ANY_READING, NO_READING, Trust
from ninethirty.gate.clock import GuardedClock
from ninethirty.gate.clockfile import ClockFile
from ninethirty.gate.timesource import TimeSource

KEEP_EVERY = 1.0
"""Real seconds; less than the lease, so that a slow disk has some."""

log = structlog.get_logger()


def start(file: ClockFile, clock: GuardedClock, source: TimeSource | None, *, gate: str) -> None:
    """Ask once, so that a gate on a good clock is trusted from the start; then keep it.

    source: None: the wall clock is taken at its word.
    """
    file.begin()
    if source is None:
        file.ahead[0] = ANY_READING
    else:
        if file.ahead[0] == ANY_READING:
            file.ahead[0] = NO_READING
        clock.settle(source.error)
        threading.Thread(
            target=_settle, args=(clock, source), name="time source", daemon=True
        ).start()
    _say(gate, clock, clock.trust())
    threading.Thread(target=_keep, args=(file, clock, gate), name="timekeeper", daemon=True).start()


def _settle(clock: GuardedClock, source: TimeSource) -> None:
    while True:
        time.sleep(source.every if clock.trust().arms else source.every_in_doubt)
        clock.settle(source.error)


def _keep(file: ClockFile, clock: GuardedClock, gate: str) -> None:
    said = clock.trust()
    while True:
        time.sleep(KEEP_EVERY)
        try:
            file.keep(clock.now_ns())
        except OSError as full:
            log.error("gate.clock_not_kept", gate=gate, reason=str(full))
        if clock.trust() != said:
            said = clock.trust()
            _say(gate, clock, said)


def _say(gate: str, clock: GuardedClock, trust: Trust) -> None:
    """For the person who is to be paged, if it is no good."""
    tell = log.info if trust.arms else log.error
    offset = clock.offset()
    tell(
        "gate.clock_trusted" if trust.arms else "gate.clock_not_trusted",
        gate=gate,
        trust=str(trust),
        means=trust.says,
        offset_ms=None if offset is None else offset // 1_000_000,
        serves_as_of=clock.now().text(),
    )
