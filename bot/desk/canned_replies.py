"""The register of canned replies: kept by staff, filled in when a reply names one."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from bot.desk.canned import Canned, called, filled, require_usable, values_for
from bot.desk.desk import Desk
from bot.desk.roster import Role
from bot.desk.tickets import Agent, Event, Ticket
from bot.errors import CannedRefused, EntryChanged
from bot.store.base import Store, Work


class CannedReplies:
    def __init__(self, store: Store, desk: Desk) -> None:
        self._store = store
        self._desk = desk

    async def add(self, canned: Canned, agent: Agent) -> Canned:
        """
        Keep it; the same name in the same language and department is written anew.

        Raise CannedRefused, NoSuchDepartment, NotAllowed.
        """
        self._desk.roster.require_role(agent, Role.AGENT)
        if canned.department:
            self._desk.roster.require(canned.department)
        require_usable(canned)
        async with self._store.begin() as work:
            register = work.entries(Canned)
            kept = await register.add(canned)
            if kept.text != canned.text:
                kept = await register.save(replace(kept, text=canned.text))
            await self._note(work, agent, "canned reply kept", kept)
        return kept

    async def remove(self, number: int, agent: Agent) -> Canned:
        """Raise EntryNotFound, NotAllowed."""
        self._desk.roster.require_role(agent, Role.AGENT)
        async with self._store.begin() as work:
            canned = await work.entries(Canned).get(number)
            await work.entries(Canned).remove(number)
            await self._note(work, agent, "canned reply removed", canned)
        return canned

    async def all(self) -> Sequence[Canned]:
        """By name, language and department."""
        async with self._store.read() as work:
            found = await work.entries(Canned).find()
        return sorted(found, key=lambda one: (one.name, one.language, one.department))

    async def written_out(self, ticket_id: int, agent: Agent, reply: str) -> str:
        """
        What a reply says: where it is `/c NAME`, that canned reply, filled in for the ticket.

        The department's own comes before that of all, in the citizen's language only. What
        follows the name is added. Raise CannedRefused, TicketNotFound.
        """
        named = called(reply)
        if named is None:
            return reply
        async with self._store.begin() as work:
            ticket = await work.tickets.get(ticket_id)
            known = await work.entries(Canned).find(name=named.name)
            canned = _fitting(known, named.name, ticket)
            with suppress(EntryChanged):  # somebody else used it: the count is but a hint
                await work.entries(Canned).save(replace(canned, used=canned.used + 1))
        desk = self._desk
        values = values_for(ticket, agent, bureau=desk.bureau, roster=desk.roster)
        return "\n".join(part for part in (filled(canned, values), named.rest) if part)

    async def _note(self, work: Work, agent: Agent, what: str, canned: Canned) -> None:
        where = canned.department or "all"
        text = f"{canned.name} {canned.language} {where}: {canned.text}"
        event = Event(at=self._desk.clock(), who=agent.id, what=what, text=text)
        await self._desk.log(work, event)


def _fitting(known: Sequence[Canned], name: str, ticket: Ticket) -> Canned:
    spoken = [one for one in known if one.language is ticket.language]
    for department in (ticket.department, ""):
        for one in spoken:
            if one.department == department:
                return one
    if not known:
        raise CannedRefused("There is no canned reply {name}.", name=name)
    raise CannedRefused(
        "The canned reply {name} is not kept in the language {language}; it is there: {places}",
        name=name,
        language=ticket.language,
        places=tuple(f"{one.language} {one.department}".strip() for one in known),
    )
