"""Citizens who ask and staff who answer, while the bot comes and goes."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.app import SUGGESTIONS
from tests.chaos.faulty_api import FaultyTelegram
from tests.telegram.client import Heard, Person, as_heard

STAFF: Final = -1009001
FIRST_CITIZEN: Final = 2001
LOOSE: Final = 0.2  # of all citizens' messages come in any order
CLAIMED: Final = 0.5  # of all tickets, before they are answered
TWICE_ANSWERED: Final = 0.1
SMALL: Final = ("谢谢", "/help", "你好")
# What no policy speaks of, so that it is a person's: which of which does what.
CREATURES: Final = ("灯笼鱼", "石狮子", "风信鸡", "铜纽扣", "纸风筝", "走马灯", "琉璃瓦", "老怀表")
PLACES: Final = ("瞭望塔", "钟楼", "磨坊", "渡口", "天文台", "码头", "玻璃花房", "旧戏台", "灯塔")
DEEDS: Final = ("申报年检", "办理落户", "登记换羽", "更换铭牌", "申领口哨", "预约擦拭")
LISTED: Final = "新件"  # begins a list of new tickets, where cards would be too many
UNKNOWN: Final = "已无法识别"  # what staff are told of a card that the bot does not know
REPLIED: Final = "工作人员对您的问题"
_NUMBER: Final = re.compile(r"编号 (\d+) ")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that only a person can answer."""

    chat: int
    text: str


@dataclass(slots=True)
class Citizens:
    server: FaultyTelegram
    chance: random.Random
    number: int
    asked: list[Asked] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)

    def arrive(self) -> None:
        """Come into the town; some of them have a bad line."""
        for _ in range(self.number):
            self._newcomer()

    def say_something(self) -> None:
        """What the bot answers itself."""
        texts = SUGGESTIONS if self.chance.random() < 0.7 else SMALL
        self.chance.choice(self.people).send(self.chance.choice(texts))

    def ask_a_person(self) -> None:
        """What the bot hands over. Whoever waits for a person would only add to their ticket."""
        number = len(self.asked)
        free = [one for one in self.people if not self._waits(one)]
        person = self.chance.choice(free) if free else self._newcomer()
        text = question(number)
        self.asked.append(Asked(person.chat, text))
        person.send(text)

    def _newcomer(self) -> Person:
        person = Person(self.server, FIRST_CITIZEN + len(self.people))
        self.people.append(person)
        if self.chance.random() < LOOSE:
            self.server.faulty_updates.loose.add(person.chat)
        return person

    def _waits(self, person: Person) -> bool:
        asked = sum(one.chat == person.chat for one in self.asked)
        return asked > sum(str(one["text"]).startswith(REPLIED) for one in person.room.shown)


@dataclass(frozen=True, slots=True)
class Given:
    """A reply of staff to a card, which may be there twice."""

    ticket: int
    card: int  # id of the message
    text: str
    agent: Person


@dataclass(slots=True)
class Agents:
    """Look through the group again and again, as people do: the group is all they know."""

    server: FaultyTelegram
    chance: random.Random
    given: list[Given] = field(default_factory=list)
    wasted: list[Given] = field(default_factory=list)  # the bot said that it knew no such card
    _read: int = 0
    _cards: dict[int, list[Heard]] = field(default_factory=dict)  # copies, by ticket
    _people: list[Person] = field(default_factory=list)

    def arrive(self) -> None:
        self.server.chats.open_group(STAFF, "客服群")
        for number, name in enumerate(("李敏", "陈刚", "周颖")):
            self._people.append(Person(self.server, 7 + number, name=name, chat=STAFF))

    @property
    def replies(self) -> Mapping[int, Sequence[str]]:
        """By ticket."""
        found: dict[int, list[str]] = {}
        for one in self.given:
            found.setdefault(one.ticket, []).append(one.text)
        return found

    async def work(self) -> None:
        while True:
            shown = self.server.chats.rooms[STAFF].shown
            for message in shown[self._read :]:
                self._read += 1
                self._take(as_heard(message))
            await asyncio.sleep(0.1)

    def _take(self, heard: Heard) -> None:
        found = _NUMBER.match(heard.text)
        labels = [label for row in heard.buttons for label in row]
        if found and "认领" in labels:
            self._see_card(int(found[1]), heard)
        elif heard.text.startswith(LISTED):
            for label in labels:
                if label.isdecimal() and int(label) not in self._cards:
                    self._people[0].press(heard, label)  # which brings its card
        elif UNKNOWN in heard.text:
            self._say_again(heard.reply_to)

    def _see_card(self, ticket: int, card: Heard) -> None:
        copies = self._cards.setdefault(ticket, [])
        copies.append(card)
        if len(copies) > 1:  # it changed, or is there again: somebody is dealing with it
            return
        agents = self.chance.sample(self._people, 2)
        if self.chance.random() < CLAIMED:
            for agent in agents:  # the first one gets it
                agent.press(card, "认领")
        for _ in range(2 if self.chance.random() < TWICE_ANSWERED else 1):
            self._reply(ticket, card.id, agents[0])

    def _reply(self, ticket: int, card: int, agent: Person) -> None:
        number = sum(one.ticket == ticket for one in self.given) + 1
        text = f"答复{ticket}之{number}：请到窗口办理。"
        self.given.append(Given(ticket, card, text, agent))
        agent.send(text, reply_to=card)

    def _say_again(self, card: int | None) -> None:
        """The bot told that it does not know the card that was replied to: take the newest."""
        lost = next(one for one in self.given if one.card == card and one not in self.wasted)
        self.wasted.append(lost)
        room = self.server.chats.rooms[STAFF]
        copies = [
            number
            for number, message in room.messages.items()
            if str(message.get("text", "")).startswith(f"编号 {lost.ticket} ·")
        ]
        self._reply(lost.ticket, copies[-1], lost.agent)


def question(number: int) -> str:
    """One of many questions that have little in common."""
    one, rest = number % len(CREATURES), number // len(CREATURES)
    two, rest = rest % len(PLACES), rest // len(PLACES)
    deed = DEEDS[rest % len(DEEDS)]
    counted = "" if rest < len(DEEDS) else f"第{rest // len(DEEDS) + 1}只"
    return f"{PLACES[two]}上的{counted}{CREATURES[one]}怎么{deed}？"
