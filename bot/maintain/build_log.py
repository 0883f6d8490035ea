"""
A build as its log tells it: who began it, how far it is, how it ended. Pure.

Lines that are JSON objects are ours or those of `index build --progress json`; the rest is text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

LINES: Final = 2_000  # shown, the last ones
STEPS: Final = ("reading", "terms", "vectors", "calibration", "golden")


class Stage(StrEnum):
    RUNNING = "running"
    BUILT = "built"
    CANCELLED = "cancelled"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildLog:
    by: str = ""  # an agent's id
    name: str = ""  # and name
    at: str = ""  # ISO 8601
    machine: str = ""  # where its process is; of several workers each may have one of its own
    process: int | None = None
    step: str = ""
    done: int = 0
    total: int = 0
    release: str = ""  # once it is whole, and the golden gate has told
    cancelled_by: str = ""  # a name
    ended: bool = False
    lines: tuple[str, ...] = ()

    @property
    def percent(self) -> int:
        """Of the whole build, each step counted alike: how long each takes is not known."""
        if self.step not in STEPS:
            return 0
        share = self.done / self.total if self.total else 0.0
        return min(99, int(100 * (STEPS.index(self.step) + share) / len(STEPS)))

    def stage(self, *, running: bool) -> Stage:
        """`running`: whether its process lives."""
        if running and not self.ended:
            return Stage.RUNNING
        if self.release:  # whoever cancelled came too late
            return Stage.BUILT
        return Stage.CANCELLED if self.cancelled_by else Stage.FAILED


EMPTY: Final = BuildLog()


def read_log(text: str, *, before: BuildLog = EMPTY) -> BuildLog:
    """`before` is what the lines before it told."""
    found, lines = before, list(before.lines)
    for line in text.splitlines():
        row = _row(line)
        if row is None:
            lines.append(line)
            continue
        if isinstance(row.get("told"), str):
            lines.append(row["told"])
        known = {name: value for name, value in row.items() if name in _FIELDS}
        found = replace(found, **known)
    return replace(found, lines=tuple(lines[-LINES:]))


_FIELDS: Final = frozenset(BuildLog.__dataclass_fields__) - {"lines"}


def _row(line: str) -> Mapping[str, Any] | None:
    """An object of JSON, or None; a line that is cut off is none."""
    try:
        row = json.loads(line) if line.startswith("{") else None
    except ValueError:
        return None
    return row if isinstance(row, dict) else None
