"""The look-back as the settings say: the same service for the bot that serves and the terminal."""

from __future__ import annotations

from typing import Final

from bot.config import Settings
from bot.desk.desk import Desk
from bot.desk.lookback.sayings import PublishedSayings
from bot.desk.lookback.service import LookBack
from bot.store.base import Store
from knowledge.manners import Manners

COPIES: Final = "lookback"  # folder beside the releases for pages that are cited


def lookback_of(settings: Settings, store: Store, desk: Desk) -> LookBack:
    copies = settings.releases.parent / COPIES
    return LookBack(store, desk, PublishedSayings(settings.releases, copies, Manners()))
