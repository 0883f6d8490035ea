"""What a command is, and what its handler works with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from bot.following import Following
from bot.intents import Intent
from bot.library import Library
from bot.render import Bureau
from bot.store.base import Store
from bot.turn import Plan, Turn

Handler: TypeAlias = Callable[["Counter", Turn], Awaitable[Plan]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One row of the table."""

    intent: Intent  # its value is the command's name, without the slash
    help: str  # English, a key of the catalogues; one line in a menu
    handler: Handler | None = None  # None: the conversation itself answers it
    private: bool = False  # it shows what concerns one person: not in a group

    @property
    def name(self) -> str:
        return str(self.intent)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """What every handler may use."""

    store: Store
    library: Library
    following: Following
    bureau: Bureau
    clock: Callable[[], datetime]
    commands: tuple[Command, ...]
