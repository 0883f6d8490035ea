"""
Which releases were current here, in the order in which they were.

    releases/SERVED      a line for each switch: the time (UTC) and the name

Lines are added and never changed: the way back is that of the service, whatever was built when.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from index.errors import ReleaseError

FILE: Final = "SERVED"


def note(root: Path, name: str) -> None:
    """Add a release that becomes current; the line is on the disk when this returns."""
    time = datetime.now(UTC).isoformat(timespec="seconds")
    with (root / FILE).open("ab+") as file:
        torn = file.tell() > 0 and file.seek(-1, os.SEEK_END) >= 0 and file.read(1) != b"\n"
        file.write(f"{chr(10) if torn else ''}{time} {name}\n".encode())
        file.flush()
        os.fsync(file.fileno())


def names(root: Path) -> list[str]:
    """Every release that was current, once for each time, the oldest first."""
    try:
        text = (root / FILE).read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise ReleaseError(
            f"{root / FILE} cannot be read ({error.strerror}); check its permissions"
        ) from error
    # What comes after the last line end was being written when the machine stopped.
    lines = (line.split(" ") for line in text.split("\n")[:-1])
    return [words[1] for words in lines if len(words) == 2]  # noqa: PLR2004 - time and name


def way(switches: Sequence[str]) -> list[str]:
    """
    The releases to go back through, the current one last.

    A switch to a release that is on the way goes back to it and leaves what came after; any other
    goes on from the one before. So going back twice never ends where it began.
    """
    found: list[str] = []
    for name in switches:
        if name in found:
            del found[found.index(name) + 1 :]
        else:
            found.append(name)
    return found
