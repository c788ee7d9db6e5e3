"""What a gate tells its operators, in the form that Prometheus reads."""

import threading
from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from ninethirty.core.guard import Trust
from ninethirty.core.times import ns_of
from ninethirty.gate.clock import GateClock
from ninethirty.gate.clockfile import ClockFile
from ninethirty.gate.receipts import Receipts
from ninethirty.gate.store import Store

_SECOND = 1_000_000_000


class Counts:
    """What the thread that pulls schedules counts."""

    def __init__(self) -> None:
        self.arming_refused = 0


class Gauges(Collector):
    """Read when asked, from what the gate holds anyway."""

    def __init__(
        self,
        store: Store,
        clock: GateClock,
        receipts: Receipts,
        counts: Counts,
        file: ClockFile | None,
    ) -> None:
        """file: where workers count; None: on a drill's clock nothing is counted."""
        self._store = store
        self._clock = clock
        self._file = file
        self._receipts = receipts
        self._counts = counts

    def collect(self) -> Iterator[Metric]:
        now = self._clock.now()
        yield _gauge(
            "openings_due", "Openings of the schedule that are to come.", self._store.waiting(now)
        )
        version = self._store.version()
        yield _gauge(
            "schedule_version", "Version in force: when it was signed, in ms since 1970.", version
        )
        yield _gauge(
            "schedule_age_seconds",
            "How long ago the schedule in force was signed.",
            ns_of(now) / _SECOND - version / 1000 if version else 0,
        )
        yield _counter(
            "arming_refused",
            "Times that a schedule offered was refused.",
            self._counts.arming_refused,
        )
        yield _counter("receipts", "Receipts written.", self._receipts.count)
        trust = GaugeMetricFamily(
            "ninethirty_clock_trust", "1 for how far the clock is trusted now.", labels=["trust"]
        )
        stands = self._clock.trust()
        for one in Trust:
            trust.add_metric([str(one)], one is stands)
        yield trust
        yield _gauge(
            "clock_arms", "1 while the clock is good enough to arm something new.", stands.arms
        )
        off = self._clock.offset()
        if off is not None:
            yield _gauge(
                "clock_offset_seconds",
                "By how much the wall clock is ahead of the last trusted reading.",
                off / _SECOND,
            )
        if self._file:
            yield _counter(
                "served",
                "Requests answered from an opening, by all workers.",
                sum(self._file.served),
            )
            yield _counter(
                "refused_early", "Requests for a path before its time.", sum(self._file.early)
            )


def page_of(gauges: Gauges) -> Callable[[], bytes]:
    """What /metrics answers, whenever it is asked."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(gauges)
    one_at_a_time = threading.Lock()  # A store is one thread's at a time.

    def page() -> bytes:
        with one_at_a_time:
            return generate_latest(registry)

    return page


def _gauge(name: str, says: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"ninethirty_{name}", says, value=value)


def _counter(name: str, says: str, value: float) -> CounterMetricFamily:
    return CounterMetricFamily(f"ninethirty_{name}", says, value=value)
