"""Words that are put into a reply before its sender changes them: where they come from."""

from __future__ import annotations

from bot.desk.room_services import RoomServices
from bot.desk.tickets import Agent, Ticket
from bot.desk.typed import number_in


async def words(
    services: RoomServices, ticket: Ticket, agent: Agent, source: str, canned: str = ""
) -> str:
    """
    `source` is "draft", "passage 2", "ticket 7" for a reply that was given there, or "canned" for
    the one of that name.

    Empty where there is nothing of that kind. Raise TicketError.
    """
    kind, _, name = source.partition(" ")
    number = number_in(name)
    match kind:
        case "draft":
            parts = [
                await services.consulting.draft(ticket.id),
                await services.quoting.draft(ticket),
            ]
            return "\n\n".join(part for part in parts if part)
        case "passage" if number is not None:
            return await services.quoting.words(ticket, number)
        case "ticket" if number is not None:
            return (await services.ticket(number)).reply or ""
        case "canned" if canned:
            return await services.canned.written_out(ticket.id, agent, f"/c {canned}")
        case _:
            return ""


def joined(written: str, more: str) -> str:
    """Behind what is written already, in a paragraph of its own."""
    return "\n\n".join(part for part in (written.strip(), more) if part)
