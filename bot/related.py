"""
Questions to go on with: those that interpretations ask themselves, and that we surely answer.

Each is asked of the release before it is shown, once a release. It is shown only if the answer
is sure and is the one that the interpretation gives.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from bot.context import Form, form_of
from bot.decide import decide
from bot.searching import Searches
from bot.types import Outcome, Result

MOST: Final = 3  # under an answer
TRIED: Final = 8  # of a document; each is a search
KEPT: Final = MOST + 1  # one of them may be what was just asked


class Related:
    """Remembers what it verified, until another release is served."""

    def __init__(self, index: Searches) -> None:
        self._index = index
        self._release = ""
        self._known: dict[tuple[str, date], tuple[str, ...]] = {}

    async def to(self, outcome: Outcome, *, on: date) -> tuple[str, ...]:
        """At most three questions that this answer has not answered."""
        document_id = outcome.citations[0].document_id
        if outcome.release != self._release:
            self._release, self._known = outcome.release, {}
        key = (document_id, on)
        if key not in self._known:
            self._known[key] = await self._verified(document_id, outcome, on)
        shown = "\n".join(citation.quote for citation in outcome.citations)
        return tuple(one for one in self._known[key] if one not in shown)[:MOST]

    async def _verified(self, document_id: str, outcome: Outcome, on: date) -> tuple[str, ...]:
        asked = await self._index.questions(document_id, on=on)
        sure: list[str] = []
        for question in _whole(asked)[:TRIED]:
            if len(sure) < KEPT and await self._answers_itself(question, outcome, on):
                sure.append(question)
        return tuple(sure)

    async def _answers_itself(self, question: str, outcome: Outcome, on: date) -> bool:
        found = await self._index.search(question, on=on)
        own = decide(found, language=outcome.language, on=on)
        if own.result is not Result.ANSWERED or own.release != outcome.release:
            return False
        return question in own.citations[0].quote


def _whole(questions: Sequence[str]) -> list[str]:
    """Those that can be understood alone, as they are on a button."""
    return [one for one in questions if form_of(one) is not Form.LEANS]
