"""A store that is watched: how long a transaction takes, and whether the database fails."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from time import perf_counter

from bot.errors import StoreBusy, StoreError
from bot.seen.port import Observer, Spans, Step
from bot.store.base import Store, Work


@dataclass(frozen=True, slots=True)
class SeenStore:
    store: Store
    observer: Observer
    spans: Spans

    def begin(self) -> AbstractAsyncContextManager[Work]:
        return self._seen("store", self.store.begin())

    def read(self) -> AbstractAsyncContextManager[Work]:
        return self._seen("store.read", self.store.read())

    @asynccontextmanager
    async def _seen(
        self, name: str, transaction: AbstractAsyncContextManager[Work]
    ) -> AsyncIterator[Work]:
        began_s = perf_counter()
        try:
            with self.spans(name, {}):
                async with transaction as work:
                    yield work
        except StoreError as error:
            self.observer.store_failed(busy=isinstance(error, StoreBusy))
            raise
        finally:
            self.observer.lasted(Step.STORE, perf_counter() - began_s)
