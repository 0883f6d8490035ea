"""An index that is watched: how long a search takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date
from time import perf_counter
from typing import Protocol

from bot.seen.port import Observer, Spans, Step, no_spans
from bot.seen.readiness import Serving
from bot.web.searching import Index
from index.about import About
from index.parts import watching
from index.types import Found, Hit
from knowledge.types import Passage


class Loaded(Index, Serving, Protocol):
    """As index.live.Live, which loads one release after another."""


@dataclass(frozen=True, slots=True)
class SeenIndex:
    index: Loaded
    observer: Observer
    spans: Spans

    @property
    def release(self) -> str:
        return self.index.release

    @property
    def problem(self) -> str:
        return self.index.problem

    async def search(self, question: str, /, *, on: date) -> Found | None:
        with self._seen("search"):
            return await self.index.search(question, on=on)

    async def follow(self, question: str, about: About, /, *, on: date) -> Found | None:
        with self._seen("search.follow"):
            return await self.index.follow(question, about, on=on)

    async def listed(
        self, words: str, /, *, on: date, ended: bool, limit: int
    ) -> Sequence[Hit] | None:
        with self._seen("search.list"):
            return await self.index.listed(words, on=on, ended=ended, limit=limit)

    async def passage(self, passage_id: str, /, *, on: date) -> Hit | None:
        return await self.index.passage(passage_id, on=on)

    async def clause(self, passage_id: str, /) -> tuple[str, Sequence[Passage]]:
        return await self.index.clause(passage_id)

    async def questions(self, document_id: str, /, *, on: date) -> Sequence[str]:
        return await self.index.questions(document_id, on=on)

    @contextmanager
    def _seen(self, name: str) -> Iterator[None]:
        began_s = perf_counter()
        try:
            with self.spans(name, {"release": self.index.release}), self._parts():
                yield
        finally:
            self.observer.lasted(Step.SEARCH, perf_counter() - began_s)

    def _parts(self) -> AbstractContextManager[None]:
        """The legs are spans as well; without spans they are not even looked at."""
        if self.spans is no_spans:
            return nullcontext()
        return watching(lambda part: self.spans(f"search.{part}", {}))
