"""A draft is written down for review, inside the transaction of the reply; see reviewing.py."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.desk.reviews import Review, Reviewed
from bot.desk.tickets import Agent
from bot.store.base import Work


async def enter(work: Work, ticket_id: int, draft: str, *, author: Agent, at: datetime) -> Review:
    """The review of a draft. Those of earlier drafts of the ticket are void."""
    register = work.entries(Review)
    for earlier in await register.find(ticket_id=ticket_id, state=Reviewed.WAITING):
        await register.save(replace(earlier, state=Reviewed.VOID))
    return await register.add(
        Review(ticket_id=ticket_id, draft=draft, author=author, submitted=at)
    )
