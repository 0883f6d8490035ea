"""
Canned replies: what staff say again and again, with places for what differs. Pure.

"{greeting}您的咨询（编号{number}）已收到……" is written once, and filled in for a ticket when it is
used. A place that nothing can fill is refused when the reply is kept, not when a citizen reads it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Final

from bot.desk.roster import Roster
from bot.desk.tickets import Agent, Ticket
from bot.errors import CannedRefused
from bot.render import Bureau
from bot.texts import say
from knowledge.types import Lang

VARIABLES: Final = ("greeting", "number", "due", "hotline", "department", "name")
LONGEST: Final = 3000  # characters, as a message may have
_NAME: Final = re.compile(r"[^\s/{}]{1,32}")
_USED: Final = re.compile(r"/c\s+(?P<name>\S+)\s*(?P<rest>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Canned:
    """One for each name, language and department; an empty department means all of them."""

    id: int = 0  # given by the store
    version: int = 1
    name: str  # short, as it is typed
    language: Lang
    department: str = ""  # its key in the roster
    text: str
    used: int = 0  # times


@dataclass(frozen=True, slots=True)
class Called:
    """A reply that names a canned one."""

    name: str
    rest: str  # what is added to it


def called(reply: str) -> Called | None:
    """`/c NAME` and what follows it; None for words of one's own."""
    found = _USED.fullmatch(reply.strip())
    return Called(found["name"], found["rest"].strip()) if found else None


def require_usable(canned: Canned) -> None:
    """Raise CannedRefused where it could never be used."""
    if not _NAME.fullmatch(canned.name):
        raise CannedRefused("A name is one word of at most 32 characters, without / and braces.")
    if not 0 < len(canned.text) <= LONGEST:
        raise CannedRefused("A canned reply has 1 to {most} characters.", most=LONGEST)
    try:
        parts = list(Formatter().parse(canned.text))
    except ValueError as error:
        raise CannedRefused(
            "The braces do not match; where braces are meant, write each twice."
        ) from error
    for _, place, form, conversion in parts:
        if place is not None and (place not in VARIABLES or form or conversion):
            raise CannedRefused(
                "Nothing fills {place}; there are: {names}",
                place=f"{{{place}}}",
                names=tuple(f"{{{one}}}" for one in VARIABLES),
            )


def filled(canned: Canned, values: Mapping[str, str]) -> str:
    """The text for one ticket; `values` has all VARIABLES."""
    return canned.text.format(**values).strip()


def values_for(
    ticket: Ticket, agent: Agent, *, bureau: Bureau, roster: Roster
) -> Mapping[str, str]:
    """What fills the places; "" where there is nothing, as for a ticket that is not due."""
    due = ticket.deadlines.due
    return {
        "greeting": say(ticket.language, "Hello,"),
        "number": str(ticket.id),
        "due": f"{due:%Y-%m-%d}" if due else "",
        "hotline": bureau.hotline,
        "department": roster.name(ticket.department) if ticket.department else bureau.name,
        "name": agent.name,
    }
