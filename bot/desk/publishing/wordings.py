"""
The service for a room: an answer is worded, sees what stands against it, and is proposed.

Each step is kept, so a restart forgets nothing, and whoever goes on with it has the same words.
Errors are TicketErrors.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.desk.desk import Desk
from bot.desk.moves import Move
from bot.desk.publishing.preparing import Prepared, Proposal, quoted_in
from bot.desk.publishing.publication import ALIVE, Cited, Publication, Stage
from bot.desk.publishing.publishing import Publishing
from bot.desk.publishing.wording import Wording
from bot.desk.roster import Role
from bot.desk.tickets import Agent, Ticket
from bot.errors import EntryChanged, EntryNotFound, TicketChanged
from bot.store.base import Store
from knowledge.types import Disclosure

MOST_FOUND: Final = 9  # passages with a button


@dataclass(frozen=True, slots=True)
class Worded:
    """How far it is."""

    wording: Wording
    prepared: Prepared
    passages: Mapping[str, Cited]  # of those that were found: what may be cited now, by id


class Wordings:
    def __init__(self, store: Store, desk: Desk, publishing: Publishing) -> None:
        self._store = store
        self._desk = desk
        self._publishing = publishing

    async def look(self, ticket_id: int, agent: Agent) -> Worded:
        """Begin one, or go on with it. Raise PublicationRefused where nothing may be proposed."""
        ticket, wording = await self._current(ticket_id, agent)
        return await self._looked(ticket, wording, agent)

    async def word(
        self, ticket_id: int, agent: Agent, *, question: str = "", answer: str = ""
    ) -> Worded:
        """In other words; what is left out stays. Raise as `look`, and TicketChanged."""
        ticket, wording = await self._current(ticket_id, agent)
        changed = replace(
            wording,
            question=question.strip() or wording.question,
            answer=answer.strip() or wording.answer,
        )
        return await self._looked(ticket, await self._saved(changed), agent)

    async def cite(self, ticket_id: int, agent: Agent, place: int) -> Worded:
        """Cite the passage in that place (from 1), or do not any more. Raise as `word`."""
        ticket, wording = await self._current(ticket_id, agent)
        if not 1 <= place <= len(wording.found):  # a forged button
            return await self._looked(ticket, wording, agent)
        chosen = frozenset(wording.cited) ^ {wording.found[place - 1]}
        cited = tuple(one for one in wording.found if one in chosen)
        return await self._looked(ticket, await self._saved(replace(wording, cited=cited)), agent)

    async def write(
        self,
        ticket_id: int,
        agent: Agent,
        *,
        seen: int,
        question: str,
        answer: str,
        cited: Collection[str],
    ) -> Worded:
        """
        All of it at once, from the version that was `seen`; empty words stay as they were.

        Raise as `word`.
        """
        ticket, wording = await self._current(ticket_id, agent)
        if wording.version != seen:
            raise TicketChanged(ticket_id)
        changed = replace(
            wording,
            question=question.strip() or wording.question,
            answer=answer.strip() or wording.answer,
            cited=tuple(one for one in wording.found if one in cited),
        )
        if changed != wording:
            changed = await self._saved(changed)
        return await self._looked(ticket, changed, agent)

    async def propose(self, ticket_id: int, agent: Agent, *, seen: int) -> Publication:
        """
        Propose it as it was looked at, for everybody (主动公开): whoever presses says so.

        `seen` is the version; raise TicketChanged if it is another one by now, and as
        Publishing.propose does.
        """
        _, wording = await self._current(ticket_id, agent)
        if wording.version != seen:
            raise TicketChanged(ticket_id)
        return await self._publishing.propose(ticket_id, agent, _proposal(wording))

    async def _current(self, ticket_id: int, agent: Agent) -> tuple[Ticket, Wording]:
        self._desk.roster.require_role(agent, Role.AGENT)
        ticket, known = await self._publishing.revisable(ticket_id)
        for one in known:
            self._publishing.require_stage(one, frozenset(Stage) - ALIVE)
        async with self._store.begin() as work:
            found = await work.entries(Wording).find(ticket_id=ticket_id)
        if found and found[0].reply == ticket.reply:
            return ticket, found[0]
        begun = await self._begun(ticket, await self._before(ticket, known))
        if found:
            return ticket, await self._saved(
                replace(begun, id=found[0].id, version=found[0].version)
            )
        async with self._store.begin() as work:
            return ticket, await work.entries(Wording).add(begun)

    async def _before(self, ticket: Ticket, known: Sequence[Publication]) -> Publication | None:
        """What was proposed before, unless the citizen was replied to again since."""
        async with self._store.begin() as work:
            events = await work.audit.of(ticket.id)
        replied = [event.at for event in events if event.what == Move.ANSWER]
        return next((one for one in known if all(at <= one.proposed for at in replied)), None)

    async def _begun(self, ticket: Ticket, before: Publication | None) -> Wording:
        """From the reply, or from what was proposed of the same reply before."""
        reply = ticket.reply or ""
        preparing = self._publishing.preparing
        answer = before.answer if before else reply
        cited = [one.passage_id for one in before.cites] if before else []
        leads = [lead.passage_id for lead in ticket.evidence.leads]
        passages = await preparing.passages([*cited, *leads, *await preparing.near(answer)])
        quoted = quoted_in(answer, ((one.passage_id, one.quote) for one in passages.values()))
        chosen = [one for one in passages if one in (cited or quoted)]
        found = tuple(dict.fromkeys([*chosen, *passages]))[:MOST_FOUND]
        return Wording(
            ticket_id=ticket.id,
            reply=reply,
            question=before.question if before else ticket.question,
            answer=answer,
            found=found,
            cited=tuple(one for one in found if one in chosen),
        )

    async def _looked(self, ticket: Ticket, wording: Wording, agent: Agent) -> Worded:
        preparing = self._publishing.preparing
        prepared = await preparing.prepare(ticket, agent, _proposal(wording))
        return Worded(wording, prepared, await preparing.passages(wording.found))

    async def _saved(self, wording: Wording) -> Wording:
        try:
            async with self._store.begin() as work:
                return await work.entries(Wording).save(wording)
        except (EntryChanged, EntryNotFound):  # worded or proposed by somebody else
            raise TicketChanged(wording.ticket_id) from None


def _proposal(wording: Wording) -> Proposal:
    return Proposal(
        question=wording.question,
        answer=wording.answer,
        passages=wording.cited,
        disclosure=Disclosure.OPEN,
    )
