"""The console on a real server, with people who sign in to it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final, Literal, Protocol

import aiohttp
import pyotp
from argon2 import PasswordHasher

from bot.accounts.account import login_of
from bot.accounts.accounts import Accounts
from bot.accounts.door import Door
from bot.accounts.openid import Provider
from bot.accounts.passwords import Passwords
from bot.channels.web import WebChannel
from bot.config import Settings
from bot.desk.concerns.service import Concerns
from bot.desk.disclosure.handling import Disclosures
from bot.desk.disclosure.letter import Sender
from bot.desk.lookback.service import LookBack
from bot.desk.publishing.folder import Folder
from bot.desk.publishing.publishing import Publishing
from bot.desk.publishing.served import Release
from bot.desk.room_services import RoomServices
from bot.desk.roster import OPEN, Department, Member, Role, Roster
from bot.desk.tickets import Event
from bot.maintain.maintenance import Maintenance
from bot.store.base import Store
from bot.store.memory import MemoryStore
from bot.web.app import create_app, serving
from bot.web.console.console import Console, ConsoleConfig
from bot.web.console.rendering import Renderer
from bot.web.console.routes import console_app
from index.build import load
from index.encoders.choice import Choice
from index.grouping import group
from index.live import Live
from index.vectors import one_thread
from knowledge.types import Lang
from tests.unit.desk.office import Office
from tests.unit.desk.press import Press
from tests.unit.desk.room import Plans
from tests.unit.shelf import THREE, UNSURE, Shelf
from tests.web.harness import CONFIG

NOWHERE: Final = Path("nowhere")  # no release is served
PASSWORD: Final = "渡轮每天早上六点开 ferry"
OTHER: Final = "灯塔在防波堤的尽头 lighthouse"
ROSTER: Final = Roster(
    {
        "harbour": Department(
            key="harbour",
            name="港务科",
            members=(
                Member(id="telegram:1", name="王芳", also=("web:wang",)),
                Member(id="web:zhao", name="赵敏", roles=frozenset({Role.SUPERVISOR})),
            ),
        ),
    },
    (Member(id="web:han", name="韩梅", roles=frozenset({Role.MAINTAINER})),),
)


class CountingHasher(PasswordHasher):
    """A weak and fast one that tells how often it was asked."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.compared = 0

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 - its own name
        self.compared += str(hash).startswith("$argon2id$")  # with anything else it is no work
        return super().verify(hash, password)


class Served(Protocol):
    """Where the console is, and when it is there."""

    @property
    def url(self) -> str: ...

    @property
    def secrets(self) -> dict[str, str]:
        """Of authenticators, by login."""

    def code(self, login: str, /) -> str:
        """What the authenticator shows now."""

    def later(self, **by: float) -> None: ...


@dataclass
class Front:
    """The console, its clock, and who has an account."""

    url: str
    office: Office
    accounts: Accounts
    hasher: CountingHasher
    console: Console
    stack: AsyncExitStack
    secrets: dict[str, str] = field(default_factory=dict)  # of authenticators, by login

    @property
    def store(self) -> Store:
        return self.office.store

    async def browser(self, **headers: str) -> Browser:
        """Somebody new, whom the console does not know."""
        jar = aiohttp.CookieJar(unsafe=True)  # of a host without a name
        http = aiohttp.ClientSession(cookie_jar=jar, headers=headers)
        return Browser(await self.stack.enter_async_context(http), self)

    async def enrolled(self, login: str, *, member: str = "", name: str = "王芳") -> Browser:
        """Somebody who has opened the account with the link, and is signed in."""
        made = await self.accounts.add(login, name=name, member=member or f"web:{login}", who="t")
        browser = await self.browser()
        await browser.enrol(login, made.code)
        return browser

    def code(self, login: str, *, steps: int = 0) -> str:
        """What the authenticator shows now, or so many steps later."""
        totp = pyotp.TOTP(self.secrets[login_of(login)])
        return totp.at(self.office.time.now + timedelta(seconds=30 * steps))

    def later(self, **by: float) -> None:

        self.office.time.now += timedelta(**by)

    async def log(self) -> list[Event]:
        async with self.store.begin() as work:
            return [line.event for line in await work.audit.lines()]

    async def deeds(self) -> list[tuple[str, str]]:
        """Who did what."""
        return [(one.who, one.what) for one in await self.log()]


@dataclass(frozen=True)
class Page:
    """A page as it came, at the end of its redirects."""

    status: int
    path: str
    text: str
    headers: Mapping[str, str]
    cookies: tuple[str, ...] = ()

    @property
    def token(self) -> str:
        return re.search(r'name="token" value="(\w+)"', self.text)[1]  # type: ignore[index]  # there

    @property
    def words(self) -> str:
        """What is told of a problem, or after a form."""
        found = re.search(r'role="(?:alert|status)"[^>]*>(.*?)</(?:p|div)>', self.text, re.DOTALL)
        alert = re.search(r'role="alert">([^<]*)<', self.text)
        told = alert or found
        return re.sub(r"<[^>]+>", "", told[1]).strip() if told else ""


