"""
The service: propose an answer, check it, let another person approve it.

Each step is one transaction with its line in the audit log of the ticket that it came from. Files
are written after it, for no transaction holds a disk; what a crash left undone is done by the
keeper (keeper.py). Errors are TicketErrors.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.desk.desk import Desk
from bot.desk.publishing.checks import Checked, Findings, findings
from bot.desk.publishing.folder import Folder
from bot.desk.publishing.likeness import Alike, most_alike
from bot.desk.publishing.paper import paper, tidied
from bot.desk.publishing.publication import (
    OUT,
    REVISABLE,
    Cited,
    Publication,
    Stage,
)
from bot.desk.publishing.served import Release, Snapshot
from bot.desk.roster import Role
from bot.desk.tickets import Agent, Ticket, TicketKind
from bot.errors import NotAllowed, PublicationRefused, ReasonMissing
from bot.store.base import Store, Work
from knowledge.types import Disclosure

_COMPARED: Final = 5  # passages whose own questions are compared
_LETS_OUT: Final = (Role.MAINTAINER, Role.REVIEWER)
_TELLING: Final = 8  # characters of a sentence that two texts do not share by chance


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a member of staff wants published. What is left out is the ticket's own."""

    question: str = ""
    answer: str = ""
    passages: tuple[str, ...] = ()  # ids; none: those of the ticket that the reply quotes
    disclosure: Disclosure | None = None  # it must be said


class Publishing:
    def __init__(self, store: Store, desk: Desk, release: Release, folder: Folder) -> None:
        self._store = store
        self._desk = desk
        self._release = release
        self._folder = folder

    async def propose(self, ticket_id: int, agent: Agent, proposal: Proposal) -> Publication:
        """
        Propose the reply of a ticket, or revise what was proposed, refused or withdrawn.

        Raise PublicationRefused with all that is wrong with it.
        """
        self._desk.roster.require_role(agent, Role.AGENT)
        async with self._store.begin() as work:
            ticket = await work.tickets.get(ticket_id)
            known = await work.entries(Publication).find(ticket_id=ticket_id)
        _require_open_to(ticket, known)
        draft = await self._draft(ticket, agent, proposal)
        flags = await self._checked(draft, proposal.disclosure)
        draft = replace(draft, flags=flags)
        async with self._store.begin() as work:
            written = await _written(work, draft, known)
            await self._note(work, written, agent, "publication proposed")
        return written

    async def approve(self, number: int, agent: Agent) -> Publication:
        """
        Let it out: the next release has it.

        Nobody lets out what they proposed, not even on a desk without a roster. All checks are
        made again, for the release and what is published may have changed.
        """
        before = await self.get(number)
        self._require_second(agent, before)
        _require_stage(before, {Stage.PROPOSED})
        flags = await self._checked(before, Disclosure.OPEN)
        if set(flags) - set(before.flags):
            async with self._store.begin() as work:
                await work.entries(Publication).save(replace(before, flags=flags))
            raise PublicationRefused(["look again, something is new:", *flags])
        now = self._desk.clock()
        file = paper(before, issuer=self._desk.bureau.name, published=now.date())
        approved = replace(before, stage=Stage.APPROVED, paper=file, why="")
        approved = await self._decided(approved, agent, "publication approved")
        await self.bring()
        return approved

    async def refuse(self, number: int, agent: Agent, why: str) -> Publication:
        """Back to whoever proposed it. Raise ReasonMissing."""
        before = await self.get(number)
        self._require_second(agent, before)
        _require_stage(before, {Stage.PROPOSED})
        return await self._ended(before, Stage.REFUSED, agent, why)

    async def drop(self, number: int, agent: Agent, why: str) -> Publication:
        """It is not to be given any more, from the next release on. Raise ReasonMissing."""
        before = await self.get(number)
        self._require_letting_out(agent)
        _require_stage(before, frozenset(Stage) - {Stage.DROPPED})
        dropped = await self._ended(before, Stage.DROPPED, agent, why)
        await self.bring()
        return dropped

    async def get(self, number: int) -> Publication:
        """Raise EntryNotFound."""
        async with self._store.begin() as work:
            return await work.entries(Publication).get(number)

    async def all(self) -> Sequence[Publication]:
        """All of them, the oldest first."""
        async with self._store.begin() as work:
            return await work.entries(Publication).find()

    async def bring(self) -> None:
        """Make the folder what was decided. Raise PublicationRefused and OSError."""
        known = await self.all()
        wanted = {one.files[-1]: one.paper for one in known if one.stage in OUT}
        unwanted = {name for one in known for name in one.files} - wanted.keys()
        await asyncio.to_thread(self._folder.bring, wanted, unwanted=unwanted)

    async def _draft(self, ticket: Ticket, agent: Agent, proposal: Proposal) -> Publication:
        try:
            question, answer = tidied(
                proposal.question or ticket.question, proposal.answer or ticket.reply or ""
            )
        except ValueError as error:
            raise PublicationRefused([str(error)]) from error
        ids = proposal.passages or _quoted_in(answer, ticket)
        return Publication(
            ticket_id=ticket.id,
            question=question,
            answer=answer,
            language=ticket.language,
            cites=await self._cites(ids),
            proposed_by=agent,
            proposed=self._desk.clock(),
        )

    async def _cites(self, passages: Iterable[str]) -> tuple[Cited, ...]:
        """The passages as the release that is served has them."""
        ids = tuple(dict.fromkeys(passages))
        snapshot = await self._snapshot(one.rpartition("#")[0] for one in ids)
        today = self._desk.clock().date()
        found = [(one, snapshot.cited(one, today)) for one in ids]
        if missing := [one for one, cited in found if cited is None]:
            raise PublicationRefused(
                [f"{one} is no passage in force of {snapshot.release}" for one in missing]
            )
        return tuple(cited for _, cited in found if cited is not None)

    async def _checked(self, draft: Publication, disclosure: Disclosure | None) -> tuple[str, ...]:
        """What is to be looked at. Raise PublicationRefused for what is wrong."""
        snapshot = await self._snapshot(one.document_id for one in draft.cites)
        today = self._desk.clock().date()
        broken = [(one, snapshot.broken(one, today)) for one in draft.cites]
        lost = [f"{one.passage_id}: {why}; cite again" for one, why in broken if why is not None]
        alike, answered = await self._compared(draft)
        found = findings(
            Checked(
                question=draft.question,
                answer=draft.answer,
                cites=draft.cites,
                disclosure=disclosure,
                alike=alike,
                answered=answered,
            )
        )
        found = Findings((*found.problems, *lost), found.flags)
        if found.problems:
            raise PublicationRefused(found.problems)
        return found.flags

    async def _compared(self, draft: Publication) -> tuple[Alike | None, str]:
        """The most alike of what is published or asked in passages, and what answers now."""
        today = self._desk.clock().date()
        own = [
            (one.question, f"No. {one.id}, {one.stage}")
            for one in await self.all()
            if one.ticket_id != draft.ticket_id and one.stage in OUT | {Stage.PROPOSED}
        ]
        found = await self._release.index.search(draft.question, on=today)
        hits = found.hits[:_COMPARED] if found else ()
        for document in {one.document.id: one.document for one in hits}.values():
            asked = await self._release.index.questions(document.id, on=today)
            own += [(question, document.title) for question in asked]
        answer = found.answer if found else None
        return most_alike(draft.question, own), answer.document.title if answer else ""

    async def _snapshot(self, ids: Iterable[str]) -> Snapshot:
        snapshot = await self._release.snapshot(frozenset(ids))
        if snapshot is None:
            raise PublicationRefused(["no release is served; build one with `index build`"])
        return snapshot

    async def _ended(
        self, before: Publication, stage: Stage, agent: Agent, why: str
    ) -> Publication:
        if not why.strip():
            raise ReasonMissing(before.ticket_id, str(stage))
        ended = replace(before, stage=stage, why=why.strip())
        return await self._decided(ended, agent, f"publication {stage}")

    async def _decided(self, after: Publication, agent: Agent, what: str) -> Publication:
        decided = replace(after, decided_by=agent, decided=self._desk.clock())
        async with self._store.begin() as work:
            saved = await work.entries(Publication).save(decided)
            await self._note(work, saved, agent, what)
        return saved

    async def _note(self, work: Work, of: Publication, agent: Agent, what: str) -> None:
        ticket = await work.tickets.get(of.ticket_id)
        text = f"No. {of.id}, edition {of.edition}"
        if of.stage is Stage.APPROVED:
            text += f", sha256 {hashlib.sha256(of.paper.encode()).hexdigest()}"
        await self._desk.note(work, ticket, agent.id, what, why=of.why, text=text)

    def _require_letting_out(self, agent: Agent) -> None:
        if not any(self._desk.roster.may(agent, role) for role in _LETS_OUT):
            raise NotAllowed(f"{agent.name} ({agent.id})", role=Role.MAINTAINER)

    def _require_second(self, agent: Agent, of: Publication) -> None:
        self._require_letting_out(agent)
        if self._desk.roster.is_same_person(agent, of.proposed_by):
            raise PublicationRefused(["another person than who proposed it must look at it"])


