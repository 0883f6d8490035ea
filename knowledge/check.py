"""Everything that a maintainer should know of a source before it is built."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from knowledge.catalogue import Catalogue, catalogue
from knowledge.catalogue.findings import findings
from knowledge.declared import contradictions
from knowledge.library import Library, Skipped, Why
from knowledge.problems import FAILING, About, Problem, Severity, worst_first


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    library: Library
    catalogue: Catalogue
    problems: tuple[Problem, ...]  # the worst first

    @property
    def failed(self) -> bool:
        """A document was unreadable, or a declared value contradicts the text."""
        return any(problem.severity in FAILING for problem in self.problems)


def check(library: Library, *, on: date) -> Checked:
    made = catalogue(library.documents, on=on, inherited=library.inherited)
    problems = [
        *(_skipped(one) for one in library.skipped),
        *(one for document in library.documents for one in contradictions(document, on=on)),
        *findings(made),
    ]
    return Checked(library=library, catalogue=made, problems=tuple(worst_first(problems)))


_ABOUT: Final = {
    Why.UNREADABLE: (About.FILE, Severity.UNREADABLE),
    Why.PART: (About.FILE, Severity.NOTE),
    Why.CLOSED: (About.DISCLOSURE, Severity.NOTE),
    Why.UNDISCLOSED: (About.DISCLOSURE, Severity.MEND),
    Why.LINK: (About.LINK, Severity.NOTE),
}


def _skipped(one: Skipped) -> Problem:
    about, severity = _ABOUT[one.why]
    problem, _, mend = one.reason.partition("; ")
    if one.why is Why.UNDISCLOSED:
        mend = f"set it at the source: {mend}"
    return Problem(
        document=one.path,
        about=about,
        severity=severity,
        problem=problem,
        mend=mend or "see whether something of it is missing",
    )


def counts(problems: tuple[Problem, ...]) -> Iterator[tuple[Severity, int]]:
    for severity in Severity:
        yield severity, sum(problem.severity is severity for problem in problems)
