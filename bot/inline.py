"""
Quotations for a question that is typed in any chat, after the bot's name.

Whoever types sends every few letters, and may not even mean to ask us: nothing of it is stored,
logged or handed to staff, and what looks like personal data is masked before the search. What was
found is remembered for one release, without who asked.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Final, Protocol

import structlog

from bot import answer_page, render
from bot.decide import decide, unreadable
from bot.errors import Misquoted
from bot.languages import language_of
from bot.privacy import clean, mask
from bot.searching import Searches
from bot.texts import say
from bot.types import Citation, Outcome, Quotation, Quoted, Result
from bot.verified import check_citation, check_page
from knowledge.types import Lang

MOST: Final = 3
REMEMBERED: Final = 256  # questions
SHORTEST: Final = 3  # characters: fewer are the beginning of a word
SUMMARY: Final = 100  # characters of a quotation in a list


log = structlog.get_logger(__name__)


class Served(Searches, Protocol):
    @property
    def release(self) -> str:
        """Name of the release that is served, or ""."""


class Inline:
    """See Quote in channels/base.py."""

    def __init__(
        self,
        index: Served,
        *,
        clock: Callable[[], datetime],
        default: Lang,
        rests: Callable[[], bool] = lambda: False,
    ) -> None:
        """While it `rests` nothing is quoted, not even what is remembered."""
        self._index = index
        self._rests = rests
        self._clock = clock
        self._default = default
        self._release = ""
        self._remembered: OrderedDict[tuple[str, Lang, date], tuple[Quotation, ...]] = (
            OrderedDict()
        )

    async def __call__(self, typed: str, tag: str | None, /) -> Quoted:
        question = mask(clean(typed)).strip()
        language = language_of(question, before=None, phone=tag, default=self._default)
        invitation = say(language, "Ask me in our own chat")
        if self._rests() or len(question) < SHORTEST or unreadable(question) is not None:
            return Quoted((), invitation)
        return Quoted(await self._quotations(question, language), invitation)

    async def _quotations(self, question: str, language: Lang) -> tuple[Quotation, ...]:
        release, today = self._index.release, self._clock().date()
        if release != self._release:
            self._release = release
            self._remembered.clear()
        key = (question, language, today)
        if key in self._remembered:
            self._remembered.move_to_end(key)
            return self._remembered[key]
        found = await self._index.search(question, on=today)
        quoted = await self._verified(decide(found, language=language, on=today))
        if found is not None and found.release == self._release:
            self._remembered[key] = quoted
            while len(self._remembered) > REMEMBERED:
                self._remembered.popitem(last=False)
        return quoted

    async def _verified(self, outcome: Outcome) -> tuple[Quotation, ...]:
        """The passages of an answer, or those that may answer; none that the release has not."""
        if outcome.result not in {Result.ANSWERED, Result.CLARIFY}:
            return ()
        quotations = []
        for passage in (outcome.citations or outcome.choices)[:MOST]:
            quotation = _quotation(outcome, passage)
            served, clause = await self._index.clause(passage.passage_id)
            try:
                check_citation(passage, clause)
                check_page(quotation.body, [(passage.source, passage.quote)])
            except Misquoted as error:
                log.error("inline.misquoted", release=served, problem=str(error))  # noqa: TRY400 - the trace tells nothing more
                continue
            quotations.append(quotation)
        return tuple(quotations)


def _quotation(outcome: Outcome, passage: Citation) -> Quotation:
    alone = replace(outcome, result=Result.ANSWERED, citations=(passage,), choices=())
    flat = " ".join(passage.quote.split())
    return Quotation(
        id=passage.passage_id,
        title=render.quoted_title(passage.title),
        summary=flat if len(flat) <= SUMMARY else f"{flat[: SUMMARY - 1]}…",
        body=answer_page.body(alone),
    )
