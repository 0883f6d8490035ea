"""
One build of an index at a time, whoever begins it: a maintainer in the console, or a terminal.

The lock is on a file beside the logs, and goes with the process that holds it. In the file stands
who that is: a lock alone does not tell whose build it is that runs.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from bot.errors import MaintenanceRefused
from bot.maintain.disk import locked

FOLDER: Final = ".maintain"  # below the releases; hidden, so that it is none of them
TERMINAL: Final = "terminal"  # who holds it, where it is no build of the console
HELD: Final = "MINGBAI_BUILD_LOCK"  # set for a process that was given the lock by the console
TRIES: Final = 5  # who only looks holds the lock for a moment
LOOK_S: Final = 0.05
_LONGEST: Final = 100  # bytes of who holds it


def builds_of(releases: Path) -> Path:
    """Where the logs of builds are, and the lock."""
    return releases / FOLDER / "builds"


class BuildLock:
    def __init__(self, folder: Path) -> None:
        """`folder` must be there before the lock is taken."""
        self._folder = folder

    @contextmanager
    def taken(self) -> Iterator[int | None]:
        """
        Hold the lock, unless a build does: then None. A process that gets the handle keeps it.

        Whoever holds it signs for it. Raise OSError where the file cannot be written.
        """
        handle = self._open()
        try:
            for _ in range(TRIES):
                if locked(handle):
                    os.ftruncate(handle, 0)
                    yield handle
                    return
                time.sleep(LOOK_S)
            yield None
        finally:
            os.close(handle)

    def holder(self) -> str:
        """Who builds now; "" if nobody does."""
        if not self._folder.is_dir():
            return ""
        handle = self._open()
        try:
            if locked(handle, fcntl.LOCK_SH):
                return ""
            return os.pread(handle, _LONGEST, 0).decode(errors="replace")
        finally:
            os.close(handle)

    @staticmethod
    def sign(handle: int, holder: str) -> None:
        os.pwrite(handle, holder.encode(), 0)

    def _open(self) -> int:
        return os.open(self._folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


@contextmanager
def alone(releases: Path) -> Iterator[None]:
    """For a build in a terminal: nobody else builds these. Raise MaintenanceRefused."""
    if os.environ.get(HELD):  # the console holds it for us
        yield
        return
    folder = builds_of(releases)
    with ExitStack() as stack:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lock = BuildLock(folder)
            handle = stack.enter_context(lock.taken())
        except OSError:  # a disk without locks: drafts are apart (index/drafts.py)
            pass
        else:
            if handle is None:
                raise MaintenanceRefused(
                    "A build runs already. Wait until it has ended, or cancel it in the console."
                )
            lock.sign(handle, TERMINAL)
        yield
