"""Many tickets at once: each by the same service as one alone, and told what became of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from bot.desk.sorry import sorry
from bot.desk.typed import number_in
from bot.errors import TicketChanged, TicketError
from bot.texts import say
from bot.web.console.console import Console
from bot.web.console.live import Live
from bot.web.console.tickets.deeds import DEEDS, Form
from bot.web.console.tickets.offered import Deed
from bot.web.console.visit import HOME, Visit, way_back

CHOSEN: Final = "ticket-"  # what the names of checkboxes begin with; the value is the version
MANY: Final = frozenset({Deed.CLAIM, Deed.TRANSFER, Deed.MERGE, Deed.CLOSE})


@dataclass(frozen=True, slots=True)
class Chosen:
    number: int
    version: str  # of the ticket, as the list showed it


class BulkPages:
    def __init__(self, console: Console, live: Live) -> None:
        self._console = console
        self._live = live

    async def do(self, visit: Visit) -> web.StreamResponse:
        path, name = way_back(visit.text("back")).removeprefix(HOME), visit.text("deed")
        chosen, language = chosen_in(visit.form), visit.language
        if name not in MANY or not chosen:
            words = say(language, "Choose tickets first, then what is done with them.")
            return self._console.done(visit, path, words)
        done, problems = 0, []
        for one in chosen:
            try:
                await self._do(visit, Deed(name), one)
            except TicketError as error:
                problems.append(sorry(error, language))
            else:
                done += 1
        self._live.wake()
        words = say(language, "Done: {count}, not done: {left}.", count=done, left=len(problems))
        for problem in problems:
            self._console.tell(visit.session.session.id, problem)
        return self._console.done(visit, path, words)

    async def _do(self, visit: Visit, deed: Deed, one: Chosen) -> None:
        """Raise TicketError."""
        if deed is not Deed.CLAIM:
            ticket = await self._console.services.ticket(one.number)
            if str(ticket.version) != one.version:
                raise TicketChanged(one.number)
        await DEEDS[deed](Form(self._console.services, one.number, visit))


def chosen_in(form: Mapping[str, str]) -> Sequence[Chosen]:
    """By their numbers."""
    numbers = {
        number: version
        for name, version in form.items()
        if name.startswith(CHOSEN) and (number := number_in(name.removeprefix(CHOSEN))) is not None
    }
    return [Chosen(number, numbers[number]) for number in sorted(numbers)]
