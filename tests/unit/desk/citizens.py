"""Citizens of a simulated week: what they ask, and what they do about it. They come by the writer."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from random import Random
from typing import Final

from bot.actions import Action, Verb
from bot.commands import own_pages
from bot.desk import survey
from bot.desk.desk import Desk
from bot.desk.tickets import State, Ticket, TicketKind
from bot.errors import StoreError
from bot.store.base import Accepted, Conversation, Store
from bot.turn import Plan, Turn
from bot.types import Address, Input, Message, Outcome, Reason, Result
from bot.writing import Writer
from knowledge.types import Lang
from tests.unit.desk.office import Time

KINDS: Final = (TicketKind.CONSULTATION,) * 8 + (TicketKind.COMPLAINT, TicketKind.SUGGESTION)
KNOWN: Final = 0.1  # of the questions are by somebody who asked before
TWICE: Final = 0.05  # of the messages come twice
AGAIN: Final = 0.2  # of those who have a reply write once more


class Citizens:
    def __init__(
        self, dice: Random, time: Time, *, tickets: int, hours: int, words: Sequence[str]
    ) -> None:
        """So many tickets in about so many hours; a question names one of the words."""
        self.asked: set[str] = set()  # the messages that open a ticket
        self._dice = dice
        self._time = time
        self._words = words
        self._left = tickets
        self._hourly = tickets // hours + 1
        self._numbers = count(1)
        self._chats: list[Address] = []
        self._lost: list[Message] = []  # the platform sends them once more

    def begin(self, store: Store, desk: Desk) -> None:
        self._store = store
        self._writer = Writer(desk, desk.bureau, self._time)

    @property
    def are_done(self) -> bool:
        return not (self._left or self._lost)

    async def hour(self, cards: Sequence[Ticket], over: Sequence[Ticket]) -> None:
        """Some ask, and some of those who asked do something."""
        for _ in range(min(self._left, self._dice.randrange(2 * self._hourly + 1))):
            self._left -= 1
            await self._receive(self._question())
        for ticket in self._some([one for one in cards if one.state is State.ASKED]):
            await self._receive(self._added(ticket))
        if not self._left:  # the week is over
            return
        for ticket in self._some(cards):
            await self._receive(self._reaction(ticket))
        for ticket in self._some(over):
            place = self._dice.choice((survey.UNDERSTOOD, survey.SOLVED, survey.NOT_SOLVED))
            again = self._dice.random() < AGAIN
            rated = self._pressed(ticket, Verb.RATE, place)
            await self._receive(self._added(ticket) if again else rated)

    def _some(self, tickets: Sequence[Ticket]) -> Sequence[Ticket]:
        """Of those who may say something now, as many as come newly."""
        return self._dice.sample(tickets, min(len(tickets), self._hourly // 3 + 1))

    def _question(self) -> Message:
        number = next(self._numbers)
        known = self._chats and self._dice.random() < KNOWN
        chat = self._dice.choice(self._chats) if known else Address("telegram", f"9{number:05}")
        self._chats.append(chat)
        word = self._dice.choice(self._words)
        other = " ".join(f"{self._dice.getrandbits(20):x}" for _ in range(5))
        message = self._message(chat, Input.TEXT, f"{word}: {other}, case {number}?")
        self.asked.add(message.id)
        return message

    def _reaction(self, ticket: Ticket) -> Message:
        """Of somebody whose question waits."""
        fate = self._dice.random()
        if fate < 0.4:
            return self._added(ticket)
        if fate < 0.8:
            return self._pressed(ticket, Verb.PRESS)
        return self._pressed(ticket, Verb.WITHDRAW, own_pages.YES)

    def _added(self, ticket: Ticket) -> Message:
        text = f"And besides {next(self._numbers)}?"
        return self._message(ticket.asked_from, Input.TEXT, text, reply_to=str(ticket.id))

    def _pressed(self, ticket: Ticket, verb: Verb, place: int | None = None) -> Message:
        action = str(Action(verb, ticket.id, place))
        return self._message(ticket.asked_from, Input.ACTION, action)

    def _message(
        self, chat: Address, kind: Input, text: str, *, reply_to: str | None = None
    ) -> Message:
        return Message(
            id=f"m{next(self._numbers)}",
            address=chat,
            sender=chat.chat,
            kind=kind,
            text=text,
            reply_to=reply_to,
            at=self._time.now,
        )

    async def _receive(self, message: Message) -> None:
        """As the dispatcher does; one in twenty comes twice."""
        for _ in range(1 + (self._dice.random() < TWICE)):
            try:
                async with self._store.begin() as work:
                    accepted = await work.inbox.accept(message)
            except StoreError:
                self._lost.append(message)
                return
            if accepted is not None:
                await self._handle(accepted)

    async def _handle(self, accepted: Accepted) -> None:
        """What breaks stays in the ledger, unfinished."""
        talk = Conversation(address=accepted.message.address)
        turn = Turn(accepted=accepted, talk=talk, language=Lang.EN)
        try:
            async with self._store.begin() as work:
                await self._writer.write(work, turn, self._plan(accepted.message))
        except StoreError:
            return

    def _plan(self, message: Message) -> Plan:
        outcome = Outcome(
            result=Result.HUMAN_REQUESTED, reason=Reason.ASKED_FOR_PERSON, language=Lang.EN
        )
        if message.kind is Input.ACTION:
            return Plan(outcome, own=Action.parse(message.text))
        if message.reply_to is not None:
            return Plan(outcome, question=message.text, follows=int(message.reply_to))
        kind = KINDS[int(message.id[1:]) % len(KINDS)]
        return Plan(outcome, question=message.text, kind=kind)

    async def recover(self, left: Sequence[Accepted]) -> None:
        """What was not finished is taken up again, and what was not taken is sent again."""
        for accepted in left:
            await self._handle(accepted)
        lost, self._lost = self._lost, []
        for message in lost:
            await self._receive(message)
