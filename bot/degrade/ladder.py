"""
The level of this worker: the lower of what is set by hand and where it went by itself.

Every few seconds it looks at the store, where the switch lies, and at how searches go. The level
is then known to whoever asks, without a look at anything.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final, Protocol

import structlog

from bot.degrade.falling import Standing, Trouble, stepped
from bot.degrade.guarded import Guarded, Health
from bot.degrade.kept import Keeping
from bot.degrade.level import Cause, Level, Step, lower
from bot.degrade.levels import Levels
from bot.desk.bookkeeping import SYSTEM
from bot.seen.index import Loaded
from index.types import Away

LOOK_S: Final = 2.0
LOST: Final = 2  # looks in a row at which the store failed
GRACE: Final = timedelta(seconds=60)  # for a release to be loaded, or for what is away to return
MOST_UNTOLD: Final = 100  # steps that wait for the store
WITHOUT: Final[Mapping[Away, Cause]] = MappingProxyType(
    {Away.VECTORS: Cause.NO_VECTORS, Away.RERANKER: Cause.NO_RERANKER}
)

log = structlog.get_logger(__name__)


class Whole(Loaded, Protocol):
    """As index.live.Live: nothing around it, and it tells what a search had to do without."""

    @property
    def away(self) -> Away | None:
        """What the last search had to do without."""


class Ladder:
    """The level of one worker."""

    def __init__(
        self,
        index: Loaded,
        *,
        clock: Callable[[], datetime],
        away: Callable[[], Away | None],
        told: Callable[[Level], None] = lambda _level: None,
    ) -> None:
        """
        `away` tells what the last search had to do without.

        `told` is called with each new level of this worker: for figures.
        """
        self.health = Health()
        self.index = Guarded(index, lambda: self.serving, self.health)
        self.clock = clock
        self._away = away
        self._told = told
        self._hand: Step | None = None
        self._standing = Standing()
        self._store_failed = 0
        self._missing: datetime | None = None
        self._without: datetime | None = None
        self._untold: deque[Step] = deque(maxlen=MOST_UNTOLD)
        self._last = Level.FULL

    @property
    def level(self) -> Level:
        """For whoever looks from outside: nothing can be taken in while the store is away."""
        return Level.MAINTENANCE if self.store_is_away else self.serving

    @property
    def serving(self) -> Level:
        """For what is in the ledger already."""
        return lower(self.by_hand, self._standing.level)

    @property
    def by_hand(self) -> Level:
        return self._hand.holds(self.clock()) if self._hand else Level.FULL

    @property
    def until(self) -> datetime | None:
        """When what is set by hand ends, if it is what counts."""
        return self._hand.until if self._hand and self.by_hand is self.serving else None

    @property
    def since(self) -> datetime | None:
        """When this level began: tells one period of it from the next."""
        if self._hand is not None and self.by_hand is self.serving:
            return self._hand.at
        return self._standing.since

    @property
    def store_is_away(self) -> bool:
        return self._store_failed >= LOST

    async def run(self, levels: Levels, keeping: Keeping) -> None:
        """Look until cancelled."""
        while True:
            await self.look(levels, keeping)
            await asyncio.sleep(LOOK_S)

    async def look(self, levels: Levels, keeping: Keeping) -> None:
        """One look at everything; never fails."""
        await self._look_at_searches()
        try:
            await self.follow(levels)
            if self.serving is not Level.MAINTENANCE:
                await keeping.take_up()
        except Exception as error:  # noqa: BLE001 - of a database any; what was noted waits
            self._store_failed += 1
            log.warning("level.look_failed", problem=type(error).__name__)
            if self._store_failed == LOST:
                log.error("level.store_away", problem=type(error).__name__)  # noqa: TRY400 - its trace may hold citizens' words
        self._tell()

    async def follow(self, levels: Levels) -> None:
        """Read what is set by hand, and write down what this worker did by itself."""
        hand = await levels.by_hand()
        self._store_failed = 0
        self._hand = hand
        if hand is not None and hand.is_up(self.clock()):
            await levels.note_over(hand)
        while self._untold:
            await levels.note_automatic(self._untold[0])
            self._untold.popleft()

    async def _look_at_searches(self) -> None:
        at = self.clock()
        before = self._standing
        self._standing = stepped(before, await self._trouble(at), at=at)
        if (self._standing.level, self._standing.why) != (before.level, before.why):
            step = Step(
                automatic=True,
                level=self._standing.level,
                why=self._standing.why or "",
                who=SYSTEM,
                at=at,
            )
            self._untold.append(step)
            log.warning("level.stepped", level=step.level, why=step.why)

    async def _trouble(self, at: datetime) -> Trouble | None:
        if not self.index.release:
            self._missing = self._missing or at
            missing = at - self._missing >= GRACE
            return Trouble(Level.PEOPLE, Cause.NO_RELEASE) if missing else None
        self._missing = None
        if self.health.stuck:
            self.health.give_up()
            return Trouble(Level.PEOPLE, Cause.STUCK)
        if self._standing.level is Level.FULL and not self.health.suspicious and not self._away():
            self._without = None
            return None
        # Three questions that nothing can read must not take the bot down for everybody.
        problem = await self.index.probe(on=at.date())
        if problem:
            return Trouble(Level.PEOPLE, Cause.FAILING)
        self.health.clear()
        return self._lacking(at)

    def _lacking(self, at: datetime) -> Trouble | None:
        """What our own search, just now, still had to do without, if that lasts."""
        away = self._away()
        if away is None:
            self._without = None
            return None
        self._without = self._without or at
        lasts = at - self._without >= GRACE
        return Trouble(Level.QUOTATION, WITHOUT[away]) if lasts else None

    def _tell(self) -> None:
        if self.level is not self._last:
            self._last = self.level
            self._told(self.level)
