"""Files that come whole or not at all, and what the disk refuses, told to whoever asked for it."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from bot.errors import MaintenanceRefused

COPY: Final = ".taken-over-"  # a draft among the sources; hidden: no build reads it
OLD_S: Final = 24 * 3600  # a draft of what was killed


@contextmanager
def writing() -> Iterator[None]:
    """Raise MaintenanceRefused with the reason where the disk takes no more, or is read-only."""
    try:
        yield
    except FileExistsError:  # another file: the disk is no hindrance
        raise
    except OSError as error:
        raise MaintenanceRefused(
            "The file could not be written ({problem}). Is there room on the disk?",
            problem=reason_of(error),
        ) from error


def reason_of(error: OSError | RuntimeError) -> str:
    """In a few words, without the path."""
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def put(path: Path, target: Path, *, replace: bool = False) -> None:
    """
    Copy a file to another folder, maybe on another disk, by one rename there.

    Raise OSError, FileExistsError where there is one and it is not to be replaced; then the
    target is as it was.
    """
    # A name of its own: nobody else writes into it.
    draft = target.with_name(f"{COPY}{secrets.token_hex(8)}")
    try:
        with path.open("rb") as source, draft.open("xb") as copy:
            shutil.copyfileobj(source, copy)
            copy.flush()
            os.fsync(copy.fileno())
        if replace:
            draft.replace(target)
        else:
            target.hardlink_to(draft)  # fails where there is one: a rename would not
    finally:
        draft.unlink(missing_ok=True)


def erase(path: Path) -> None:
    """It need not be there any more. Raise MaintenanceRefused."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise MaintenanceRefused(
            "{name} could not be erased: {problem}", name=path.name, problem=reason_of(error)
        ) from error


def locked(handle: int, how: int = fcntl.LOCK_EX) -> bool:
    """Lock an open file or folder, for all machines that share it; False if another one has it."""
    try:
        fcntl.flock(handle, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def sweep(folder: Path, prefix: str) -> None:
    """Erase old drafts."""
    for path in folder.glob(f"{prefix}*"):
        with suppress(FileNotFoundError):  # another one swept it
            if path.stat().st_mtime < time.time() - OLD_S:
                path.unlink()
