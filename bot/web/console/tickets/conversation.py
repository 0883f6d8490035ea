"""What was said about a ticket, from the first question to the last reply. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.desk.moves import Move
from bot.desk.tickets import Event, Lead, Ticket


class Speaker(StrEnum):
    CITIZEN = "citizen"
    BOT = "bot"
    STAFF = "staff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    speaker: Speaker
    at: datetime
    who: str = ""  # as the audit log names them
    what: str = ""  # what the audit log calls it; empty: the bot's answer
    text: str = ""  # masked, as it is stored
    passages: tuple[Lead, ...] = ()  # that the bot showed


_SPEAKERS: Final[Mapping[str, Speaker]] = {
    Move.OPEN: Speaker.CITIZEN,
    Move.ADD: Speaker.CITIZEN,
    Move.PRESS: Speaker.CITIZEN,
    Move.RATE: Speaker.CITIZEN,
    Move.WITHDRAW: Speaker.CITIZEN,
    Move.ASK: Speaker.STAFF,
    Move.ANSWER: Speaker.STAFF,
}


def conversation(ticket: Ticket, events: Sequence[Event]) -> Sequence[Turn]:
    """What passed between the citizen and us; what staff said among themselves is no part."""
    turns: list[Turn] = []
    for event in events:
        speaker = _SPEAKERS.get(event.what)
        if speaker is None:
            continue
        text = event.text
        if event.what == Move.OPEN:
            text = text or ticket.question
        turns.append(Turn(speaker=speaker, at=event.at, who=event.who, what=event.what, text=text))
        if event.what == Move.OPEN:
            turns.append(_answer(ticket, event.at))
    return turns


def _answer(ticket: Ticket, at: datetime) -> Turn:
    """What the bot had shown before the question came to staff."""
    shown = tuple(lead for lead in ticket.evidence.leads if lead.offered)
    return Turn(speaker=Speaker.BOT, at=at, passages=shown)
