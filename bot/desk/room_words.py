"""What the words do that a message in the staff room waited for."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from bot.actions import Action, Verb
from bot.desk import review_pages, room_disclosure, room_publishing, room_topics
from bot.desk.room_pages import Said, told
from bot.desk.room_services import RoomServices
from bot.desk.tickets import Agent
from bot.texts import say

_NUMBER: Final = re.compile(r"[0-9]{1,18}")
Telling: TypeAlias = Callable[["Words", Action, int, Agent, str], Awaitable[Sequence[Said]]]


@dataclass(frozen=True, slots=True)
class Words:
    """Every method raises TicketError where what is wanted cannot be done."""

    services: RoomServices

    async def answered(self, action: Action, agent: Agent, words: str) -> Sequence[Said]:
        """Do what `action` waited for; nothing where it waits for none."""
        if action.target is None:
            return ()
        telling = _ANSWERED.get(action.verb)
        if telling is None:
            return await room_topics.answered(self.services, action, action.target, agent, words)
        return await telling(self, action, action.target, agent, words)

    async def disclosed(
        self, action: Action, number: int, agent: Agent, words: str
    ) -> Sequence[Said]:
        return await room_disclosure.answered(self.services, action, number, agent, words)

    async def reply(self, _: Action, number: int, agent: Agent, words: str) -> Sequence[Said]:
        text = await self.services.canned.written_out(number, agent, words)
        ticket = await self.services.desk.reply(number, agent, text)
        return [told(review_pages.done(ticket, language=self.services.language), number)]

    async def asked(self, _: Action, number: int, agent: Agent, words: str) -> Sequence[Said]:
        await self.services.desk.ask(number, agent, words)
        asked = say(self.services.language, "No. {id}: the citizen is asked.", id=number)
        return [told(asked, number)]

    async def transferred(
        self, action: Action, number: int, agent: Agent, words: str
    ) -> Sequence[Said]:
        await self.services.desk.triage(number, agent, self.services.department(action), words)
        return ()

    async def returned(self, _: Action, number: int, agent: Agent, words: str) -> Sequence[Said]:
        await self.services.desk.hand_back(number, agent, words)
        return ()

    async def taken_over(self, _: Action, number: int, agent: Agent, words: str) -> Sequence[Said]:
        await self.services.desk.take_over(number, agent, words)
        return ()

    async def reopened(self, _: Action, number: int, agent: Agent, words: str) -> Sequence[Said]:
        await self.services.desk.reopen(number, agent, words)
        return ()

    async def consulted(
        self, action: Action, number: int, agent: Agent, words: str
    ) -> Sequence[Said]:
        await self.services.consulting.ask(
            number, agent, [self.services.department(action)], words
        )
        return ()

    async def merged(self, _: Action, number: int, agent: Agent, words: str) -> Sequence[Said]:
        named = _NUMBER.findall(words)
        if len(named) != 1:
            text = say(
                self.services.language, "No. {id}: that is no number of a ticket.", id=number
            )
            return [replace(told(text, number), apart=True)]
        into = await self.services.ticket(int(named[0]))
        await self.services.desk.merge(number, into.id, agent)
        return ()

    async def closed(self, _: Action, number: int, agent: Agent, words: str) -> Sequence[Said]:
        await self.services.desk.close(number, agent, words)
        return ()

    async def paused(self, _: Action, number: int, agent: Agent, words: str) -> Sequence[Said]:
        await self.services.timekeeper.pause(number, agent, words)
        return ()

    async def extended(self, _: Action, number: int, agent: Agent, words: str) -> Sequence[Said]:
        await self.services.timekeeper.extend(number, agent, words)
        return ()

    async def rejected(self, _: Action, number: int, agent: Agent, words: str) -> Sequence[Said]:
        await self.services.reviewing.reject(number, agent, words)
        return ()

    async def advised(self, _: Action, number: int, agent: Agent, words: str) -> Sequence[Said]:
        await self.services.consulting.answer(number, agent, words)
        return ()

    async def publishing(
        self, action: Action, number: int, agent: Agent, words: str
    ) -> Sequence[Said]:
        return await room_publishing.answered(self.services, action, number, agent, words)


_ANSWERED: Final[Mapping[Verb, Telling]] = {
    **dict.fromkeys(room_disclosure.VERBS, Words.disclosed),
    Verb.REPLY: Words.reply,
    Verb.ASK: Words.asked,
    Verb.TRANSFER: Words.transferred,
    Verb.RETURN: Words.returned,
    Verb.TAKE_OVER: Words.taken_over,
    Verb.REOPEN: Words.reopened,
    Verb.CONSULT: Words.consulted,
    Verb.MERGE: Words.merged,
    Verb.CLOSE: Words.closed,
    Verb.PAUSE: Words.paused,
    Verb.EXTEND: Words.extended,
    Verb.REJECT: Words.rejected,
    Verb.ADVISE: Words.advised,
    **dict.fromkeys(room_publishing.ANSWERED, Words.publishing),
}
