"""What became of everything, by the database and by what was seen from outside."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.store.codec import decode
from bot.types import Address, Delivery, Message

MESSAGES: Final = "SELECT id, content, result FROM message ORDER BY id"
DELIVERIES: Final = "SELECT id, content, state FROM delivery ORDER BY id"
TICKETS: Final = "SELECT id FROM ticket"


@dataclass(frozen=True, slots=True)
class Row:
    id: int
    delivery: Delivery
    state: str

    @property
    def because_of(self) -> int | None:
        """The message that it answers; None: a notice, as that many are waiting."""
        return self.delivery.because_of


@dataclass(frozen=True, slots=True)
class Truth:
    """The ledger and the outbox, by conversation and in their order."""

    asked: Mapping[Address, Sequence[tuple[int, str]]]  # number and text
    told: Mapping[Address, Sequence[Row]]
    tickets: Collection[int]
    unfinished: int

    @classmethod
    def of(
        cls,
        messages: Iterable[Sequence[Any]],  # as MESSAGES finds them
        deliveries: Iterable[Sequence[Any]],
        tickets: Iterable[Sequence[Any]],
    ) -> Truth:
        asked: defaultdict[Address, list[tuple[int, str]]] = defaultdict(list)
        told: defaultdict[Address, list[Row]] = defaultdict(list)
        unfinished = 0
        for number, content, result in messages:
            message = decode(Message, content)
            asked[message.address].append((number, message.text))
            unfinished += result is None
        for number, content, state in deliveries:
            delivery = decode(Delivery, content)
            told[delivery.to].append(Row(number, delivery, state))
        return cls(asked, told, {number for (number,) in tickets}, unfinished)

    def problems(self, said: Mapping[Address, Sequence[str]]) -> list[str]:
        """What is not as it must be, of what was said in each conversation, in order."""
        found = [f"{self.unfinished} messages have no outcome"] if self.unfinished else []
        for address, texts in said.items():
            found += (f"{address.chat}: {problem}" for problem in self._problems(address, texts))
        return found

    def _problems(self, address: Address, texts: Sequence[str]) -> Iterable[str]:
        asked, told = self.asked.get(address, ()), self.told.get(address, ())
        if [text for _, text in asked] != list(texts):
            yield f"said {texts}, in the ledger are {asked}"
        answers = [(row.because_of, row.delivery.plain) for row in told if row.because_of]
        answered = [number for number, _ in answers]
        if answered != sorted(answered):
            yield f"answers are not in the order of the questions: {answered}"
        if missing := {number for number, _ in asked} - set(answered):
            yield f"never answered: {missing}"
        if unsent := [row.id for row in told if row.state != "sent"]:
            yield f"never sent: {unsent}"
        if doubled := [number for (number, _), times in Counter(answers).items() if times > 1]:
            yield f"answered twice: {doubled}"

    def sent(self, address: Address) -> list[int]:
        """Ids of what a conversation was sent."""
        return [row.id for row in self.told.get(address, ()) if row.state == "sent"]
