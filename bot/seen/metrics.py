"""
The figures of one process, for Prometheus. The only module that imports prometheus_client.

A registry of its own for each bot: two of them in one process do not count for each other.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_1_0_0

from bot.desk.tickets import ACTIVE
from bot.seen.port import Cause, Fate, Posting, Step
from bot.store.waiting import Backlog, Clock, Waiting
from bot.types import Outcome

CONTENT_TYPE: Final = CONTENT_TYPE_PLAIN_1_0_0
# Seconds: a transaction takes under a millisecond, a search tens, and who waits an hour waits.
BUCKETS: Final = (
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600,
)  # fmt: skip


class Metrics:
    """As bot.seen.port.Observer."""

    def __init__(self, channels: Collection[str]) -> None:
        """`channels` are those of which there is always a figure, be it 0."""
        self._channels = channels
        self._registry = CollectorRegistry()
        self._standing = _Standing()
        self._registry.register(self._standing)
        self._questions = self._counter(
            "mingbai_questions", "Messages that were handled.", "channel", "result", "reason"
        )
        self._seconds = Histogram(
            "mingbai_step_seconds",
            "How long a step of a message took.",
            ["step", "channel"],
            buckets=BUCKETS,
            registry=self._registry,
        )
        self._left = self._counter(
            "mingbai_messages_left",
            "Messages whose handling failed, and whose failure could not be stored: tried again.",
            "channel",
        )
        self._parked = self._counter(
            "mingbai_messages_parked", "Updates that could not be taken, put aside.", "channel"
        )
        self._deliveries = self._counter(
            "mingbai_deliveries", "Tries to send a delivery.", "channel", "fate", "cause"
        )
        self._responses = self._counter(
            "mingbai_web_responses", "Requests that were answered.", "part", "status"
        )
        self._store_errors = self._counter(
            "mingbai_store_errors", "Transactions that the database ended.", "kind"
        )
        self._level = self._gauge(
            "mingbai_degrade_level", "Steps down the ladder; 0: all that the bot can do."
        )
        self._leader = self._gauge(
            # Not "job": that is Prometheus' own label of who was asked.
            "mingbai_leader",
            "1 if this process does a duty that one does for all.",
            "duty",
        )
        # There from the start: an alert looks at growth, and what begins at 1 has not grown.
        self._store_errors.labels("failed")
        for channel in channels:
            self._left.labels(channel)
            self._parked.labels(channel)
            for cause in (Cause.REFUSED, Cause.BROKEN):
                self._deliveries.labels(channel, Fate.DROPPED, cause)
        self._level.set(0)

    def lasted(self, step: Step, seconds: float, /, *, channel: str = "") -> None:
        self._seconds.labels(step, channel).observe(seconds)

    def handled(self, channel: str, outcome: Outcome, /) -> None:
        self._questions.labels(channel, outcome.result, outcome.reason or "").inc()

    def left(self, channel: str, /) -> None:
        self._left.labels(channel).inc()

    def parked(self, channel: str, /) -> None:
        self._parked.labels(channel).inc()

    def sent(self, channel: str, fate: Fate, cause: Cause, /) -> None:
        self._deliveries.labels(channel, fate, cause).inc()

    def store_failed(self, *, busy: bool) -> None:
        self._store_errors.labels("busy" if busy else "failed").inc()

    def responded(self, part: str, status: int, /) -> None:
        self._responses.labels(part, str(status)).inc()

    def degraded(self, level: int, /) -> None:
        self._level.set(level)

    def leads(self, duty: str, /, *, leading: bool) -> None:
        self._leader.labels(duty).set(leading)

    def written(self, now: Now) -> bytes:
        """All figures as text."""
        self._standing.now = lambda: _families(now, self._channels)
        return generate_latest(self._registry)

    def _counter(self, name: str, told: str, *labels: str) -> Counter:
        return Counter(name, told, labels, registry=self._registry)

    def _gauge(self, name: str, told: str, *labels: str) -> Gauge:
        return Gauge(name, told, labels, registry=self._registry)


@dataclass(frozen=True, slots=True)
class Served:
    """The release that answers come from."""

    name: str
    built: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Now:
    """What is so when the figures are asked for."""

    at: datetime
    release: Served | None  # None: none is served
    backlog: Backlog | None  # None: the store does not answer
    agrees: bool | None = None  # None: there are no other workers
    posting: Posting | None = None  # None: no webhook, or another worker looks after it


class _Standing:
    """What is so now, and not counted: told anew each time, so nothing old stays."""

    def __init__(self) -> None:
        self.now: Callable[[], Iterable[Metric]] = tuple

    def collect(self) -> Iterable[Metric]:
        return self.now()


def _families(now: Now, channels: Iterable[str]) -> Iterator[Metric]:
    told = "1 if the store answers."
    yield GaugeMetricFamily("mingbai_store_up", told, value=now.backlog is not None)
    name = GaugeMetricFamily("mingbai_release_info", "The release.", labels=["release"])
    built = GaugeMetricFamily("mingbai_release_built_timestamp_seconds", "When it was built.")
    if now.release is not None:
        name.add_metric([now.release.name], 1)
        built.add_metric([], now.release.built.timestamp())
    yield name
    yield built
    if now.agrees is not None:
        told = "1 if this worker may take turns and lead."
        yield GaugeMetricFamily("mingbai_coordination_up", told, value=now.agrees)
    if now.posting is not None:
        yield from _posting(now.posting)
    if now.backlog is not None:
        yield from _waiting(
            "inbox", "messages not handled yet", now.backlog.messages, now, channels
        )
        yield from _waiting("outbox", "deliveries not sent", now.backlog.deliveries, now, channels)
        yield from _tickets(now.backlog, now.at)


def _posting(posting: Posting) -> Iterator[Metric]:
    told = "1 if Telegram has our address, and what it posts there is taken."
    yield GaugeMetricFamily("mingbai_telegram_webhook_up", told, value=posting.up)
    told = "Updates that Telegram has not posted yet."
    yield GaugeMetricFamily("mingbai_telegram_webhook_waiting", told, value=posting.waiting)


def _waiting(
    name: str, what: str, there: Mapping[str, Waiting], now: Now, channels: Iterable[str]
) -> Iterator[Metric]:
    count = GaugeMetricFamily(f"mingbai_{name}", f"How many {what}.", labels=["channel"])
    age = GaugeMetricFamily(
        f"mingbai_{name}_oldest_seconds", f"Age of the oldest of the {what}.", labels=["channel"]
    )
    for channel in channels:
        waiting = there.get(channel, Waiting(0, now.at))
        count.add_metric([channel], waiting.count)
        age.add_metric([channel], _seconds(waiting.since, now.at))
    yield count
    yield age


def _tickets(backlog: Backlog, at: datetime) -> Iterator[Metric]:
    count = GaugeMetricFamily(
        "mingbai_tickets", "Tickets that staff have yet to end.", labels=["state", "clock"]
    )
    for state in sorted(ACTIVE):
        for clock in Clock:
            count.add_metric([state, clock], backlog.tickets.get((state, clock), 0))
    yield count
    late = _seconds(backlog.overdue_since or at, at)
    told = "How long the ticket is overdue that is so longest; 0: none is."
    yield GaugeMetricFamily("mingbai_ticket_overdue_seconds", told, value=late)


def _seconds(since: datetime, at: datetime) -> float:
    return max(0.0, (at - since).total_seconds())
