"""People's names in a message to staff, so that Telegram tells them. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from bot.desk.roster import Member
from bot.desk.tickets import Agent
from bot.types import Span, Style

TELEGRAM: Final = "telegram"
MENTION: Final = "tg://user?id="  # a link that Telegram makes a mention of


def mention(who: Agent | Member) -> Span:
    """The name alone where the platform is another one."""
    channel, _, number = who.id.partition(":")
    return Span(who.name, Style.LINK, MENTION + number) if channel == TELEGRAM else Span(who.name)


def mentions(people: Sequence[Agent | Member]) -> Iterator[Span]:
    """Their names in a row; nothing for nobody."""
    for place, who in enumerate(people):
        if place:
            yield Span(", ")
        yield mention(who)
