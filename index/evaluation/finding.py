"""
How well questions find their documents: rank, gain, coverage and time.

A document counts as found through any of its passages. nDCG is that of Järvelin & Kekäläinen,
"Cumulated gain-based evaluation of IR techniques" (2002), with the gains of qrels.tsv.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from index.evaluation.sets import Questions

DEPTH: Final = 10  # documents looked at
CUTS: Final = (1, 5, 10)  # depths at which recall is told
RESAMPLES: Final = 10_000
SEED: Final = 20
INTERVAL: Final = (2.5, 97.5)  # percentiles: 95 % lie between


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a search found; the arrays have shape (questions,)."""

    names: tuple[str, ...]  # of the questions
    ranks: npt.NDArray[np.int64]  # of the first relevant document; 0: not found
    gains: npt.NDArray[np.float64]  # nDCG of the first DEPTH documents
    times_ms: npt.NDArray[np.float64]
    documents: Mapping[str, int]  # each that a question is about: its best rank, 0: never found
    asked: Mapping[str, Sequence[str]]  # likewise: the questions about it


def find(questions: Questions, search: Callable[[str], Sequence[str]]) -> Finding:
    """`search` returns ids of documents, best first."""
    ranks, gains, times = [], [], []
    best: dict[str, int] = {}
    asked: dict[str, list[str]] = {}
    for name, text in questions.texts.items():
        start = time.perf_counter()
        found = search(text)
        times.append((time.perf_counter() - start) * 1000)
        relevant = questions.relevant[name]
        places = {one: n for n, one in enumerate(found, start=1) if one in relevant}
        ranks.append(min(places.values(), default=0))
        gains.append(_ndcg([relevant.get(one, 0) for one in found[:DEPTH]], [*relevant.values()]))
        for one in relevant:
            here, before = places.get(one, 0), best.get(one, 0)
            best[one] = min(here, before) if here and before else here or before
            asked.setdefault(one, []).append(text)
    return Finding(
        names=tuple(questions.texts),
        ranks=np.asarray(ranks),
        gains=np.asarray(gains),
        times_ms=np.asarray(times),
        documents=best,
        asked=asked,
    )


def figures(finding: Finding) -> dict[str, float]:
    """Times are in milliseconds; recall@1_low and _high bound its 95 % confidence interval."""
    low, high = interval(recall(finding.ranks, 1), len(finding.ranks))
    places = np.where(_within(finding.ranks, DEPTH), finding.ranks, np.inf)
    told = {
        **{f"recall@{cut}": recall(finding.ranks, cut) for cut in CUTS},
        f"mrr@{DEPTH}": float((1 / places).mean()),
        f"ndcg@{DEPTH}": float(finding.gains.mean()),
        "recall@1_low": low,
        "recall@1_high": high,
    }
    return {
        **{name: round(value, 4) for name, value in told.items()},
        "query_ms_p50": round(float(np.percentile(finding.times_ms, 50)), 2),
        "query_ms_p95": round(float(np.percentile(finding.times_ms, 95)), 2),
    }


def recall(ranks: npt.NDArray[np.int64], cut: int) -> float:
    return float(_within(ranks, cut).mean())


def interval(share: float, count: int) -> tuple[float, float]:
    """
    Bootstrap percentile interval of a share of `count` questions.

    Efron & Tibshirani, "An Introduction to the Bootstrap" (1993). To resample questions that are
    each a hit or not, and to count the hits, is to draw from a binomial distribution.
    """
    drawn = np.random.default_rng(SEED).binomial(count, share, RESAMPLES) / count
    low, high = np.percentile(drawn, INTERVAL)
    return float(low), float(high)


def coverage(finding: Finding) -> dict[str, float]:
    """Shares of the documents that at least one of their questions finds."""
    best = np.asarray(list(finding.documents.values()))
    return {
        "documents_asked_for": len(best),
        "found_first": round(recall(best, 1), 4),
        "found_in_5": round(recall(best, 5), 4),
        "never_found": int((best == 0).sum()),
    }


def never_found(finding: Finding) -> list[str]:
    return sorted(name for name, rank in finding.documents.items() if not rank)


def _within(ranks: npt.NDArray[np.int64], cut: int) -> npt.NDArray[np.bool_]:
    return np.asarray((ranks > 0) & (ranks <= cut))


def _ndcg(found: Sequence[int], possible: Sequence[int]) -> float:
    ideal = sorted(possible, reverse=True)[:DEPTH]
    return _dcg(found) / _dcg(ideal)


def _dcg(gains: Sequence[int]) -> float:
    return float(sum(gain / np.log2(1 + place) for place, gain in enumerate(gains, start=1)))
