"""One request for information: where it stands, its letters, and each step on the way to them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from bot.desk.disclosure import card
from bot.desk.disclosure.choosing import RESULT_GROUPS, Chosen
from bot.desk.disclosure.entry import Dispute, Remedy, Request, Verdict
from bot.desk.disclosure.files import PDF, WORD
from bot.desk.disclosure.pages import CHOICES
from bot.desk.disclosure.results import GROUNDS, RULES, Need, Result
from bot.desk.disclosure.tables import REMEDIES, VERDICTS
from bot.desk.roster import Role
from bot.desk.typed import number_in
from bot.errors import DisclosureRefused, TicketError
from bot.texts import say
from bot.web.console.console import Console
from bot.web.console.forms import NOTHING_REFUSED, Refused, day_of, download
from bot.web.console.lists import Query
from bot.web.console.requests import PATH, ROLES
from bot.web.console.tickets.deeds import DEEDS, Form
from bot.web.console.tickets.known import Known, known
from bot.web.console.tickets.offered import Deed, Scene, offered, reviews
from bot.web.console.tickets.overtaken import refused
from bot.web.console.visit import Visit
from knowledge.types import Lang

STEPS: Final = frozenset(
    {Deed.CORRECT, Deed.HEAR, Deed.HEARD, Deed.EXTEND, Deed.APPROVE, Deed.REJECT}
)
DISPUTE: Final = "dispute"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choosing:
    """How far the choice of a letter's result has come."""

    chosen: Chosen
    is_anew: bool  # it replaces the one that is out


