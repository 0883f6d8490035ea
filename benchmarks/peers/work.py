"""The work that each contender is given, and how it reports. Standard library and numpy."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

from benchmarks.measure import milliseconds, per_second, quantiles, recall

DEEP: Final = 5  # documents that a contender returns
PASSAGES: Final = 20  # asked of a library, so that so many documents are among them
Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Passages with their vectors, and questions with the documents that answer them."""

    ids: Sequence[str]  # the document of each passage
    texts: Sequence[str]
    vectors: Vectors  # shape (passages, dimension)
    questions: Sequence[str]
    gold: Sequence[Sequence[str]]
    question_vectors: Vectors | None  # shape (questions, dimension); None: encode them
    model: str | None  # folder of the sentence-transformers model that encodes questions

    def save(self, folder: Path) -> None:
        with (folder / "passages.jsonl").open("w", encoding="utf-8") as file:
            for name, text in zip(self.ids, self.texts, strict=True):
                file.write(json.dumps([name, text], ensure_ascii=False) + "\n")
        np.save(folder / "vectors.npy", self.vectors)
        if self.question_vectors is not None:
            np.save(folder / "question_vectors.npy", self.question_vectors)
        asked = {"questions": self.questions, "gold": self.gold, "model": self.model}
        (folder / "questions.json").write_text(json.dumps(asked, ensure_ascii=False))

    @classmethod
    def load(cls, folder: Path) -> Self:
        with (folder / "passages.jsonl").open(encoding="utf-8") as file:
            ids, texts = zip(*(json.loads(line) for line in file), strict=True)
        asked = json.loads((folder / "questions.json").read_text())
        known = folder / "question_vectors.npy"
        return cls(
            ids=ids,
            texts=texts,
            vectors=np.load(folder / "vectors.npy", mmap_mode="r"),
            questions=asked["questions"],
            gold=asked["gold"],
            question_vectors=np.load(known) if known.is_file() else None,
            model=asked["model"],
        )

    def encoder(self) -> Callable[[str], Vectors]:
        """
        Return what encodes a question, to shape (dimension,).

        The builtin encoder lives in our package: its vectors are looked up, at no cost to the
        peer.
        """
        if self.question_vectors is not None:
            known = dict(zip(self.questions, self.question_vectors, strict=True))
            return known.__getitem__
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - heavy

        model = SentenceTransformer(self.model, device="cpu")
        return lambda text: model.encode(text, normalize_embeddings=True, show_progress_bar=False)

    def report(self, search: Callable[[str], Sequence[str]], **more: Any) -> None:
        """Ask everything, print a line of JSON; `search` gives documents' ids, best first."""
        ranked = [list(dict.fromkeys(search(text)))[:DEEP] for text in self.questions]  # warm
        figures = {
            **quantiles(milliseconds(search, self.questions)),
            "per_second": per_second(search, self.questions),
            "recall@1": recall(ranked, self.gold, first=1),
            "recall@5": recall(ranked, self.gold, first=DEEP),
            **more,
        }
        sys.stdout.write(json.dumps(figures) + "\n")
