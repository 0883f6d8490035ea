"""The staff room for tests: its people, and what each message of it shows."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import count
from pathlib import Path
from typing import Final

from bot.actions import Action, Verb
from bot.desk import cards
from bot.desk.concerns.service import Concerns
from bot.desk.disclosure.handling import Disclosures
from bot.desk.disclosure.letter import Sender
from bot.desk.lookback.sayings import Place, Saying
from bot.desk.lookback.service import LookBack
from bot.desk.lookback.task import Verdict
from bot.desk.publishing.folder import Folder
from bot.desk.publishing.publishing import Publishing
from bot.desk.publishing.served import Release
from bot.desk.room import StaffRoom
from bot.desk.room_services import RoomServices
from bot.desk.roster import Roster
from bot.desk.tickets import Agent, Ticket
from bot.store.base import Accepted, Queued, Store, Work
from bot.types import Delivery, Input, Message
from index.build import load
from index.encoders.choice import Choice
from index.grouping import group
from index.live import Live
from index.vectors import one_thread
from tests.unit.desk.office import CHAT, ROOM, Office
from tests.unit.desk.press import Press
from tests.unit.desk.requests import filed
from tests.unit.shelf import THREE, UNSURE, Shelf

_ids = count(1)
FEE: Final = "泊位一个月要多少钱？"
NOWHERE: Final = Path("nowhere")  # no release is served
PUBLISHED: Final = "berths-2025"  # a document that a response may name


SILENT: Final = "https://langang.example/silent"


class Plans:
    """The port Sayings: one document is there, and one page never answers."""

    async def read(self, places: Sequence[Place], /, *, on: date) -> Mapping[Place, Saying]:
        del on
        if any(one.where == SILENT for one in places):
            await asyncio.Event().wait()
        gone = Saying(verdict=Verdict.GONE, note="the release has no such document")
        return {one: Saying("as cited") if one.where == PUBLISHED else gone for one in places}


class Room:
    """The room with its agents; what it says is heard in the order it is sent."""

    def __init__(self, store: Store, roster: Roster, *, press: Press | None = None) -> None:
        """With a press its answers are published; without one no release is served."""
        self.office = press or Office(store, roster=roster)
        self.shelf = Shelf({UNSURE: THREE})
        desk = self.office.desk
        index = Live(NOWHERE, partial(load, encoder=Choice().load), thread_setup=one_thread)
        services = RoomServices(
            store=store,
            desk=desk,
            index=self.shelf,
            disclosures=Disclosures(store, desk, sender=Sender(bureau="澜港市市政管理局")),
            concerns=Concerns(store, desk, group=group, published=PUBLISHED.__eq__),
            lookback=LookBack(store, desk, Plans()),
            publishing=press.publishing
            if press
            else Publishing(store, desk, Release(NOWHERE, index), Folder(NOWHERE)),
        )
        self.consulting = services.consulting
        self._room = StaffRoom(services, clock=self.office.time)
        self._store = store
        self.shown: dict[str, Delivery] = {}  # in the room, by the platform's id
        self._accepted: Accepted | None = None  # the last message

    async def press(self, agent: Agent, verb: Verb, target: int, place: int | None = None) -> str:
        """Return the id of the message that it brought or changed last."""
        return await self._does(agent, Input.ACTION, str(Action(verb, target, place)), None)

    async def choose(self, agent: Agent, on: str, label: str) -> str:
        """Press a button on a message, by its label."""
        actions = {one.label: one.action for row in self.shown[on].buttons for one in row}
        return await self._does(agent, Input.ACTION, actions[label], on)

    async def say(self, agent: Agent, text: str, to: str | None = None) -> str:
        return await self._does(agent, Input.TEXT, text, to)

    async def sends(self, agent: Agent, kind: Input, to: str | None, caption: str = "") -> str:
        """What is no text, such as a photo; return what the room says, or "" for nothing."""
        message = await self._does(agent, kind, caption, to)
        return self.read(message) if message else ""

    async def card(self, number: int) -> str:
        """The id of a ticket's card."""
        await self._send()
        key = cards.key(number)
        return next(one for one, what in self.shown.items() if what.key == key)

    def read(self, message: str) -> str:
        return self.shown[message].plain

    async def citizen_heard(self) -> list[str]:
        return await self.office.told(CHAT)

    async def opens(self, question: str = FEE, **fields: object) -> Ticket:
        ticket = await self.office.opens(question=question)
        if fields:
            async with self._store.begin() as work:
                ticket = await work.tickets.save(replace(ticket, **fields))  # type: ignore[arg-type]  # any field
        return ticket

    async def files(self, wanted: str) -> int:
        """A registered request for information; return its ticket's number."""
        return await filed(self.office, wanted)

    async def recovers(self) -> int:
        """As a bot that starts again: handle what was accepted and not finished."""
        async with self._store.begin() as work:
            left = await work.inbox.unfinished()
        for accepted in left:
            await self._room.handle(accepted)
        await self._send()
        return len(left)

    async def fails(self) -> str:
        """As after an error while the last message was handled; return the note's id."""
        assert self._accepted is not None
        await self._room.fail(self._accepted)
        return await self._send()

    async def _does(self, agent: Agent, kind: Input, text: str, to: str | None) -> str:
        message = Message(
            id=f"u{next(_ids)}",
            address=ROOM,
            sender=agent.id.removeprefix("telegram:"),
            sender_name=agent.name,
            kind=kind,
            text=text,
            reply_to=to,
            at=self.office.time.now,
        )
        async with self._store.begin() as work:
            accepted = await work.inbox.accept(message)
        assert accepted is not None
        self._accepted = accepted
        await self._room.handle(accepted)
        return await self._send()

    async def _send(self) -> str:
        last = ""
        async with self._store.begin() as work:
            while due := await self._due(work):
                for queued in due:
                    last = queued.edit or f"p{queued.id}"
                    await work.outbox.sent(queued.id, platform_id=last, at=self.office.time.now)
                    self.shown[last] = queued.delivery
        return last

    async def _due(self, work: Work) -> list[Queued]:
        due = await work.outbox.due(at=self.office.time.now)
        return [one for one in due if one.delivery.to == ROOM]
