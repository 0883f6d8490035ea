"""Everything that watches a bot, put together."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from bot.channels.base import Channel, Parking, Receive
from bot.channels.web import WEB
from bot.config import Settings
from bot.coordination.base import Coordination
from bot.dispatch import Handler
from bot.errors import ConfigError
from bot.seen.conversation import SeenChannel, SeenHandler, SeenParking, SeenReceive
from bot.seen.duties import SeenCoordination
from bot.seen.index import Loaded, SeenIndex
from bot.seen.metrics import Metrics, Now
from bot.seen.port import Observer, Spans, no_spans
from bot.seen.readiness import Readier, Readiness
from bot.seen.releases import Releases
from bot.seen.standing import Standing
from bot.seen.store import SeenStore
from bot.store.base import Store

TELEGRAM: Final = "telegram"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The store and the index to use, which are watched, and what watches the rest."""

    store: Store
    index: Loaded
    metrics: Metrics
    spans: Spans
    standing: Standing
    releases: Releases

    @property
    def observer(self) -> Observer:
        return self.metrics

    def receive(self, channel: Channel, receive: Receive) -> Receive:
        return SeenReceive(receive, self.observer, self.spans, channel.name)

    def handler(self, handler: Handler) -> Handler:
        return SeenHandler(handler, self.observer, self.spans, lambda: datetime.now(UTC))

    def parking(self, parking: Parking) -> Parking:
        return SeenParking(parking, self.observer)

    def coordination(self, coordination: Coordination) -> Coordination:
        return SeenCoordination(coordination, self.observer)

    def channels(self, by_name: Mapping[str, Channel]) -> Mapping[str, Channel]:
        """Those that the sender uses."""
        return {
            name: SeenChannel(channel, self.observer, self.spans)
            for name, channel in by_name.items()
        }

    def readiness(self, listening: Callable[[], bool], *, full: Callable[[], bool]) -> Readiness:
        """`full` tells whether the bot does all that it can, or less on purpose."""
        return Readier(standing=self.standing, index=self.index, listening=listening, full=full)

    async def figures(self) -> bytes:
        """For Prometheus."""
        backlog = await self.standing.read()
        release = await self.releases.served(self.index.release)
        now = Now(at=self.standing.clock(), release=release, backlog=backlog)
        return self.metrics.written(now)


@asynccontextmanager
async def seeing(
    settings: Settings,
    store: Store,
    index: Loaded,
    *,
    clock: Callable[[], datetime],
) -> AsyncIterator[Seen]:
    """Raise ConfigError where spans are wanted and cannot be made."""
    telegram = settings.telegram_bot_token is not None
    metrics = Metrics([name for name, on in ((WEB, settings.web), (TELEGRAM, telegram)) if on])
    with spans_of(settings.otel_exporter_otlp_endpoint) as spans:
        yield Seen(
            store=SeenStore(store, metrics, spans),
            index=SeenIndex(index, metrics, spans),
            metrics=metrics,
            spans=spans,
            standing=Standing(
                store=store, clock=clock, soon=lambda at: settings.clocks.due(at, 1)
            ),
            releases=Releases(settings.releases),
        )


def spans_of(endpoint: str) -> AbstractContextManager[Spans]:
    """What makes spans for that collector; with none, nothing is loaded and nothing made."""
    if not endpoint:
        return nullcontext(no_spans)
    try:
        from bot.seen.tracing import tracing  # noqa: PLC0415 - an extra, and few need it
    except ImportError as error:
        problem = "OTEL_EXPORTER_OTLP_ENDPOINT: needs pip install 'mingbai[otel]'"
        raise ConfigError([f"{problem} ({error.name} is not there)"]) from None
    return tracing(endpoint)
