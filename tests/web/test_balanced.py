"""
Two workers behind a balancer that sends each request to the other one: nothing that a browser
begins at one worker is unknown at the next.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import aiohttp
import pyotp
import pytest
from yarl import URL

from bot.accounts.accounts import Accounts
from bot.app import running
from bot.config import Settings
from bot.store.base import Store
from bot.store.sql import SqlStore
from index.build import load
from index.encoders.choice import Choice
from index.live import Live
from index.vectors import one_thread
from tests.e2e.world import Browser as Citizen
from tests.e2e.world import Clock
from tests.web.balancer import Balancer, balancing
from tests.web.console.cases import version
from tests.web.console.harness import Browser
from tests.web.console.maintain.forms import berths, send, waiting
from tests.web.fake_oidc import CLIENT, SECRET, FakeProvider, fake_provider
from tests.web.harness import SOON_S, Stream, text_of

UNKNOWN: Final = "火星移民的落户手续怎么办？"
REPLY: Final = "目前没有这项业务。如有变化，我们会在网站上公布。"
WORDED: Final = "可以办理火星移民的落户吗？"
ROSTER: Final = """\
[department.counter]
name = "窗口"

[[member]]
id = "web:wang"
also = ["oidc:u-1"]
name = "王芳"
departments = ["counter"]
roles = ["agent", "maintainer"]
"""


@dataclass
class Town:
    """As Front: the console at the balancer's address, and one clock for all workers."""

    balancer: Balancer
    provider: FakeProvider
    store: Store
    stack: AsyncExitStack
    clock: Clock
    secrets: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return self.balancer.url

    def code(self, login: str) -> str:
        return pyotp.TOTP(self.secrets[login]).at(self.clock())

    def later(self, **by: float) -> None:
        self.clock.forward(by["seconds"])
        self.provider.now = self.clock()

    async def browser(self) -> Browser:
        jar = aiohttp.CookieJar(unsafe=True)  # of a host without a name
        http = aiohttp.ClientSession(cookie_jar=jar)
        return Browser(await self.stack.enter_async_context(http), self)

    async def invited(self) -> str:
        accounts = Accounts(self.store, clock=self.clock)
        return (await accounts.add("wang", name="王芳", member="web:wang", who="t")).code

    @asynccontextmanager
    async def citizen(self, chat: str = "", *, after: int = 0) -> AsyncIterator[Citizen]:
        """A page that is opened, or opened again."""
        chat = chat or secrets.token_urlsafe(24)
        http, query = self.balancer.http, {"chat": chat, "after": str(after)}
        async with http.get(f"{self.url}/api/events", params=query) as response:
            yield Citizen(http, self.url, chat, Stream(response))


@pytest.fixture
async def town(releases: Path, tmp_path: Path, postgres_url: str) -> AsyncIterator[Town]:
    (tmp_path / "roster.toml").write_text(ROSTER, encoding="utf-8")
    (tmp_path / "policies").mkdir()
    async with AsyncExitStack() as stack:
        provider = await stack.enter_async_context(fake_provider())
        balancer = await stack.enter_async_context(balancing())
        settings = Settings.read(
            {
                "web_port": 0,
                "web_url": balancer.url,
                "web_proxies": 0,
                "database_url": postgres_url,
                "releases": releases,
                # Of what maintainers do nothing may come into the releases of other tests.
                "releases_url": f"file://{tmp_path}/store",
                "published": tmp_path / "published",
                "sources": str(tmp_path / "policies"),
                "roster": tmp_path / "roster.toml",
                "staff_language": "en",
                "oidc_issuer": provider.issuer,
                "oidc_client_id": CLIENT,
                "oidc_client_secret": SECRET,
                "_env_file": None,
            }
        )
        provider.back = f"{balancer.url}/console/sign-on/back"
        clock = Clock()
        stores = [await _worker(settings, balancer, clock, stack) for _ in range(2)]
        provider.now = clock()
        yield Town(balancer, provider, stores[0], stack, clock)
        one, other = balancer.asked.values()
        assert abs(one - other) <= 1


