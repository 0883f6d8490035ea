"""What a message passes, watched: its intake, its handler, and the channel that delivers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter

from bot.channels.base import Channel, Parking, Receive, Unfit
from bot.dispatch import Handler
from bot.errors import ChannelError, Gone, Refused, Throttled
from bot.seen.correlation import because_of, tell_of
from bot.seen.port import Cause, Fate, Observer, Spans, Step
from bot.store.base import Accepted
from bot.types import Delivery, Message, Outcome


@dataclass(frozen=True, slots=True)
class SeenReceive:
    """As bot.channels.base.Receive."""

    receive: Receive
    observer: Observer
    spans: Spans
    channel: str

    async def __call__(self, messages: Sequence[Message]) -> None:
        began_s = perf_counter()
        with self.spans("intake", {"channel": self.channel, "messages": len(messages)}):
            await self.receive(messages)
        self.observer.lasted(Step.WRITTEN, perf_counter() - began_s, channel=self.channel)


@dataclass(frozen=True, slots=True)
class SeenParking:
    """As bot.channels.base.Parking."""

    inner: Parking
    observer: Observer

    async def reach(self) -> None:
        await self.inner.reach()

    async def park(self, unfit: Unfit, /) -> None:
        await self.inner.park(unfit)
        self.observer.parked(unfit.channel)


@dataclass(frozen=True, slots=True)
class SeenHandler:
    """`now` is the real time: it is compared with the time at which a message came."""

    handler: Handler
    observer: Observer
    spans: Spans
    now: Callable[[], datetime]

    async def handle(self, accepted: Accepted, /) -> Outcome:
        channel = accepted.message.address.channel
        waited_s = (self.now() - accepted.message.at).total_seconds()
        self.observer.lasted(Step.WAIT, max(0.0, waited_s), channel=channel)
        began_s = perf_counter()
        with (
            because_of(accepted.id),
            self.spans("message", {"channel": channel, "message": accepted.id}),
        ):
            outcome = await self.handler.handle(accepted)
        self.observer.lasted(Step.ANSWER, perf_counter() - began_s, channel=channel)
        self.observer.handled(channel, outcome)
        return outcome

    async def fail(self, accepted: Accepted, /) -> Outcome:
        channel = accepted.message.address.channel
        try:
            with because_of(accepted.id):
                outcome = await self.handler.fail(accepted)
        except Exception:
            self.observer.left(channel)
            raise
        self.observer.handled(channel, outcome)
        return outcome


@dataclass(frozen=True, slots=True)
class SeenChannel:
    """As the sender sees a channel."""

    channel: Channel
    observer: Observer
    spans: Spans

    @property
    def name(self) -> str:
        return self.channel.name

    async def run(self, receive: Receive, /) -> None:
        await self.channel.run(receive)

    async def send(self, delivery: Delivery, /, *, edit: str | None) -> str:
        tell_of(delivery)
        began_s = perf_counter()
        attributes: dict[str, str | int] = {"channel": self.name}
        if delivery.because_of is not None:
            attributes["message"] = delivery.because_of
        try:
            with self.spans("delivery", attributes):
                platform_id = await self.channel.send(delivery, edit=edit)
        except Exception as error:
            self._tried(began_s, *_fate(error))
            raise
        self._tried(began_s, Fate.SENT, Cause.NONE)
        return platform_id

    def _tried(self, began_s: float, fate: Fate, cause: Cause) -> None:
        self.observer.lasted(Step.DELIVERY, perf_counter() - began_s, channel=self.name)
        self.observer.sent(self.name, fate, cause)


def _fate(error: Exception) -> tuple[Fate, Cause]:
    """As the sender decides."""
    match error:
        case Throttled():
            return Fate.PUT_OFF, Cause.THROTTLED
        case Gone():
            return Fate.DROPPED, Cause.GONE
        case Refused():
            return Fate.DROPPED, Cause.REFUSED
        case ChannelError():
            return Fate.PUT_OFF, Cause.UNREACHABLE
        case _:
            return Fate.DROPPED, Cause.BROKEN
