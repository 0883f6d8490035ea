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
from dataclasses import replace

from bot.desk import cards
from bot.desk.desk import Desk
from bot.desk.publishing import draft_pages
from bot.desk.publishing.folder import Folder
from bot.desk.publishing.pages import STAGES
from bot.desk.publishing.paper import paper
from bot.desk.publishing.preparing import Prepared, Preparing, Proposal
from bot.desk.publishing.publication import OUT, REVISABLE, Publication, Stage
from bot.desk.publishing.served import Release
from bot.desk.publishing.wording import Wording
from bot.desk.roster import Role
from bot.desk.tickets import Agent, Ticket, TicketKind
from bot.errors import EntryChanged, NotAllowed, PublicationRefused, ReasonMissing
from bot.store.base import Store, Work
from bot.texts import say
from bot.types import Delivery
from knowledge.types import Disclosure


class Publishing:
    def __init__(self, store: Store, desk: Desk, release: Release, folder: Folder) -> None:
        self._store = store
        self._desk = desk
        self.release = release
        self.preparing = Preparing(store, desk, release)
        self._folder = folder
        self._bringing = asyncio.Lock()  # else what one takes for unwanted another has just made

    async def propose(self, ticket_id: int, agent: Agent, proposal: Proposal) -> Publication:
        """
        Propose the reply of a ticket, or revise what was proposed, refused or withdrawn.

        Raise PublicationRefused with all that is wrong with it.
        """
        self._desk.roster.require_role(agent, Role.AGENT)
        ticket, known = await self.revisable(ticket_id)
        prepared = await self.preparing.prepare(ticket, agent, proposal)
        _require_sound(prepared)
        async with self._store.begin() as work:
            written = await self._written(work, prepared.draft, known)
            for wording in await work.entries(Wording).find(ticket_id=ticket_id):
                await work.entries(Wording).remove(wording.id)
            await self._note(work, written, agent, "publication proposed")
            await self.bring_up(work, written, anew=True)
        return written

    async def approve(self, number: int, agent: Agent, *, seen: int | None = None) -> Publication:
        """
        Let it out: the next release has it.

        Nobody lets out what they proposed, not even on a desk without a roster. All checks are
        made again, for the release and what is published may have changed. `seen` is the version
        that was looked at: raise EntryChanged if it is another one by now.
        """
        before = await self.waiting(number, agent)
        if seen not in {None, before.version}:
            raise EntryChanged("publication", number)
        prepared = await self.preparing.checked(before, Disclosure.OPEN)
        _require_sound(prepared)
        if new := [one for one in prepared.draft.flags if one not in before.flags]:
            async with self._store.begin() as work:
                looked = await work.entries(Publication).save(prepared.draft)
                await self._post(work, looked, anew=True)
            head = say(self._desk.language, "look again, something is new:")
            raise PublicationRefused([head, *new])
        now = self._desk.clock()
        file = paper(before, issuer=self._desk.bureau.name, published=now.date())
        approved = replace(before, stage=Stage.APPROVED, paper=file, why="")
        approved = await self._decided(approved, agent, "publication approved")
        await self.bring()
        return approved

    async def refuse(self, number: int, agent: Agent, why: str) -> Publication:
        """Back to whoever proposed it. Raise ReasonMissing."""
        before = await self.waiting(number, agent)
        return await self._ended(before, Stage.REFUSED, agent, why)

    async def waiting(self, number: int, agent: Agent) -> Publication:
        """One that waits for this person's word. Raise PublicationRefused and NotAllowed."""
        before = await self.get(number)
        self._require_second(agent, before)
        self.require_stage(before, {Stage.PROPOSED})
        return before

    async def drop(self, number: int, agent: Agent, why: str) -> Publication:
        """It is not to be given any more, from the next release on. Raise ReasonMissing."""
        before = await self.get(number)
        self._require_letting_out(agent)
        self.require_stage(before, frozenset(Stage) - {Stage.DROPPED})
        dropped = await self._ended(before, Stage.DROPPED, agent, why)
        await self.bring()
        return dropped

    async def get(self, number: int) -> Publication:
        """Raise EntryNotFound."""
        async with self._store.read() as work:
            return await work.entries(Publication).get(number)

    async def of(self, ticket_id: int) -> Sequence[Publication]:
        """What was made of a ticket: one, or nothing."""
        async with self._store.read() as work:
            return await work.entries(Publication).find(ticket_id=ticket_id)

    async def revisable(self, ticket_id: int) -> tuple[Ticket, Sequence[Publication]]:
        """
        A ticket whose reply may be published, with what was made of it before: one or nothing.

        Raise PublicationRefused.
        """
        async with self._store.begin() as work:
            ticket = await work.tickets.get(ticket_id)
            known = await work.entries(Publication).find(ticket_id=ticket_id)
        self._require_open_to(ticket, known)
        return ticket, known

    async def all(self) -> Sequence[Publication]:
        """All of them, the oldest first."""
        async with self._store.read() as work:
            return await work.entries(Publication).find()

    async def bring(self) -> None:
        """Make the folder what was decided. Raise PublicationRefused and OSError."""
        async with self._bringing:
            known = await self.all()
            wanted = {one.files[-1]: one.paper for one in known if one.stage in OUT}
            unwanted = {name for one in known for name in one.files} - wanted.keys()
            await asyncio.to_thread(
                self._folder.bring, wanted, unwanted=unwanted, language=self._desk.language
            )

    async def show(self, one: Publication) -> None:
        """Bring it to the room, below what was said meanwhile."""
        async with self._store.begin() as work:
            await self._post(work, one, anew=True)

    async def _ended(
        self, before: Publication, stage: Stage, agent: Agent, why: str
    ) -> Publication:
        if not why.strip():
            raise ReasonMissing(before.ticket_id)
        ended = replace(before, stage=stage, why=why.strip())
        return await self._decided(ended, agent, f"publication {stage}")

    async def _decided(self, after: Publication, agent: Agent, what: str) -> Publication:
        decided = replace(after, decided_by=agent, decided=self._desk.clock())
        async with self._store.begin() as work:
            saved = await work.entries(Publication).save(decided)
            await self._note(work, saved, agent, what)
            await self.bring_up(work, saved)
        return saved

    async def bring_up(self, work: Work, one: Publication, *, anew: bool = False) -> None:
        """What came of it: its message, and the card of its ticket, which gets other buttons."""
        room = self._desk.room
        if room is None:
            return
        await self._post(work, one, anew=anew)
        if one.stage is Stage.REFUSED:  # an edit rings for nobody
            language, roster = self._desk.language, self._desk.roster
            page = draft_pages.refused(one, language=language, roster=roster)
            await self._desk.send(work, room, page, ticket_id=one.ticket_id)
        if await work.outbox.known(room, cards.key(one.ticket_id)):
            await self._desk.show(work, await work.tickets.get(one.ticket_id))

    async def _post(self, work: Work, one: Publication, *, anew: bool) -> None:
        """Its message in the room, in the place of the earlier one if there is one, or anew."""
        room, key = self._desk.room, f"publication:{one.id}"
        if room is None or not (anew or await work.outbox.known(room, key)):
            return
        page = draft_pages.proposed(one, language=self._desk.language, roster=self._desk.roster)
        delivery = Delivery(
            to=room,
            body=page.body,
            buttons=page.buttons,
            ticket_id=one.ticket_id,
            key=key,
            anew=anew,
        )
        await self._desk.enqueue(work, delivery)

    async def _note(self, work: Work, of: Publication, agent: Agent, what: str) -> None:
        ticket = await work.tickets.get(of.ticket_id)
        text = f"No. {of.id}, edition {of.edition}"
        if of.stage is Stage.APPROVED:
            text += f", sha256 {hashlib.sha256(of.paper.encode()).hexdigest()}"
        await self._desk.note(work, ticket, agent.id, what, why=of.why, text=text)

    def _require_letting_out(self, agent: Agent) -> None:
        if not any(self._desk.roster.may(agent, role) for role in draft_pages.LETS_OUT):
            raise NotAllowed(f"{agent.name} ({agent.id})", role=Role.MAINTAINER)

    def _require_second(self, agent: Agent, of: Publication) -> None:
        self._require_letting_out(agent)
        if self._desk.roster.is_same_person(agent, of.proposed_by):
            text = "another person than who proposed it must look at it"
            raise PublicationRefused([say(self._desk.language, text)])

    def _require_open_to(self, ticket: Ticket, known: Sequence[Publication]) -> None:
        language, number = self._desk.language, ticket.id
        if ticket.kind is not TicketKind.CONSULTATION:
            text = "No. {id} is no question: only answers to questions are published"
            raise PublicationRefused([say(language, text, id=number)])
        if not ticket.reply:
            raise PublicationRefused([say(language, "No. {id} has no reply yet", id=number)])
        for one in known:
            self.require_stage(one, REVISABLE)

    def require_stage(self, of: Publication, stages: Iterable[Stage]) -> None:
        """Raise PublicationRefused."""
        if of.stage not in stages:
            language = self._desk.language
            text = "answer for everybody {number} is now: {stage}"
            stage = say(language, STAGES[of.stage])
            raise PublicationRefused([say(language, text, number=of.id, stage=stage)])

    async def _written(
        self, work: Work, draft: Publication, known: Sequence[Publication]
    ) -> Publication:
        """A new one, or in place of the one of that ticket; another edition if a file was made."""
        register = work.entries(Publication)
        if not known:
            written = await register.add(draft)
            if written == replace(draft, id=written.id, version=written.version):
                return written
            text = "{name} has just proposed an answer for everybody, number {number}"
            name = written.proposed_by.name
            raise PublicationRefused(
                [say(self._desk.language, text, name=name, number=written.id)]
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


def _require_sound(prepared: Prepared) -> None:
    if prepared.problems:
        raise PublicationRefused(prepared.problems)
