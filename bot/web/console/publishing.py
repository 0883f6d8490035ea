"""From a reply to an answer for everybody: worded, approved by another person, taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from aiohttp import web

from bot.desk.grounds import Part, compare
from bot.desk.publishing.asked import Worths
from bot.desk.publishing.changes import now
from bot.desk.publishing.draft_pages import LETS_OUT
from bot.desk.publishing.pages import BROKEN, STAGES
from bot.desk.publishing.publication import ALIVE, OUT, Publication, Stage
from bot.desk.publishing.wordings import Worded
from bot.desk.roster import Role
from bot.desk.typed import number_in
from bot.errors import TicketError, TicketNotFound
from bot.leaves import leaf
from bot.links import quoted_path
from bot.texts import say
from bot.web.console.console import Console
from bot.web.console.forms import NOTHING_REFUSED, Refused, number_of, written
from bot.web.console.lists import LINES, Query
from bot.web.console.navigation import DESK
from bot.web.console.visit import HOME, Visit
from index.diff import Side
from knowledge.types import Lang

PATH: Final = "/publishing"
ROLES: Final = (Role.AGENT, *LETS_OUT)
DEEDS: Final = frozenset({"approve", "refuse", "drop"})
PROPOSE: Final = "propose"
CITE: Final = "cite-"  # what the names of checkboxes begin with; behind it the place, from 1
VIEWS: Final[Mapping[str, frozenset[Stage]]] = {
    "": frozenset({Stage.PROPOSED}),
    "back": frozenset({Stage.REFUSED, Stage.WITHDRAWN, Stage.DROPPED}),
    "out": OUT,
}


class PublishingPages:
    def __init__(self, console: Console) -> None:
        self._console = console
        self._services = console.services
        self._service = console.services.publishing
        self._worths = Worths(
            self._services.store, self._services.desk, self._service.release.index
        )

    def add(self) -> None:
        console = self._console
        console.get(PATH, self.listed, *ROLES)
        console.get(f"{PATH}/{{number}}", self.look, *ROLES)
        console.post(f"{PATH}/{{number}}/{{deed}}", self.decide, *LETS_OUT)
        console.get(f"{PATH}/tickets/{{number}}", self.worded, Role.AGENT)
        console.post(f"{PATH}/tickets/{{number}}/{{deed}}", self.word, Role.AGENT)

    async def listed(self, visit: Visit) -> web.StreamResponse:
        """What waits, what came back, or what is out with what that is worth."""
        query = Query.of(visit, PATH, "view")
        view = query.text("view") if query.text("view") in VIEWS else ""
        known = await self._service.all()
        found = [one for one in known if one.stage in VIEWS[view]]
        shown = leaf(found, query.page, lines=LINES)
        services = self._services
        is_out = view == "out"
        await self._console.viewed(visit, f"publishing ({view or 'waiting'}, page {shown.page})")
        return self._console.render(
            visit,
            "publishing.html",
            query=query,
            leaf=shown,
            stages=stages(visit.language),
            is_out=is_out,
            withdrawn=Stage.WITHDRAWN,
            worth=await self._worths.of(shown.lines) if is_out else {},
            zone=services.desk.clock().tzinfo,
        )

    async def look(self, visit: Visit) -> web.StreamResponse:
        number = number_of(visit, "publication")
        return await self._shown(visit, number)

    async def decide(self, visit: Visit) -> web.StreamResponse:
        number, deed = number_of(visit, "publication"), visit.request.match_info["deed"]
        if deed not in DEEDS:
            raise web.HTTPNotFound
        try:
            one = await self._decided(visit, number, deed)
        except TicketError as error:
            return await self._shown(visit, number, Refused.of(visit, deed, error))
        words = say(visit.language, "No. {id}: done.", id=one.ticket_id)
        return await self._console.done(visit, f"{PATH}/{number}", words)

    async def worded(self, visit: Visit) -> web.StreamResponse:
        """The reply of a ticket as everybody would read it; what is proposed already is shown."""
        number = _ticket(visit)
        for one in await self._service.of(number):
            if one.stage in ALIVE:
                raise web.HTTPSeeOther(f"{HOME}{PATH}/{one.id}")
        found = await self._services.wordings.look(number, visit.actor)
        return await self._worded(visit, found)

    async def word(self, visit: Visit) -> web.StreamResponse:
        """Keep what was typed and see what stands against it; propose it, if that is wanted."""
        number, deed = _ticket(visit), visit.request.match_info["deed"]
        if deed not in {"check", PROPOSE}:
            raise web.HTTPNotFound
        wordings, agent = self._services.wordings, visit.actor
        before = await wordings.look(number, agent)
        try:
            found = await wordings.write(
                number,
                agent,
                seen=number_in(visit.text("version")) or 0,
                question=written(visit, "question"),
                answer=written(visit, "answer"),
                cited=_cited(visit, before),
            )
        except TicketError as error:
            return await self._worded(visit, before, Refused.of(visit, PROPOSE, error))
        if deed != PROPOSE:
            return await self._worded(visit, found)
        try:
            one = await wordings.propose(number, agent, seen=found.wording.version)
        except TicketError as error:
            return await self._worded(visit, found, Refused.of(visit, PROPOSE, error))
        text = "No. {id}: {name} proposed the answer for everybody."
        words = say(visit.language, text, id=number, name=agent.name)
        return await self._console.done(visit, f"{PATH}/{one.id}", words)

    async def _decided(self, visit: Visit, number: int, deed: str) -> Publication:
        agent, why = visit.actor, written(visit, "why")
        match deed:
            case "approve":
                seen = number_in(visit.text("version")) or 0
                return await self._service.approve(number, agent, seen=seen)
            case "refuse":
                return await self._service.refuse(number, agent, why)
            case _:
                return await self._service.drop(number, agent, why)

    async def _shown(
        self, visit: Visit, number: int, refused: Refused = NOTHING_REFUSED
    ) -> web.Response:
        one = await self._service.get(number)
        await self._console.viewed(visit, f"publication {number}")
        desk, agent = self._services.desk, visit.actor
        lets_out = any(desk.roster.may(agent, role) for role in LETS_OUT)
        waits = one.stage is Stage.PROPOSED
        changed = one.stage in OUT | {Stage.WITHDRAWN}
        today = desk.clock().date()
        return self._console.render(
            visit,
            "publication.html",
            status=refused.status,
            one=one,
            refused=refused,
            stages=stages(visit.language),
            parts_of=parts(one),
            address=quoted_path,
            zone=desk.clock().tzinfo,
            changed=await now(self._service.release, one, on=today) if changed else (),
            broken={one: say(visit.language, BROKEN[one]) for one in BROKEN},
            sides={"old": Side.OLD, "new": Side.NEW},
            may_decide=waits
            and lets_out
            and not desk.roster.is_same_person(agent, one.proposed_by),
            may_drop=lets_out and not waits and one.stage is not Stage.DROPPED,
            may_revise=one.stage not in ALIVE and desk.roster.may(agent, Role.AGENT),
            waits=waits,
            may_see_ticket=desk.roster.may_any(agent, DESK),
        )

    async def _worded(
        self, visit: Visit, found: Worded, refused: Refused = NOTHING_REFUSED
    ) -> web.Response:
        wording, draft = found.wording, found.prepared.draft
        await self._console.viewed(visit, f"ticket {wording.ticket_id}")
        return self._console.render(
            visit,
            "wording.html",
            status=refused.status,
            wording=wording,
            draft=draft,
            parts_of=parts(draft),
            problems=found.prepared.problems,
            flags=draft.flags,
            passages=[
                (place, one, found.passages.get(one), one in wording.cited)
                for place, one in enumerate(wording.found, start=1)
            ],
            address=quoted_path,
            refused=refused,
        )


def stages(language: Lang) -> Mapping[Stage, str]:
    return {one: say(language, STAGES[one]) for one in Stage}


def parts(one: Publication) -> Sequence[Part]:
    """The answer, cut where it says what a cited passage says in the same words."""
    return compare(one.answer, [cited.quote for cited in one.cites]).parts


def _cited(visit: Visit, found: Worded) -> frozenset[str]:
    """The passages whose boxes are ticked."""
    of = found.wording.found
    return frozenset(one for place, one in enumerate(of, start=1) if visit.text(f"{CITE}{place}"))


def _ticket(visit: Visit) -> int:
    """Raise TicketNotFound."""
    number = number_in(visit.request.match_info["number"])
    if number is None:
        raise TicketNotFound(0)
    return number
