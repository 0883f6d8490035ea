"""What staff type behind a command in the room: numbers, days, departments. Pure."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from bot.desk.roster import Roster
from bot.desk.tickets import Agent

# At most 18 digits, so that the number fits the database's 64 bits.
_NUMBER: Final = re.compile(r"[#№]?(?P<number>[0-9]{1,18})")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def number_in(word: str) -> int | None:
    """A number as people type it, 7 or #7; None for anything else."""
    found = _NUMBER.fullmatch(word)
    return int(found["number"]) if found else None


def numbered(text: str) -> tuple[int, str] | None:
    """A number and the words behind it; None where no number comes first."""
    first, rest = split(text)
    number = number_in(first)
    return None if number is None else (number, rest)


def split(text: str) -> tuple[str, str]:
    """The first word, and what follows it."""
    first, *rest = text.split(maxsplit=1)[:2] or [""]
    return first, rest[0].strip() if rest else ""


def day_in(word: str) -> date | None:
    """A day such as 2026-12-01; None for anything else."""
    if not _DAY.fullmatch(word):
        return None
    try:
        return date.fromisoformat(word)
    except ValueError:
        return None


def department_in(words: str, agent: Agent, roster: Roster) -> str:
    """
    The key of a department that was named by its key or by its name.

    Without a name the agent's own, where they are of one; else the words as they are.
    """
    if not words:
        own = [
            key
            for key, one in roster.departments.items()
            if any(member.is_id(agent.id) for member in one.members)
        ]
        return own[0] if len(own) == 1 else ""
    named = (key for key, one in roster.departments.items() if words in {key, one.name})
    return next(named, words)
