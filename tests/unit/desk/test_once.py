"""What a message in the staff room does is done once, wherever the bot is killed in between."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import TypeAlias

import pytest

from bot.actions import Verb
from bot.desk.absences import Absence
from bot.desk.consultations import Consultation
from bot.desk.roster import number_of
from bot.errors import StoreError
from bot.store.base import Store, Work
from bot.store.memory import MemoryStore
from tests.unit.desk.office import ROSTER, WANG
from tests.unit.desk.room import Room

Written: TypeAlias = tuple[str, str | None]  # what is written, and to which message
WORDS = "每米120元，从下月起。"


class MortalStore:
    """A store for a bot that is killed once so many transactions are committed."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.left: int | None = None  # None: it lives

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Work]:
        if self.left == 0:
            raise StoreError("killed")
        async with self._store.begin() as work:
            yield work
        if self.left is not None:
            self.left -= 1

    def read(self) -> AbstractAsyncContextManager[Work]:
        return self._store.read()


async def _reply(room: Room) -> Written:
    return WORDS, await room.press(WANG, Verb.REPLY, (await room.opens()).id)


async def _reply_to_card(room: Room) -> Written:
    return WORDS, await room.card((await room.opens()).id)


async def _ask(room: Room) -> Written:
    return WORDS, await room.press(WANG, Verb.ASK, (await room.opens()).id)


async def _consult(room: Room) -> Written:
    number = (await room.opens(department="housing")).id
    return WORDS, await room.press(WANG, Verb.CONSULT, number, number_of("pension"))


async def _transfer(room: Room) -> Written:
    number = (await room.opens(department="housing")).id
    return WORDS, await room.press(WANG, Verb.TRANSFER, number, number_of("pension"))


async def _extend(room: Room) -> Written:
    return f"/disclosure {await room.files('路灯维护费用')} extend {WORDS}", None


async def _hear(room: Room) -> Written:
    return f"/disclosure {await room.files('路灯维护费用')} hear 滨海照明", None


async def _away(room: Room) -> Written:
    await room.opens()
    return "/away 2026-12-01 2026-12-03", None


@pytest.mark.parametrize(
    ("prepare", "deed"),
    [
        (_reply, "replied"),
        (_reply_to_card, "replied"),
        (_ask, "asked back"),
        (_consult, "consulting"),
        (_transfer, "transferred"),
        (_extend, "extended"),
        (_hear, "paused"),
        (_away, "away"),
    ],
)
async def test_a_message_that_a_crash_left_is_not_done_again(
    prepare: Callable[[Room], Awaitable[Written]], deed: str
) -> None:
    """After each transaction in turn: what was done is not done again, what was not is done."""
    for commits in range(1, 9):
        store = MortalStore(MemoryStore())
        room = Room(store, ROSTER)
        text, to = await prepare(room)
        await room.citizen_heard()
        store.left = commits
        with suppress(StoreError):
            await room.say(WANG, text, to)
        survived, store.left = store.left != 0, None
        await room.recovers()
        assert await _deeds(store, room) == [deed], f"killed after {commits} transactions"
        assert len([one for one in await room.citizen_heard() if WORDS in one]) <= 1
        if survived:
            return
    raise AssertionError("it was killed every time: no transaction more would be enough")


async def test_after_an_error_behind_the_deed_nobody_is_told_that_nothing_was_done() -> None:
    store = MortalStore(MemoryStore())
    room = Room(store, ROSTER)
    text, to = await _ask(room)
    store.left = 3  # accepted, read, asked
    with pytest.raises(StoreError):
        await room.say(WANG, text, to)
    store.left = None
    assert "Look at the card" in room.read(await room.fails())
    assert await room.recovers() == 0


async def _deeds(store: Store, room: Room) -> list[str]:
    """Of those that are tested here: what was done, as the audit log and the registers have it."""
    done = [
        what
        for what in await room.office.history(1)
        if what in {"replied", "asked back", "consulting", "transferred", "extended", "paused"}
    ]
    async with store.begin() as work:
        away = await work.entries(Absence).find()
        asked = await work.entries(Consultation).find()
    assert len(asked) == done.count("consulting")
    return [*done, *("away" for _ in away)]
