"""
Builds of the index, each in a process of its own, one at a time.

The process holds a lock that it got from us, and writes into its log itself: if the bot ends, the
build goes on, and the bot that starts next sees it. If the build is killed, the lock is free and
its draft is swept by the next one (index/drafts.py). `index build` in a terminal takes the same
lock, and has no log.

Several workers share the folder, on one machine or on many. A process can be ended only where it
runs: elsewhere a line in its log asks the worker there, which began it, to do so.
"""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from bot.desk.tickets import Agent
from bot.errors import MaintenanceRefused
from bot.maintain.build_lock import HELD, LOOK_S, TERMINAL, BuildLock
from bot.maintain.build_log import EMPTY, BuildLog, Stage, read_log
from bot.maintain.disk import reason_of
from bot.maintain.program import Program

KEPT: Final = 20  # logs
STOP_S: Final = 5.0  # after that a build that was cancelled is killed
ASKED_S: Final = 1.0  # after which a worker sees that another one asks it to end a build
OVER_S: Final = 15.0  # after that nobody does so
_LOG: Final = re.compile(r"\d{8}-\d{6}(?:-\d+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    id: str
    log: BuildLog
    stage: Stage


class Builds:
    def __init__(
        self,
        folder: Path,
        program: Program,
        *,
        clock: Callable[[], datetime],
        machine: str = "",
    ) -> None:
        """`machine` is this one's name, if it is not the one that the system has."""
        self._machine = machine or socket.gethostname()
        self._folder = folder
        self._program = program
        self._clock = clock
        self._lock = BuildLock(folder)
        self._tail = Tail()

    def start(self, agent: Agent) -> str:
        """Begin a build; return its id. Raise MaintenanceRefused; then none was begun."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with self._lock.taken() as lock:
                if lock is None:
                    raise self._taken()
                name, path = self._new_log()
                self._lock.sign(lock, name)
                at = self._clock().isoformat()
                head = {"by": agent.id, "name": agent.name, "at": at, "machine": self._machine}
                _append(path, head)
                self._drop_old()
                self._run(path, lock)
                return name
        except OSError as error:
            raise MaintenanceRefused(
                "The build could not be begun: {problem}", problem=reason_of(error)
            ) from error

    def cancel(self, agent: Agent) -> str:
        """
        End the build that runs; return its id.

        Raise MaintenanceRefused if none does, and if it does not end: it runs on another machine,
        where no worker is any more that could end it.
        """
        build = self.latest()
        # It holds the lock, so the number is that of our process and of no other one.
        if build is None or build.stage is not Stage.RUNNING or build.log.process is None:
            raise MaintenanceRefused("No build is running.")
        _append(self._path(build.id), {"cancelled_by": agent.name})
        if build.log.machine in {"", self._machine}:
            self._end(build.id, build.log.process)
        elif not self._ends(build.id, OVER_S):
            raise MaintenanceRefused(
                "The build runs on {machine}, and nobody there ends it. Start the worker there "
                "again.",
                machine=build.log.machine,
            )
        return build.id

    def latest(self) -> Build | None:
        names = self.names()
        return self.get(names[0]) if names else None

    def get(self, name: str) -> Build:
        """Raise MaintenanceRefused."""
        if name not in self.names():
            raise MaintenanceRefused("There is no log of such a build.")
        path = self._path(name)
        if self._is_running(name):  # many may watch it
            log = self._tail.read(path)
            return Build(id=name, log=log, stage=log.stage(running=True))
        log = read_log(path.read_text(encoding="utf-8", errors="replace"))
        return Build(id=name, log=log, stage=log.stage(running=False))

    def runs_in_terminal(self) -> bool:
        return self._lock.holder() == TERMINAL

    def names(self) -> Sequence[str]:
        """Ids, the newest first."""
        found = (path.stem for path in self._folder.glob("*.log"))
        return sorted((one for one in found if _LOG.fullmatch(one)), reverse=True)

    def _run(self, path: Path, lock: int) -> None:
        words = ("index", "build", "--hold", "--progress", "json")
        with path.open("ab") as log:
            process = subprocess.Popen(  # noqa: S603 - our own program
                self._program.command(*words),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**self._program.environment, HELD: "1"},
                pass_fds=(lock,),
                start_new_session=True,  # signals for the bot are none for the build
            )
        try:
            _append(path, {"process": process.pid})
            threading.Thread(target=self._reap, args=(process, path), daemon=True).start()
        except BaseException:  # nobody could cancel a build that the log does not name
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise

    def _taken(self) -> MaintenanceRefused:
        build = self.latest()
        if build is not None and build.stage is Stage.RUNNING:
            return MaintenanceRefused(
                "A build runs already; {name} began it.", name=build.log.name
            )
        return MaintenanceRefused("A build runs in a terminal. Wait until it has ended.")

    def _end(self, name: str, process: int) -> None:
        with suppress(ProcessLookupError):
            os.killpg(process, signal.SIGTERM)
        if not self._ends(name, STOP_S):
            with suppress(ProcessLookupError):
                os.killpg(process, signal.SIGKILL)

    def _ends(self, name: str, within_s: float) -> bool:
        until = time.monotonic() + within_s
        while self._is_running(name) and time.monotonic() < until:
            time.sleep(LOOK_S)
        return not self._is_running(name)

    def _reap(self, process: subprocess.Popen[bytes], path: Path) -> None:
        """Wait for its end; end it where another worker asks for that."""
        tail = Tail()
        while process.poll() is None:
            with suppress(subprocess.TimeoutExpired):
                process.wait(ASKED_S)
            if process.poll() is None and tail.read(path).cancelled_by:
                self._end(path.stem, process.pid)
        _append(path, {"ended": True})

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.log"

    def _new_log(self) -> tuple[str, Path]:
        stamp = f"{self._clock():%Y%m%d-%H%M%S}"
        names = (stamp, *(f"{stamp}-{number}" for number in range(2, 100)))
        name = next(one for one in names if not self._path(one).exists())
        return name, self._path(name)

    def _drop_old(self) -> None:
        for name in self.names()[KEPT:]:
            self._path(name).unlink(missing_ok=True)

    def _is_running(self, name: str) -> bool:
        return self._lock.holder() == name


class Tail:
    """The log of a build that runs, of which only what is new is read, whoever looks."""

    def __init__(self) -> None:
        self._one = threading.Lock()
        self._path = Path()
        self._bytes = 0  # that were read, up to the end of a line
        self._log = EMPTY

    def read(self, path: Path) -> BuildLog:
        with self._one:
            if path != self._path:
                self._path, self._bytes, self._log = path, 0, EMPTY
            with path.open("rb") as file:
                file.seek(self._bytes)
                whole, line_end, _ = file.read().rpartition(b"\n")
            self._bytes += len(whole + line_end)
            if line_end:
                text = whole.decode("utf-8", errors="replace")
                self._log = read_log(text, before=self._log)
            return self._log


def _append(path: Path, row: Mapping[str, object]) -> None:
    with path.open("ab") as log:
        log.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
