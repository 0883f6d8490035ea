"""What somebody who means harm does to the console: from outside, and with what they stole."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from bot.desk.roster import Roster
from bot.web.console.guard import is_ours
from tests.web.console.harness import OTHER, PASSWORD, ROSTER, Browser, Front, front_of
from tests.web.console.test_sign_on import FAILED, WITH_SIGN_ON, Both
from tests.web.fake_oidc import fake_provider

FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("media_type", "more", "body"),
    [
        (f"{FORM}; charset=none-such", {}, b"login=a"),
        (FORM, {"Content-Encoding": "gzip"}, b"login=a"),
        (f"{FORM}; charset=utf-16", {}, b"login"),
        ("multipart/form-data", {}, b"login=a"),
        ("multipart/form-data; boundary=x", {}, b"login=a"),
    ],
)
async def test_a_broken_form_is_no_mistake_of_ours(
    front: Front,
    media_type: str,
    more: dict[str, str],
    body: bytes,
    capsys: pytest.CaptureFixture[str],
) -> None:
    browser = await front.browser()
    headers = {"Content-Type": media_type, "Origin": front.url, **more}
    url = f"{front.url}/console/sign-in"
    async with browser.http.post(url, data=body, headers=headers) as response:
        assert response.status == 400
    assert "console.failed" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("origin", "host", "url"),
    [
        ("http://[x", "x", ""),
        ("http://", "", ""),
        # However WEB_URL is written, what comes by plain HTTP is not ours where we have TLS.
        ("http://wen.example", "wen.example", "https://WEN.example"),
        ("http://wen.example", "wen.example", "https://wen.example:443"),
        ("https://wen.example@evil.example", "wen.example", "https://wen.example"),
        ("https://sub.wen.example", "wen.example", "https://wen.example"),
    ],
)
def test_origins_that_are_not_ours(origin: str, host: str, url: str) -> None:
    assert not is_ours(origin, host=host, url=url)


async def test_whoever_leaves_the_roster_is_out_at_once() -> None:
    async with front_of(ROSTER) as front:
        browser = await front.enrolled("zhao")
        assert (await browser.get("/console")).status == 200
        harbour = ROSTER.departments["harbour"]
        front.office.desk.follow(
            Roster({"harbour": replace(harbour, members=harbour.members[:1])}, ROSTER.others)
        )
        assert (await browser.get("/console")).status == 403


async def test_one_code_opens_one_session_however_many_send_it_at_once(front: Front) -> None:
    await front.enrolled("wang")
    thieves = [await front.browser() for _ in range(3)]
    for one in thieves:
        await one.post("/console/sign-in", login="wang", password=PASSWORD)
    front.later(seconds=60)
    code = front.code("wang")
    pages = await asyncio.gather(
        *(one.post("/console/second-factor", code=code, follow=False) for one in thieves)
    )
    assert sorted(page.status for page in pages) == [303, 403, 403]


async def test_a_session_that_waits_for_its_code_opens_no_page(front: Front) -> None:
    await front.enrolled("wang")
    half = await front.browser()
    await half.post("/console/sign-in", login="wang", password=PASSWORD)
    for route in front.console.routes:
        if route.method == "GET" and "{" not in route.path and route.access.stages:
            page = await half.get(f"/console{route.path}")
            assert page.path.startswith("/console/second-factor"), route.path


async def guesses(front: Front, addresses: list[str]) -> list[int]:
    """The answers to guesses at one account each, said to come from these addresses."""
    browser = await front.browser()
    statuses = []
    for number, address in enumerate(addresses):
        url, form = f"{front.url}/console/sign-in", {"login": f"user{number}", "password": OTHER}
        headers = {"Origin": front.url, "X-Forwarded-For": address}
        async with browser.http.post(url, data=form, headers=headers) as response:
            statuses.append(response.status)
    return statuses


@pytest.mark.parametrize("proxies", [0, 1, 2])
async def test_no_header_makes_another_address(front: Front, proxies: int) -> None:
    """What stands before the entries of our own proxies is what the guesser wrote."""
    front.console.config = replace(front.console.config, proxies=proxies)
    ours = {0: [], 1: ["192.0.2.7"], 2: ["192.0.2.7", "10.0.0.1"]}[proxies]
    told = [", ".join([f"198.51.100.{n}", *ours]) for n in range(21)]
    assert await guesses(front, told) == [403] * 20 + [429]


async def test_a_stolen_device_cookie_gives_no_more_tries(front: Front) -> None:
    owner = await front.enrolled("wang")
    thief = await front.browser(Cookie=f"console-device={owner.cookie('console-device')}")
    statuses = [
        (await thief.post("/console/sign-in", login="wang", password=OTHER)).status
        for _ in range(6)
    ]
    assert statuses == [403] * 5 + [429]
    other = await front.browser(Cookie="console-device=made-up")
    page = await other.post("/console/sign-in", login="wang", password=PASSWORD)
    assert page.path.startswith("/console/second-factor"), "others are not kept out by it"


@asynccontextmanager
async def signing_on_by(claim: str, **claims: object) -> AsyncIterator[tuple[Both, Browser]]:
    """A provider that names people by that claim."""
    async with fake_provider() as fake:
        provider = replace(fake.provider, claim=claim)
        member = replace(
            WITH_SIGN_ON.departments["harbour"].members[0],
            also=("oidc:wang@langang.example", "oidc:u-1"),
        )
        harbour = replace(WITH_SIGN_ON.departments["harbour"], members=(member,))
        async with front_of(Roster({"harbour": harbour}), provider=provider) as front:
            front.console.config = replace(front.console.config, url=front.url)
            fake.back, fake.claims = f"{front.url}/console/sign-on/back", claims
            yield Both(front, fake), await front.browser()


@pytest.mark.parametrize("verified", [None, False, "true", 1])
async def test_an_address_that_anybody_may_have_written_opens_nothing(verified: object) -> None:
    claims = {"email": "wang@langang.example", "email_verified": verified}
    async with signing_on_by("email", **claims) as (both, browser):
        page = await both.signs_on(browser)
        assert (page.status, page.words) == (403, FAILED)


async def test_an_address_that_the_provider_has_verified_opens_the_account() -> None:
    claims = {"email": "wang@langang.example", "email_verified": True}
    async with signing_on_by("email", **claims) as (both, browser):
        assert (await both.signs_on(browser)).status == 200


async def test_a_name_from_the_provider_moves_no_cursor_and_turns_no_words() -> None:
    name = "王\x1b[2J\n\u202e芳" + "x" * 1000
    async with signing_on_by("sub", name=name) as (both, browser):
        assert (await both.signs_on(browser)).status == 200
        [(account, _)] = await both.front.accounts.all()
        assert account.name.isprintable()
        assert account.name.startswith("王 [2J 芳")
        assert len(account.name) == 80


@pytest.mark.parametrize(
    "going", ["https://evil.example/", "//evil.example", "javascript:alert(1)"]
)
async def test_a_sign_on_leads_nowhere_else(going: str) -> None:
    async with signing_on_by("sub") as (both, browser):
        both.fake.now = both.front.office.time.now
        began = await browser.get(f"/console/sign-on?next={going}", follow=False)
        page = await browser.get(await both.from_provider(browser, began))
        assert 'content="0; url=/console"' in page.text
        assert "evil" not in page.text