class RequestPage:
    def __init__(self, console: Console) -> None:
        self._console = console
        self._services = console.services

    def add(self) -> None:
        console, one = self._console, f"{PATH}/{{number}}"
        console.get(one, self.look, *ROLES)
        console.get(f"{one}/letter", self.choose, Role.AGENT)
        console.post(f"{one}/letter", self.decide, Role.AGENT)
        console.post(f"{one}/applicant", self.applicant, Role.AGENT)
        console.post(f"{one}/{DISPUTE}", self.dispute, Role.AGENT)
        console.get(f"{one}/letters/{{place}}.{{ending}}", self.file, Role.AGENT)
        console.post(f"{one}/{{deed}}", self.do, *ROLES)

    async def look(self, visit: Visit) -> web.StreamResponse:
        return await self._shown(visit, await self._known(visit))

    async def applicant(self, visit: Visit) -> web.StreamResponse:
        """With name and contact, once: looking is written down, and only the holder may."""
        of = await self._known(visit)
        try:
            request = await self._services.disclosures.applicant(of.ticket.id, visit.actor)
        except TicketError as error:
            return await self._shown(visit, of, Refused.of(visit, "applicant", error))
        return await self._shown(visit, of, applicant=request)

    async def do(self, visit: Visit) -> web.StreamResponse:
        """A step on the way to the letter, as on the page of its ticket."""
        deed = visit.request.match_info["deed"]
        if deed not in STEPS:
            raise web.HTTPNotFound
        of = await self._known(visit)
        form = Form.of(self._services, of.ticket.id, visit)
        return await self._went(visit, deed, lambda: DEEDS[Deed(deed)](form))

    async def dispute(self, visit: Visit) -> web.StreamResponse:
        """A review or a lawsuit about the letter, when it begins and again when it ends."""
        of = await self._known(visit)

        async def noted() -> str:
            await self._services.disclosures.note_dispute(
                of.ticket.id, visit.actor, _dispute(visit)
            )
            return say(visit.language, "No. {id}: done.", id=of.ticket.id)

        return await self._went(visit, DISPUTE, noted)

    async def choose(self, visit: Visit) -> web.StreamResponse:
        """The next choice of a letter: its result, what stays closed, its words."""
        of = await self._known(visit)
        return await self._letter(
            visit, of, _choosing(Query.of(visit, PATH, "result", "ground", "anew"))
        )

    async def decide(self, visit: Visit) -> web.StreamResponse:
        """The letter goes out, or to a second person."""
        of = await self._known(visit)
        try:
            words = await DEEDS[Deed.LETTER](Form.of(self._services, of.ticket.id, visit))
        except TicketError as error:
            now = await self._known(visit)
            again = await refused(self._services, visit, Deed.LETTER, error, now)
            return await self._letter(visit, now, _choosing(Query("", visit.form)), again)
        return await self._console.done(visit, f"{PATH}/{of.ticket.id}", words)

    async def file(self, visit: Visit) -> web.StreamResponse:
        """
        A letter to be printed or sent. It names the applicant, so it is for whoever holds the
        ticket, and the audit log has it.
        """
        of = await self._known(visit)
        disclosures, number = self._services.disclosures, of.ticket.id
        place = number_in(visit.request.match_info["place"]) or 0
        ending = visit.request.match_info["ending"]
        if ending not in {"docx", "pdf"}:
            raise web.HTTPNotFound
        found = await disclosures.letter(number, place=place)
        await disclosures.applicant(number, visit.actor)
        is_word = ending == "docx"
        file = disclosures.as_word(found) if is_word else disclosures.as_pdf(found)
        return download(file.name, file.data, WORD if is_word else PDF)

    async def _known(self, visit: Visit) -> Known:
        """By the number of the ticket, or of the request: 7 or 2026-0001. Raise TicketError."""
        disclosures = self._services.disclosures
        number = await disclosures.numbered(visit.request.match_info["number"])
        await disclosures.case(number)  # raises for what is no registered request
        return await known(self._services, number)

    async def _went(
        self, visit: Visit, deed: str, doing: Callable[[], Awaitable[str]]
    ) -> web.Response:
        """The words for whoever did it, or the page again with what was typed."""
        try:
            words = await doing()
        except TicketError as error:
            now = await self._known(visit)
            again = await refused(self._services, visit, deed, error, now)
            return await self._shown(visit, now, again)
        number = visit.request.match_info["number"]
        return await self._console.done(visit, f"{PATH}/{number}", words)

    async def _viewed(self, visit: Visit, of: Known) -> None:
        await self._console.viewed(visit, f"ticket {of.ticket.id}")

    async def _shown(
        self,
        visit: Visit,
        of: Known,
        again: Refused = NOTHING_REFUSED,
        *,
        applicant: Request | None = None,
    ) -> web.Response:
        assert of.request is not None
        await self._viewed(visit, of)
        roster, language, request = self._services.desk.roster, visit.language, of.request.request
        scene = Scene(ticket=of.ticket, agent=visit.actor, roster=roster, request=of.request)
        can = {str(deed) for deed in offered(scene)}
        return self._console.render(
            visit,
            "request.html",
            status=again.status,
            of=of,
            ticket=of.ticket,
            request=request,
            refused=again,
            lines=card.lines(of.request, of.ticket, language=language),
            can=can,
            may_review=of.review is not None and reviews(scene, of.review.author),
            is_mine=scene.is_mine,
            zone=of.at.tzinfo,
            applicant=applicant,
            kinds={one: say(language, CHOICES[one]) for one in CHOICES},
            labels=_labels(language),
            remedies=REMEDIES,
            verdicts={one: name for one, name in VERDICTS.items() if one is not None},
            undecided=VERDICTS[None],
        )

    async def _letter(
        self, visit: Visit, of: Known, at: Choosing, again: Refused = NOTHING_REFUSED
    ) -> web.Response:
        """What is chosen so far, and what comes next."""
        language, chosen = visit.language, at.chosen
        rule = RULES[chosen.result] if chosen.result else None
        assert of.request is not None
        await self._viewed(visit, of)
        return self._console.render(
            visit,
            "letter.html",
            status=again.status,
            ticket=of.ticket,
            request=of.request.request,
            refused=again,
            chosen=chosen,
            is_anew=at.is_anew,
            groups=_groups(language),
            grounds=[(str(one), say(language, RULES[one].label)) for one in GROUNDS],
            labels=_labels(language),
            rule=rule,
            needs_link=rule is not None and rule.needs is Need.LINK,
            needs_office=rule is not None and rule.needs is Need.OFFICE,
        )


def _choosing(query: Query) -> Choosing:
    """What the address or the form says; what is no choice is not chosen."""
    result, ground = query.text("result"), query.text("ground")
    chosen = Chosen(
        result=Result(result) if result in set(Result) else None,
        ground=Result(ground) if ground in GROUNDS else None,
    )
    return Choosing(chosen=chosen, is_anew=bool(query.text("anew")))


def _dispute(visit: Visit) -> Dispute:
    """Raise DisclosureRefused for what is none."""
    remedy, verdict, begun = visit.text("remedy"), visit.text("verdict"), day_of(visit, "begun")
    if remedy not in set(Remedy) or begun is None:
        raise DisclosureRefused("Say what it is, and on which day it began.")
    return Dispute(
        remedy=Remedy(remedy),
        begun=begun,
        ended=day_of(visit, "ended"),
        verdict=Verdict(verdict) if verdict in set(Verdict) else None,
    )


def _groups(language: Lang) -> Sequence[tuple[str, Sequence[tuple[str, str]]]]:
    return [
        (say(language, label), [(str(one), say(language, RULES[one].label)) for one in results])
        for label, results in RESULT_GROUPS.items()
    ]


def _labels(language: Lang) -> Mapping[Result, str]:
    return {one: say(language, RULES[one].label) for one in RULES}
