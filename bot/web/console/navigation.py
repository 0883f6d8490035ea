"""What the navigation shows: sections whose page is there and which the visitor may open. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from bot.desk.roster import Role, Roster
from bot.desk.tickets import Agent

DESK: Final = (Role.AGENT, Role.REVIEWER, Role.SUPERVISOR)
"""Who reads what citizens wrote to staff. Who keeps the documents has no need of it."""
EVERYBODY: Final = (*DESK, Role.MAINTAINER)


@dataclass(frozen=True, slots=True)
class Section:
    path: str  # below /console; "" is the first page
    name: str
    roles: tuple[Role, ...]  # any of them


SECTIONS: Final = (
    Section("", "Queue", DESK),
    Section("/reviews", "Reviews", (Role.REVIEWER,)),
    Section("/consultations", "Consultations", (Role.AGENT,)),
    Section("/canned", "Canned replies", (Role.AGENT,)),
    Section("/concerns", "Concerns", (Role.AGENT,)),
    Section("/tasks", "Tasks", (Role.AGENT,)),
    Section("/publishing", "Publishing", (Role.AGENT, Role.REVIEWER, Role.MAINTAINER)),
    Section("/requests", "Requests", (Role.AGENT, Role.REVIEWER)),
    Section("/reports", "Reports", EVERYBODY),
    Section("/dashboards", "Dashboards", (Role.SUPERVISOR, Role.MAINTAINER)),
    Section("/roster", "Roster", EVERYBODY),
    Section("/audit", "Audit log", (Role.SUPERVISOR,)),
    Section("/level", "Level", (Role.SUPERVISOR, Role.MAINTAINER)),
    Section("/maintain", "Maintenance", (Role.MAINTAINER,)),
)


def sections(roster: Roster, agent: Agent | None, *, pages: Collection[str]) -> Sequence[Section]:
    """`pages` are the paths that are there."""
    if agent is None:
        return ()
    return [one for one in SECTIONS if one.path in pages and roster.may_any(agent, one.roles)]


def current(path: str) -> str:
    """The section that a page below /console belongs to."""
    first = path.split("/")[1] if path.startswith("/") else ""
    found = f"/{first}" if first else ""
    tickets = found in {"/tickets", ""}
    return "" if tickets else found