async def _worker(
    settings: Settings, balancer: Balancer, clock: Clock, stack: AsyncExitStack
) -> Store:
    index = Live(
        settings.releases,
        lambda folder: load(folder, encoder=Choice().load, expect="builtin"),
        thread_setup=one_thread,
    )
    stack.callback(index.close)
    await index.refresh()
    store = await stack.enter_async_context(SqlStore.open(settings.database_url))
    app = await stack.enter_async_context(running(settings, store, index, clock=clock))
    balancer.workers.append(f"http://127.0.0.1:{app.web_port}")
    return store


async def test_a_day_of_staff_goes_from_worker_to_worker(town: Town) -> None:
    async with town.citizen() as citizen:
        await citizen.send(UNKNOWN)
        assert "1" in await citizen.hears_text()
        wang = await town.browser()
        page = await wang.enrol("wang", await town.invited())
        assert "Welcome." in page.text, "the words of a form are on the page of the other worker"
        await wang.post("/console/sign-out")
        page = await wang.sign_in("wang")
        assert page.path == "/console"
        assert page.status == 200

        page = await wang.get("/console/tickets/1")
        page = await wang.post("/console/tickets/1/claim", version=version(page))
        assert page.words == "No. 1 is yours now."
        fields = {"version": version(page), "text": REPLY, "draft": "0a1b2c"}
        page = await wang.send("/console/tickets/1/reply", fields)
        assert 'data-received="0a1b2c"' in page.text, "else the browser puts the reply back"
        assert page.words
        for _ in range(2):
            again = await wang.get("/console/tickets/1")
            assert (again.words, 'data-received=""' in again.text) == ("", True), "said once"
        async with asyncio.timeout(SOON_S):
            while REPLY not in await citizen.hears_text():
                pass

        page = await wang.get("/console/publishing/tickets/1")
        fields = {"version": version(page), "question": WORDED, "answer": REPLY}
        await wang.send("/console/publishing/tickets/1/check", fields)
        for _ in range(2):
            assert WORDED in (await wang.get("/console/publishing/tickets/1")).text

        await wang.get("/console/maintain/documents")
        page = await send(wang, town, ("berths.md", berths().encode()))
        assert "Uploaded: berths.md" in page.text
        for _ in range(2):
            assert waiting(await wang.get("/console/maintain/documents")) == ["berths.md"]

        await wang.post("/console/sign-out")
        for _ in range(2):
            assert (await wang.get("/console")).path == "/console/sign-in"


async def test_a_single_sign_on_ends_at_another_worker_than_it_began_at_once(town: Town) -> None:
    browser = await town.browser()
    began = await browser.get("/console/sign-on?next=/console/account", follow=False)
    token = browser.cookie("console-sign-on")
    to = URL(began.headers["Location"], encoded=True)
    async with browser.http.get(to, allow_redirects=False) as response:
        back = str(URL(response.headers["Location"]).relative())
    page = await browser.get(back)
    assert page.status == 200, page.words
    for _ in range(2):
        assert "<dd>web:wang</dd>" in (await browser.get("/console/account")).text
    browser.http.cookie_jar.update_cookies({"console-sign-on": token}, URL(town.url))
    for _ in range(2):
        assert (await browser.get(back)).status == 403
    assert (await browser.get("/console/account")).status == 200, "the session stays"


async def test_a_talk_goes_from_worker_to_worker(town: Town) -> None:
    async with town.citizen() as citizen:
        await citizen.send("失业保险金每个月发多少？")
        answer = await citizen.hears()
        assert "失业" in text_of(answer)
        await citizen.press(answer, "转人工")
        asked = await citizen.hears()
    async with town.citizen(citizen.chat, after=answer["id"]) as again:
        assert await again.hears() == asked
    async with town.citizen(citizen.chat) as anew:
        assert [await anew.hears(), await anew.hears()] == [answer, asked]
