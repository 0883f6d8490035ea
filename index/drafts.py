"""
Folders that releases are built in: beside the releases, hidden, gone unless they are published.

A build that is killed leaves its folder behind; the next one sweeps it. A living build holds a
lock on its folder, so that nobody sweeps that. A release that is removed becomes such a folder
first, so that there is never half of one.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

_DRAFT: Final = ".draft-"
_DRAFTED: Final = re.compile(re.escape(_DRAFT) + r"(?P<process>\d{1,9})-\d+")


@contextmanager
def draft(root: Path) -> Iterator[Path]:
    """Give a new empty folder to build in; it is removed unless it was published."""
    root.mkdir(parents=True, exist_ok=True)
    folder = _named(root)
    with ExitStack() as stack:
        with _locked(root):  # nobody sweeps a draft that is not locked yet
            _sweep(root)
            folder.mkdir()
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            stack.enter_context(_locked(folder))
        yield folder


def discard(folder: Path) -> None:
    """Remove a release at once for who looks; what a kill leaves of it is swept as a draft."""
    hidden = _named(folder.parent)
    folder.rename(hidden)
    shutil.rmtree(hidden, ignore_errors=True)  # another build may be sweeping it


def _named(root: Path) -> Path:
    return root / f"{_DRAFT}{os.getpid()}-{datetime.now(UTC):%Y%m%d%H%M%S%f}"


def _sweep(root: Path) -> None:
    """Remove the drafts that killed builds left behind; a living one's stays."""
    for folder in root.iterdir():
        found = _DRAFTED.fullmatch(folder.name)
        if found and not _lives_elsewhere(int(found["process"])) and not _is_locked(folder):
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder; it goes with the process. Some network disks have none."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _is_locked(folder: Path) -> bool:
    """Whether a build holds its lock; one in another container is not among our processes."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:  # it went just now
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return isinstance(error, BlockingIOError)
    finally:
        os.close(handle)
    return False


def _lives_elsewhere(process: int) -> bool:
    """
    Whether another process has that number.

    Our own number is no sign of life: in a container every build may have the same one.
    """
    if process == os.getpid():
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it lives, and is somebody else's
        return True
    return True
