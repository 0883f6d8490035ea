"""
What staff owe, as the queue shows it: one copy in memory for all who look.

Where thousands of tickets wait, it takes a good part of a second to read them all with what was
known when they were opened. So only those with another version are read anew, and what many
pages ask for at once is looked for once.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from time import monotonic
from typing import Final

from bot.desk.room_queue import by_due
from bot.desk.tickets import Evidence, Ticket
from bot.store.base import Sought, Store

AGE_S: Final = 1.0  # what stands in no line of the audit log (a topic was opened) is seen then
PAGE: Final = 50  # tickets that are read at once: some milliseconds, in which nobody is served
_NOTHING: Final = Evidence()


@dataclass(frozen=True, slots=True)
class Owed:
    tickets: Sequence[Ticket] = ()  # without evidence; what is due first stands first
    line: int = -1  # the last one of the audit log about a ticket that is in it


class OwedTickets:
    def __init__(self, store: Store, *, clock: Callable[[], float] = monotonic) -> None:
        """`clock` tells seconds."""
        self._store = store
        self._clock = clock
        self._one = asyncio.Lock()
        self._known: dict[int, Ticket] = {}
        self._owed = Owed()
        self._looked_s = -math.inf

    async def read(self) -> Owed:
        """As it is now."""
        async with self._one:
            async with self._store.read() as work:
                line = await work.audit.newest(of_tickets=True)
                if line == self._owed.line and self._clock() - self._looked_s < AGE_S:
                    return self._owed
                versions = await work.tickets.versions(Sought())
            looked_s = self._clock()
            if await self._catch_up(versions) or line != self._owed.line:
                self._owed = Owed(sorted(self._known.values(), key=by_due), line)
            self._looked_s = looked_s
            return self._owed

    async def _catch_up(self, versions: Mapping[int, int]) -> bool:
        """Read what has another version, and forget what waits no more; whether there was any."""
        gone = self._known.keys() - versions.keys()
        for number in gone:
            del self._known[number]
        stale = [
            number
            for number, version in versions.items()
            if number not in self._known or self._known[number].version != version
        ]
        for start in range(0, len(stale), PAGE):
            numbers = frozenset(stale[start : start + PAGE])
            async with self._store.read() as work:
                found = await work.tickets.find(Sought(numbers=numbers))
            self._known.update((one.id, replace(one, evidence=_NOTHING)) for one in found)
            await asyncio.sleep(0)  # whoever waits comes first
        return bool(gone or stale)
