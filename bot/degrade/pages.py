"""What citizens and staff are told of levels. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo
from typing import Final

from bot.degrade.level import LEVELS, WHYS, Level, Step
from bot.render import Bureau, Page
from bot.texts import say
from bot.types import Address, Delivery, Span, Style
from knowledge.types import Lang

TOGETHER: Final = timedelta(minutes=5)  # in which several workers' same step is told once
NOTICES: Final[Mapping[Level, str]] = {
    Level.QUOTATION: (
        "At present I only quote where I am sure, and read each question by itself. Everything "
        "else goes to our staff."
    ),
    Level.PUBLISHED: (
        "At present I only give answers that our staff have reviewed and published. Every other "
        "question goes to our staff, who reply here."
    ),
    Level.PEOPLE: (
        "At present I do not search the policies. Every question goes to our staff, who reply "
        "here. If it is urgent, call {hotline}."
    ),
}

WHETHER_KEPT: Final[Mapping[bool, str]] = {
    True: (
        "Your question is written down. We will answer it here when the service is back: you "
        "need not ask again. If it is urgent, call {hotline}."
    ),
    False: (
        "This could not be done. Please send it again when the service is back. If it is urgent, "
        "call {hotline}."
    ),
}


def notice(level: Level, language: Lang, bureau: Bureau) -> Page:
    """A line to citizens, before the first thing that is said at a level."""
    text = say(language, NOTICES[level], hotline=bureau.hotline)
    return Page((Span(text, Style.ITALIC),))


def maintenance(language: Lang, bureau: Bureau, *, kept: bool, until: datetime | None) -> Page:
    """`until` is at the bureau."""
    back = (
        say(language, "This service is under maintenance until {when}.", when=_when(until))
        if until
        else say(language, "This service is under maintenance.")
    )
    said = say(language, WHETHER_KEPT[kept], hotline=bureau.hotline)
    return Page((Span(back, Style.BOLD), Span(f"\n{said}")))


def not_shown(language: Lang) -> Page:
    """To a button that leads to a passage which the level does not show."""
    text = (
        "I cannot show that at present. The link in the answer leads to the document; for a "
        "person, send “人工”."
    )
    return Page((Span(say(language, text)),))


def back(question: str, language: Lang) -> Page:
    """Before the answer to a question that was kept."""
    text = say(language, "The service is back. To what you asked meanwhile:")
    return Page((Span(f"{text}\n"), Span(question, Style.QUOTE)))


def line(step: Step, language: Lang, *, zone: tzinfo | None) -> str:
    """A step in the words of staff: what, since when, until when, by whom and why."""
    who = say(language, "by itself") if step.automatic else step.name
    parts = [f"{step.at.astimezone(zone):%Y-%m-%d %H:%M}", say(language, LEVELS[step.level])]
    if step.until is not None:
        when = _when(step.until.astimezone(zone))
        parts.append(say(language, "until {when}", when=when))
    why = say(language, WHYS[step.why]) if step.why in WHYS else step.why
    return " · ".join(part for part in (*parts, who, why) if part)


def to_room(step: Step, room: Address, language: Lang, *, zone: tzinfo | None) -> Delivery:
    """What staff are told of a step."""
    if step.over:
        level = say(language, LEVELS[step.level])
        text = say(language, "The time of a level is over: {level}", level=level)
    else:
        text = say(language, "Level: {line}", line=line(step, language, zone=zone))
    key = None
    if step.automatic:
        window = int(step.at.timestamp() // TOGETHER.total_seconds())
        key = f"level:{step.level}:{step.why}:{window}"
    return Delivery(to=room, body=(Span(text, Style.BOLD),), key=key)


def _when(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"
