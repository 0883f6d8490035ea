"""What the disk refuses, told to whoever asked for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bot.errors import MaintenanceRefused


@contextmanager
def writing() -> Iterator[None]:
    """Raise MaintenanceRefused with the reason where the disk takes no more, or is read-only."""
    try:
        yield
    except OSError as error:
        raise MaintenanceRefused(
            "The file could not be written ({problem}). Is there room on the disk?",
            problem=reason_of(error),
        ) from error


def reason_of(error: OSError | RuntimeError) -> str:
    """In a few words, without the path."""
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
