"""
复核: a second person looks at the reply to a sensitive ticket before it goes out.

`Desk.answered` submits it. Who wrote it does not approve it, and what is approved is the draft
that was looked at: another one has another number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.actions import Action, Verb
from bot.desk import moves, review_pages
from bot.desk.desk import Desk
from bot.desk.moves import Move
from bot.desk.reviews import Review, Reviewed
from bot.desk.roster import Role
from bot.desk.tickets import Agent, State, Ticket
from bot.errors import ReviewRefused
from bot.render import Page
from bot.store.base import Store, Work

APPROVED: Final = "approved"  # what the audit log says of it


@dataclass(frozen=True, slots=True)
class Looked:
    """A review with its ticket, and what the citizen wrote since the draft was submitted."""

    review: Review
    ticket: Ticket
    added: tuple[str, ...]


class Reviewing:
    def __init__(self, store: Store, desk: Desk) -> None:
        self._store = store
        self._desk = desk

    async def waiting(self) -> Sequence[Looked]:
        """Drafts under review, oldest first."""
        async with self._store.begin() as work:
            found = await work.entries(Review).find(state=Reviewed.WAITING)
            looked = [await self._looked(work, review) for review in found]
        return [one for one in looked if one.ticket.state is State.REVIEWING]

    async def look(self, number: int) -> Looked:
        """Raise EntryNotFound."""
        async with self._store.begin() as work:
            return await self._looked(work, await work.entries(Review).get(number))

    def page(self, looked: Looked) -> Page:
        """The draft as whoever reviews it reads it."""
        return review_pages.submitted(
            looked.ticket,
            looked.review,
            language=self._desk.language,
            roster=self._desk.roster,
            added=looked.added,
        )

    async def approve(self, number: int, agent: Agent) -> Ticket:
        """The reply goes out. Raise ReviewRefused, NotAllowed, EntryNotFound."""
        async with self._store.begin() as work:
            review, ticket = await self.passed(work, number, agent)
            now = self._desk.clock()
            answered = moves.answer(ticket, reply=review.draft, by=review.author, at=now)
            return await self._desk.answered(work, ticket, answered, agent, approved=True)

    async def passed(self, work: Work, number: int, agent: Agent) -> tuple[Review, Ticket]:
        """Write down that it may go out, in the transaction that sends it. Raise as `approve`."""
        review, ticket = await self._open(work, number, agent)
        approved = replace(
            review, state=Reviewed.APPROVED, reviewer=agent, decided=self._desk.clock()
        )
        await work.entries(Review).save(approved)
        author = f"{review.author.name} ({review.author.id})"
        await self._desk.note(work, ticket, agent.id, APPROVED, text=author)
        return review, ticket

    async def reject(self, number: int, agent: Agent, why: str) -> Ticket:
        """Back to who wrote it. Raise as `approve` does, and ReasonMissing."""
        async with self._store.begin() as work:
            review, ticket = await self._open(work, number, agent)
            now, why = self._desk.clock(), why.strip()
            after = moves.apply(ticket, Move.REJECT, at=now, by=agent, why=why)
            rejected = replace(
                review, state=Reviewed.REJECTED, reviewer=agent, decided=now, why=why
            )
            await work.entries(Review).save(rejected)
            saved = await self._desk.moved(work, ticket, Move.REJECT, after, agent, why=why)
            if self._desk.room is not None:
                language, roster = self._desk.language, self._desk.roster
                page = review_pages.rejected(saved, rejected, language=language, roster=roster)
                reply = Action(Verb.REPLY, saved.id)
                await self._desk.send(
                    work, self._desk.room, page, ticket_id=saved.id, expects=reply
                )
            return saved

    async def _open(self, work: Work, number: int, agent: Agent) -> tuple[Review, Ticket]:
        """What waits for a decision, by somebody else than its author."""
        review = await work.entries(Review).get(number)
        ticket = await work.tickets.get(review.ticket_id)
        self._desk.roster.require_role(agent, Role.REVIEWER)
        if self._desk.roster.is_same_person(agent, review.author):
            raise ReviewRefused(
                "{name} wrote it; another person reviews it.", name=review.author.name
            )
        if review.state is Reviewed.VOID:
            raise ReviewRefused(
                "The draft of review {number} was changed; look at the new one.", number=number
            )
        if review.state is not Reviewed.WAITING or ticket.state is not State.REVIEWING:
            state = ticket.state if review.state is Reviewed.WAITING else review.state
            raise ReviewRefused(
                "Review {number} waits for nobody any more: it is {state}.",
                number=number,
                state=state,
            )
        return review, ticket

    async def _looked(self, work: Work, review: Review) -> Looked:
        ticket = await work.tickets.get(review.ticket_id)
        events = await work.audit.of(ticket.id)
        added = (
            event.text
            for event in events
            if event.what == Move.ADD and event.at >= review.submitted
        )
        return Looked(review, ticket, tuple(added))
