"""Files kept for later: what nobody asked for in half a year goes, lest a cache grow for ever."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

KEPT_S: Final = 180 * 86_400.0  # seconds after the last use


def used(path: Path) -> None:
    """Note that the file was asked for now."""
    with suppress(OSError):  # a folder that may only be read is never tidied either
        os.utime(path)


def remove_unused(paths: Iterable[Path]) -> None:
    """Remove the files among the paths that were not used for long; what fails stays."""
    before = time.time() - KEPT_S
    with suppress(OSError):
        for path in paths:
            with suppress(OSError):
                if path.is_file() and path.stat().st_mtime < before:
                    path.unlink()
