"""Subscriptions and what was told because of them in dicts; see memory.py."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.push.runs import Run
from bot.store.memory_outbox import Slot, next_number
from bot.store.pushed import ERASED, Item, Push, PushDraft, Reach
from bot.subscriptions import Followers, Follows, Subscription, Wish
from bot.types import Address


@dataclass(frozen=True, slots=True)
class Told:
    """A push with what came of its items, by their places."""

    push: Push
    delivery_id: int | None = None
    opened: frozenset[int] = frozenset()
    helpful: frozenset[int] = frozenset()
    unhelpful: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class PushRows:
    """By number. The values are frozen: a copy of the dicts is a copy."""

    subscriptions: dict[int, Subscription] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)  # the last one given
    runs: dict[int, Run] = field(default_factory=dict)
    pushes: dict[int, Told] = field(default_factory=dict)

    def copy(self) -> PushRows:
        return PushRows(
            dict(self.subscriptions), dict(self.numbers), dict(self.runs), dict(self.pushes)
        )


@dataclass(frozen=True, slots=True)
class MemorySubscriptions:
    rows: PushRows

    async def add(self, wish: Wish, /) -> Subscription:
        for one in await self.of(wish.address):
            if (one.follows, one.target) == (wish.follows, wish.target):
                return one
        number = next_number(self.rows.numbers, "subscription")
        made = Subscription(
            id=number,
            address=wish.address,
            follows=wish.follows,
            target=wish.target,
            title=wish.title,
            release=wish.release,
            language=wish.language,
            since=wish.since,
        )
        self.rows.subscriptions[number] = made
        return made

    async def of(self, address: Address, /) -> Sequence[Subscription]:
        return [one for one in self.rows.subscriptions.values() if one.address == address]

    async def remove(self, address: Address, subscription_id: int, /) -> Subscription | None:
        found = self.rows.subscriptions.get(subscription_id)
        if found is None or found.address != address:
            return None
        return self.rows.subscriptions.pop(subscription_id)

    async def remove_all(self, address: Address, /) -> int:
        own = await self.of(address)
        for one in own:
            del self.rows.subscriptions[one.id]
        return len(own)

    async def waiting(self, release: str, /, *, limit: int | None = None) -> Sequence[Address]:
        rows = self.rows.subscriptions.values()
        found = dict.fromkeys(one.address for one in rows if one.release != release)
        return list(found)[:limit]

    async def told(self, address: Address, release: str, /) -> None:
        for one in await self.of(address):
            self.rows.subscriptions[one.id] = replace(one, release=release)

    async def followers(self) -> Sequence[Followers]:
        rows = [
            one for one in self.rows.subscriptions.values() if one.follows is not Follows.QUESTION
        ]
        counts = Counter((one.follows, one.target) for one in rows)
        titles: dict[tuple[Follows, str], str] = {}
        for one in rows:
            key = one.follows, one.target
            titles[key] = max(titles.get(key, ""), one.title)
        return [
            Followers(follows=key[0], target=key[1], title=titles[key], count=count)
            for key, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        ]


@dataclass(frozen=True, slots=True)
class MemoryPushes:
    rows: PushRows
    slots: Mapping[int, Slot]

    async def last_run(self) -> Run | None:
        return self.rows.runs[max(self.rows.runs)] if self.rows.runs else None

    async def save_run(self, run: Run, /) -> None:
        self.rows.runs[run.id] = run

    async def add(self, draft: PushDraft, /, *, at: datetime) -> int | None:
        del at  # nobody asks for it back
        keys = {(told.push.run, told.push.address) for told in self.rows.pushes.values()}
        if (draft.run, draft.address) in keys:
            return None
        number = len(self.rows.pushes) + 1
        push = Push(id=number, run=draft.run, address=draft.address, items=draft.items)
        self.rows.pushes[number] = Told(push)
        return number

    async def enqueued(self, push_id: int, delivery_id: int, /) -> None:
        self.rows.pushes[push_id] = replace(self.rows.pushes[push_id], delivery_id=delivery_id)

    async def get(self, address: Address, push_id: int, /) -> Push | None:
        told = self.rows.pushes.get(push_id)
        return told.push if told and told.push.address == address else None

    async def opened(self, push_id: int, place: int, /, *, at: datetime) -> None:
        del at  # nobody asks for it back
        told = self.rows.pushes[push_id]
        self.rows.pushes[push_id] = replace(told, opened=told.opened | {place})

    async def voted(self, push_id: int, place: int, /, *, helpful: bool) -> None:
        told, one = self.rows.pushes[push_id], {place}
        self.rows.pushes[push_id] = replace(
            told,
            helpful=told.helpful | one if helpful else told.helpful - one,
            unhelpful=told.unhelpful - one if helpful else told.unhelpful | one,
        )

    async def pending(self, *, tried: bool) -> int:
        slots = [self._slot(told) for told in self.rows.pushes.values()]
        waiting = [slot for slot in slots if slot is not None and slot.pending]
        return sum(slot.tried is tried for slot in waiting)

    async def unlink(self, address: Address, /) -> None:
        for number, told in self.rows.pushes.items():
            if told.push.address == address:
                nobody = Address(address.channel, f"{ERASED}{number}")
                push = replace(told.push, address=nobody)
                self.rows.pushes[number] = replace(told, push=push)

    async def reach(self) -> Sequence[Reach]:
        found: dict[str, list[tuple[Item, int, Told]]] = {}
        for told in self.rows.pushes.values():
            for place, one in enumerate(told.push.items, start=1):
                found.setdefault(one.document_id, []).append((one, place, told))
        made = [
            Reach(
                document_id=name,
                title=max(one.title for one, _, _ in rows),
                sent=len(rows),
                delivered=sum(self._delivered(told) for _, _, told in rows),
                opened=sum(place in told.opened for _, place, told in rows),
                helpful=sum(place in told.helpful for _, place, told in rows),
                unhelpful=sum(place in told.unhelpful for _, place, told in rows),
            )
            for name, rows in found.items()
        ]
        return sorted(made, key=lambda one: (-one.sent, one.document_id))

    def _slot(self, told: Told) -> Slot | None:
        return None if told.delivery_id is None else self.slots.get(told.delivery_id)

    def _delivered(self, told: Told) -> bool:
        slot = self._slot(told)
        return slot is not None and slot.sent
