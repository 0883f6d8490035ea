"""Tickets for tests of the console, and how their pages are read."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Final

from bot.desk.tickets import Agent, Evidence, Lead, SimilarTicket, Ticket, TicketKind
from bot.types import Address
from tests.unit.desk.office import Office
from tests.web.console.harness import Page

LI: Final = Agent("web:li", "李雷")
LEAD: Final = Lead(
    passage_id="dogs#3",
    document_id="dogs",
    title="澜港市养犬管理办法",
    address="第三条",
    quote="第三条　养犬应当办理养犬登记证，登记费每年30元。",
    issuer="澜港市公安局",
    probability=0.42,
)


async def opened(
    office: Office,
    question: str = "养狗要办什么证？",
    *,
    chat: str = "1001",
    kind: TicketKind = TicketKind.CONSULTATION,
    evidence: Evidence | None = None,
    **changes: Any,
) -> Ticket:
    """A ticket with whatever evidence a test wants."""
    ticket = await office.opens(kind, question=question, chat=Address("telegram", chat))
    if evidence is None and not changes:
        return ticket
    async with office.store.begin() as work:
        changed = replace(ticket, evidence=evidence or ticket.evidence, **changes)
        return await work.tickets.save(changed)


def similar(ticket: Ticket) -> SimilarTicket:
    return SimilarTicket(
        ticket_id=ticket.id, question=ticket.question, reply=ticket.reply or "", score=0.8
    )


def version(page: Page) -> str:
    """What the forms of a page say that they were opened with."""
    found = re.search(r'name="version" value="(\d+)"', page.text)
    assert found is not None, page.words
    return found[1]


def written(page: Page) -> str:
    """What stands in the field of the reply."""
    found = re.search(r'<textarea id="text"[^>]*>(.*?)</textarea>', page.text, re.DOTALL)
    return found[1] if found else ""


def left(page: Page) -> list[str]:
    """What was typed into a form that the page does not offer any more."""
    return re.findall(r"<textarea readonly[^>]*>(.*?)</textarea>", page.text, re.DOTALL)


def shown(page: Page) -> list[int]:
    """The numbers in a queue."""
    return [int(one) for one in re.findall(r'<th scope="row">(\d+)</th>', page.text)]


def deeds(page: Page) -> set[str]:
    """What the page of a ticket offers, by where its forms go."""
    return set(re.findall(r'action="/console/tickets/\d+/([a-z-]+)"', page.text))
