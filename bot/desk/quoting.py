"""
A passage as the reply to a citizen: laid out, and checked against the release, like an answer.

Staff choose among the passages on the card. What is sent is what the release holds now; where
that is not what the card shows, nothing is sent and they are told.
"""

from __future__ import annotations

from typing import Final

from bot import answer_page
from bot.decide import cite
from bot.desk import moves
from bot.desk.desk import Desk
from bot.desk.tickets import Agent, Ticket
from bot.errors import Misquoted, PassageGone
from bot.searching import Searches
from bot.texts import say
from bot.types import Outcome, Result, RichText
from bot.verified import check_citation, check_page

IN_A_DRAFT: Final = 2  # passages


class Quoting:
    def __init__(self, desk: Desk, index: Searches) -> None:
        self._desk = desk
        self._index = index

    async def use(
        self, ticket_id: int, number: int, agent: Agent, *, seen: int | None = None
    ) -> Ticket:
        """
        Reply with the passage that has that number on the card. Raise PassageGone, and as
        Desk.reply does.
        """
        ticket, _ = await self._desk.look(ticket_id)
        moves.require_holder(ticket, agent)
        body = await self._quoted(ticket, number)
        return await self._desk.reply(ticket_id, agent, _plain(body), quoted=body, seen=seen)

    async def words(self, ticket: Ticket, number: int) -> str:
        """That passage as text, to be put into a reply. Raise PassageGone."""
        return _plain(await self._quoted(ticket, number))

    async def draft(self, ticket: Ticket) -> str:
        """A reply made of the first passages, to be changed by its sender; "" if there is none."""
        quoted: list[str] = []
        for number in range(1, len(ticket.evidence.leads) + 1):
            try:
                quoted.append(_plain(await self._quoted(ticket, number)))
            except PassageGone:
                continue
            if len(quoted) == IN_A_DRAFT:
                break
        if not quoted:
            return ""
        begin = say(ticket.language, "Hello. On your question, these rules hold:")
        end = say(ticket.language, "If anything is unclear, reply to this message.")
        return "\n\n".join((begin, *quoted, end))

    async def _quoted(self, ticket: Ticket, number: int) -> RichText:
        """The passage with its source, as in an answer."""
        if not 0 < number <= len(ticket.evidence.leads):
            raise PassageGone(ticket.id, number)
        lead, today = ticket.evidence.leads[number - 1], self._desk.clock().date()
        hit = await self._index.passage(lead.passage_id, on=today)
        if hit is None or hit.passage.text.strip() != lead.quote.strip():
            raise PassageGone(ticket.id, number)
        citation = cite(hit, on=today)
        release, clause = await self._index.clause(lead.passage_id)
        outcome = Outcome(
            result=Result.ANSWERED,
            language=ticket.language,
            citations=(citation,),
            release=release,
        )
        body = answer_page.body(outcome)
        try:
            check_citation(citation, clause)
            check_page(body, [(citation.source, citation.quote)])
        except Misquoted as error:  # the release was switched in between, or is damaged
            raise PassageGone(ticket.id, number) from error
        return body


def _plain(body: RichText) -> str:
    return "".join(span.text for span in body)
