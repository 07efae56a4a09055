"""What a daemon did, counted for Prometheus; what stands in the store is looked up when somebody asks."""

from collections.abc import Iterator
from datetime import timedelta

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from engine.deliver import OUTCOMES, Delivered
from engine.turn import Turned
from store.office import Store

LATE_SECONDS = (1, 5, 15, 30, 60, 300, 900, 3600, 21600, 86400, 604800)
TURN_SECONDS = (0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60)


class Standing(Collector):
    """What the store holds at this moment."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def collect(self) -> Iterator[GaugeMetricFamily]:
        notices = GaugeMetricFamily("duban_notices", "Notices by state", labels=["state"])
        with self._store.read() as reader:
            size, parked = reader.head().size, reader.parked()
            counts: dict[str, int] = {}
            for each in reader.count_notices():
                counts[each.key[-1]] = counts.get(each.key[-1], 0) + each.count
        for state, count in sorted(counts.items()):
            notices.add_metric([state], count)
        yield notices
        yield GaugeMetricFamily("duban_audit_entries", "Entries of the log", value=size)
        waiting = sum(each.next_at is None for each in parked)
        yield GaugeMetricFamily("duban_parked", "Set aside for now", value=len(parked) - waiting)
        yield GaugeMetricFamily("duban_parked_for_good", "Set aside until a person looks", value=waiting)


class Metrics:
    def __init__(self, store: Store) -> None:
        self._registry = registry = CollectorRegistry()
        self.late = Histogram(
            "duban_timer_late_seconds", "How late timers fired", buckets=LATE_SECONDS, registry=registry
        )
        self.turn_seconds = Histogram(
            "duban_turn_seconds", "How long a turn took", buckets=TURN_SECONDS, registry=registry
        )
        self.beat = Gauge("duban_heartbeat_timestamp_seconds", "Last heartbeat", registry=registry)
        self.doubt = Gauge("duban_clock_doubt", "1 while the clock is in doubt", registry=registry)
        self.handled = Counter("duban_handled", "Items and schedules that had work", registry=registry)
        self.spoke = Counter("duban_rules_spoke", "Decisions of rules", registry=registry)
        self.failed = Counter("duban_beats_failed", "Heartbeats that ended in an error", registry=registry)
        self.left = Counter("duban_notices_handled", "Notices by what became", ["as"], registry=registry)
        registry.register(Standing(store))

    def waited(self, late: timedelta) -> None:
        self.late.observe(late.total_seconds())

    def turned(self, done: Turned, seconds: float) -> None:
        self.turn_seconds.observe(seconds)
        self.handled.inc(done.items + done.schedules)
        self.spoke.inc(done.spoke)

    def delivered(self, done: Delivered) -> None:
        for name in OUTCOMES:
            self.left.labels(name).inc(getattr(done, name))

    def text(self) -> bytes:
        return generate_latest(self._registry)
