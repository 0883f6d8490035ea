"""`index releases`: a release in one line, its name first, for `rollback` needs it whole."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from index.release import Manifest, was_served

COMMIT: Final = 8  # characters that tell commits apart
MB: Final = 1_000_000


def line_of(root: Path, one: Manifest, *, current: str) -> str:
    """`*` marks the current one; what was never current was refused, or not yet admitted."""
    mark = "*" if one.name == current else " "
    facts = [
        f"{mark} {one.name}",
        one.created,
        one.encoder,
        f"{one.documents} documents",
        f"{one.passages} passages",
        f"{sum(one.sizes.values()) / MB:.1f} MB",
        f"line {one.calibration['line']:.3f}" if "line" in one.calibration else "",
        f"commit {one.origin.commit[:COMMIT]}" if one.origin.commit else "",
        "with changes" if one.origin.dirty else "",
        "forced" if one.origin.forced else "",
        "" if was_served(root / one.name) else "never current",
    ]
    return "  ".join(fact for fact in facts if fact)
