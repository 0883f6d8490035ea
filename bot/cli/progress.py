"""How far a build is: bars for people, a line of JSON a step for a program that watches it."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Any, Final, Protocol

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bot.cli.shown import err

EVERY_S: Final = 0.1  # no more lines than that: a file may be read in a millisecond


class Form(StrEnum):
    BARS = "bars"
    JSON = "json"


class Shown(Protocol):
    def progress(self, step: str, done: int, total: int) -> None: ...

    def tell(self, line: str) -> None:
        """Say something that stays."""

    def built(self, release: str) -> None:
        """The release is whole, and the golden gate has told what it found, if there is one."""


@contextmanager
def shown(form: Form) -> Iterator[Shown]:
    if form is Form.JSON:
        yield _Lines()
        return
    columns = (TextColumn("{task.description:12}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=err) as bars:
        yield _Bars(bars)


class _Bars:
    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._tasks: dict[str, Any] = {}

    def progress(self, step: str, done: int, total: int) -> None:
        if step not in self._tasks:
            self._tasks[step] = self._bars.add_task(step, total=total)
        self._bars.update(self._tasks[step], completed=done, total=total)

    def tell(self, line: str) -> None:
        self._bars.console.print(line, markup=False)

    def built(self, release: str) -> None:
        """People are told at the end, with what the golden gate says."""


class _Lines:
    """Lines of JSON: {"step": …, "done": 3, "total": 10}, {"told": …}, {"release": …}."""

    def __init__(self) -> None:
        self._step = ""
        self._wrote_s = 0.0

    def progress(self, step: str, done: int, total: int) -> None:
        now = time.monotonic()
        if step == self._step and done < total and now < self._wrote_s + EVERY_S:
            return
        self._step, self._wrote_s = step, now
        self._write({"step": step, "done": done, "total": total})

    def tell(self, line: str) -> None:
        self._write({"told": line})

    def built(self, release: str) -> None:
        self._write({"release": release})

    def _write(self, row: dict[str, object]) -> None:
        sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
        sys.stdout.flush()
