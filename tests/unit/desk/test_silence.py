"""While a person holds a ticket the bot says nothing in that matter, whatever comes between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, Final

import pytest

from bot.channels.base import Receive
from bot.citizen import Citizen
from bot.commands.command import Counter
from bot.commands.table import COMMANDS
from bot.desk.silence import stopped
from bot.desk.tickets import State
from bot.errors import Throttled
from bot.following import Following
from bot.library import ReleaseLibrary
from bot.push.archive import Archive
from bot.render import Bureau
from bot.sender import Sender
from bot.store.base import Accepted, Store
from bot.types import Address, Delivery, Input, Message, Result
from index.types import Found
from tests.unit.desk.office import LI, WANG, Office, store_of
from tests.unit.shelf import FARE, LINE, RENT, THREE, UNSURE, Shelf
from tests.unit.talk import NOTHING

CHAT: Final = Address("letter", "1001")
UNKNOWN: Final = "灯笼鱼怎么年检？"
AGAIN: Final = "灯笼鱼年检要带什么？"
KNOWN: Final = "轮渡单程票价多少钱？"
SURE: Final = Found(hits=(replace(FARE, probability=0.95),), line=LINE, release="first")
PASSED: Final = "已转给处理编号 1 的工作人员。"
_ids = count(1)


@dataclass(slots=True)
class Slow(Shelf):
    """A search that waits at a gate, if there is one."""

    gate: asyncio.Event | None = None
    begun: asyncio.Event = field(default_factory=asyncio.Event)

    async def search(self, question: str, /, *, on: date) -> Found | None:
        self.begun.set()
        if self.gate is not None:
            await self.gate.wait()
        return await Shelf.search(self, question, on=on)


@dataclass(slots=True)
class Letters:
    """A platform that keeps what it is handed, and may ask for a pause."""

    name = "letter"
    sent: list[Delivery] = field(default_factory=list)
    throttled: bool = False

    async def send(self, delivery: Delivery, /, *, edit: str | None) -> str:
        del edit
        if self.throttled:
            raise Throttled(1)
        self.sent.append(delivery)
        return f"p{len(self.sent)}"

    async def run(self, receive: Receive, /) -> None:
        raise AssertionError(receive)


class Chat:
    """A citizen, the bot and a desk."""

    def __init__(self, store: Store) -> None:
        self.office = Office(store, room=None)
        self.store, self.desk, self.time = store, self.office.desk, self.office.time
        self.shelf = Slow(found={KNOWN: SURE, UNSURE: THREE})
        self.letters = Letters()
        counter = Counter(
            store=store,
            library=ReleaseLibrary(Path("no-releases")),
            following=Following(store, Archive(Path("no-releases"), NOTHING), clock=self.time),
            bureau=Bureau(),
            clock=self.time,
            commands=COMMANDS,
        )
        self._citizen = Citizen(self.shelf, self.desk, counter)

    async def writes(self, text: str, **more: Any) -> Accepted:
        """A message comes in; it is not handled yet."""
        self.time.now += timedelta(seconds=1)
        values: dict[str, Any] = {
            "id": f"u{next(_ids)}", "address": CHAT, "sender": "1001", "text": text,
            "at": self.time.now.astimezone(UTC),
        }  # fmt: skip
        async with self.store.begin() as work:
            accepted = await work.inbox.accept(Message(**{**values, **more}))
        assert accepted is not None
        return accepted

    async def handles(self, accepted: Accepted) -> Result:
        return (await self._citizen.handle(accepted)).result

    async def says(self, text: str, **more: Any) -> list[str]:
        """What the citizen is told because of it."""
        await self.handles(await self.writes(text, **more))
        return await self.hears()

    async def hears(self) -> list[str]:
        """What leaves now."""
        before = len(self.letters.sent)
        sender = Sender(
            self.store,
            {"letter": self.letters},
            clock=self.time,
            stopped=lambda work, queued: stopped(self.desk, work, queued),
        )
        sender.finish()
        await sender.run()
        return [one.plain for one in self.letters.sent[before:]]

    async def claims(self, number: int = 1) -> list[str]:
        self.time.now += timedelta(seconds=1)
        await self.desk.claim(number, WANG)
        return await self.hears()

    async def added(self, number: int = 1) -> list[str]:
        _, events = await self.desk.look(number)
        return [event.text for event in events if event.what == "asked"]


@pytest.fixture(params=["memory", "sqlite"])
async def chat(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Chat]:
    async with store_of(request.param, tmp_path) as store:
        yield Chat(store)


async def held(chat: Chat, question: str = UNKNOWN) -> None:
    """Wang has the citizen's question."""
    await chat.says(question)
    await chat.says("人工")
    [told] = await chat.claims()
    assert "人工处理" in told


