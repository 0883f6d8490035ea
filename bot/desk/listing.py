"""Long lists in the staff room: pages of ten entries, each with a button. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from bot.actions import Action, Verb
from bot.desk.cutting import cut, units
from bot.desk.room_pages import Said
from bot.desk.tickets import Agent
from bot.render import Page
from bot.texts import say
from bot.types import Button, Span, Style
from knowledge.types import Lang

ENTRIES: Final = 10  # a page, at most
LONGEST: Final = 3600  # units of a page's entries: with the head they fit one message of Telegram
IN_A_ROW: Final = 4  # buttons


class Listing(IntEnum):
    """What is listed; the number stands on buttons."""

    CONSULTATIONS = 1
    REVIEWS = 2
    CONCERNS = 3
    TASKS = 4
    ROSTER = 5
    YEARS = 6


@dataclass(frozen=True, slots=True)
class Entry:
    text: str
    button: Button | None = None


def listed(
    head: str,
    entries: Sequence[Entry],
    *,
    of: Listing,
    page: int | None,
    agent: Agent,
    language: Lang,
) -> Said:
    """
    One page, from 1 on, or the nearest that there is.

    None is the first one, asked for by a command: it comes below what was said meanwhile. Others
    take the place of the agent's last list.
    """
    pages = paged(entries)
    number = min(max(page or 1, 1), len(pages))
    shown = pages[number - 1]
    if len(pages) > 1:
        head += f" ({number}/{len(pages)})"
    spans = [Span(head, Style.BOLD), *(Span(f"\n{one.text}") for one in shown)]
    keys = [one.button for one in shown if one.button is not None]
    rows = [tuple(keys[at : at + IN_A_ROW]) for at in range(0, len(keys), IN_A_ROW)]
    turning = _turning(of, number, len(pages), language)
    return Said(
        page=Page(tuple(spans), (*rows, turning) if turning else tuple(rows)),
        key=f"list:{int(of)}:{agent.id}",
        anew=page is None,
    )


def paged(entries: Sequence[Entry]) -> Sequence[Sequence[Entry]]:
    """The entries of each page, at least one page; an entry that fits none is cut."""
    pages: list[list[Entry]] = [[]]
    left = LONGEST
    for entry in entries:
        text = cut(entry.text, LONGEST - 1)
        size = units(text) + 1  # with its line break
        if pages[-1] and (size > left or len(pages[-1]) == ENTRIES):
            pages.append([])
            left = LONGEST
        pages[-1].append(Entry(text, entry.button))
        left -= size
    return pages


def _turning(of: Listing, number: int, last: int, language: Lang) -> tuple[Button, ...]:
    back = Button(say(language, "Back"), str(Action(Verb.LIST, of, number - 1)))
    more = Button(say(language, "More"), str(Action(Verb.LIST, of, number + 1)))
    return (*((back,) if number > 1 else ()), *((more,) if number < last else ()))
