"""`index build`: sources to a release, past the golden gate, and what is told of it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bot.cli.gated import gate, refusal, review_in_words
from bot.cli.progress import Form, Shown, shown
from bot.cli.shown import err, out
from bot.cli.workers import fitting
from bot.config import Settings
from bot.opened import lasting
from index.build import prepare
from index.errors import ReleaseMissing
from index.gate import Review
from index.golden import Golden
from index.provenance import origin
from index.pruning import prune
from index.release import Manifest, current
from index.remote import make_current
from knowledge.cache import Cache
from knowledge.catalogue import linked
from knowledge.cited import held
from knowledge.library import Library, read_library
from knowledge.types import Disclosure
from knowledge.validity import inherit


class Admitted(StrEnum):
    """What makes a new release current."""

    BY_GATE = "by gate"
    ALWAYS = "always"  # whatever the golden gate says
    NEVER = "never"  # somebody will, once they have looked at it


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    sources: Sequence[Path]
    root: Path  # of the releases
    golden: Sequence[Golden]
    disclosure: Disclosure | None
    margin: float
    keep: int
    admitted: Admitted
    form: Form


def built(wanted: Wanted, settings: Settings) -> bool:
    """Build, review, switch and prune; say whether the golden gate let it pass, or had not to."""
    root = wanted.root
    with shown(wanted.form) as steps:
        manifest, told = _prepared(wanted, settings, steps)
        review = _review(wanted, manifest.name, settings, steps) if wanted.golden else None
        steps.built(manifest.name)
    passes = wanted.admitted is Admitted.ALWAYS or review is None or review.passed
    if passes and wanted.admitted is not Admitted.NEVER:
        make_current(settings.releases_url, root, manifest.name)
    # Told when all is done: who reads a pipe may go away.
    if review:
        _tell(review)
    for name in _pruned(wanted, settings):
        out.print(f"removed the old release {name}", markup=False)
    out.print(told, markup=False)
    if wanted.admitted is Admitted.NEVER:
        out.print(f"release {manifest.name} is in {root}, and not current", markup=False)
    elif passes:
        out.print(f"release {manifest.name} is current in {root}", markup=False)
    return passes


def _review(wanted: Wanted, name: str, settings: Settings, steps: Shown) -> Review:
    """How the release answers the golden questions, beside the one that is current."""
    count = len(wanted.golden)
    steps.progress("golden", 0, count)
    review = gate(
        wanted.golden,
        wanted.root,
        name,
        settings=settings,
        margin=wanted.margin,
        today=settings.day(),
    )
    steps.progress("golden", count, count)
    return review


def _tell(review: Review) -> None:
    for line in review_in_words(review):
        out.print(line, markup=False)
    if not review.passed:
        err.print(refusal(review), style="red", markup=False)


def _pruned(wanted: Wanted, settings: Settings) -> Sequence[str]:
    try:
        current(wanted.root)
    except ReleaseMissing:  # a first one that is to be looked at
        return []
    return prune(wanted.root, keep=wanted.keep, store=settings.outside().store)


def _prepared(wanted: Wanted, settings: Settings, steps: Shown) -> tuple[Manifest, str]:
    """Build a release; return it, and what to tell of it."""
    started = time.monotonic()
    library = read_library(
        wanted.sources,
        disclosure=wanted.disclosure,
        cache=Cache(wanted.root / ".read"),
        progress=lambda done, total: steps.progress("reading", done, total),
    )
    answers = held(inherit(linked(library.documents)))
    _tell_read(library, steps)
    for one in answers.withdrawn:
        reasons = "; ".join(f"{cite}: {why}" for cite, why in one.broken)
        steps.tell(f"withdrawn {one.id} ({one.title}): {reasons}; see `staff published`")
    forced = wanted.admitted is Admitted.ALWAYS
    with fitting(settings) as fit:
        manifest = prepare(
            answers.documents,
            wanted.root,
            encoder=fit,
            progress=steps.progress,
            origin=origin(wanted.sources, lasting(settings.choice), forced=forced),
            outside=settings.outside(),
            glossary=_glossary(settings, steps),
        )
    return manifest, (
        f"{manifest.documents} documents in {manifest.passages} passages, "
        f"{len(library.skipped)} skipped, {len(library.mended)} repaired, "
        f"{time.monotonic() - started:.1f} s"
    )


def _glossary(settings: Settings, steps: Shown) -> Path | None:
    """The bureau's own; it is first written when somebody has an entry for it."""
    if settings.glossary is None or settings.glossary.exists():
        return settings.glossary
    steps.tell(f"glossary {settings.glossary}: there is none yet")
    return None


def _tell_read(library: Library, steps: Shown) -> None:
    for skipped in library.skipped:
        steps.tell(f"skipped  {skipped.path}: {skipped.reason}")
    for mended in library.mended:
        damage = ", ".join(f"{one.damage} {one.count}" for one in mended.changes)
        steps.tell(f"repaired {mended.path}: {damage}")
