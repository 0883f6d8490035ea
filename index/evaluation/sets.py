"""
Sets of questions in BEIR layout: corpus.jsonl, queries.jsonl, qrels.tsv.

Thakur et al., "BEIR: A Heterogeneous Benchmark for Zero-shot Evaluation of Information
Retrieval Models" (2021). A set may also hold unanswerable.jsonl: questions in the form of
queries.jsonl that no document of the set answers. Questions may come with their answer's words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from index.errors import SearchError
from knowledge.language import detect
from knowledge.types import Disclosure, Document, Kind, Lang

FILES: Final = ("corpus.jsonl", "queries.jsonl", "qrels.tsv")
UNANSWERABLE: Final = "unanswerable.jsonl"
_WHOLE: Final = re.compile(r"-?[0-9]+")


class BadSet(SearchError):
    """A set that is not in BEIR layout; names the file and the line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    texts: Mapping[str, str]  # by id
    relevant: Mapping[str, Mapping[str, int]]  # by id: the gain of each document, 1 or more
    answers: Mapping[str, str] = field(default_factory=dict)  # by id, where the set has them


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
    relevant: dict[str, dict[str, int]] = {}
    lines = _read(folder / "qrels.tsv").splitlines()
    for number, line in enumerate(lines, start=1):
        parts = line.split("\t")
        if number == 1 and not _WHOLE.fullmatch(parts[-1]):
            continue  # the header
        if len(parts) != 3 or not _WHOLE.fullmatch(parts[2]):  # noqa: PLR2004 - the layout
            raise BadSet(f"{folder / 'qrels.tsv'}:{number}: not query-id, corpus-id, score")
        if int(parts[2]) > 0:
            relevant.setdefault(parts[0], {})[parts[1]] = int(parts[2])
    rows = _rows(folder / "queries.jsonl", needs=("_id", "text"))
    asked = [row for row in rows if str(row["_id"]) in relevant][:limit]
    if not asked:
        raise BadSet(f"{folder}: no question of queries.jsonl has a document in qrels.tsv")
    return _questions(asked, relevant)


def read_unanswerable(folder: Path, *, limit: int | None = None) -> Questions:
    """The first `limit` of them, relevant to nothing; none where the set has no such file."""
    path = folder / UNANSWERABLE
    rows = _rows(path, needs=("_id", "text")) if path.exists() else ()
    return _questions(list(rows)[:limit], {})


def _questions(
    rows: Sequence[Mapping[str, Any]], relevant: Mapping[str, Mapping[str, int]]
) -> Questions:
    texts = {str(row["_id"]): str(row["text"]) for row in rows}
    return Questions(
        texts=texts,
        relevant={name: relevant.get(name, {}) for name in texts},
        answers={str(row["_id"]): str(row["answer"]) for row in rows if row.get("answer")},
    )


def _rows(path: Path, *, needs: Sequence[str]) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(_read(path).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
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
