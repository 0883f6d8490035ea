"""Counts what the audit log says was done in the period. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final

from bot.desk.moves import MOVES, Move
from bot.desk.reports.figures import Figure, Section
from bot.desk.tickets import DONE, Event, Ticket

REOPENED: Final = "reopened"
_MOVES: Final = frozenset(map(str, Move))
_DONE: Final = frozenset(str(move) for move, rule in MOVES.items() if rule.to in DONE)
_BACK: Final = frozenset(
    str(move) for move, rule in MOVES.items() if rule.to is not None and rule.to not in DONE
)
_BY_AGENTS: Final = (Move.CLAIM, Move.ANSWER, Move.TRANSFER, Move.RELEASE, Move.CLOSE)


class Events:
    """
    Take the whole log, oldest line first: what was done before the period may be reopened in it.

    In memory stays a number for each ticket that is done.
    """

    def __init__(self, since: datetime, until: datetime) -> None:
        self._since = since
        self._until = until
        self._done: set[int] = set()
        self._moves: Counter[str] = Counter()
        self._agents: dict[str, Counter[str]] = {}
        self._held: Counter[str] = Counter()

    def take(self, event: Event) -> None:
        if event.ticket_id is None or event.what not in _MOVES:
            return
        counts = self._since <= event.at < self._until
        self._moves[event.what] += counts
        self._moves[REOPENED] += self._reopens(event.ticket_id, event.what) and counts
        if counts and event.what in _BY_AGENTS:
            self._agents.setdefault(event.who, Counter())[event.what] += 1

    def holds(self, ticket: Ticket) -> None:
        """One that waits now."""
        if ticket.holder is not None:
            self._held[ticket.holder.id] += 1
            self._agents.setdefault(ticket.holder.id, Counter())

    def figures(self) -> Iterator[Figure]:
        for item, count in sorted(self._moves.items()):
            if count:
                yield Figure(Section.MOVES, item, "times", count)

    def of_agents(self, name: Callable[[str], str]) -> Iterator[Figure]:
        """For supervisors only; `name` gives that of an agent by the id."""
        for agent, moves in sorted(self._agents.items()):
            for move in _BY_AGENTS:
                yield Figure(Section.AGENTS, name(agent), str(move), moves[move])
            yield Figure(Section.AGENTS, name(agent), "holds_now", self._held[agent])

    def _reopens(self, ticket_id: int, what: str) -> bool:
        """Whether the citizen came back with what was done. Keeps the state of each ticket."""
        if what in _DONE:
            self._done.add(ticket_id)
            return False
        reopens = what == Move.ADD and ticket_id in self._done
        if reopens or what in _BACK:
            self._done.discard(ticket_id)
        return reopens
