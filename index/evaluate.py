"""
Retrieval quality on a set in BEIR layout: corpus.jsonl, queries.jsonl, qrels.tsv.

Thakur et al., "BEIR: A Heterogeneous Benchmark for Zero-shot Evaluation of Information
Retrieval Models" (2021). A document counts as found through any of its passages.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from index.errors import SearchError
from knowledge.language import detect
from knowledge.types import Disclosure, Document, Kind, Lang

DEPTH: Final = 10
FILES: Final = ("corpus.jsonl", "queries.jsonl", "qrels.tsv")
_WHOLE: Final = re.compile(r"-?[0-9]+")


class BadSet(SearchError):
    """A set that is not in BEIR layout; names the file and the line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    texts: Mapping[str, str]  # by id
    relevant: Mapping[str, frozenset[str]]  # ids of documents


def read_documents(folder: Path) -> list[Document]:
    return [
        Document(
            id=str(row["_id"]),
            title=str(row.get("title") or ""),
            text=str(row.get("text") or ""),
            language=detect(str(row.get("text") or "")) or Lang.ZH_HANS,
            kind=Kind.POLICY,
            source=str(row.get("url") or ""),
            disclosure=Disclosure.OPEN,
        )
        for row in _rows(folder / "corpus.jsonl", needs=("_id",))
    ]


def read_questions(folder: Path, *, limit: int | None = None) -> Questions:
    """Questions that have a relevant document; the first `limit` of them."""
    relevant: dict[str, set[str]] = {}
    lines = _read(folder / "qrels.tsv").splitlines()
    for number, line in enumerate(lines, start=1):
        parts = line.split("\t")
        if number == 1 and not _WHOLE.fullmatch(parts[-1]):
            continue  # the header
        if len(parts) != 3 or not _WHOLE.fullmatch(parts[2]):  # noqa: PLR2004 - the layout
            raise BadSet(f"{folder / 'qrels.tsv'}:{number}: not query-id, corpus-id, score")
        if int(parts[2]) > 0:
            relevant.setdefault(parts[0], set()).add(parts[1])
    rows = _rows(folder / "queries.jsonl", needs=("_id", "text"))
    asked = [row for row in rows if str(row["_id"]) in relevant][:limit]
    if not asked:
        raise BadSet(f"{folder}: no question of queries.jsonl has a document in qrels.tsv")
    texts = {str(row["_id"]): str(row["text"]) for row in asked}
    return Questions(texts=texts, relevant={name: frozenset(relevant[name]) for name in texts})


def evaluate(questions: Questions, search: Callable[[str], Sequence[str]]) -> dict[str, float]:
    """`search` returns ids of documents, best first. Times are in milliseconds."""
    ranks: list[int] = []
    times: list[float] = []
    for name, text in questions.texts.items():
        start = time.perf_counter()
        found = search(text)
        times.append((time.perf_counter() - start) * 1000)
        places = [n for n, one in enumerate(found, start=1) if one in questions.relevant[name]]
        ranks.append(places[0] if places else 0)
    rank = np.asarray(ranks)
    hit = rank > 0
    reciprocal = np.where(hit & (rank <= DEPTH), 1 / np.maximum(rank, 1), 0.0)
    recalls = {f"recall@{k}": float((hit & (rank <= k)).mean()) for k in (1, 5, 10)}
    return {
        **{name: round(value, 4) for name, value in recalls.items()},
        "mrr@10": round(float(reciprocal.mean()), 4),
        "query_ms_p50": round(float(np.percentile(times, 50)), 2),
        "query_ms_p95": round(float(np.percentile(times, 95)), 2),
    }


def _rows(path: Path, *, needs: Sequence[str]) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(_read(path).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise BadSet(f"{path}:{number}: not JSON ({error})") from error
        if not isinstance(row, dict) or any(row.get(name) is None for name in needs):
            raise BadSet(f"{path}:{number}: a line needs {' and '.join(needs)}")
        yield row


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        names = ", ".join(FILES)
        raise BadSet(f"{path} cannot be read ({error.strerror}); a set has {names}") from error
    except UnicodeDecodeError as error:
        raise BadSet(f"{path} is not UTF-8 ({error})") from error
