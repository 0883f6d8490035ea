"""What the pages of the console share: how they are added, rendered, and what follows a form."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final, TypeAlias
from urllib.parse import urlsplit

import structlog
from aiohttp import web

from bot.accounts.door import Door
from bot.accounts.openid import Provider
from bot.accounts.session import Stage
from bot.degrade.level import LEVELS, Level
from bot.desk.room_services import RoomServices
from bot.desk.roster import Role
from bot.errors import StoreError
from bot.maintain.maintenance import Maintenance
from bot.texts import say
from bot.web.console.cookies import Cookies
from bot.web.console.navigation import Section, current, sections
from bot.web.console.rendering import Renderer
from bot.web.console.visit import HOME, Visit
from knowledge.types import Lang

Page: TypeAlias = Callable[[Visit], Awaitable[web.StreamResponse]]

REMEMBERED: Final = 500  # pages that refresh themselves
REFRESHED: Final = timedelta(minutes=15)  # between two lines of what a page refreshes by itself
LONGEST_DRAFT: Final = 40  # characters of what a browser calls a draft

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleConfig:
    title: str
    bureau: str
    url: str = ""  # where browsers reach us, "https://…"; "" if that is not known
    language: Lang = Lang.ZH_HANS  # of whoever has chosen none
    proxies: int = 0  # of ours that add to X-Forwarded-For
    provider: Provider | None = None  # of a single sign-on
    look_s: float = 1.0  # after which news is looked for
    heartbeat_s: float = 15.0  # between two looks at whether a stream's session is still open

    @property
    def is_secure(self) -> bool:
        return urlsplit(self.url).scheme == "https"


@dataclass(frozen=True, slots=True)
class Access:
    """Who may open a page: at which stages of signing in (none: anybody), with which roles."""

    stages: frozenset[Stage] = frozenset()
    roles: tuple[Role, ...] = ()  # any of them; empty: whoever is signed in


PUBLIC: Final = Access()
HALF: Final = Access(frozenset({Stage.HALF}))
ENROLLING: Final = Access(frozenset({Stage.ENROLLING}))


@dataclass(frozen=True, slots=True)
class Route:
    method: str
    path: str  # below /console
    page: Page
    access: Access
    takes_files: bool = False  # then the page reads the form itself, behind its token


@dataclass(slots=True)
class Console:
    """`stored` is called when a form may have put something into the outbox."""

    services: RoomServices
    door: Door
    config: ConsoleConfig
    renderer: Renderer
    stored: Callable[[], None] = lambda: None
    maintenance: Maintenance | None = None  # None: no pages of it
    routes: list[Route] = field(default_factory=list)
    _viewed: OrderedDict[tuple[int, str], datetime] = field(default_factory=OrderedDict)

    @property
    def cookies(self) -> Cookies:
        return Cookies(self.config.is_secure)

    def get(self, path: str, page: Page, *roles: Role) -> None:
        """A page for whoever is signed in and has one of the roles; without roles, any of them."""
        self.add("GET", path, page, Access(frozenset({Stage.FULL}), roles))

    def post(self, path: str, page: Page, *roles: Role) -> None:
        self.add("POST", path, page, Access(frozenset({Stage.FULL}), roles))

    def upload(self, path: str, page: Page, *roles: Role) -> None:
        """
        A form with files. They are not read before the page does: see Visit.parts.

        The hidden field with the token must be the form's first one.
        """
        access = Access(frozenset({Stage.FULL}), roles)
        self.routes.append(Route("POST", path, page, access, takes_files=True))

    def add(self, method: str, path: str, page: Page, access: Access) -> None:
        self.routes.append(Route(method, path, page, access))

    def render(
        self,
        visit: Visit,
        template: str,
        *,
        status: HTTPStatus = HTTPStatus.OK,
        **values: object,
    ) -> web.Response:
        """Fill a template of templates/console/."""
        path = visit.request.path.removeprefix(HOME)
        signed, level = visit.signed, self.services.level()
        news = signed.news if signed else ()
        text = self.renderer.render(
            template,
            visit.language,
            sections=self.sections(visit),
            section=current(path),
            home=HOME,
            here=visit.request.path_qs if visit.request.method == "GET" else "",
            agent=visit.agent,
            form_token=signed.form_token if signed else "",
            whose=signed.account.id if signed else 0,
            news=[words for one in news for words in one.words],
            received=" ".join(one.received for one in news),
            lowered="" if level is Level.FULL else say(visit.language, LEVELS[level]),
            **values,
        )
        return web.Response(text=text, status=status, content_type="text/html")

    def sections(self, visit: Visit) -> Sequence[Section]:
        """Those that the visitor may open."""
        pages = {one.path for one in self.routes if one.method == "GET"}
        return sections(self.services.desk.roster, visit.agent, pages=pages)

    async def done(self, visit: Visit, path: str, *words: str) -> web.Response:
        """Go on to a page below /console after a form; it says the words, and what came, once."""
        draft = visit.text("draft")[:LONGEST_DRAFT]
        if words or draft:
            try:
                await self.door.sessions.tell(visit.session, *words, received=draft)
            except StoreError as error:  # what they tell of is done
                log.warning("console.told_at_once", problem=str(error))
                return self.render(visit, "done.html", to=f"{HOME}{path}", words=words)
        return redirect(f"{HOME}{path}")

    async def told(self, visit: Visit) -> None:
        """A page has said what there was to say; where that cannot be noted, the next one too."""
        if visit.signed is None or not visit.signed.news:
            return
        try:
            await self.door.sessions.told(visit.signed.news)
        except StoreError as error:
            log.warning("console.told_again", problem=str(error))

    async def viewed(self, visit: Visit, what: str) -> None:
        """Write into the audit log that somebody looked at it: "ticket 7"."""
        await self.door.sessions.viewed(visit.session, what)
        view = (visit.session.session.id, what)
        self._viewed[view] = self.services.desk.clock()
        self._viewed.move_to_end(view)
        if len(self._viewed) > REMEMBERED:
            self._viewed.popitem(last=False)

    async def refreshed(self, visit: Visit, what: str) -> None:
        """
        The same of what a page asks for again by itself, or somebody in its name: not a line each
        time, but none that is not in the log at all.
        """
        last = self._viewed.get((visit.session.session.id, what))
        if last is None or self.services.desk.clock() - last >= REFRESHED:
            await self.viewed(visit, what)


def redirect(path: str) -> web.Response:
    """With GET, whatever the request was."""
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": path})
