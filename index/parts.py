"""
The parts of a search, for whoever wants to know how long each takes.

Who asks for it says so around the search, in the same context; for all others a part costs a look
at a variable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from typing import Final, TypeAlias

Watch: TypeAlias = Callable[[str], AbstractContextManager[object]]
"""Given the name of a part, makes what is entered before it and left behind it."""

_NOTHING: Final = nullcontext()
_watch: Final[ContextVar[Watch | None]] = ContextVar("watch", default=None)


def part(name: str) -> AbstractContextManager[object]:
    watch = _watch.get()
    return _NOTHING if watch is None else watch(name)


@contextmanager
def watching(watch: Watch) -> Iterator[None]:
    """Have the parts of the searches in the block watched."""
    token = _watch.set(watch)
    try:
        yield
    finally:
        _watch.reset(token)
