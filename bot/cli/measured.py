"""`index eval`: a set indexed, asked and measured, and the figures in words."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from index.build import build, load
from index.encoders.choice import Choice
from index.evaluation.comparison import compare, read_ranks
from index.evaluation.finding import DEPTH, find
from index.evaluation.report import Evaluation
from index.evaluation.sets import read_documents, read_questions, read_unanswerable
from index.evaluation.trials import attempt
from index.outside import Outside
from index.rerank import NO_RERANKER, Reranking


def measured(
    folder: Path,
    choice: Choice,
    reranking: Reranking = NO_RERANKER,
    *,
    limit: int | None,
    refusal: bool,
    against: Path | None,
) -> Evaluation:
    """
    Build a set in a folder of its own, ask its questions and leave nothing behind.

    Refusal is measured if the set has unanswerable.jsonl, or on request; it takes a calibrated
    release, which is slower to build. `against` is what an earlier evaluation wrote as JSON.
    """
    questions = read_questions(folder, limit=limit)
    strange = read_unanswerable(folder, limit=limit)
    documents = read_documents(folder)
    earlier = read_ranks(against) if against else None
    refusal = refusal or bool(strange.texts)
    outside = Outside(reranking=reranking)
    with tempfile.TemporaryDirectory() as scratch:
        started = time.perf_counter()
        manifest = build(
            documents, Path(scratch), encoder=choice.fit, calibrate=refusal, outside=outside
        )
        build_s = time.perf_counter() - started
        searcher = load(Path(scratch) / manifest.name, encoder=choice.load, outside=outside)
        found = find(questions, lambda text: searcher.documents(text, limit=DEPTH))
        tries = attempt(searcher, questions, strange) if refusal else None
        ranks = dict(zip(found.names, found.ranks.tolist(), strict=True))
        return Evaluation(
            name=folder.resolve().name,
            release=manifest.name,
            encoder=manifest.encoder,
            documents=len(documents),
            queries=len(questions.texts),
            line=tries.line if tries else searcher.calibration.line,
            clarify=searcher.deciding.clarify,
            build_s=build_s,
            found=found,
            change=compare(ranks, earlier) if earlier is not None else None,
            tries=tries,
            titles={one.id: one.title for one in documents},
        )


def figures_in_words(told: Mapping[str, Any]) -> Iterator[str]:
    """`told` is what `as_json` returns."""
    for name, value in told.items():
        if not isinstance(value, Mapping):
            yield f"{name:14} {value}"
    if "coverage" in told:
        yield from _coverage(told["coverage"])
    if "change" in told:
        yield from _change(told["change"])
    if "refusal" in told:
        yield from _refusal(told["refusal"])
    if "statuses" in told:
        yield from _statuses(told["statuses"])


def _coverage(told: Mapping[str, Any]) -> Iterator[str]:
    yield ""
    yield (
        f"of {told['documents_asked_for']} documents asked for, one of their questions finds "
        f"{told['found_first']:.1%} first and {told['found_in_5']:.1%} in the first 5"
    )
    for name in told["never_found_ids"]:
        yield f"never found    {name}"


def _change(told: Mapping[str, float]) -> Iterator[str]:
    yield ""
    yield (
        f"of {told['questions']} questions {told['gained']} more are found first and "
        f"{told['lost']} no more: {told['change']:+.1%}, 95 % from {told['low']:+.1%} "
        f"to {told['high']:+.1%}"
    )


def _refusal(told: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    yield ""
    yield " " * 22 + "".join(f"{name:>20}" for name in told)
    for figure in next(iter(told.values())):
        yield f"{figure:22}" + "".join(f"{one[figure]:>20}" for one in told.values())


def _statuses(told: Mapping[str, Any]) -> Iterator[str]:
    for row, cells in told["table"].items():
        yield ""
        yield f"expected: {row}"
        yield from (f"  {count:5}  {column}" for column, count in cells.items())
    wrong = len(told["not_right"])
    yield ""
    yield f"as expected    {told['right']} of {told['right'] + wrong}"
    if wrong:
        yield "--json and --report list the others"
