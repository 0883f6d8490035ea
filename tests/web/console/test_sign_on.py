"""Signing in to the console by OpenID Connect, with a provider on a real server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest
from joserfc.jwk import OctKey
from yarl import URL

from bot.accounts import openid, under_way
from bot.accounts.begun import Begun
from bot.accounts.openid import Secrets
from bot.desk.roster import Member, Roster
from bot.errors import SignOnFailed
from bot.web.console import sign_on
from tests.web.console.harness import ROSTER, Browser, Front, Page, front_of
from tests.web.fake_oidc import NEW_KEY, SECRET, STRANGERS_KEY, FakeProvider, fake_provider

FAILED = "The sign-on was not completed. Please try again."
REFUSED = "That did not work. Check what you typed, and try again."
WITH_SIGN_ON = Roster(
    {
        "harbour": replace(
            ROSTER.departments["harbour"],
            members=(Member(id="telegram:1", name="王芳", also=("oidc:u-1",)),),
        )
    }
)


@dataclass
class Both:
    front: Front
    fake: FakeProvider

    async def way_back(self, browser: Browser) -> str:
        """Go to the provider; the address on our side that it sends the browser to."""
        began = await browser.get("/console/sign-on?next=/console/account", follow=False)
        assert began.status == 303
        return await self.from_provider(browser, began)

    async def from_provider(self, browser: Browser, began: Page) -> str:
        to = URL(began.headers["Location"], encoded=True)
        async with browser.http.get(to, allow_redirects=False) as response:
            assert response.status == 302, await response.text()
            return str(URL(response.headers["Location"]).relative())

    async def signs_on(self, browser: Browser) -> Page:
        self.fake.now = self.front.office.time.now
        return await browser.get(await self.way_back(browser))


@pytest.fixture
async def both() -> AsyncIterator[Both]:
    async with opened() as there:
        yield there


@asynccontextmanager
async def opened() -> AsyncIterator[Both]:
    async with fake_provider() as fake, front_of(WITH_SIGN_ON, provider=fake.provider) as front:
        # The port is known only now; a bureau writes WEB_URL.
        front.console.config = replace(front.console.config, url=front.url)
        fake.back = f"{front.url}/console/sign-on/back"
        yield Both(front, fake)


async def test_whom_the_provider_vouches_for_is_signed_in(both: Both) -> None:
    browser = await both.front.browser()
    assert "Sign in with the account of your office" in (await browser.get("/console")).text
    page = await both.signs_on(browser)
    assert page.status == 200
    assert 'content="0; url=/console/account"' in page.text, "a page of ours, not a redirect"
    own = await browser.get("/console/account")
    assert "<dd>telegram:1</dd>" in own.text, "the same member as on Telegram"
    assert 'name="old"' not in own.text, "no password to change"
    assert ("oidc:u-1", "signed in by single sign-on") in await both.front.deeds()


async def test_a_second_sign_on_is_the_same_account(both: Both) -> None:
    for _ in range(2):
        await both.signs_on(await both.front.browser())
    assert [one.login for one, _ in await both.front.accounts.all()] == ["oidc:u-1"]
    assert both.fake.asked == ["/.well-known/openid-configuration"], "asked once an hour"


async def test_a_new_key_of_the_provider_is_taken(both: Both) -> None:
    both.fake.key, both.fake.algorithm = NEW_KEY, "ES256"
    assert (await both.signs_on(await both.front.browser())).status == 200


@pytest.mark.parametrize(
    ("wrong", "claims"),
    [
        ("nonce", {"nonce": "of another sign-on"}),
        ("no nonce", {"nonce": None}),
        ("audience", {"aud": "another-client"}),
        ("audience of several, issued to another", {"aud": ["mingbai", "x"], "azp": "x"}),
        ("issuer", {"iss": "https://evil.example"}),
        ("expired", {"exp": 1_000_000_000}),
        ("no end", {"exp": None}),
        ("issued in the future", {"iat": 4_000_000_000}),
        ("no subject", {"sub": None}),
        ("empty subject", {"sub": " "}),
    ],
)
async def test_a_token_with_a_wrong_claim_opens_nothing(
    both: Both, wrong: str, claims: dict[str, Any]
) -> None:
    both.fake.claims = claims
    browser = await both.front.browser()
    page = await both.signs_on(browser)
    assert (page.status, page.words) == (403, FAILED), wrong
    assert (await browser.get("/console")).path == "/console/sign-in"


async def test_a_forged_signature_opens_nothing(both: Both) -> None:
    both.fake.key = STRANGERS_KEY
    page = await both.signs_on(await both.front.browser())
    assert (page.status, page.words) == (403, FAILED)


async def test_a_signature_with_our_own_secret_opens_nothing(both: Both) -> None:
    both.fake.key, both.fake.algorithm = OctKey.import_key(SECRET, {"kid": "one"}), "HS256"
    page = await both.signs_on(await both.front.browser())
    assert (page.status, page.words) == (403, FAILED)


async def test_a_token_without_a_signature_is_none(both: Both) -> None:
    both.fake.now = both.front.office.time.now
    keys = {"keys": [NEW_KEY.as_dict(private=False)]}
    with pytest.raises(SignOnFailed, match="refused"):
        openid.identity(
            both.fake.unsigned("n"), keys, both.fake.provider, nonce="n", at=both.fake.now
        )


async def test_a_state_is_good_once(both: Both) -> None:
    """Even with another code that the provider would take, and the cookie that was held."""
    browser = await both.front.browser()
    both.fake.now = both.front.office.time.now
    began = await browser.get("/console/sign-on", follow=False)
    cookie = browser.cookie("console-sign-on")
    first = await both.from_provider(browser, began)
    second = await both.from_provider(browser, began)
    assert URL(first).query["state"] == URL(second).query["state"]
    assert (await browser.get(first)).status == 200
    held = await both.front.browser(Cookie=f"console-sign-on={cookie}")
    page = await held.get(second)
    assert (page.status, page.words) == (403, FAILED)


async def test_a_callback_that_comes_twice_at_once_opens_one_session(both: Both) -> None:
    browser = await both.front.browser()
    both.fake.now = both.front.office.time.now
    began = await browser.get("/console/sign-on", follow=False)
    ways = [await both.from_provider(browser, began) for _ in range(2)]
    pages = await asyncio.gather(*map(browser.get, ways))
    assert sorted(page.status for page in pages) == [200, 403]


async def test_who_has_read_the_address_of_the_callback_cannot_finish_it(both: Both) -> None:
    """Logs of a proxy may hold it: nothing in it opens what the cookie does."""
    both.fake.now = both.front.office.time.now
    back = await both.way_back(await both.front.browser())
    thief = await both.front.browser(Cookie=f"console-sign-on={URL(back).query['state']}")
    page = await thief.get(back)
    assert (page.status, page.words) == (403, FAILED)


async def test_who_reads_the_database_cannot_finish_it(both: Both) -> None:
    both.fake.now = both.front.office.time.now
    code = URL(await both.way_back(await both.front.browser())).query["code"]
    async with both.front.store.read() as work:
        [begun] = await work.entries(Begun).find()
    thief = await both.front.browser(Cookie=f"console-sign-on={begun.token}")
    state = Secrets.of(begun.token).state
    page = await thief.get(f"/console/sign-on/back?code={code}&state={state}")
    assert (page.status, page.words) == (403, FAILED)


async def test_a_stranger_who_begins_one_after_the_other_has_to_wait(both: Both) -> None:
    stranger = await both.front.browser()
    pages = [
        await stranger.get("/console/sign-on", follow=False) for _ in range(sign_on.PACE.burst + 1)
    ]
    assert [page.status for page in pages] == [303] * sign_on.PACE.burst + [429]


async def test_sign_ons_that_nobody_finished_do_not_gather(both: Both) -> None:
    for _ in range(5):
        await (await both.front.browser()).get("/console/sign-on", follow=False)
        both.front.later(minutes=11)
    async with both.front.store.read() as work:
        assert len(await work.entries(Begun).find()) == 1


async def test_of_too_many_sign_ons_the_oldest_give_way(
    both: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(under_way, "MOST", 3)
    browsers = [await both.front.browser() for _ in range(5)]
    ways = [await both.way_back(one) for one in browsers]
    both.fake.now = both.front.office.time.now
    pages = [await one.get(way) for one, way in zip(browsers, ways, strict=True)]
    assert [page.status for page in pages] == [403, 403, 200, 200, 200]


async def test_another_browser_cannot_finish_it(both: Both) -> None:
    """Else one could sign somebody else's browser in as oneself."""
    both.fake.now = both.front.office.time.now
    back = await both.way_back(await both.front.browser())
    page = await (await both.front.browser()).get(back)
    assert (page.status, page.words) == (403, FAILED)


