"""The bot as people run it: `run_bot.py` in a process of its own, which may be killed."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, Self

PROGRAM: Final = Path(__file__).parents[2] / "run_bot.py"
START_S: Final = 90.0  # by then it serves, on a machine that has much else to do
STOP_S: Final = 10.0  # that service managers wait


class Process:
    """Use `start`, then `until` lines that it prints."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.lines: list[str] = []

    @classmethod
    async def start(cls, folder: Path, settings: Mapping[str, str]) -> Self:
        """In that folder; what it logs is appended to `log` there."""
        environment = {"PATH": os.environ["PATH"], "OMP_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}
        with (folder / "log").open("ab") as log:
            return cls(
                await asyncio.create_subprocess_exec(
                    sys.executable,
                    PROGRAM,
                    env={**environment, **settings},
                    cwd=folder,
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=asyncio.subprocess.PIPE,
                    stderr=log,
                )
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def ended(self) -> bool:
        return self._process.returncode is not None

    async def until(self, words: str, *, timeout_s: float = START_S) -> str:
        """Read what it prints up to a line with those words; raise EOFError where it ends."""
        async with asyncio.timeout(timeout_s):
            async for line in self._out():
                if words in line:
                    return line
        raise EOFError(self.lines)

    async def kill(self) -> None:
        """As the kernel does where memory is short: nothing is finished, nothing is told."""
        if not self.ended:
            self._process.send_signal(signal.SIGKILL)
        await self._process.wait()

    async def stop(self) -> float:
        """As a service manager does; return the seconds that it took. Raise TimeoutError."""
        begun = asyncio.get_running_loop().time()
        self._process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(self._process.wait(), STOP_S)
        return asyncio.get_running_loop().time() - begun

    async def wait(self) -> int:
        return await self._process.wait()

    async def _out(self) -> AsyncIterator[str]:
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            self.lines.append(line.decode().rstrip())
            yield self.lines[-1]


@asynccontextmanager
async def process(folder: Path, settings: Mapping[str, str]) -> AsyncIterator[Process]:
    """One that is not left behind."""
    running = await Process.start(folder, settings)
    try:
        yield running
    finally:
        await running.kill()
