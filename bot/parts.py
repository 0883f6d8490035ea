"""What a running bot is put together of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.channels.base import Channel
from bot.degrade.kept import Keeping
from bot.degrade.ladder import Ladder
from bot.desk.desk import Desk
from bot.desk.publishing.publishing import Publishing
from bot.desk.room_services import RoomServices
from bot.dispatch import Dispatcher
from bot.push.pusher import Pusher
from bot.seen.set_up import Seen
from bot.sender import Sender
from bot.workers import Worker


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """A running bot. The ports are the real ones, where the setting was 0."""

    desk: Desk
    dispatcher: Dispatcher
    sender: Sender
    pusher: Pusher
    services: RoomServices
    publishing: Publishing
    channels: Sequence[Channel]
    seen: Seen
    ladder: Ladder
    keeping: Keeping
    worker: Worker
    web_port: int | None
    metrics_port: int | None
