"""
Failures of the knowledge side.

* KnowledgeError
  + Unreadable
"""

from __future__ import annotations

from pathlib import Path


class KnowledgeError(Exception):
    """Base of every error this package raises on purpose."""


class Unreadable(KnowledgeError):
    """A file that cannot become a document: what is wrong, where, and how to mend it."""

    def __init__(self, path: Path, problem: str, *, mend: str, line: int | None = None) -> None:
        where = f"{path}:{line}" if line is not None else str(path)
        super().__init__(f"{where}: {problem}; {mend}")
        self.path = path
        self.line = line
        self.problem = problem
        self.mend = mend
