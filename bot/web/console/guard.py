"""
What every request to the console passes: whose it is, whether they may, whether they meant it.

A form counts only with the token of its session (which another site cannot read) and an Origin
that is ours (which it cannot forge). The browser sends Origin with forms only where the referrer
policy is not no-referrer, so the console has same-origin.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Final, TypeAlias
from urllib.parse import quote, urlsplit

from aiohttp import BodyPartReader, web

from bot.accounts import tokens
from bot.accounts.session import Client, Signed, Stage
from bot.desk.roster import Roster
from bot.desk.tickets import Agent
from bot.errors import AccountError, MaintenanceRefused, NotAllowed, TicketError
from bot.texts import say
from bot.web.clients import asker_of
from bot.web.console.console import Access, Console, Route, redirect
from bot.web.console.cookies import Cookie
from bot.web.console.failures import problem, sorry
from bot.web.console.visit import HOME, Visit, way_back
from index.errors import SearchError
from knowledge.types import Lang

Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]

STAGES: Final[Mapping[Stage, str]] = {  # where a session that is not whole goes on
    Stage.HALF: f"{HOME}/second-factor",
    Stage.ENROLLING: f"{HOME}/enrol/second-factor",
}
SIGN_IN: Final = f"{HOME}/sign-in"
LONGEST_TOKEN: Final = 200  # bytes
BROKEN: Final = (  # what aiohttp raises for a form that is none
    *(LookupError, ValueError, AssertionError),
    *(web.RequestPayloadError, ConnectionError),
)
FETCHED: Final = "empty"  # what a script fetches, as browsers tell it: no person need be there


class Guard:
    def __init__(self, console: Console) -> None:
        self._console = console

    def around(self, route: Route) -> Handler:
        """The handler that aiohttp calls for a page."""

        async def handle(request: web.Request) -> web.StreamResponse:
            visit = await self.visit(request)
            try:
                return await self._handled(visit, route)
            except NotAllowed as error:
                return sorry(self._console, visit, error)

        return handle

    async def visit(self, request: web.Request) -> Visit:
        """Who it is."""
        console = self._console
        token = console.cookies.read(request, Cookie.SESSION)
        fetched = request.headers.get("Sec-Fetch-Dest") == FETCHED
        used = request.method == "POST" or not fetched
        signed = await console.door.sessions.find(token, used=used) if token else None
        return Visit(
            request=request,
            client=self._client(request),
            language=self._language(request),
            signed=signed,
            agent=_agent(signed, console.services.desk.roster),
        )

    async def _handled(self, visit: Visit, route: Route) -> web.StreamResponse:
        request, access = visit.request, route.access
        if (elsewhere := _elsewhere(visit, access)) is not None:
            if not visit.signed and _from_outside(request):
                return self._console.render(visit, "onwards.html", to=request.path_qs)
            return redirect(elsewhere)
        _require_role(visit, access, self._console.services.desk.roster)
        if request.method != "POST":
            return await self._page(visit, route)
        if route.takes_files:
            visit = await _begun(visit)
        else:
            visit = replace(visit, form=await _form(request))
        if not self._is_meant(visit, access):
            text = say(visit.language, "The form is too old or not ours. Open the page again.")
            return problem(self._console, visit, HTTPStatus.FORBIDDEN, text)
        response = await self._page(visit, route)
        self._console.stored()
        return response

    async def _page(self, visit: Visit, route: Route) -> web.StreamResponse:
        response = await self._made(visit, route)
        if isinstance(response, web.Response) and response.content_type == "text/html":
            await self._console.told(visit)
        return response

    async def _made(self, visit: Visit, route: Route) -> web.StreamResponse:
        """The page, or one that says what could not be done and has what was typed."""
        try:
            return await route.page(visit)
        except (TicketError, AccountError) as error:
            return sorry(self._console, visit, error)
        except SearchError as error:  # damaged, or pruned since the page was opened
            refused = MaintenanceRefused(
                "The release cannot be used: {problem}", problem=str(error)
            )
            return sorry(self._console, visit, refused)

    def _is_meant(self, visit: Visit, access: Access) -> bool:
        origin = visit.request.headers.get("Origin", "")
        if not is_ours(origin, host=visit.request.host, url=self._console.config.url):
            return False
        if not access.stages:
            return True
        return tokens.same(visit.text("token"), visit.session.form_token)

    def _client(self, request: web.Request) -> Client:
        return Client(
            address=asker_of(request, proxies=self._console.config.proxies),
            browser=request.headers.get("User-Agent", ""),
            device=self._console.cookies.read(request, Cookie.DEVICE),
        )

    def _language(self, request: web.Request) -> Lang:
        chosen = self._console.cookies.read(request, Cookie.LANGUAGE)
        return Lang(chosen) if chosen in set(Lang) else self._console.config.language


def is_ours(origin: str, *, host: str, url: str) -> bool:
    """Whether a page of this site sent a form: one at the host that was asked, or at `url`."""
    try:
        found, ours = urlsplit(origin), urlsplit(url)
    except ValueError:
        return False
    if not found.netloc or found.scheme not in {"http", "https"}:
        return False
    if ours.scheme == "https" and found.scheme == "http":
        return False  # a page of plain HTTP can be written by anybody on the way
    return found.netloc in {ours.netloc, host}


def _agent(signed: Signed | None, roster: Roster) -> Agent | None:
    if signed is None or signed.session.stage is not Stage.FULL:
        return None
    return roster.acting(signed.agent)


def _elsewhere(visit: Visit, access: Access) -> str | None:
    """Where somebody is sent who has not come far enough with signing in, or too far."""
    if not access.stages:
        return None
    if visit.signed is None:
        back = _page_of(visit.request)
        return SIGN_IN if back == HOME else f"{SIGN_IN}?next={quote(back, safe='/')}"
    stage = visit.signed.session.stage
    return None if stage in access.stages else STAGES.get(stage, HOME)


def _page_of(request: web.Request) -> str:
    """Where signing in leads back to: the page, or that with the form which came too late."""
    if request.method == "GET":
        return request.path_qs
    found = urlsplit(request.headers.get("Referer", ""))
    return way_back(f"{found.path}?{found.query}" if found.query else found.path)


def _from_outside(request: web.Request) -> bool:
    """
    Whether a link on another site led here: then the browser keeps the session's cookie back,
    and the same address, opened from our own page, may well be open.
    """
    return request.method == "GET" and request.headers.get("Sec-Fetch-Site") == "cross-site"


def _require_role(visit: Visit, access: Access, roster: Roster) -> None:
    """Raise NotAllowed for whoever has none of the roles."""
    agent = visit.agent
    if not access.roles or agent is None or roster.may_any(agent, access.roles):
        return
    raise NotAllowed(f"{agent.name} ({agent.id})", role=access.roles[0])


async def _form(request: web.Request) -> Mapping[str, str]:
    """
    The fields of a form; of those with one name the last. Files are no business of these.

    Raise HTTPBadRequest for what no browser sends, or does not send to its end.
    """
    try:
        fields = await request.post()
    except BROKEN as error:
        raise web.HTTPBadRequest from error
    return {name: value for name, value in fields.items() if isinstance(value, str)}


async def _begun(visit: Visit) -> Visit:
    """With the token of a form that holds files: its first field, before anything else is read."""
    try:
        parts = await visit.request.multipart()
        first = await parts.next()
        if not isinstance(first, BodyPartReader) or first.name != "token":
            return visit
        token = await first.read_chunk(LONGEST_TOKEN)
    except BROKEN as error:
        raise web.HTTPBadRequest from error
    form = {"token": token.decode(errors="replace").strip()}
    return replace(visit, form=form, parts=parts)
