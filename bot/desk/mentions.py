"""People's names in a message to staff, so that Telegram tells them. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.desk.cards import MENTION, TELEGRAM
from bot.desk.roster import Member
from bot.desk.tickets import Agent
from bot.types import Span, Style


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
