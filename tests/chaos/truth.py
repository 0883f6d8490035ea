"""What became of everything: by the database, and by what arrived in the chats."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from bot.desk.cards import key
from bot.desk.silence import STOPPED
from bot.store.base import SUPERSEDED
from tests.chaos.faulty_api import Arrival
from tests.chaos.people import STAFF, Asked
from tests.telegram.fake_rules import Json

# Between the answer of the platform and the note in the database: whoever is killed later than
# that had the time to note it. Most take some milliseconds; when several processes computed on two
# cores beside it, the most was 1.36 s.
NOTED_S: Final = 2.0
_ENDED_WELL: Final = frozenset({SUPERSEDED, STOPPED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A delivery as it is stored."""

    id: int
    chat: int
    state: str
    key: str
    ticket: int | None
    message_id: int | None
    error: str
    text: str


@dataclass(slots=True)
class Findings:
    counts: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    latest_double_s: float = 0.0  # from an answer that was not noted to the kill

    def check(self, problems: Iterable[str]) -> None:
        self.problems.extend(problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that was seen from outside."""

    database: Path
    reported: Mapping[int, Json]  # updates, by their ids
    arrivals: Sequence[Arrival]
    killed_at: Mapping[int, float]  # by number of the process
    asked: Sequence[Asked]
    replies: Mapping[int, Sequence[str]]  # by ticket
    wasted: Collection[str]  # replies that the bot said it could not pass on
    loose: Collection[int]  # chats whose updates come in any order
    removed: Collection[tuple[int, int]]  # chats and messages: what the bot took away again


def findings(seen: Evidence) -> Findings:
    found = Findings()
    with closing(sqlite3.connect(seen.database)) as database:
        ledger = database.execute("SELECT platform_id, result FROM message ORDER BY id").fetchall()
        rows = [_row(one) for one in database.execute(_ROWS)]
        tickets = database.execute("SELECT id, chat, question FROM ticket").fetchall()
    found.check(_ledger_problems(seen, ledger))
    found.check(_outbox_problems(rows, seen.arrivals))
    found.check(_ticket_problems(seen, tickets, rows))
    found.check(_order_problems(seen, ledger, rows))
    found.check(_reply_problems(seen, {number: int(chat) for number, chat, _ in tickets}))
    _doubles(seen, rows, found)
    found.counts.update(
        {
            "updates": len(seen.reported),
            "messages in the ledger": len(ledger),
            "deliveries sent": sum(row.state == "sent" for row in rows),
            "deliveries replaced by later ones": sum(row.state == "dropped" for row in rows),
            "messages and edits that arrived": len(seen.arrivals),
            "tickets": len(tickets),
            "staff replies": sum(map(len, seen.replies.values())),
            "replies that staff were told to repeat": len(seen.wasted),
        }
    )
    found.counts.update(f"result {result}" for _, result in ledger)
    return found


_ROWS: Final = """
SELECT id, chat, state, coalesce(key, ''), ticket_id, platform_id, coalesce(last_error, ''), content
FROM delivery WHERE channel = 'telegram' ORDER BY id
"""


def _row(stored: tuple[Any, ...]) -> Row:
    number, chat, state, name, ticket, platform_id, error, content = stored
    return Row(
        id=number,
        chat=int(chat),
        state=state,
        key=name,
        ticket=ticket,
        message_id=None if platform_id is None else int(platform_id),
        error=error,
        text="".join(span["text"] for span in json.loads(content)["body"]).strip(),
    )


def _ledger_problems(seen: Evidence, ledger: Sequence[tuple[str, str | None]]) -> Iterable[str]:
    """Every update is one message, and every message has an outcome."""
    times = Counter(name for name, _ in ledger)
    for update in seen.reported:
        if times[f"u{update}"] != 1:
            yield f"lost: update {update} is {times[f'u{update}']} times in the ledger"
    for name, result in ledger:
        if result in {None, "error"}:
            yield f"lost: message {name} ended as {result}"


def _outbox_problems(rows: Iterable[Row], arrivals: Iterable[Arrival]) -> Iterable[str]:
    there = {(one.chat, one.message_id) for one in arrivals}
    for row in rows:
        if row.state == "pending":
            yield f"lost: delivery {row.id} to {row.chat} still waits: {row.error}"
        elif row.state == "dropped" and row.error not in _ENDED_WELL:
            yield f"lost: delivery {row.id} to {row.chat} was given up: {row.error}"
        elif row.message_id is not None and (row.chat, row.message_id) not in there:
            yield f"lost: delivery {row.id} is message {row.message_id}, which is not there"


def _ticket_problems(
    seen: Evidence, tickets: Sequence[tuple[int, str, str]], rows: Sequence[Row]
) -> Iterable[str]:
    """What was asked of a person is one ticket, and each has one card: an old one is removed."""
    opened = Counter((int(chat), text) for _, chat, text in tickets)
    for asked in seen.asked:
        if opened[asked.chat, asked.text] != 1:
            yield f"lost: {opened[asked.chat, asked.text]} tickets of {asked}"
    if len(tickets) != len(seen.asked):
        yield f"strange: {len(tickets)} tickets of {len(seen.asked)} questions for a person"
    cards = defaultdict[str, set[int | None]](set)
    for row in rows:
        standing = (row.chat, row.message_id or 0) not in seen.removed
        if row.state == "sent" and row.chat == STAFF and standing:
            cards[row.key].add(row.message_id)
    for number, _, _ in tickets:
        if len(cards[key(number)]) != 1:
            yield f"twice: ticket {number} has the cards {cards[key(number)]}"


def _order_problems(
    seen: Evidence, ledger: Sequence[tuple[str, str | None]], rows: Iterable[Row]
) -> Iterable[str]:
    """Messages are taken in the order they were sent in, and deliveries leave as they were put."""
    last: dict[int, int] = {}
    for name, _ in ledger:
        update = int(name.removeprefix("u"))
        chat = _chat_of(seen.reported[update])
        if chat not in seen.loose and update < last.get(chat, 0):
            yield f"order: update {update} of {chat} came behind {last[chat]}"
        last[chat] = update
    newest: dict[int, int] = {}
    shown: set[tuple[int, int]] = set()
    for row in rows:
        if row.message_id is None or (row.chat, row.message_id) in shown:
            continue  # not sent, or an edit
        shown.add((row.chat, row.message_id))
        if row.message_id < newest.get(row.chat, 0):
            yield f"order: delivery {row.id} to {row.chat} is before the one before it"
        newest[row.chat] = row.message_id


def _reply_problems(seen: Evidence, chats: Mapping[int, int]) -> Iterable[str]:
    """Every reply of staff is in the chat of whoever asked, and in no other."""
    where = defaultdict[str, set[int]](set)
    passed = [one for one in seen.arrivals if one.chat != STAFF and "答复" in one.text]
    for number, texts in seen.replies.items():
        for text in texts:
            where[text] = {one.chat for one in passed if text in one.text}
            wanted = set() if text in seen.wasted else {chats[number]}
            if where[text] != wanted:
                yield f"lost: the reply {text!r} is in {where[text]}, and should be in {wanted}"
    for number in chats:
        if number not in seen.replies:
            yield f"lost: nobody saw ticket {number}"


def _doubles(seen: Evidence, rows: Iterable[Row], found: Findings) -> None:
    """A message that no delivery names is a copy: there must have been no way to know of it."""
    named = {(row.chat, row.message_id) for row in rows if row.message_id is not None}
    texts = {(row.chat, row.text) for row in rows}
    for arrival in seen.arrivals:
        if arrival.edits or (arrival.chat, arrival.message_id) in named:
            continue
        if (arrival.chat, arrival.text) not in texts:
            found.problems.append(f"strange: nobody queued {arrival}")
        elif arrival.answered_at is None:
            found.counts["twice: the answer was cut or never came"] += 1
        else:
            left_s = seen.killed_at.get(arrival.life, float("inf")) - arrival.answered_at
            found.latest_double_s = max(found.latest_double_s, left_s)
            if left_s <= NOTED_S:
                found.counts["twice: killed before the answer was noted"] += 1
            else:
                found.problems.append(f"twice: {left_s:.2f} s were left to note {arrival}")


def _chat_of(update: Json) -> int:
    content = next(value for name, value in update.items() if name != "update_id")
    return int(content.get("message", content)["chat"]["id"])