class Browser:
    def __init__(self, http: aiohttp.ClientSession, front: Served) -> None:
        self.http = http
        self._front = front
        self.token = ""  # of the last page that had one

    async def get(self, path: str, *, follow: bool = True, fetched_from: str = "") -> Page:
        """`fetched_from`: which kind of site led here, as browsers tell it."""
        headers = {"Sec-Fetch-Site": fetched_from} if fetched_from else {}
        url = f"{self._front.url}{path}"
        async with self.http.get(url, allow_redirects=follow, headers=headers) as response:
            return await self._page(response)

    async def post(
        self,
        path: str,
        *,
        follow: bool = True,
        origin: str | None = "",
        **fields: str,
    ) -> Page:
        """Send a form with the token of the last page; `origin` None: the browser tells none."""
        return await self.send(path, fields, follow=follow, origin=origin)

    async def send(
        self,
        path: str,
        fields: Mapping[str, str],
        *,
        follow: bool = True,
        origin: str | None = "",
    ) -> Page:
        """The same for fields whose names are none of Python."""
        fields = {"token": self.token, **fields}
        told = {} if origin is None else {"Origin": origin or self._front.url}
        url = f"{self._front.url}{path}"
        async with self.http.post(
            url, data=fields, headers=told, allow_redirects=follow
        ) as response:
            return await self._page(response)

    async def enrol(self, login: str, code: str, password: str = PASSWORD) -> Page:
        page = await self.post("/console/enrol", code=code, password=password, again=password)
        key = re.search(r'class="key">([^<]+)<', page.text)
        assert key is not None, page.words
        self._front.secrets[login] = key[1].replace(" ", "")
        return await self.post("/console/enrol/second-factor", code=self._front.code(login))

    async def sign_in(self, login: str, password: str = PASSWORD) -> Page:
        """The password, and a code that nobody has used yet."""
        page = await self.post("/console/sign-in", login=login, password=password)
        if "second-factor" not in page.path:
            return page
        self._front.later(seconds=60)
        return await self.post("/console/second-factor", code=self._front.code(login))

    def cookie(self, name: str = "console") -> str:
        return next((one.value for one in self.http.cookie_jar if one.key == name), "")

    async def _page(self, response: aiohttp.ClientResponse) -> Page:
        page = Page(
            status=response.status,
            path=str(response.url.relative()),
            text=await response.text(),
            headers=response.headers,
            cookies=tuple(response.headers.getall("Set-Cookie", [])),
        )
        if 'name="token"' in page.text:
            self.token = page.token
        return page


@asynccontextmanager
async def front_of(
    roster: Roster = OPEN,
    *,
    url: str = "",
    provider: Provider | None = None,
    press: Press | None = None,
    maintained: Settings | None = None,
) -> AsyncIterator[Front]:
    """
    `url` is the console's address as citizens would reach it; `provider` a single sign-on; `press`
    an office of that roster that publishes; `maintained` says where documents and releases are.
    """
    office = press or Office(MemoryStore(), roster=roster, room=None)
    hasher = CountingHasher()
    desk = office.desk
    index = Live(NOWHERE, partial(load, encoder=Choice().load), thread_setup=one_thread)
    services = RoomServices(
        store=office.store,
        desk=desk,
        index=Shelf({UNSURE: THREE}),
        disclosures=Disclosures(office.store, desk, sender=Sender(bureau="澜港市市政管理局")),
        concerns=Concerns(office.store, desk, group=group, published=bool),
        lookback=LookBack(office.store, desk, Plans()),
        publishing=(
            press.publishing
            if press
            else Publishing(office.store, desk, Release(NOWHERE, index), Folder(NOWHERE))
        ),
    )
    console = Console(
        services=services,
        door=Door.of(office.store, clock=office.time, passwords=Passwords(hasher)),
        config=ConsoleConfig(
            title="明白", bureau="澜港市", url=url, language=Lang.EN, provider=provider
        ),
        renderer=Renderer(static="/static/0", title="明白", bureau="澜港市"),
        maintenance=(
            Maintenance.of(maintained, office.store, desk, served=lambda: index.release)
            if maintained
            else None
        ),
    )
    app = create_app(
        store=office.store,
        channel=WebChannel(),
        config=CONFIG,
        console=lambda _assets: console_app(console),
    )
    accounts = Accounts(office.store, clock=office.time)
    async with serving(app, host="127.0.0.1", port=0) as port, AsyncExitStack() as stack:
        yield Front(f"http://127.0.0.1:{port}", office, accounts, hasher, console, stack)