async def test_a_sign_on_that_took_too_long_is_over(both: Both) -> None:
    browser = await both.front.browser()
    back = await both.way_back(browser)
    both.front.later(minutes=10)
    both.fake.now = both.front.office.time.now
    assert (await browser.get(back)).words == FAILED


async def test_who_is_not_in_the_roster_is_told_so(both: Both) -> None:
    both.fake.subject = "u-2"
    page = await both.signs_on(await both.front.browser())
    assert (page.status, page.words) == (
        403, "oidc:u-2 is not in the roster. Ask whoever keeps it."
    )  # fmt: skip
    assert await both.front.accounts.all() == []


async def test_a_name_that_went_to_somebody_else_opens_nothing() -> None:
    """Claims like a user name may be given anew; the subject is the person."""
    async with fake_provider() as fake:
        provider = replace(fake.provider, claim="login")
        async with front_of(WITH_SIGN_ON, provider=provider) as front:
            front.console.config = replace(front.console.config, url=front.url)
            fake.back = f"{front.url}/console/sign-on/back"
            both = Both(front, fake)
            fake.claims = {"login": "u-1"}
            assert (await both.signs_on(await front.browser())).status == 200
            fake.subject = "u-99"
            page = await both.signs_on(await front.browser())
            assert (page.status, page.words) == (403, REFUSED)


async def test_a_disabled_account_stays_closed(both: Both) -> None:
    await both.signs_on(await both.front.browser())
    await both.front.accounts.disable("oidc:u-1", who="t")
    page = await both.signs_on(await both.front.browser())
    assert (page.status, page.words) == (403, REFUSED)


async def test_a_provider_that_calls_itself_otherwise_is_not_asked(both: Both) -> None:
    both.fake.calls_itself = "https://evil.example"
    page = await (await both.front.browser()).get("/console/sign-on", follow=False)
    assert (page.status, page.words) == (403, FAILED)


async def test_cookies_of_a_sign_on_come_back_from_the_provider(both: Both) -> None:
    page = await (await both.front.browser()).get("/console/sign-on", follow=False)
    [cookie] = page.cookies
    assert cookie.startswith("console-sign-on=")
    assert set(cookie.split("; ")[1:]) == {"HttpOnly", "Path=/", "SameSite=Lax", "Max-Age=600"}


def test_the_challenge_is_that_of_the_rfc() -> None:
    """RFC 7636, appendix B."""
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert openid.challenge(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
