"""One command of the staff room: what its row in the table of room_commands.py says."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from bot.desk.room_pages import Said
from bot.desk.room_services import RoomServices
from bot.desk.tickets import Agent

Run: TypeAlias = Callable[[RoomServices, Agent, str], Awaitable[Sequence[Said] | None]]
"""
Takes the words behind the command's name; gives what is said, or None where they cannot be read:
then the room says how to write them. Raises TicketError.
"""


class Group(StrEnum):
    """Under what heading it stands in /help."""

    TICKETS = "tickets"
    COLLEAGUES = "colleagues"
    PUBLIC = "public"  # what the bureau owes everybody


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """`help` and `usage` are sentences of bot/texts.py."""

    name: str
    group: Group
    help: str  # a few words, for the menu and for /help
    usage: str  # how to write it: a line for each way, the first one for /help
    run: Run
