"""The same dialogs on every channel, against one running bot: real index, database and HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest
import pytest_asyncio

from bot.tickets import Agent
from bot.types import Outcome
from tests.dialogs.chats import CHANNELS, Chat, Seen
from tests.dialogs.table import Dialog, Turn, dialogs
from tests.e2e.world import World, world

pytestmark = pytest.mark.asyncio(loop_scope="module")

AGENT: Final = Agent("staff:7", "李敏")
SOON_S: Final = 10.0
LOOK_S: Final = 0.005  # nothing tells when a message is handled and all replies are out


class Stage:
    """Plays one dialog after the other, so that the next message in the ledger is ours."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._last = 0  # message in the ledger

    async def play(self, chat: Chat, turn: Turn) -> None:
        if turn.act == "staff":
            outcome, newest = None, await self._staff_reply(chat, turn)
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
        async with asyncio.timeout(SOON_S):
            while (outcome := await self._outcome()) is None:
                await asyncio.sleep(LOOK_S)
        self._last += 1
        return outcome, await self._sent(chat)

    async def _outcome(self) -> Outcome | None:
        async with self._world.store.begin() as work:
            past = await work.inbox.get(self._last + 1)
        return past.outcome if past else None

    async def _sent(self, chat: Chat) -> int:
        """Wait until everything to this chat was sent; return the newest delivery."""
        async with asyncio.timeout(SOON_S):
            while True:
                async with self._world.store.begin() as work:
                    queued = await work.outbox.all_to(chat.address)
                if all(one.platform_id for one in queued):
                    return max((one.id for one in queued), default=0)
                await asyncio.sleep(LOOK_S)

    async def _staff_reply(self, chat: Chat, turn: Turn) -> int:
        desk, ticket_id = self._world.app.desk, (await self._tickets(chat))[0]
        await desk.claim_if_open(ticket_id, AGENT)
        await desk.reply(ticket_id, AGENT, turn.text)
        self._world.app.sender.wake()
        return await self._sent(chat)

    async def _tickets(self, chat: Chat) -> list[int]:
        """Numbers of the person's tickets, newest first."""
        async with self._world.store.begin() as work:
            return [ticket.id for ticket in await work.tickets.of(chat.address)]

    async def _check(
        self, chat: Chat, turn: Turn, seen: list[Seen], outcome: Outcome | None
    ) -> None:
        tickets = await self._tickets(chat)
        text = "\n".join(one.text for one in seen)
        labels = {label for one in seen for label in one.buttons}
        told = f"{turn.act} {turn.text!r} -> {_name(outcome)} {sorted(labels)}\n{text}"
        if turn.outcome:
            assert _name(outcome).startswith(turn.outcome), told
        for words in turn.holds:
            assert words.replace("{ticket}", str(tickets[0] if tickets else "")) in text, told
        for words in turn.lacks:
            assert words not in text, told
        assert labels >= set(turn.buttons), told
        assert turn.tickets in {None, len(tickets)}, told
        assert turn.messages in {None, len(seen)}, told


def _name(outcome: Outcome | None) -> str:
    if outcome is None:
        return ""
    return outcome.result + (f"/{outcome.reason}" if outcome.reason else "")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(releases: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    async with world(releases, tmp_path_factory.mktemp("dialogs")) as running:
        yield Stage(running)


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("dialog", dialogs(), ids=lambda one: f"{one.subject}: {one.name}")
async def test_dialog(dialog: Dialog, channel: str, stage: Stage) -> None:
    if channel in dialog.exceptions:
        pytest.skip(dialog.exceptions[channel])
    async with CHANNELS[channel](stage._world, dialog.phone) as chat:
        for turn in dialog.turns:
            await stage.play(chat, turn)
