"""The desk as the settings say: the same one for the bot that serves and for the terminal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.config import Settings
from bot.desk.desk import Desk
from bot.desk.roster_file import read_roster
from bot.places import staff_room
from bot.store.base import Store


async def desk_of(
    settings: Settings, store: Store, *, clock: Callable[[], datetime] | None = None
) -> Desk:
    """
    `clock` is that of the settings unless another one is given.

    Raise ConfigError for a roster that is broken.
    """
    return Desk(
        store,
        bureau=settings.bureau,
        clock=clock or settings.now,
        roster=read_roster(settings.roster),
        room=await staff_room(store, settings.telegram_staff_chat),
        language=settings.staff_language,
        clocks=settings.clocks,
        names=settings.staff_names,
        topics=settings.telegram_staff_topics,
    )
