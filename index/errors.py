"""
Failures of the index.

* SearchError
  + EncoderError
  + ReleaseError
    - ReleaseMissing
      . VectorsMissing
      . ReleaseUnreachable
    - ReleaseMismatch
    - ReleaseBroken
  + NothingToIndex
  + BadGolden
"""

from __future__ import annotations

from pathlib import Path


class SearchError(Exception):
    """Base of every error this package raises on purpose."""


class EncoderError(SearchError):
    """The encoder named in the settings cannot be loaded or cannot read these texts."""


class NothingToIndex(SearchError):
    """The sources gave no document that may be shown to the public."""


class BadGolden(SearchError):
    """Golden questions that cannot be read; the message names the file and the line."""


class ReleaseError(SearchError):
    """Base of what can be wrong with a release."""


class ReleaseMissing(ReleaseError):
    """There is no release at the given path."""


class VectorsMissing(ReleaseMissing):
    """The store of the vectors cannot be reached, or does not hold those of the release."""


class ReleaseUnreachable(ReleaseMissing):
    """The store that releases are pulled from is away."""


class ReleaseMismatch(ReleaseError):
    """A release was built in another format or by another encoder."""

    def __init__(self, field: str, *, expected: object, found: object, mend: str) -> None:
        super().__init__(
            f"the release's {field} is {found}, this process needs {expected}; {mend}"
        )
        self.field = field


class ReleaseBroken(ReleaseError):
    """The files are there, but not as they were written."""

    def __init__(self, folder: Path, problem: str) -> None:
        super().__init__(
            f"release {folder.name} is damaged: {problem}; "
            "build again, or go back with `index rollback`"
        )
        self.folder = folder
