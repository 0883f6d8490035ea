"""The queue in the staff room: mine, my department's or all of it, what is late first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from enum import IntEnum
from typing import Final

from bot.actions import Action, Verb
from bot.desk import list_pages
from bot.desk.desk import Desk
from bot.desk.room_pages import Said
from bot.desk.roster import Roster
from bot.desk.tickets import Agent, Ticket
from bot.leaves import leaf
from bot.render import Page
from bot.store.base import Sought, Store
from bot.texts import say
from bot.types import Button
from knowledge.types import Lang

LINES: Final = 10  # a page
_NEVER: Final = datetime.max.replace(tzinfo=UTC)


class View(IntEnum):
    """What of the queue is shown; the number stands on buttons."""

    ALL = 1
    DEPARTMENT = 2
    MINE = 3


VIEWS: Final = {
    View.ALL: "All: {count}",
    View.DEPARTMENT: "My department: {count}",
    View.MINE: "Mine: {count}",
}


async def queue(
    store: Store, desk: Desk, agent: Agent, *, view: View, page: int = 1, anew: bool
) -> Said:
    """`anew`: below what was said meanwhile, and not in the place of the agent's last list."""
    async with store.read() as work:
        every = await work.tickets.find(Sought())
    shown = sorted((one for one in every if fits(one, view, agent, desk.roster)), key=by_due)
    part = leaf(shown, page, lines=LINES)
    page, last = part.page, part.last
    head = say(desk.language, VIEWS[view], count=len(shown))
    if last > 1:
        head += f" ({page}/{last})"
    listed = list_pages.listed(
        head,
        part.lines,
        language=desk.language,
        roster=desk.roster,
        at=desk.clock(),
    )
    rows = (*listed.buttons, *_ways(view, page, last, desk.language))
    return Said(page=Page(listed.body, rows), key=f"queue:{agent.id}", anew=anew)


def by_due(ticket: Ticket) -> tuple[datetime, int]:
    """What is due first comes first, what is not due at all last."""
    return ticket.deadlines.due or _NEVER, ticket.id


def fits(ticket: Ticket, view: View, agent: Agent, roster: Roster) -> bool:
    match view:
        case View.ALL:
            return True
        case View.MINE:
            mine = (ticket.holder, ticket.assigned)
            return any(one is not None and one.id == agent.id for one in mine)
        case View.DEPARTMENT:
            found = roster.departments.get(ticket.department)
            return found is not None and any(one.is_id(agent.id) for one in found.members)


def _ways(view: View, page: int, last: int, language: Lang) -> Sequence[tuple[Button, ...]]:
    def button(label: str, to: View, number: int = 1) -> Button:
        return Button(say(language, label), str(Action(Verb.QUEUE, to, number)))

    turn = [
        *([button("Back", view, page - 1)] if page > 1 else []),
        *([button("More", view, page + 1)] if page < last else []),
    ]
    views = [
        button("All", View.ALL),
        button("My department", View.DEPARTMENT),
        button("Mine", View.MINE),
    ]
    return [row for row in (tuple(turn), tuple(views)) if row]
