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

MOST: Final = 2  # under an answer
TRIED: Final = 8  # of a document; each is a search
KEPT: Final = MOST + 1  # one of them may be what was just asked


class Related:
    """Remembers what it verified, for the day and until another release is served."""

    def __init__(self, index: Searches) -> None:
        self._index = index
        self._valid: tuple[str, date] | None = None  # release and day of what is known
        self._known: dict[str, tuple[str, ...]] = {}  # by document

    async def to(self, outcome: Outcome, *, on: date) -> tuple[str, ...]:
        """At most three questions that this answer has not answered."""
        document_id = outcome.citations[0].document_id
        if self._valid != (outcome.release, on):
            self._valid, self._known = (outcome.release, on), {}
        verified = self._known.get(document_id)
        if verified is None:
            verified = await self._verified(document_id, outcome, on)
            if self._valid == (outcome.release, on):  # nothing changed meanwhile
                self._known[document_id] = verified
        shown = "\n".join(citation.quote for citation in outcome.citations)
        return tuple(one for one in verified if one not in shown)[:MOST]

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
