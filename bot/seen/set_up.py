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
from bot.seen.port import Observer, Posting, Spans, no_spans
from bot.seen.pulse import Pulse
from bot.seen.readiness import Part, Readier, Readiness
from bot.seen.releases import Releases
from bot.seen.standing import Standing
from bot.seen.store import SeenStore
from bot.store.base import Store

TELEGRAM: Final = "telegram"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What to use, which is watched, and what watches the rest."""

    store: Store
    index: Loaded
    coordination: Coordination
    metrics: Metrics
    spans: Spans
    standing: Standing
    releases: Releases
    pulse: Pulse

    @property
    def observer(self) -> Observer:
        return self.metrics

    def receive(self, channel: Channel, receive: Receive) -> Receive:
        return SeenReceive(receive, self.observer, self.spans, channel.name)

    def handler(self, handler: Handler) -> Handler:
        return SeenHandler(handler, self.observer, self.spans, lambda: datetime.now(UTC))

    def parking(self, parking: Parking) -> Parking:
        return SeenParking(parking, self.observer)

    def channels(self, by_name: Mapping[str, Channel]) -> Mapping[str, Channel]:
        """Those that the sender uses."""
        return {
            name: SeenChannel(channel, self.observer, self.spans)
            for name, channel in by_name.items()
        }

    def readiness(self, listening: Callable[[], bool], *, full: Callable[[], bool]) -> Readiness:
        """`full` tells whether the bot does all that it can, or less on purpose."""
        return Readier(
            standing=self.standing,
            index=self.index,
            agreement=self.pulse.part,
            listening=listening,
            full=full,
        )

    async def figures(self, posting: Posting | None) -> bytes:
        """For Prometheus. `posting` is how it goes with the webhook, where this worker knows."""
        agreement = self.pulse.part()
        now = Now(
            at=self.standing.clock(),
            release=await self.releases.served(self.index.release),
            backlog=await self.standing.read(),
            agrees=None if agreement is None else agreement is Part.OK,
            posting=posting,
        )
        return self.metrics.written(now)


@asynccontextmanager
async def seeing(
    settings: Settings,
    store: Store,
    index: Loaded,
    coordination: Coordination,
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
            coordination=SeenCoordination(coordination, metrics),
            metrics=metrics,
            spans=spans,
            standing=Standing(
                store=store, clock=clock, soon=lambda at: settings.clocks.due(at, 1)
            ),
            releases=Releases(settings.releases),
            pulse=Pulse(coordination=coordination),
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