async def test_what_is_about_the_matter_goes_to_whoever_has_it(chat: Chat) -> None:
    await held(chat)
    assert await chat.says(AGAIN) == [PASSED]
    assert await chat.added() == [AGAIN]
    ticket = await chat.office.ticket(1)
    assert (ticket.state, ticket.holder) == (State.CLAIMED, WANG)
    assert len(await chat.desk.waiting()) == 1


async def test_another_question_is_answered_as_usual(chat: Chat) -> None:
    await held(chat)
    [answer] = await chat.says(KNOWN)
    assert "轮渡单程票价为4元" in answer
    [other] = await chat.says("彩虹桥几点亮灯？")
    assert "编号 2" in other
    assert await chat.added() == []


@pytest.mark.parametrize("text", ["谢谢", "还有吗", "那怎么办", "你好", "？？"])
async def test_what_has_no_matter_of_its_own_goes_there_too(chat: Chat, text: str) -> None:
    await held(chat)
    assert await chat.says(text) == [PASSED]
    assert await chat.added() == [text]


async def test_whoever_writes_on_and_on_is_told_once_in_a_while(chat: Chat) -> None:
    await held(chat)
    assert await chat.says(AGAIN) == [PASSED]
    assert await chat.says("谢谢") == []
    chat.time.now += timedelta(minutes=11)
    assert await chat.says("还有吗") == [PASSED]
    assert await chat.added() == [AGAIN, "谢谢", "还有吗"]


async def test_after_another_matter_a_word_of_thanks_is_for_the_bot(chat: Chat) -> None:
    await held(chat)
    await chat.says(KNOWN)
    [thanks] = await chat.says("谢谢")
    assert thanks != PASSED
    chat.time.now += timedelta(minutes=31)
    assert await chat.says("谢谢") == [PASSED]


async def test_the_bot_answers_again_when_nobody_holds_it(chat: Chat) -> None:
    await held(chat, UNSURE)
    assert await chat.says(UNSURE) == [PASSED]
    await chat.desk.release(1, WANG)
    [back] = await chat.hears()
    assert "重新等待" in back
    [offer] = await chat.says(UNSURE)
    assert "可能相关" in offer


async def test_commands_persons_and_emergencies_are_heard_as_ever(chat: Chat) -> None:
    await held(chat)
    [status] = await chat.says("/status")
    assert "编号 1" in status
    [fire] = await chat.says("着火了！救命")
    assert "119" in fire
    assert await chat.added() == []


async def test_an_answer_to_what_staff_ask_reaches_them(chat: Chat) -> None:
    await held(chat)
    await chat.desk.ask(1, WANG, "养在哪个区？")
    await chat.hears()
    assert await chat.says("港东新村那边") == [PASSED]
    assert (await chat.office.ticket(1)).state is State.CLAIMED
    assert await chat.added() == ["港东新村那边"]


async def test_in_a_group_only_the_matter_itself_counts(chat: Chat) -> None:
    group = {"address": Address("letter", "-55"), "group": True}
    await chat.says(UNKNOWN, **group)
    await chat.claims()
    [thanks] = await chat.says("谢谢", **group, sender="2002")
    assert thanks != PASSED
    assert await chat.says(AGAIN, **group, sender="2002") == [PASSED]


async def test_another_chat_is_not_silent(chat: Chat) -> None:
    await held(chat, UNSURE)
    [offer] = await chat.says(UNSURE, address=Address("letter", "2002"), sender="2002")
    assert "可能相关" in offer


