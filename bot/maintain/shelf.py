"""The releases, as a maintainer chooses among them: what each is, how they differ, switching."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.errors import MaintenanceRefused
from index import release as releases
from index.calibration import Calibration
from index.diff import Changes, changes
from index.errors import ReleaseMissing, SearchError
from index.evaluation.refusal import Bin
from index.gate import Review, kept_review
from index.reliability import kept
from index.shelf import Shelf as Opened
from index.verified import verify


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    manifest: releases.Manifest
    review: Review | None  # of the golden gate; None if there were no questions
    is_current: bool
    was_current: bool  # at some time

    @property
    def name(self) -> str:
        return self.manifest.name

    @property
    def bytes(self) -> int:
        return sum(self.manifest.sizes.values())

    @property
    def refused(self) -> bool:
        return self.review is not None and not self.review.passed


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    line: float
    clarify: float | None
    questions: int  # that the calibration was fitted on; 0: a cautious default decides
    bins: Sequence[Bin]


class Shelf:
    def __init__(self, root: Path) -> None:
        self.root = root

    def current(self) -> str:
        """The name, or "" while there is none."""
        try:
            return releases.current(self.root)
        except ReleaseMissing:
            return ""

    def previous(self) -> str:
        """What a rollback would return to, or ""."""
        try:
            return releases.previous(self.root)
        except ReleaseMissing:
            return ""

    def rows(self) -> Sequence[Row]:
        """The newest first."""
        now = self.current()
        return [self._row(one, now) for one in reversed(releases.releases(self.root))]

    def row(self, name: str) -> Row:
        """Raise MaintenanceRefused."""
        return self._row(releases.read_manifest(self.folder(name)), self.current())

    def folder(self, name: str) -> Path:
        """Raise MaintenanceRefused: a name is one of those that are there, and never a path."""
        if name not in {one.name for one in releases.releases(self.root)}:
            raise MaintenanceRefused("There is no such release.")
        return self.root / name

    def differences(self, old: str, new: str) -> Changes:
        """Documents, fields and clauses. Raise MaintenanceRefused."""
        return changes(Opened.open(self.folder(old)), Opened.open(self.folder(new)))

    def check(self, name: str) -> None:
        """Compare every byte with what was written. Raise MaintenanceRefused."""
        folder = self.folder(name)
        try:
            verify(folder, releases.read_manifest(folder))
        except SearchError as error:
            raise MaintenanceRefused(
                "The release cannot be used: {problem}", problem=str(error)
            ) from error

    def switch(self, name: str, *, seen: str) -> None:
        """Make it current, unless another one became so than was `seen`."""
        if self.current() != seen:
            raise MaintenanceRefused(
                "Another release became current meanwhile. Look at the list again."
            )
        releases.switch(self.root, name)

    def reliability(self, name: str) -> Reliability:
        folder = self.folder(name)
        calibration = Calibration.load(folder)
        return Reliability(
            line=calibration.line,
            clarify=calibration.clarify,
            questions=calibration.questions,
            bins=kept(folder),
        )

    def _row(self, one: releases.Manifest, now: str) -> Row:
        folder = self.root / one.name
        return Row(
            manifest=one,
            review=kept_review(folder),
            is_current=one.name == now,
            was_current=releases.was_served(folder),
        )
