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

from bot import answer_page, render
from bot.decide import decide, unreadable
from bot.languages import speaks
from bot.searching import Searches
from bot.privacy import clean, mask
from bot.texts import say
from bot.types import Citation, Outcome, Quotation, Quoted, Result
from knowledge.language import detect
from knowledge.types import Lang

MOST: Final = 3
REMEMBERED: Final = 256  # questions
SHORTEST: Final = 3  # characters: fewer are the beginning of a word
SUMMARY: Final = 100  # characters of a quotation in a list


class Served(Searches, Protocol):
    @property
    def release(self) -> str:
        """Name of the release that is served, or ""."""


class Inline:
    """See Quote in channels/base.py."""

    def __init__(self, index: Served, *, clock: Callable[[], datetime], default: Lang) -> None:
        self._index = index
        self._clock = clock
        self._default = default
        self._release = ""
        self._remembered: OrderedDict[tuple[str, Lang, date], tuple[Quotation, ...]] = (
            OrderedDict()
        )

    async def __call__(self, typed: str, tag: str | None, /) -> Quoted:
        question = mask(clean(typed)).strip()
        language = detect(question) or speaks(tag or "") or self._default
        invitation = say(language, "Ask me in our own chat")
        if len(question) < SHORTEST or unreadable(question) is not None:
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
        quoted = _quotations(decide(found, language=language, on=today))
        if found is not None and found.release == self._release:
            self._remembered[key] = quoted
            while len(self._remembered) > REMEMBERED:
                self._remembered.popitem(last=False)
        return quoted


def _quotations(outcome: Outcome) -> tuple[Quotation, ...]:
    """The passages of an answer, or those that may answer; nothing where there are none."""
    if outcome.result not in {Result.ANSWERED, Result.CLARIFY}:
        return ()
    passages = outcome.citations or outcome.choices
    return tuple(_quotation(outcome, passage) for passage in passages[:MOST])


def _quotation(outcome: Outcome, passage: Citation) -> Quotation:
    alone = replace(outcome, result=Result.ANSWERED, citations=(passage,), choices=())
    flat = " ".join(passage.quote.split())
    return Quotation(
        id=passage.passage_id,
        title=render.quoted_title(passage.title),
        summary=flat if len(flat) <= SUMMARY else f"{flat[: SUMMARY - 1]}…",
        body=answer_page.body(alone),
    )