def _require_open_to(ticket: Ticket, known: Sequence[Publication]) -> None:
    if ticket.kind is not TicketKind.CONSULTATION:
        raise PublicationRefused(
            [f"No. {ticket.id} is a {ticket.kind}: only answers to questions"]
        )
    if not ticket.reply:
        raise PublicationRefused([f"No. {ticket.id} has no reply yet"])
    for one in known:
        _require_stage(one, REVISABLE)


def _require_stage(of: Publication, stages: Iterable[Stage]) -> None:
    if of.stage not in stages:
        raise PublicationRefused([f"publication {of.id} is {of.stage}"])


async def _written(work: Work, draft: Publication, known: Sequence[Publication]) -> Publication:
    """A new one, or in place of the one of that ticket; another edition if a file was made."""
    register = work.entries(Publication)
    if not known:
        written = await register.add(draft)
        if written == replace(draft, id=written.id, version=written.version):
            return written
        raise PublicationRefused(
            [f"{written.proposed_by.name} has just proposed No. {written.id}"]
        )
    [before] = known
    return await register.save(
        replace(
            draft,
            id=before.id,
            version=before.version,
            edition=before.edition + bool(before.paper),
            told=before.told,
        )
    )


def _quoted_in(answer: str, ticket: Ticket) -> tuple[str, ...]:
    """The passages of the ticket from which the reply takes a sentence, word for word."""
    bare = "".join(answer.split())
    return tuple(
        lead.passage_id
        for lead in ticket.evidence.leads
        if any(one in bare for one in _sentences(lead.quote))
    )


def _sentences(quote: str) -> list[str]:
    parts = "".join(quote.split()).replace("；", "。").split("。")
    return [part for part in parts if len(part) >= _TELLING]