async def test_a_ticket_that_was_merged_is_in_the_same_hands(chat: Chat) -> None:
    await chat.says(UNKNOWN)
    await chat.says("灯笼鱼的年检在哪里做？", address=Address("letter", "2002"), sender="2002")
    await chat.desk.merge(1, 2, WANG)
    assert sorted(text[:4] for text in await chat.claims(2)) == ["编号 1", "编号 2"]
    assert await chat.says(AGAIN) == [PASSED]
    assert await chat.added(2) == [AGAIN]


async def test_a_button_does_not_answer_in_a_persons_place(chat: Chat) -> None:
    [offer] = await chat.says(UNSURE)
    assert "可能相关" in offer
    await chat.says("人工")
    await chat.claims()
    [told] = await chat.says("pick:1:1", kind=Input.ACTION)
    assert "由工作人员处理" in told
    assert RENT.passage.text not in told
    assert await chat.added() == []


# What an interleaving must not change: the claim comes while the answer is worked out, while it
# waits in the outbox, or after its handling began.


async def test_an_answer_that_is_being_worked_out_when_somebody_claims_does_not_go_out(
    chat: Chat,
) -> None:
    await chat.says(UNSURE)
    await chat.says("人工")
    chat.shelf.gate = asyncio.Event()
    accepted = await chat.writes(UNSURE)
    chat.shelf.begun.clear()
    handling = asyncio.create_task(chat.handles(accepted))
    await chat.shelf.begun.wait()
    await chat.claims()
    chat.shelf.gate.set()
    assert await handling is Result.HUMAN_REQUESTED
    assert await chat.hears() == [PASSED]
    assert await chat.added() == [UNSURE]


async def test_an_answer_that_waits_to_be_sent_when_somebody_claims_does_not_go_out(
    chat: Chat,
) -> None:
    chat.shelf.found[AGAIN] = SURE
    await chat.says(UNKNOWN)
    chat.letters.throttled = True
    assert await chat.says(AGAIN) == []
    chat.letters.throttled = False
    chat.time.now += timedelta(seconds=5)
    taken, passed = await chat.claims()
    assert ("人工处理" in taken, passed) == (True, PASSED)
    assert await chat.added() == [AGAIN]
    chat.time.now += timedelta(hours=1)
    assert await chat.hears() == []


async def test_an_answer_that_waits_goes_out_where_nobody_claims_or_another_matter_is_taken(
    chat: Chat,
) -> None:
    chat.shelf.found[AGAIN] = SURE
    await chat.says(UNKNOWN)
    await chat.says("彩虹桥几点亮灯？")
    chat.letters.throttled = True
    await chat.says(AGAIN)
    chat.letters.throttled = False
    chat.time.now += timedelta(seconds=5)
    answer, taken = await chat.claims(2)
    assert "轮渡单程票价为4元" in answer
    assert "编号 2" in taken
    assert await chat.added() == []


async def test_who_claims_while_an_answer_waits_and_gives_back_before_it_leaves_stops_nothing(
    chat: Chat,
) -> None:
    chat.shelf.found[AGAIN] = SURE
    await chat.says(UNKNOWN)
    chat.letters.throttled = True
    await chat.says(AGAIN)
    await chat.desk.claim(1, LI)
    await chat.desk.release(1, LI)
    chat.letters.throttled = False
    chat.time.now += timedelta(seconds=5)
    assert "轮渡单程票价为4元" in (await chat.hears())[0]


async def test_what_was_stopped_is_added_once_and_told_after_who_has_it(chat: Chat) -> None:
    chat.shelf.found[AGAIN] = SURE
    await chat.says(UNKNOWN)
    await chat.handles(await chat.writes(AGAIN))
    await chat.desk.claim(1, WANG)
    async with chat.store.begin() as work:
        [queued] = await work.outbox.due(at=datetime.max.replace(tzinfo=UTC))
        assert await stopped(chat.desk, work, queued)
    assert [text == PASSED for text in await chat.hears()] == [False, True]
    assert await chat.added() == [AGAIN]
