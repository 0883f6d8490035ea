"""What waits for colleagues: replies for review, and what departments are asked."""

from __future__ import annotations

from aiohttp import web

from bot.desk.roster import Role
from bot.web.console.console import Console
from bot.web.console.visit import Visit


class ColleaguePages:
    def __init__(self, console: Console) -> None:
        self._console = console
        self._services = console.services

    async def reviews(self, visit: Visit) -> web.StreamResponse:
        """Oldest first; one's own are there too, for somebody else."""
        waiting = await self._services.reviewing.waiting()
        await self._console.viewed(visit, "reviews")
        roster = self._services.desk.roster
        own = {
            one.review.id
            for one in waiting
            if roster.is_same_person(visit.actor, one.review.author)
        }
        zone = self._services.desk.clock().tzinfo
        return self._console.render(visit, "reviews.html", waiting=waiting, own=own, zone=zone)

    async def consultations(self, visit: Visit) -> web.StreamResponse:
        """Those of one's own departments first, what is due first among them."""
        desk = self._services.desk
        owed = await self._services.consulting.owed()
        await self._console.viewed(visit, "consultations")
        mine = {
            key
            for key, one in desk.roster.departments.items()
            if any(member.is_id(visit.actor.id) for member in one.members)
        }
        return self._console.render(
            visit,
            "consultations.html",
            own=[each for each in owed if each[0].department in mine],
            others=[each for each in owed if each[0].department not in mine],
            roster=desk.roster,
            may_all=desk.roster.may(visit.actor, Role.SUPERVISOR),
            at=desk.clock(),
        )
