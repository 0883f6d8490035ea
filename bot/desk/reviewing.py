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
from bot.desk.bookkeeping import require_seen
from bot.desk.desk import Desk
from bot.desk.moves import Move
from bot.desk.reviews import Review, Reviewed
from bot.desk.roster import Role
from bot.desk.tickets import Agent, Event, State, Ticket
from bot.errors import ReviewRefused
from bot.render import Page
from bot.store.base import Sought, Store, Work

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
        async with self._store.read() as work:
            waiting = await work.entries(Review).find(state=Reviewed.WAITING)
            sought = Sought(
                states=frozenset({State.REVIEWING}),
                numbers=frozenset(one.ticket_id for one in waiting),
            )
            tickets = {one.id: one for one in await work.tickets.find(sought)}
            events = await work.audit.of(*tickets)
        return [
            _looked(one, tickets[one.ticket_id], events)
            for one in waiting
            if one.ticket_id in tickets
        ]

    async def look(self, number: int) -> Looked:
        """Raise EntryNotFound."""
        async with self._store.read() as work:
            review = await work.entries(Review).get(number)
            ticket = await work.tickets.get(review.ticket_id)
            return _looked(review, ticket, await work.audit.of(ticket.id))

    def page(self, looked: Looked) -> Page:
        """The draft as whoever reviews it reads it."""
        return review_pages.submitted(
            looked.ticket,
            looked.review,
            language=self._desk.language,
            roster=self._desk.roster,
            added=looked.added,
        )

    async def approve(self, number: int, agent: Agent, *, seen: int | None = None) -> Ticket:
        """
        The reply goes out. Raise ReviewRefused, NotAllowed, EntryNotFound, and TicketChanged
        where the ticket is not in the version that was `seen` any more.
        """
        async with self._store.begin() as work:
            review, ticket = await self.passed(work, number, agent, seen=seen)
            now = self._desk.clock()
            answered = moves.answer(ticket, reply=review.draft, by=review.author, at=now)
            return await self._desk.answered(work, ticket, answered, agent, approved=True)

    async def passed(
        self, work: Work, number: int, agent: Agent, *, seen: int | None = None
    ) -> tuple[Review, Ticket]:
        """Write down that it may go out, in the transaction that sends it. Raise as `approve`."""
        review, ticket = await self._open(work, number, agent, seen)
        approved = replace(
            review, state=Reviewed.APPROVED, reviewer=agent, decided=self._desk.clock()
        )
        await work.entries(Review).save(approved)
        author = f"{review.author.name} ({review.author.id})"
        await self._desk.note(work, ticket, agent.id, APPROVED, text=author)
        return review, ticket

    async def reject(
        self, number: int, agent: Agent, why: str, *, seen: int | None = None
    ) -> Ticket:
        """Back to who wrote it. Raise as `approve` does, and ReasonMissing."""
        async with self._store.begin() as work:
            review, ticket = await self._open(work, number, agent, seen)
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

    async def _open(
        self, work: Work, number: int, agent: Agent, seen: int | None
    ) -> tuple[Review, Ticket]:
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
        require_seen(ticket, seen)
        return review, ticket


def _looked(review: Review, ticket: Ticket, events: Sequence[Event]) -> Looked:
    """`events` may be about other tickets too."""
    added = (
        event.text
        for event in events
        if event.ticket_id == ticket.id and event.what == Move.ADD and event.at >= review.submitted
    )
    return Looked(review, ticket, tuple(added))
