"""What a release uses that is not among its files, besides its encoder."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Self

from index.rerank import NO_RERANKER, Fitted, Reranking
from index.stores import FILES, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    store: Store = FILES
    reranking: Reranking = NO_RERANKER

    def as_built(self, folder: Path) -> Self:
        """
        The same with the reranker that the release in `folder` was built with, or none.

        Where the settings name none there is none: so the bot serves it.
        """
        if not self.reranking.name:
            return self
        return replace(self, reranking=replace(self.reranking, name=Fitted.load(folder).name))


NOTHING: Final = Outside()
