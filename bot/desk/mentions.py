"""People's names in a message to staff, so that Telegram tells them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from bot.desk.roster import Member
from bot.desk.tickets import Agent
from bot.types import Span, Style

TELEGRAM: Final = "telegram"
MENTION: Final = "tg://user?id="  # a link that Telegram makes a mention of
NAMES: Final = "\N{OBJECT REPLACEMENT CHARACTER}"  # where they stand in a translated line


def mention(who: Agent | Member) -> Span:
    """The name alone where they have no account there."""
    number = _number(who)
    return Span(who.name, Style.LINK, MENTION + number) if number else Span(who.name)


def mentions(people: Sequence[Agent | Member]) -> Iterator[Span]:
    """Their names in a row; nothing for nobody."""
    for place, who in enumerate(people):
        if place:
            yield Span(", ")
        yield mention(who)


def with_names(line: str, people: Sequence[Agent | Member]) -> tuple[Span, ...]:
    """A line with their names, each a mention, in place of NAMES."""
    before, _, after = line.partition(NAMES)
    spans = (Span(before), *mentions(people), Span(after))
    return tuple(span for span in spans if span.text)


def reached(people: Iterable[Member]) -> Sequence[Member]:
    """Each once: of somebody with more than one account, those where they are told."""
    every = list({one.id: one for one in people}.values())
    told = {one.name for one in every if _is_told(one)}
    return [one for one in every if _is_told(one) or one.name not in told]


def _is_told(who: Member) -> bool:
    return bool(_number(who))


def _number(who: Agent | Member) -> str:
    """Their account's; a member may have it beside another one."""
    ids = (who.id, *who.also) if isinstance(who, Member) else (who.id,)
    own = f"{TELEGRAM}:"
    return next((one.removeprefix(own) for one in ids if one.startswith(own)), "")
