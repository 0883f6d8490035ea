"""Who was faster, where a ticket is not as it was when a form about it was opened."""

from __future__ import annotations

from dataclasses import replace

from bot.desk.room_services import RoomServices
from bot.errors import TicketChanged, TicketError
from bot.texts import say
from bot.web.console.forms import Refused
from bot.web.console.names import names_of
from bot.web.console.tickets.known import Known
from bot.web.console.visit import Visit


async def refused(
    services: RoomServices, visit: Visit, deed: str, error: TicketError, now: Known
) -> Refused:
    """The form again. `now` is the ticket as it is behind the refusal."""
    found = Refused.of(visit, deed, error)
    if not isinstance(error, TicketChanged) or error.values["id"] != now.ticket.id:
        return found
    names, last = await names_of(services, visit.language), now.events[-1]
    words = say(
        visit.language,
        "No. {id} was changed meanwhile: {name} {what}. What you typed is still here; look "
        "at what is new, then send it again.",
        id=now.ticket.id,
        name=names.who(last.who),
        what=names.what(last.what),
    )
    return replace(found, problem=words)
