"""One build at a time, in the console or in a terminal; what is left when processes are killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from bot.desk.tickets import Agent
from bot.errors import MaintenanceRefused
from bot.maintain.build_lock import HELD, alone, builds_of
from bot.maintain.build_log import Stage
from bot.maintain.builds import Builds
from bot.maintain.program import Program

HAN: Final = Agent("web:han", "韩梅")
SLOWEST_S: Final = 20.0
# A build that goes on until there is a file that says so, and then is whole.
BUILDING: Final = """
import sys, time
from pathlib import Path
print('{"step": "terms", "done": 1, "total": 2}', flush=True)
while not Path(sys.argv[1]).exists():
    time.sleep(0.02)
print('{"release": "r"}', flush=True)
"""
# A web process that has begun one, and goes on serving.
SERVING: Final = """
import sys, time
from pathlib import Path
from tests.unit.maintain.test_build_lock import HAN, builds
builds(Path(sys.argv[1])).start(HAN)
print("begun", flush=True)
time.sleep(600)
"""


class Waiting(Program):
    def command(self, *_words: str) -> list[str]:
        return [sys.executable, "-c", BUILDING, self.settings["GO"]]


def now() -> datetime:
    return datetime(2026, 3, 2, 9, tzinfo=UTC)


def builds(releases: Path) -> Builds:
    return Builds(builds_of(releases), Waiting({"GO": str(releases / "go")}), clock=now)


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + SLOWEST_S
    while not holds():
        assert time.monotonic() < end, "it never came to be"
        time.sleep(0.02)


def stage(of: Builds) -> Stage:
    build = of.latest()
    assert build is not None
    return build.stage


@contextmanager
def serving(releases: Path) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", SERVING, str(releases)], stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == b"begun\n"
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def killed(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()


def test_a_build_outlives_the_server_that_began_it(tmp_path: Path) -> None:
    with serving(tmp_path) as process:
        killed(process)
    after = builds(tmp_path)
    assert stage(after) is Stage.RUNNING
    with pytest.raises(MaintenanceRefused, match="runs already"):
        after.start(HAN)
    (tmp_path / "go").touch()
    until(lambda: stage(after) is Stage.BUILT)


def test_a_build_that_is_killed_with_its_server_has_failed_and_frees_the_lock(
    tmp_path: Path,
) -> None:
    after = builds(tmp_path)
    with serving(tmp_path) as process:
        until(lambda: (build := after.latest()) is not None and build.log.step == "terms")
        killed(process)
        build = after.latest()
        assert build is not None
        assert build.log.process is not None
        os.kill(build.log.process, signal.SIGKILL)
    until(lambda: stage(after) is Stage.FAILED)
    build = after.latest()
    assert build is not None
    assert not build.log.ended, "nobody saw it end"
    (tmp_path / "go").touch()
    after.start(HAN)
    until(lambda: stage(after) is Stage.BUILT)


def test_in_a_terminal_nobody_builds_beside_the_console(tmp_path: Path) -> None:
    console = builds(tmp_path)
    console.start(HAN)
    with pytest.raises(MaintenanceRefused, match="runs already"), alone(tmp_path):
        pytest.fail("both would build")
    (tmp_path / "go").touch()
    until(lambda: stage(console) is Stage.BUILT)
    with alone(tmp_path):
        assert console.runs_in_terminal()


def test_the_console_builds_nothing_beside_a_terminal_and_ends_nothing_of_it(
    tmp_path: Path,
) -> None:
    console = builds(tmp_path)
    (tmp_path / "go").touch()
    console.start(HAN)
    until(lambda: stage(console) is Stage.BUILT)
    with alone(tmp_path):
        assert stage(console) is Stage.BUILT, "the one before is not that which runs"
        with pytest.raises(MaintenanceRefused, match="in a terminal"):
            console.start(HAN)
        with pytest.raises(MaintenanceRefused, match="No build is running"):
            console.cancel(HAN)
    console.start(HAN)


def test_a_build_of_the_console_needs_no_second_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(HELD, "1")
    with alone(tmp_path), alone(tmp_path):
        assert not builds_of(tmp_path).exists()


def test_of_a_log_that_grows_only_what_is_new_is_read(tmp_path: Path) -> None:
    console = builds(tmp_path)
    name = console.start(HAN)
    until(lambda: console.get(name).log.step == "terms")
    before = console.get(name).log
    assert console.get(name).log is before, "nothing new"
    path = builds_of(tmp_path) / f"{name}.log"
    with path.open("ab") as log:
        log.write('{"told": "跳过 a.md"}\n{"told": "跳'.encode())
    assert console.get(name).log.lines == ("跳过 a.md",)
    with path.open("ab") as log:
        log.write('过 b.md"}\n'.encode())
    assert console.get(name).log.lines == ("跳过 a.md", "跳过 b.md")
    console.cancel(HAN)
