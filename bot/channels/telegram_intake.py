"""
What Telegram hands over, polled or posted: stored first, then acknowledged.

An update that cannot be taken while others can is parked: it would keep up all that come after
it. It is parked only between two writes that worked, so that a store which is away for a while
never costs a question.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import structlog
from telegram import Bot, Update
from telegram.error import TelegramError

from bot.channels.base import Parking, Receive, Unfit
from bot.channels.telegram_groups import Groups
from bot.channels.telegram_inline import InlineAnswers
from bot.channels.telegram_menu import StaffMenu
from bot.channels.telegram_requests import UNREADABLE
from bot.channels.telegram_updates import read
from bot.types import Message

TRIES: Final = 3  # of a batch, until its updates are taken one by one
REMEMBERED: Final = 1000  # batches that failed; a post that never comes again must not stay

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class Intake:
    def __init__(
        self,
        bot: Bot,
        groups: Groups,
        staff_menu: StaffMenu,
        inline: InlineAnswers | None,
        parking: Parking | None,
    ) -> None:
        """
        Without `parking` what cannot be read is only logged, and what cannot be stored is tried
        without end.
        """
        self._bot = bot
        self._groups = groups
        self._staff_menu = staff_menu
        self._inline = inline
        self._parking = parking
        self._failures: dict[int, int] = {}  # of batches, by the id of their first update
        self._tasks: set[asyncio.Task[None]] = set()

    async def take(self, updates: Sequence[Update], receive: Receive) -> None:
        """Return once all of them are stored or parked; raise what keeps them from it."""
        if not updates:
            return
        self._quote(updates)  # first: whoever types waits for it now
        try:
            await self._store(updates, receive)
        except Exception:
            if not self._is_stuck(updates[0].update_id):
                raise
            for update in updates:
                await self._store_or_park(update, receive)
        self._failures.pop(updates[0].update_id, None)
        self._end_spinners(updates)
        self._later(self._staff_menu.show(self._groups.staff_chat))  # which may have moved

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._inline:
            await self._inline.close()

    async def _store(self, updates: Sequence[Update], receive: Receive) -> None:
        messages = [message for update in updates if (message := await self._read(update))]
        if messages:
            await receive(messages)

    async def _read(self, update: Update) -> Message | None:
        if error := update.api_kwargs.get(UNREADABLE):
            await self._park(update, error)
            return None
        await self._groups.watch(update)
        try:
            staff = self._groups.staff_chat
            return read(update, me=self._bot.bot, staff=staff, at=datetime.now(UTC))
        except Exception as error:  # noqa: BLE001 - our own mistake, and the same every time
            await self._park(update, type(error).__name__)
            return None

    def _is_stuck(self, first: int) -> bool:
        """Count a failure of the batch that begins with that update."""
        if len(self._failures) > REMEMBERED:
            self._failures.clear()
        self._failures[first] = self._failures.get(first, 0) + 1
        return self._parking is not None and self._failures[first] >= TRIES

    async def _store_or_park(self, update: Update, receive: Receive) -> None:
        assert self._parking is not None
        try:
            await self._store([update], receive)
        except Exception:  # noqa: BLE001 - perhaps the store's fault: that is found out
            await self._parking.reach()
        else:
            return
        try:
            await self._store([update], receive)
        except Exception as error:  # noqa: BLE001 - told by its name, its words may quote people
            await self._park(update, type(error).__name__)

    async def _park(self, update: Update, error: str) -> None:
        """Raise where it cannot be written down."""
        number, kind = str(update.update_id), _kind(update)
        if self._parking is not None:
            unfit = Unfit(channel="telegram", update_id=number, kind=kind, error=error)
            await self._parking.park(unfit)
        log.error("telegram_update_parked", update_id=number, kind=kind, error=error)

    def _quote(self, updates: Sequence[Update]) -> None:
        for update in updates:
            if update.inline_query and self._inline:
                self._inline.take(update.inline_query)

    def _end_spinners(self, updates: Sequence[Update]) -> None:
        for update in updates:
            if update.callback_query:
                self._later(self._answer(update.callback_query.id))

    def _later(self, call: Coroutine[Any, Any, None]) -> None:
        """What nobody waits for: Telegram has its answer before."""
        task = asyncio.create_task(call)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, query_id: str) -> None:
        try:
            await self._bot.answer_callback_query(query_id)
        except TelegramError as error:
            log.info("telegram_spinner_left", error=str(error))


def _kind(update: Update) -> str:
    named = [name for name in Update.ALL_TYPES if getattr(update, name, None) is not None]
    return named[0] if named else "unreadable"
