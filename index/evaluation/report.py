"""An evaluation and what is told of it, for machines; page.py tells it to people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from index.evaluation import finding, refusal
from index.evaluation.comparison import Change
from index.evaluation.finding import Finding
from index.evaluation.statuses import Case, table
from index.evaluation.trials import Tries


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What was measured; a part that was not is None or empty."""

    name: str  # of the set or the file
    release: str
    encoder: str
    documents: int
    queries: int
    line: float  # the release's refusal line
    clarify: float | None = None  # above it the release offers passages; None: not measured
    build_s: float | None = None
    found: Finding | None = None
    change: Change | None = None  # since an earlier evaluation
    tries: Tries | None = None
    cases: Sequence[Case] = ()
    titles: Mapping[str, str] = field(default_factory=dict)  # of documents, by id


def as_json(evaluation: Evaluation) -> dict[str, Any]:
    """Return flat figures of finding; refusal, coverage and statuses each by themselves."""
    told: dict[str, Any] = {"documents": evaluation.documents, "queries": evaluation.queries}
    if evaluation.found is not None:
        told |= finding.figures(evaluation.found)
    if evaluation.build_s is not None:
        told["build_s"] = round(evaluation.build_s, 2)
    if evaluation.found is not None:
        lost = finding.never_found(evaluation.found)
        told["coverage"] = {
            **finding.coverage(evaluation.found),
            "never_found_ids": lost,
            "best_ranks": dict(evaluation.found.documents),
        }
        names = evaluation.found.names
        told["ranks"] = dict(zip(names, evaluation.found.ranks.tolist(), strict=True))
    if evaluation.change is not None:
        told["change"] = {
            name: round(value, 4) for name, value in asdict(evaluation.change).items()
        }
    if evaluation.tries is not None:
        told["refusal"] = {
            name: refusal.figures(trials, line=evaluation.line, clarify=evaluation.clarify)
            for name, trials in evaluation.tries.trials.items()
        }
    if evaluation.cases:
        told["statuses"] = _statuses(evaluation.cases)
    return told


def _statuses(cases: Sequence[Case]) -> dict[str, Any]:
    made = table(cases)
    return {
        "right": sum(case.right for case in cases),
        "table": {
            str(row): {
                column: cell.count
                for column, cell in zip(made.columns, cells, strict=True)
                if cell.count
            }
            for row, cells in made.rows
        },
        "not_right": [
            {
                "question": case.question,
                "expected": str(case.expected),
                "got": case.got,
                "document": case.document,
                "cited": case.cited,
                "probability": round(case.probability, 4),
            }
            for case in cases
            if not case.right
        ],
    }
