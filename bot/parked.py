"""
Updates of a platform that could not be taken, written down so that maintainers see them.

Nothing that a person wrote is kept, nor who it was: the platform's number, by which the log tells
more, what kind of update it was, and the name of the error.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from bot.channels.base import Unfit
from bot.store.base import Store
from bot.unfit import Parked

KEPT: Final = 1000  # the newest


class StoredParking:
    """As bot.channels.base.Parking."""

    def __init__(self, store: Store, *, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    async def reach(self) -> None:
        """A real write, for a full disk can still be read. Raise StoreError."""
        async with self._store.begin() as work:
            entries = work.entries(Parked)
            trial = await entries.add(Parked(channel="", update_id="", kind="", at=self._clock()))
            await entries.remove(trial.id)

    async def park(self, unfit: Unfit, /) -> None:
        """Raise StoreError."""
        async with self._store.begin() as work:
            entries = work.entries(Parked)
            parked = await entries.add(
                Parked(
                    channel=unfit.channel,
                    update_id=unfit.update_id,
                    kind=unfit.kind,
                    error=unfit.error,
                    at=self._clock(),
                )
            )
            await entries.remove(parked.id - KEPT)


async def parked_in(store: Store, *, limit: int = 100) -> Sequence[Parked]:
    """The newest ones, newest first."""
    async with store.begin() as work:
        return await work.entries(Parked).find(limit=limit, newest=True)
