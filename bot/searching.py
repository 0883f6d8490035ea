"""The search port, as a conversation needs it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from index.about import About
from index.types import Found, Hit
from knowledge.types import Passage


class Searches(Protocol):
    async def search(self, question: str, /, *, on: date) -> Found | None:
        """Return what was found, or None while no release is loaded."""

    async def follow(self, question: str, about: About, /, *, on: date) -> Found | None:
        """Search within what a conversation is about; None while no release is loaded."""

    async def passage(self, passage_id: str, /, *, on: date) -> Hit | None:
        """
        Return a passage of the release that binds on that day, or None.

        Raise NotShownNow while the bot's level keeps it back.
        """

    async def clause(self, passage_id: str, /) -> tuple[str, Sequence[Passage]]:
        """Return the release that is served, and the whole clause that a passage is of."""

    async def questions(self, document_id: str, /, *, on: date) -> Sequence[str]:
        """Return what the documents around one ask and answer themselves."""


class Lists(Protocol):
    async def listed(
        self, words: str, /, *, on: date, ended: bool, limit: int
    ) -> Sequence[Hit] | None:
        """Return the best passages for a list of results, or None while no release is loaded."""
