"""
Mingbai's own part of the retrieval benchmark; each step in a process of its own.

    python -m benchmarks.ours build FOLDER      the release, below FOLDER/releases
    python -m benchmarks.ours prepare FOLDER    passages and vectors for the peers, timed
    python -m benchmarks.ours ask FOLDER        loaded anew and asked, beside the bare cost

FOLDER holds task.json, as `benchmarks.retrieval` writes it.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import sentence_transformers  # noqa: F401 - peers have imported theirs too when their time begins

from benchmarks.measure import (
    milliseconds,
    peak_mib,
    per_second,
    quantiles,
    recall,
    resident_mib,
    size_mib,
)
from benchmarks.peers.work import DEEP, Work
from index.build import build, load
from index.encoders.choice import BUILTIN, Choice
from index.evaluation.sets import read_documents, read_questions
from index.legs import NEAREST
from index.release import locate
from index.searcher import Searcher
from index.vectors import build_index, one_thread
from knowledge.types import Document

DAY: Final = date(2026, 1, 1)
ROUNDS: Final = 3  # bare and whole, turn by turn
BATCH: Final = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    set: str  # a folder in BEIR layout
    documents: int | None  # only the first so many
    questions: int
    encoder: str

    @classmethod
    def load(cls, folder: Path) -> Self:
        return cls(**json.loads((folder / "task.json").read_text(encoding="utf-8")))

    def save(self, folder: Path) -> None:
        (folder / "task.json").write_text(json.dumps(asdict(self)), encoding="utf-8")

    def choice(self) -> Choice:
        return Choice(name=self.encoder)

    def library(self) -> list[Document]:
        return read_documents(Path(self.set))[: self.documents]

    def asked(self) -> tuple[list[str], list[list[str]]]:
        """Questions, and for each the ids of the documents that answer it."""
        found = read_questions(Path(self.set), limit=self.questions)
        return list(found.texts.values()), [sorted(found.relevant[name]) for name in found.texts]


def build_step(folder: Path) -> dict[str, Any]:
    task = Task.load(folder)
    documents = task.library()
    before = peak_mib()
    started = time.perf_counter()
    manifest = build(documents, folder / "releases", encoder=task.choice().fit, calibrate=False)
    seconds = time.perf_counter() - started
    return {
        "build_s": round(seconds, 2),
        "documents": manifest.documents,
        "passages": manifest.passages,
        "peak_mib": peak_mib(),
        "before_mib": before,
        "size_mib": size_mib(folder / "releases" / manifest.name),
    }


def prepare_step(folder: Path) -> dict[str, Any]:
    """Hand passages with their vectors to the peers; the time is the bare cost of encoding."""
    task = Task.load(folder)
    searcher = _load(folder, task)
    shelf, encoder = searcher.legs.shelf, searcher.legs.encoder
    passages = [shelf.passage(number) for number in range(shelf.passages)]
    vectors = np.empty((len(passages), encoder.dimension), dtype=np.float32)
    texts = [passage.text for passage in passages]
    started = time.perf_counter()
    for start in range(0, len(texts), BATCH):
        vectors[start : start + BATCH] = encoder.encode_passages(texts[start : start + BATCH])
    encoded = time.perf_counter() - started
    vectors[~vectors.any(axis=1), 0] = 1.0  # peers divide by the length, and fail on 0
    started = time.perf_counter()
    build_index(vectors)
    added = time.perf_counter() - started
    questions, gold = task.asked()
    own = [encoder.encode_question(text)[0] for text in questions]
    Work(
        ids=[passage.document_id for passage in passages],
        texts=texts,
        vectors=vectors,
        questions=questions,
        gold=gold,
        question_vectors=np.asarray(own) if task.encoder == BUILTIN else None,
        model=None if task.encoder == BUILTIN else task.encoder,
    ).save(folder)
    return {"encode_s": round(encoded, 2), "faiss_s": round(added, 2)}


def ask_step(folder: Path) -> dict[str, Any]:
    task = Task.load(folder)
    one_thread()
    before = resident_mib()
    started = time.perf_counter()
    searcher = _load(folder, task)
    loaded = time.perf_counter() - started
    questions, gold = task.asked()
    encoder, vectors = searcher.legs.encoder, searcher.legs.vectors

    def bare(question: str) -> object:
        return vectors.search(encoder.encode_question(question), limit=NEAREST)

    def whole(question: str) -> object:
        return searcher(question, DAY)

    ranked = [searcher.documents(text, limit=DEEP) for text in questions]  # warms up, too
    times = _turn_by_turn((bare, whole), questions)
    return {
        "load_s": round(loaded, 2),
        "resident_mib": resident_mib(),
        "before_mib": before,
        "bare": quantiles(times[0]),
        **quantiles(times[1]),
        "per_second": per_second(whole, questions),
        "bare_per_second": per_second(bare, questions),
        "recall@1": recall(ranked, gold, first=1),
        "recall@5": recall(ranked, gold, first=DEEP),
    }


def _turn_by_turn(
    contenders: Sequence[Callable[[str], object]], questions: Sequence[str]
) -> list[list[float]]:
    """Milliseconds of each contender; what disturbs the machine disturbs all of them alike."""
    times: list[list[float]] = [[] for _ in contenders]
    for _ in range(ROUNDS):
        for contender, taken in zip(contenders, times, strict=True):
            taken.extend(milliseconds(contender, questions))
    return times


def _load(folder: Path, task: Task) -> Searcher:
    return load(locate(folder / "releases"), encoder=task.choice().load)


STEPS: Final = {"build": build_step, "prepare": prepare_step, "ask": ask_step}

if __name__ == "__main__":
    sys.stdout.write(json.dumps(STEPS[sys.argv[1]](Path(sys.argv[2]))) + "\n")
