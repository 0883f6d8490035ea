"""Staff of a simulated week: thirty people who work by cards that are an hour old."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from functools import partial
from itertools import count
from random import Random
from typing import Any, Final

from bot.desk.consulting import Consulting
from bot.desk.desk import Desk
from bot.desk.reviewing import Reviewing
from bot.desk.roster import Department, Member, Role, Roster
from bot.desk.tickets import QUEUED, Agent, State, Ticket
from bot.desk.timekeeping import Timekeeper
from bot.errors import StoreError, TicketError
from bot.store.base import Store

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
BUSY: Final = frozenset({State.ASKED, State.CONSULTING, State.REVIEWING})  # with somebody else
RETRIES: Final = 3
ACTS: Final = 3  # an hour, of each of the staff
OWN: Final = 0.9  # of them on what they have or are asked to take
EAGER: Final = 0.7  # of the others nothing is done; else whatever waits for the department


class Staff:
    def __init__(self, dice: Random) -> None:
        self.refused: Counter[str] = Counter()  # what they were told that does not go
        self._dice = dice
        self._numbers = count(1)
        self._cards: Sequence[Ticket] = ()

    def begin(self, store: Store, desk: Desk) -> None:
        self._desk = desk
        self._consulting = Consulting(store, desk)
        self._reviewing = Reviewing(store, desk)
        self._timekeeper = Timekeeper(store, desk)

    def hour(self, cards: Sequence[Ticket]) -> list[Coroutine[Any, Any, None]]:
        """What each does; all of it is to be done at once."""
        self._cards = cards
        return [
            *(self._works(member.agent) for member in ROSTER.members),
            *(self._answers(key) for key in ROSTER.departments),
            self._looks_through(),
        ]

    async def _works(self, agent: Agent) -> None:
        """A few things, by cards as they were an hour ago."""
        key = agent.name.split()[0].lower()
        mine = [one for one in self._cards if agent.id in _ids(one)]
        queue = [one for one in self._cards if one.state in QUEUED and one.department in {key, ""}]
        for _ in range(ACTS):
            fate = self._dice.random()
            cards = mine if mine and fate < OWN else queue if fate > EAGER else ()
            if cards:
                await self._try(self._doing(agent, self._dice.choice(cards)))

    def _chosen(self, cards: Sequence[Ticket]) -> Ticket | None:
        return self._dice.choice(cards) if cards else None

    def _doing(self, agent: Agent, card: Ticket) -> Callable[[], Awaitable[object]]:
        fate, number, desk = self._dice.random(), card.id, self._desk
        other = self._dice.choice(WORDS)
        same = self._chosen([one for one in self._cards if one.department == card.department])
        words = f"reply {number}:{next(self._numbers)}"
        if card.holder is None and fate < 0.85:
            if not card.department and fate < 0.5:
                return lambda: desk.triage(number, agent, other)
            return lambda: desk.claim(number, agent)
        if card.state in BUSY and fate < 0.9:
            return lambda: desk.look(number)
        doings: Sequence[tuple[float, Callable[[], Awaitable[object]]]] = (
            (0.60, lambda: desk.reply(number, agent, words)),
            (0.68, lambda: desk.ask(number, agent, f"Which one do you mean, {number}?")),
            (0.73, lambda: self._consulting.ask(number, agent, [other], "May they?")),
            (0.78, lambda: desk.triage(number, agent, other, "it is theirs")),
            (0.82, lambda: desk.release(number, agent)),
            (0.84, lambda: desk.hand_back(number, agent, "not ours")),
            (0.88, lambda: desk.merge(number, same.id if same else number, agent)),
            (0.94, lambda: desk.close(number, agent, "done by phone")),
            (0.96, lambda: self._timekeeper.pause(number, agent, "others are asked")),
            (1.00, lambda: self._timekeeper.resume(number, agent)),
        )
        return next(doing for share, doing in doings if fate < share)

    async def _answers(self, key: str) -> None:
        """Somebody of a department says what the others ask for."""
        agent = self._dice.choice(ROSTER.departments[key].members).agent
        try:
            waiting = await self._consulting.waiting(department=key)
        except StoreError:
            return
        for one in waiting[:3]:
            await self._try(partial(self._consulting.answer, one.id, agent, "They may."))

    async def _looks_through(self) -> None:
        """The supervisors: drafts under review, and a ticket that is taken over."""
        boss = self._dice.choice([one for one in ROSTER.members if Role.SUPERVISOR in one.roles])
        try:
            drafts = await self._reviewing.waiting()
        except StoreError:
            return
        for looked in drafts:
            number = looked.review.id
            approve = partial(self._reviewing.approve, number, boss.agent)
            reject = partial(self._reviewing.reject, number, boss.agent, "too short")
            await self._try(approve if self._dice.random() < 0.8 else reject)
        held = self._chosen([one for one in self._cards if one.holder is not None])
        if held is not None:
            await self._try(lambda: self._desk.take_over(held.id, boss.agent, "it takes too long"))

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


def _ids(ticket: Ticket) -> set[str]:
    """Who has it, or is asked to take it."""
    return {one.id for one in (ticket.holder, ticket.assigned) if one is not None}
