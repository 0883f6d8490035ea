"""The releases, as a maintainer chooses among them: what each is, how they differ, switching."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from bot.errors import MaintenanceRefused
from index import release as releases
from index.calibration import Calibration
from index.diff import Changes, changes
from index.errors import ReleaseBroken, ReleaseMissing, SearchError
from index.evaluation.refusal import Bin
from index.gate import GATE, Review, kept_review
from index.golden import find
from index.reliability import kept
from index.remote import make_current
from index.shelf import Shelf as Opened
from index.verified import verify


class Told(StrEnum):
    """What the golden gate has told of a release."""

    NOTHING = "nothing"  # nobody has golden questions
    PASSED = "passed"
    REFUSED = "refused"
    OWED = "owed"  # it is being asked, or the build ended before it was
    BROKEN = "broken"  # what it told cannot be read


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    manifest: releases.Manifest
    told: Told
    review: Review | None  # where it passed or was refused
    problem: str = ""  # why the review cannot be read
    is_current: bool
    was_current: bool  # at some time

    @property
    def name(self) -> str:
        return self.manifest.name

    @property
    def built(self) -> datetime:
        return datetime.fromisoformat(self.manifest.created)

    @property
    def bytes(self) -> int:
        return sum(self.manifest.sizes.values())

    @property
    def doubtful(self) -> bool:
        """Whether only somebody who has looked may make it current."""
        return self.told in {Told.REFUSED, Told.OWED, Told.BROKEN}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    line: float
    clarify: float | None
    questions: int  # that the calibration was fitted on; 0: a cautious default decides
    bins: Sequence[Bin]


class Shelf:
    def __init__(self, root: Path, sources: Sequence[Path], *, url: str = "") -> None:
        """
        `sources` are those of the next build: they may hold golden questions. `url` is where
        other workers pull releases from that do not share `root`.
        """
        self.root = root
        self._url = url
        self._sources = sources

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
        now, asks = self.current(), self._asks()
        found = reversed(releases.releases(self.root))
        return [self._row(one, now, asks=asks) for one in found]

    def row(self, name: str) -> Row:
        """Raise MaintenanceRefused."""
        manifest = releases.read_manifest(self.folder(name))
        return self._row(manifest, self.current(), asks=self._asks())

    def folder(self, name: str) -> Path:
        """Raise MaintenanceRefused: a name is one of those that are there, and never a path."""
        if name not in {one.name for one in releases.releases(self.root)}:
            raise MaintenanceRefused("There is no such release.")
        return self.root / name

    def differences(self, old: str, new: str) -> Changes:
        """Documents, fields and clauses. Raise MaintenanceRefused."""
        before, after = self.folder(old), self.folder(new)
        with _readable():
            return changes(Opened.open(before), Opened.open(after))

    def check(self, name: str, *, encoder: str) -> None:
        """
        Whether the bot will take it over; every byte is compared with what was written.

        `encoder` is that of the settings. Raise MaintenanceRefused.
        """
        folder = self.folder(name)
        with _readable():
            manifest = releases.read_manifest(folder)
            require_encoder(manifest, encoder)
            verify(folder, manifest)

    def switch(self, name: str, *, seen: str) -> None:
        """
        Make it current, unless another one became so than was `seen`. With a URL it may have to
        be uploaded. Raise MaintenanceRefused and ReleaseError.
        """
        if self.current() != seen:
            raise MaintenanceRefused(
                "Another release became current meanwhile. Look at the list again."
            )
        make_current(self._url, self.root, name)

    def reliability(self, name: str) -> Reliability:
        folder = self.folder(name)
        with _readable():
            calibration = Calibration.load(folder)
            return Reliability(
                line=calibration.line,
                clarify=calibration.clarify,
                questions=calibration.questions,
                bins=kept(folder),
            )

    def _asks(self) -> bool:
        """Whether the gate has questions: then a release without a review is owed one."""
        now = self.current()
        return bool(now and (self.root / now / GATE).exists()) or bool(find(self._sources))

    def _row(self, one: releases.Manifest, now: str, *, asks: bool) -> Row:
        folder = self.root / one.name
        told, review, problem = _told(folder, asks=asks)
        return Row(
            manifest=one,
            told=told,
            review=review,
            problem=problem,
            is_current=one.name == now,
            was_current=releases.was_served(folder),
        )


def require_encoder(manifest: releases.Manifest, encoder: str) -> None:
    """Raise MaintenanceRefused unless the bot loads it; `encoder` is that of the settings."""
    if manifest.encoder != encoder:
        raise MaintenanceRefused(
            "The release was built by the encoder {found}, and the bot runs with {needed}: it "
            "would not take it over. Set ENCODER={found} and start the bot again, or build a "
            "release.",
            found=manifest.encoder,
            needed=encoder,
        )


def _told(folder: Path, *, asks: bool) -> tuple[Told, Review | None, str]:
    """What the gate has told of a release, its review, and why that cannot be read."""
    try:
        review = kept_review(folder)
    except ReleaseBroken as error:  # the others can be used all the same
        return Told.BROKEN, None, str(error)
    if review is None:
        return (Told.OWED if asks else Told.NOTHING), None, ""
    return (Told.PASSED if review.passed else Told.REFUSED), review, ""


@contextmanager
def _readable() -> Iterator[None]:
    """A release may be damaged, or pruned while it is read. Raise MaintenanceRefused for that."""
    try:
        yield
    except (SearchError, OSError, ValueError, LookupError, TypeError) as error:
        raise MaintenanceRefused(
            "The release cannot be used: {problem}", problem=str(error)
        ) from error
