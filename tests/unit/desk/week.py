"""
A week at a desk of thirty, played from a seed: who asks, who works, and what breaks.

Citizens come by the real writer, staff by the real services; between them stands a store that
breaks. Whoever is told of an error does what people do: the same once more, or nothing.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Final

from bot.actions import Action, Verb
from bot.commands import own_pages
from bot.desk import survey
from bot.desk.consulting import Consulting
from bot.desk.desk import Desk
from bot.desk.reviewing import Reviewing
from bot.desk.roster import Department, Member, Role, Roster
from bot.desk.tickets import ACTIVE, QUEUED, Agent, State, Ticket, TicketKind
from bot.desk.timekeeping import Timekeeper
from bot.desk.watch import Watch
from bot.errors import StoreError, TicketError
from bot.render import Bureau
from bot.store.base import Accepted, Conversation, Sought, Store
from bot.turn import Plan, Turn
from bot.types import Address, Input, Message, Outcome, Reason, Result
from bot.writing import Writer
from knowledge.types import Lang
from tests.unit.desk.brittle import BrittleStore
from tests.unit.desk.office import HERE, ROOM, Time

WORDS: Final = ("parking", "pension", "tuition", "clinic", "ferry", "permit")
SENSITIVE: Final = "relocation"
ROSTER: Final = Roster(
    {
        word: Department(
            key=word,
            name=f"{word.title()} Section",
            topics=(word,),
            sensitive=(SENSITIVE,),
            members=tuple(
                Member(
                    id=f"telegram:{place}{number}",
                    name=f"{word.title()} {number}",
                    roles=frozenset({Role.AGENT if number else Role.SUPERVISOR}),
                )
                for number in range(5)
            ),
        )
        for place, word in enumerate(WORDS, start=1)
    }
)
KINDS: Final = (TicketKind.CONSULTATION,) * 8 + (TicketKind.COMPLAINT, TicketKind.SUGGESTION)
RETRIES: Final = 3
HOURS: Final = (0, 7, 9, 10, 11, 12, 13, 14, 15, 16, 17, 19)  # when something happens
SHIFT: Final = range(9, 18)
WATCHED: Final = (9, 12, 17)  # the watch looks every minute; more often is too slow here
SEEN: Final = 300  # cards, the oldest
FAULTY: Final = 0.02  # of all transactions break in the middle
AGAIN: Final = 0.2  # of those who have a reply write once more
ACTS: Final = 3  # an hour, of each of the staff
OWN: Final = 0.9  # of them on what they have or are asked to take
EAGER: Final = 0.7  # of the others nothing is done; else whatever waits for the department


class Week:
    def __init__(self, store: Store, *, seed: int, tickets: int, room: bool) -> None:
        """It begins on Monday 28 September 2026; from Thursday on is National Day, 8 days."""
        self.dice = Random(seed)
        self.time = Time(datetime(2026, 9, 28, 0, tzinfo=HERE))
        self.refused: Counter[str] = Counter()
        self.asked: set[str] = set()  # the messages that open a ticket
        self.broken: Counter[str] = Counter()  # transactions, by how
        self._room = room
        self._left = tickets
        self._hourly = tickets // (7 * len(HOURS)) + 1
        self._numbers = count(1)
        self._chats: list[Address] = []
        self._lost: list[Message] = []  # the platform sends them once more
        self._cards: Sequence[Ticket] = ()  # as staff saw them last
        self.begin(store)

    def begin(self, store: Store) -> None:
        """Start anew over what is stored."""
        self.store = BrittleStore(store, self.dice, rate=FAULTY, broken=self.broken)
        self.desk = Desk(
            self.store,
            bureau=Bureau(),
            clock=self.time,
            room=ROOM if self._room else None,
            language=Lang.EN,
            roster=ROSTER,
        )
        self._writer = Writer(self.desk, self.desk.bureau, self.time)
        self._watch = Watch(self.store, self.desk, archive_days=5)
        self.consulting = Consulting(self.store, self.desk)
        self.reviewing = Reviewing(self.store, self.desk)
        self.timekeeper = Timekeeper(self.store, self.desk)

    @property
    def agents(self) -> Sequence[Agent]:
        return [member.agent for member in ROSTER.members]

    async def hour(self, day: datetime, hour: int) -> None:
        """What happens then, all at once."""
        self.time.now = day.replace(hour=hour)
        await self._recover()
        async with self.store.store.begin() as work:
            self._cards = await work.tickets.find(Sought(limit=SEEN))
        calls = [self._citizens()]
        if hour in SHIFT and self.desk.clocks.calendar.works(day.date()):
            calls += [self._works(agent) for agent in self.agents]
            calls += [self._answers(key) for key in ROSTER.departments]
            calls.append(self._looks_through())
        if hour in WATCHED:
            calls.append(self._tick())
        self.dice.shuffle(calls)
        await asyncio.gather(*calls)
        await self._send()

    async def done(self) -> bool:
        """Whether nobody waits any more and nothing is left to be written down."""
        async with self.store.store.begin() as work:
            waiting = await work.tickets.find(Sought(limit=1))
            return not (waiting or self._left or self._lost or await work.inbox.unfinished())

    async def quiet_look(self) -> None:
        """The watch, while nothing breaks and nobody does anything."""
        self.store.rate = 0
        await self._watch.step()
        self.store.rate = FAULTY

    # Citizens

    async def _citizens(self) -> None:
        for _ in range(min(self._left, self.dice.randrange(2 * self._hourly + 1))):
            self._left -= 1
            await self._receive(self._question())
        for ticket in self._some([one for one in self._cards if one.state is State.ASKED]):
            await self._receive(self._added(ticket))
        if not self._left:  # the week is over
            return
        for ticket in self._some(self._cards):
            await self._receive(self._reaction(ticket))
        async with self.store.store.begin() as work:
            states = frozenset({State.ANSWERED, State.ARCHIVED, State.MERGED})
            over = await work.tickets.find(Sought(states=states, newest=True, limit=100))
        for ticket in self._some(over):
            place = self.dice.choice((survey.UNDERSTOOD, survey.SOLVED, survey.NOT_SOLVED))
            again = self.dice.random() < AGAIN
            rated = self._pressed(ticket, Verb.RATE, place)
            await self._receive(self._added(ticket) if again else rated)

    def _some(self, tickets: Sequence[Ticket]) -> Sequence[Ticket]:
        """Of those who may say something now, as many as come newly."""
        return self.dice.sample(tickets, min(len(tickets), self._hourly // 3 + 1))

    def _question(self) -> Message:
        number = next(self._numbers)
        known = self._chats and self.dice.random() < 0.1
        chat = self.dice.choice(self._chats) if known else Address("telegram", f"9{number:05}")
        self._chats.append(chat)
        word = self.dice.choice((*WORDS, "weather"))
        if self.dice.random() < 0.05:
            word += f" {SENSITIVE}"
        other = " ".join(f"{self.dice.getrandbits(20):x}" for _ in range(5))
        message = self._message(chat, Input.TEXT, f"{word}: {other}, case {number}?")
        self.asked.add(message.id)
        return message

    def _reaction(self, ticket: Ticket) -> Message:
        """Of somebody whose question waits."""
        fate = self.dice.random()
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
            at=self.time.now,
        )

    async def _receive(self, message: Message) -> None:
        """As the dispatcher does; one in twenty comes twice."""
        for _ in range(1 + (self.dice.random() < 0.05)):
            try:
                async with self.store.begin() as work:
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
            async with self.store.begin() as work:
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

    async def _recover(self) -> None:
        """What was not finished is taken up again, and what was not taken is sent again."""
        async with self.store.store.begin() as work:
            left = await work.inbox.unfinished()
        for accepted in left:
            await self._handle(accepted)
        lost, self._lost = self._lost, []
        for message in lost:
            await self._receive(message)

    # Staff

    async def _works(self, agent: Agent) -> None:
        """A few things, by cards as they were an hour ago."""
        key = agent.name.split()[0].lower()
        mine = [one for one in self._cards if agent.id in _ids(one)]
        queue = [one for one in self._cards if one.state in QUEUED and one.department in {key, ""}]
        for _ in range(ACTS):
            fate = self.dice.random()
            cards = mine if mine and fate < OWN else queue if fate > EAGER else ()
            if cards:
                await self._try(self._doing(agent, self.dice.choice(cards)))

    def _chosen(self, cards: Sequence[Ticket]) -> Ticket | None:
        return self.dice.choice(cards) if cards else None

    def _doing(self, agent: Agent, card: Ticket) -> Callable[[], Awaitable[object]]:
        fate, number, desk = self.dice.random(), card.id, self.desk
        other = self.dice.choice(WORDS)
        same = self._chosen([one for one in self._cards if one.department == card.department])
        words = f"reply {number}:{next(self._numbers)}"
        if card.holder is None and fate < 0.85:
            if not card.department and fate < 0.5:
                return lambda: desk.triage(number, agent, other)
            return lambda: desk.claim(number, agent)
        if card.state in {State.ASKED, State.CONSULTING, State.REVIEWING} and fate < 0.9:
            return lambda: desk.look(number)
        doings: Sequence[tuple[float, Callable[[], Awaitable[object]]]] = (
            (0.60, lambda: desk.reply(number, agent, words)),
            (0.68, lambda: desk.ask(number, agent, f"Which one do you mean, {number}?")),
            (0.73, lambda: self.consulting.ask(number, agent, [other], "May they?")),
            (0.78, lambda: desk.triage(number, agent, other, "it is theirs")),
            (0.82, lambda: desk.release(number, agent)),
            (0.84, lambda: desk.hand_back(number, agent, "not ours")),
            (0.88, lambda: desk.merge(number, same.id if same else number, agent)),
            (0.94, lambda: desk.close(number, agent, "done by phone")),
            (0.96, lambda: self.timekeeper.pause(number, agent, "others are asked")),
            (1.00, lambda: self.timekeeper.resume(number, agent)),
        )
        return next(doing for share, doing in doings if fate < share)

    async def _answers(self, key: str) -> None:
        """Somebody of a department says what the others ask for."""
        agent = self.dice.choice(ROSTER.departments[key].members).agent
        try:
            waiting = await self.consulting.waiting(department=key)
        except StoreError:
            return
        for one in waiting[:3]:
            await self._try(lambda one=one: self.consulting.answer(one.id, agent, "They may."))

    async def _looks_through(self) -> None:
        """The supervisors: drafts under review, and a ticket that is taken over."""
        boss = self.dice.choice([one for one in ROSTER.members if Role.SUPERVISOR in one.roles])
        try:
            drafts = await self.reviewing.waiting()
        except StoreError:
            return
        for looked in drafts:
            number = looked.review.id
            if self.dice.random() < 0.8:
                await self._try(lambda n=number: self.reviewing.approve(n, boss.agent))
            else:
                await self._try(lambda n=number: self.reviewing.reject(n, boss.agent, "too short"))
        held = self._chosen([one for one in self._cards if one.holder is not None])
        if held is not None:
            await self._try(lambda: self.desk.take_over(held.id, boss.agent, "it takes too long"))

    async def _try(self, doing: Callable[[], Awaitable[object]]) -> None:
        """Whoever is told of an error on our side presses again."""
        for _ in range(RETRIES):
            try:
                await doing()
            except StoreError:
                continue
            except TicketError as error:
                self.refused[type(error).__name__] += 1
            return

    async def _tick(self) -> None:
        try:
            await self._watch.step()
        except StoreError:
            return

    async def _send(self) -> None:
        """What waits for the room leaves, so that its cards are edited in their place."""
        if not self._room:
            return
        async with self.store.store.begin() as work:
            for queued in await work.outbox.due(at=self.time.now, limit=1000):
                await work.outbox.sent(queued.id, platform_id=f"p{queued.id}", at=self.time.now)


def _ids(ticket: Ticket) -> set[str]:
    """Who has it, or is asked to take it."""
    return {one.id for one in (ticket.holder, ticket.assigned) if one is not None}


def days(since: datetime, most: int) -> Sequence[datetime]:
    return [since + timedelta(days=number) for number in range(most)]
