"""The same dialogs on every channel, against one running bot: real index, database and HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Final

import pytest
import pytest_asyncio

from bot.desk.tickets import Agent
from bot.types import Outcome
from tests.dialogs.chats import CHANNELS, Chat, Seen
from tests.dialogs.table import Dialog, Turn, dialogs
from tests.e2e.world import World, world

pytestmark = pytest.mark.asyncio(loop_scope="module")

AGENT: Final = Agent("staff:7", "李敏")
SOON_S: Final = 10.0
LOOK_S: Final = 0.005


class Stage:
    """Plays one dialog after the other, so that the next message in the ledger is ours."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._last = 0  # message in the ledger

    async def play(self, chat: Chat, dialog: Dialog) -> None:
        while await self._outcome():  # what a dialog that failed has left behind
            self._last += 1
        for turn in dialog.turns:
            await self._take(chat, turn)

    async def _take(self, chat: Chat, turn: Turn) -> None:
        outcome: Outcome | None = None
        async with asyncio.timeout(SOON_S):
            if turn.act == "staff":
                newest = await self._staff_reply(chat, turn)
            else:
                outcome, newest = await self._done(chat, turn)
        seen = await chat.reads(until=newest)
        await self._check(chat, turn, seen, outcome)

    async def _done(self, chat: Chat, turn: Turn) -> tuple[Outcome, int]:
        for _ in range(turn.times - 1):
            await getattr(chat, turn.act)(turn.words)
            _, newest = await self._settled(chat)
            await chat.reads(until=newest)
        await getattr(chat, turn.act)(turn.words)
        return await self._settled(chat)

    async def _settled(self, chat: Chat) -> tuple[Outcome, int]:
        """Wait until the next message was handled and what is said to it was sent."""
        while (outcome := await self._outcome()) is None:  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(LOOK_S)
        self._last += 1
        return outcome, await self._sent(chat)

    async def _outcome(self) -> Outcome | None:
        async with self.world.store.begin() as work:
            past = await work.inbox.get(self._last + 1)
        return past.outcome if past else None

    async def _sent(self, chat: Chat) -> int:
        """Wait until everything to this chat was sent; return the newest delivery."""
        while await self._waits(chat):  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(LOOK_S)
        async with self.world.store.begin() as work:
            sent = await work.outbox.delivered(chat.address)
        return max((one.id for one in sent), default=0)

    async def _waits(self, chat: Chat) -> bool:
        async with self.world.store.begin() as work:
            due = await work.outbox.due(at=self.world.clock())
        return chat.address in {one.delivery.to for one in due}

    async def _staff_reply(self, chat: Chat, turn: Turn) -> int:
        desk, ticket_id = self.world.app.desk, (await self._tickets(chat))[0]
        await desk.claim_if_open(ticket_id, AGENT)
        await desk.reply(ticket_id, AGENT, turn.text)
        self.world.app.sender.wake()
        return await self._sent(chat)

    async def _tickets(self, chat: Chat) -> list[int]:
        """Numbers of the person's tickets, newest first."""
        async with self.world.store.begin() as work:
            return [ticket.id for ticket in await work.tickets.of(chat.address)]

    async def _check(
        self, chat: Chat, turn: Turn, seen: list[Seen], outcome: Outcome | None
    ) -> None:
        tickets = await self._tickets(chat)
        text = "\n".join(one.text for one in seen)
        labels = {label for one in seen for label in one.buttons}
        told = f"{turn.act} {turn.text!r} -> {_names(outcome)} {sorted(labels)}\n{text}"
        if turn.outcome:
            assert turn.outcome in _names(outcome), told
        for words in turn.holds:
            assert words.replace("{ticket}", str(tickets[0] if tickets else "")) in text, told
        for words in turn.lacks:
            assert words not in text, told
        assert labels >= set(turn.buttons), told
        assert turn.tickets in {None, len(tickets)}, told
        assert turn.messages in {None, len(seen)}, told


def _names(outcome: Outcome | None) -> tuple[str, ...]:
    """How a table may call the outcome: with its reason, or without."""
    if outcome is None:
        return ()
    return str(outcome.result), f"{outcome.result}/{outcome.reason}"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(releases: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    async with world(releases, tmp_path_factory.mktemp("dialogs")) as running:
        yield Stage(running)


def _plays() -> Iterator[object]:
    for dialog in dialogs():
        for channel in CHANNELS:
            marks = [pytest.mark.xfail(reason=dialog.defect)] if dialog.defect else []
            if channel in dialog.exceptions:
                marks = [pytest.mark.skip(reason=f"{channel}: {dialog.exceptions[channel]}")]
            name = f"{channel}, {dialog.subject}: {dialog.name}"
            yield pytest.param(dialog, channel, id=name, marks=marks)


@pytest.mark.parametrize(("dialog", "channel"), list(_plays()))
async def test_dialog(dialog: Dialog, channel: str, stage: Stage) -> None:
    async with CHANNELS[channel](stage.world, dialog.phone) as chat:
        await stage.play(chat, dialog)
