"""What a process holds, sample by sample, and whether that grows."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

EVERY_S: Final = 2.0
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    at: float  # seconds
    memory_mb: float  # resident
    files: int
    threads: int


@dataclass(slots=True)
class Watching:
    pid: int
    samples: list[Sample] = field(default_factory=list)

    async def run(self) -> None:
        while True:
            self.samples.append(sample(self.pid))
            await asyncio.sleep(EVERY_S)


def sample(pid: int) -> Sample:
    """As the kernel counts them (Linux)."""
    process = Path("/proc") / str(pid)
    pages = int((process / "statm").read_text(encoding="ascii").split()[1])
    return Sample(
        at=time.monotonic(),
        memory_mb=pages * _PAGE / 2**20,
        files=len(list((process / "fd").iterdir())),
        threads=len(list((process / "task").iterdir())),
    )


def growth(samples: Sequence[Sample], name: str) -> float:
    """By how much a figure grew from the first to the last sample, along the straight line."""
    at = np.array([one.at for one in samples])
    figures = np.array([getattr(one, name) for one in samples], dtype=float)
    slope, _ = np.polyfit(at - at[0], figures, 1)
    return float(slope * (at[-1] - at[0]))


def p95(seconds: Sequence[float]) -> float:
    return float(np.quantile(np.array(seconds), 0.95))
