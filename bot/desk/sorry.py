"""What went wrong, in a sentence and in the language of whoever is told. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from bot.desk import cards
from bot.desk.consultations import Consulted
from bot.desk.disclosure.results import RULES, Result
from bot.desk.reviews import Reviewed
from bot.desk.roster import Role
from bot.desk.tickets import State
from bot.errors import EntryChanged, EntryNotFound, TicketError
from bot.texts import say
from knowledge.types import Lang

ROLES: Final[Mapping[Role, str]] = {
    Role.AGENT: "members of staff in the roster",
    Role.REVIEWER: "reviewers",
    Role.SUPERVISOR: "supervisors",
    Role.MAINTAINER: "maintainers",
}
WORDS: Final[Mapping[type[StrEnum], Mapping[Any, str]]] = {
    State: cards.STATES,
    Role: ROLES,
    Result: {result: rule.label for result, rule in RULES.items()},
    Reviewed: {
        Reviewed.WAITING: "waiting",
        Reviewed.APPROVED: "approved",
        Reviewed.REJECTED: "sent back",
        Reviewed.VOID: "replaced by another draft",
    },
    Consulted: {
        Consulted.WAITING: "waiting",
        Consulted.ANSWERED: "answered",
        Consulted.CANCELLED: "cancelled",
    },
}
"""What members of enumerations are called."""
ENTRIES: Final[Mapping[str, str]] = {
    "consultation": "consultation",
    "review": "review",
    "absence": "absence",
    "concern": "concern",
    "task": "task",
    "publication": "publication",
    "canned": "canned reply",
    "disclosure": "disclosure request",
    "saved_view": "kept view",
}
"""What the entries of registers are called that people know by their numbers."""


def sorry(error: TicketError, language: Lang) -> str:
    values = {name: _named(value, language) for name, value in error.values.items()}
    if isinstance(error, EntryNotFound | EntryChanged):
        kind = str(error.values["kind"])
        values["kind"] = say(language, ENTRIES[kind]) if kind in ENTRIES else kind
    return say(language, error.sentence, **values)


def _named(value: object, language: Lang) -> object:
    if isinstance(value, tuple):
        return ", ".join(str(_named(one, language)) for one in value)
    words = WORDS.get(type(value)) if isinstance(value, StrEnum) else None
    return value if words is None else say(language, words[value])
