"""What every contender is measured with. Standard library and numpy: peers run it as well."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import numpy as np

MIB: Final = 1 << 20
CORES: Final = 2


def status_mib(name: str) -> float:
    """A field of this process's status, in MiB: VmRSS, VmHWM, RssAnon."""
    status = Path("/proc/self/status").read_text()
    return int(re.findall(rf"{name}:\s*(\d+)", status)[0]) / 1024


def peak_mib() -> float:
    """
    Most memory that this process has had, in MiB.

    Not ru_maxrss: a child begins with that of its parent.
    """
    return round(status_mib("VmHWM"), 1)


def resident_mib() -> float:
    """Memory of this process that is its own now, in MiB: files mapped in place do not count."""
    return round(status_mib("RssAnon"), 1)


def size_mib(folder: Path) -> float:
    """Size of all files below a folder, in MiB."""
    return round(sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / MIB, 1)


def milliseconds(asks: Callable[[str], object], questions: Sequence[str]) -> list[float]:
    """How long each question takes, one after the other."""
    times = []
    for question in questions:
        started = time.perf_counter()
        asks(question)
        times.append((time.perf_counter() - started) * 1000)
    return times


def per_second(asks: Callable[[str], object], questions: Sequence[str]) -> float:
    """Questions a second when as many are asked at once as there are cores."""
    started = time.perf_counter()
    with ThreadPoolExecutor(CORES) as threads:
        for _ in threads.map(asks, questions):
            pass
    return round(len(questions) / (time.perf_counter() - started), 1)


def quantiles(times: Sequence[float]) -> dict[str, float]:
    middle, high = np.percentile(times, [50, 95])
    return {"p50_ms": round(float(middle), 2), "p95_ms": round(float(high), 2)}


def recall(ranked: Sequence[Sequence[str]], gold: Sequence[Sequence[str]], *, first: int) -> float:
    """Share of the questions of which a gold document is among the first."""
    found = [
        bool(set(names[:first]) & set(right)) for names, right in zip(ranked, gold, strict=True)
    ]
    return round(sum(found) / max(1, len(found)), 4)
