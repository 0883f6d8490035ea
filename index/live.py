"""
The release that is served, swapped whole while questions are being answered.

A question that has begun keeps the release it began with. A release that cannot be loaded is
logged and the one before stays; after a start, the last good one that was served before it.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final, Protocol

from index.about import About
from index.errors import EncoderError, ReleaseMissing, SearchError
from index.release import current
from index.served import names, way
from index.types import Away, Found, Hit
from knowledge.types import Passage

THREADS: Final = 2
PULL_S: Final = 20.0  # that a release is waited for, before the one that is here is served
FIRST_S: Final = 60.0  # that a question waits for the first release, if one is being loaded

logger = logging.getLogger(__name__)


class Searcher(Protocol):
    """One release, as index.searcher.Searcher."""

    @property
    def away(self) -> Away | None: ...

    def __call__(self, question: str, on: date, /) -> Found: ...

    def follow(self, question: str, about: About, on: date, /) -> Found: ...

    def passage(self, passage_id: str, on: date, /) -> Hit | None: ...

    def clause(self, passage_id: str, /) -> tuple[Passage, ...]: ...

    def listed(self, words: str, on: date, /, *, ended: bool, limit: int) -> tuple[Hit, ...]: ...

    def questions(self, document_id: str, on: date, /) -> tuple[str, ...]: ...


class Live:
    """Searches in worker threads, so that the event loop never waits for a search."""

    def __init__(
        self,
        root: Path,
        load: Callable[[Path], Searcher],
        *,
        thread_setup: Callable[[], None],
        pull: Callable[[Path], object] | None = None,
    ) -> None:
        """`pull` brings what is to be served into `root`, from where it is pushed to."""
        self._root = root
        self._pull = pull
        self._pulling: asyncio.Future[object] | None = None
        self._load = load
        self._threads = ThreadPoolExecutor(
            THREADS, thread_name_prefix="search", initializer=thread_setup
        )
        self._searcher: Searcher | None = None
        self._name = ""
        # A release that could not be loaded: tried again when something in its folder changed.
        self._refused: tuple[str, int] | None = None
        self._first: asyncio.Future[None] | None = None  # done when the first refresh is
        self.problem = ""  # why no release, or not the newest, is served

    @property
    def release(self) -> str:
        """Name of the release that is served, or ""."""
        return self._name

    @property
    def away(self) -> Away | None:
        """What the last search in this release had to do without."""
        return None if self._searcher is None else self._searcher.away

    async def search(self, question: str, /, *, on: date) -> Found | None:
        """Return None while no release is loaded; the first one is waited for."""
        searcher = await self._awaited()
        if searcher is None:
            return None
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            self._threads, copy_context().run, searcher, question, on
        )

    async def passage(self, passage_id: str, /, *, on: date) -> Hit | None:
        """Return a passage of the release, if it has it and the document binds on that day."""
        searcher = self._searcher
        if searcher is None:
            return None
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, searcher.passage, passage_id, on)

    async def follow(self, question: str, about: About, /, *, on: date) -> Found | None:
        """Search within what a conversation is about; as search()."""
        searcher = await self._awaited()
        if searcher is None:
            return None
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            self._threads, copy_context().run, searcher.follow, question, about, on
        )

    async def clause(self, passage_id: str, /) -> tuple[str, Sequence[Passage]]:
        """Return the release, and the passages of the whole clause, whatever binds today."""
        searcher, name = self._searcher, self._name
        if searcher is None:
            return "", ()
        loop = asyncio.get_running_loop()
        return name, await loop.run_in_executor(self._threads, searcher.clause, passage_id)

    async def listed(
        self, words: str, /, *, on: date, ended: bool, limit: int
    ) -> Sequence[Hit] | None:
        """
        Return the best passages for a list of results; None while no release is loaded.

        With `ended` also of documents that do not bind on that day.
        """
        searcher = self._searcher
        if searcher is None:
            return None
        loop = asyncio.get_running_loop()
        search = partial(searcher.listed, words, on, ended=ended, limit=limit)
        return await loop.run_in_executor(self._threads, copy_context().run, search)

    async def questions(self, document_id: str, /, *, on: date) -> Sequence[str]:
        """Return what the documents around one ask and answer themselves."""
        searcher = self._searcher
        if searcher is None:
            return ()
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, searcher.questions, document_id, on)

    async def refresh(self) -> bool:
        """Load the current release if it is another; tell whether it was swapped in."""
        if self._first is not None:
            return await self._looked()
        self._first = asyncio.get_running_loop().create_future()
        try:
            return await self._looked()
        finally:
            self._first.set_result(None)

    async def _looked(self) -> bool:
        try:
            return await self._refresh()
        except Exception as error:
            logger.debug("releases", exc_info=True)
            # Whoever watches goes on: else nothing newer would ever be served.
            self._note(f"the releases cannot be looked at ({type(error).__name__}: {error})")
            return False

    async def _refresh(self) -> bool:
        unpulled = await self._pulled()
        try:
            name = current(self._root)
        except SearchError as error:
            self._note(unpulled or str(error))  # to build one here would not help
            return False
        if name == self._name:  # also when it is current again, after another was refused
            self._refused = None
            self._note(unpulled)
            return False
        stamp = _stamp(self._root / name)
        if stamp == self._refused:
            return False
        try:
            loop = asyncio.get_running_loop()
            self._searcher = await loop.run_in_executor(
                self._threads, self._load, self._root / name
            )
        except SearchError as error:
            # What is not there may yet come; the rest is not tried again as it is.
            self._refused = None if isinstance(error, ReleaseMissing | EncoderError) else stamp
            back = None if isinstance(error, EncoderError) else await self._go_back(name)
            self._note(f"{error}; {back} is served in its place" if back else str(error))
            return back is not None
        # A disk that fails, no memory: the bot goes on with what it has, and tries again.
        except Exception as error:
            logger.debug("release %s", name, exc_info=True)
            self._note(f"release {name} cannot be loaded ({type(error).__name__}: {error})")
            return False
        self._name, self._refused = name, None
        logger.info("release %s is served", name)
        self._note(unpulled)
        return True

    async def _pulled(self) -> str:
        """
        Bring what is to be served; return why that failed, or "".

        It is waited for: to go on with what is here could mean to answer with what was repealed
        since. Not for ever, for to answer nothing is no better.
        """
        if self._pull is None:
            return ""
        if self._pulling is None:
            self._pulling = _aside(partial(self._pull, self._root))
        pulling = self._pulling
        await asyncio.wait([pulling], timeout=PULL_S)
        if not pulling.done():
            return "the newest release is still being looked for or downloaded"
        self._pulling = None
        try:
            pulling.result()
        except SearchError as error:
            return str(error)
        except Exception as error:
            logger.debug("pull", exc_info=True)
            return f"the newest release cannot be brought here ({type(error).__name__}: {error})"
        return ""

    async def watch(self, *, every_s: float) -> None:
        """Refresh until cancelled."""
        while True:
            await self.refresh()
            await asyncio.sleep(every_s)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _awaited(self) -> Searcher | None:
        """
        What searches; while the very first release is being loaded, wait for it.

        What a restart finds waiting would be a person's only because it was seconds too early.
        """
        if self._searcher is None and self._first is not None:
            await asyncio.wait([self._first], timeout=FIRST_S)
        return self._searcher

    async def _go_back(self, refused: str) -> str | None:
        """After a start, serve the last good release that was served here; return its name."""
        if self._searcher is not None:
            return None
        loop = asyncio.get_running_loop()
        for name in reversed(way(names(self._root))):
            if name == refused:
                continue
            with suppress(SearchError, OSError):
                self._searcher = await loop.run_in_executor(
                    self._threads, self._load, self._root / name
                )
                self._name = name
                return name
        return None

    def _note(self, problem: str) -> None:
        if problem and problem != self.problem:
            logger.error("%s", problem)
        self.problem = problem


def _aside(work: Callable[[], object]) -> asyncio.Future[object]:
    """
    Run it in a thread of its own, which ends with the process.

    One of a pool would be waited for at the end: a download takes longer than a stop may.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[object] = loop.create_future()

    def tell(finish: Callable[[], None]) -> None:
        with suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(lambda: None if done.done() else finish())

    def run() -> None:
        try:
            result = work()
        except Exception as error:  # noqa: BLE001 - whoever awaits it gets it
            failure = error
            tell(lambda: done.set_exception(failure))
        else:
            tell(lambda: done.set_result(result))

    threading.Thread(target=run, name="pull", daemon=True).start()
    return done


def _stamp(folder: Path) -> tuple[str, int]:
    """A name, and when anything there was last changed, taken away or put back."""
    last = 0
    for path in (folder, *folder.rglob("*")):
        with suppress(OSError):  # it may go at this moment
            last = max(last, path.stat().st_ctime_ns)
    return folder.name, last
