"""What staff are told of hot concerns. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.desk.concerns.concern import Concern
from bot.render import Page
from bot.texts import say
from bot.types import Span, Style
from knowledge.types import Lang


def found(concerns: Sequence[Concern], *, language: Lang) -> Page:
    """Those that became hot today, in one message."""
    head = say(language, "Asked about more than before: {count}", count=len(concerns))
    spans = [Span(head, Style.BOLD)]
    for concern in concerns:
        line = say(
            language,
            "Concern {id}, a response is due by {day}: {recent} citizens in 7 days, {before} in "
            "the 4 weeks before",
            id=concern.id,
            day=concern.due.isoformat(),
            recent=concern.recent,
            before=concern.before,
        )
        spans += [Span(f"\n· {line}\n"), Span(concern.label, Style.QUOTE)]
    return Page(tuple(spans))
