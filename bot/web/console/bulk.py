"""Many tickets at once: each by the same service as one alone, and told what became of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import structlog
from aiohttp import web

from bot.desk.sorry import sorry
from bot.desk.typed import number_in
from bot.errors import StoreError, TicketError
from bot.texts import say
from bot.web.console.console import Console
from bot.web.console.live import Live
from bot.web.console.tickets.deeds import DEEDS, Form
from bot.web.console.tickets.offered import Deed
from bot.web.console.visit import HOME, Visit, way_back
from knowledge.types import Lang

CHOSEN: Final = "ticket-"  # what the names of checkboxes begin with; the value is the version
MANY: Final = frozenset({Deed.CLAIM, Deed.TRANSFER, Deed.MERGE, Deed.CLOSE})


@dataclass(frozen=True, slots=True)
class Chosen:
    number: int
    version: int  # of the ticket, as the list showed it


log = structlog.get_logger(__name__)


class BulkPages:
    def __init__(self, console: Console, live: Live) -> None:
        self._console = console
        self._live = live

    async def do(self, visit: Visit) -> web.StreamResponse:
        path, name = way_back(visit.text("back")).removeprefix(HOME), visit.text("deed")
        chosen, language = chosen_in(visit.form), visit.language
        if name not in MANY or not chosen:
            words = say(language, "Choose tickets first, then what is done with them.")
            return await self._console.done(visit, path, words)
        done, problems = 0, []
        for place, one in enumerate(chosen):
            form = Form(self._console.services, one.number, visit, one.version)
            try:
                await DEEDS[Deed(name)](form)
            except TicketError as error:
                problems.append(sorry(error, language))
            except StoreError:  # what was done before is told all the same
                log.exception("console.bulk.stopped", ticket=one.number)
                problems.append(_stopped(chosen[place:], language))
                break
            else:
                done += 1
        self._live.wake()
        left = len(chosen) - done
        words = say(language, "Done: {count}, not done: {left}.", count=done, left=left)
        return await self._console.done(visit, path, *problems, words)


def _stopped(left: Sequence[Chosen], language: Lang) -> str:
    """Whether the first of them was written is not known: the answer of the database is lost."""
    words = say(
        language,
        "The database did not answer at No. {id}. Look whether that one is done, then try again.",
        id=left[0].number,
    )
    if not left[1:]:
        return words
    numbers = ", ".join(str(one.number) for one in left[1:])
    others = say(language, "Not begun: {numbers}", numbers=numbers)
    return f"{words} {others}"


def chosen_in(form: Mapping[str, str]) -> Sequence[Chosen]:
    """By their numbers."""
    numbers = {
        number: number_in(version) or 0
        for name, version in form.items()
        if name.startswith(CHOSEN) and (number := number_in(name.removeprefix(CHOSEN))) is not None
    }
    return [Chosen(number, numbers[number]) for number in sorted(numbers)]
