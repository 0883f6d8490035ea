"""The report as one HTML file that needs nothing else and prints well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from knowledge.catalogue import LIKELY, SURE, Catalogue, Pair, Relation, Row, State
from knowledge.check import Checked, counts
from knowledge.problems import Problem, Severity
from knowledge.report import figures
from knowledge.report.bars import Picture, bars
from knowledge.report.template import template
from knowledge.spool import Documents

_TOPICS: Final = 15
MOST: Final = 300  # rows of a table; the rest is in report.json
_BEHIND: Final = frozenset(
    {State.MISSING, State.LATE, State.BEHIND, State.LEFT_OVER, State.EXPIRED}
)


def render(checked: Checked, *, sources: Sequence[str]) -> str:
    """Return the page."""
    made, library = checked.catalogue, checked.library
    documents = Documents.of(library.documents).slims
    return template("report.html").render(
        checked=checked,
        made=made,
        library=library,
        sources=sources,
        most=MOST,
        outcome=figures.outcome(library),
        severities=[(name, count) for name, count in counts(checked.problems) if count],
        problems=_grouped(checked.problems),
        damage=figures.damage(library),
        coverage=figures.coverage(documents),
        charts=[
            ("Published in", bars(figures.by_year(documents))),
            ("Standing", bars(figures.by_standing(checked))),
            ("Kind", bars(figures.by_kind(documents))),
            ("Language", bars(figures.by_language(documents))),
            _topics(figures.by_topic(documents)),
        ],
        pairs=_pairs(made, sure=True),
        doubtful=_pairs(made, sure=False),
        missing=_rows(made, {State.MISSING}),
        behind=_rows(made, _BEHIND - {State.MISSING}),
        in_step=len(_rows(made, {State.IN_STEP})),
        sure=SURE,
        likely=LIKELY,
        series=Relation.SERIES,
        parts=_parts,
    )


def _topics(counts: Sequence[figures.Count]) -> tuple[str, Picture]:
    named = [one for one in counts if one.name]
    silent = [figures.Count("no topic", one.count) for one in counts if not one.name]
    title = f"Topic, the first {_TOPICS} of {len(named)}" if len(named) > _TOPICS else "Topic"
    return title, bars([*named[:_TOPICS], *silent])


@dataclass(frozen=True, slots=True)
class Group:
    """Documents that have the same problem."""

    problem: Problem  # of the first
    documents: tuple[str, ...]


def _grouped(problems: Sequence[Problem]) -> list[tuple[Severity, int, list[Group]]]:
    """Group by severity, then by all but the document."""
    grouped: dict[Severity, dict[Problem, list[str]]] = {}
    for one in problems:
        same = grouped.setdefault(one.severity, {}).setdefault(replace(one, document=""), [])
        same.append(one.document)
    return [
        (
            severity,
            sum(len(names) for names in groups.values()),
            [Group(problem, tuple(names)) for problem, names in groups.items()],
        )
        for severity, groups in grouped.items()
    ]


def _parts(text: str) -> list[tuple[bool, str]]:
    """Split at backticks: (whether it is code, the text)."""
    return [(place % 2 == 1, part) for place, part in enumerate(text.split("`")) if part]


def _pairs(made: Catalogue, *, sure: bool) -> list[Pair]:
    found = [pair for pair in made.pairs if (pair.confidence >= SURE) is sure]
    return sorted(found, key=lambda pair: (pair.confidence, pair.policy))


def _rows(made: Catalogue, states: frozenset[State] | set[State]) -> list[Row]:
    return [row for row in made.sync if states & set(row.states)]
