"""Signing in to the console: who comes in, who waits, and what nobody learns."""

from __future__ import annotations

import pytest
from yarl import URL

from tests.web.console.harness import OTHER, PASSWORD, Front, front_of

REFUSED = "That did not work. Check what you typed, and try again."
WAIT = "Too many tries. Please wait 1 minutes, then try again."
OVER = "This link was used or is too old. Ask whoever runs the service for a new one."


async def test_a_link_opens_an_account_once(front: Front) -> None:
    made = await front.accounts.add("wang", name="王芳", member="web:wang", who="terminal:root")
    browser = await front.browser()
    page = await browser.enrol("wang", made.code)
    assert (page.status, page.path) == (200, "/console")
    assert "From now on you sign in with password and code." in page.text
    again = await (await front.browser()).get(f"/console/enrol?code={made.code}")
    assert (again.status, again.words) == (410, OVER)


async def test_a_link_is_good_for_a_day(front: Front) -> None:
    made = await front.accounts.add("wang", name="王芳", member="web:wang", who="t")
    front.later(hours=24)
    page = await (await front.browser()).get(f"/console/enrol?code={made.code}")
    assert (page.status, page.words) == (410, OVER)


async def test_a_link_that_was_left_half_way_still_opens_the_account(front: Front) -> None:
    made = await front.accounts.add("wang", name="王芳", member="web:wang", who="t")
    first = await front.browser()
    await first.post("/console/enrol", code=made.code, password=PASSWORD, again=PASSWORD)
    assert (await first.post("/console/enrol/second-factor", code="000000")).status == 422
    page = await (await front.browser()).enrol("wang", made.code, OTHER)
    assert (page.status, page.path) == (200, "/console")
    assert (await (await front.browser()).sign_in("wang", OTHER)).path == "/console"


@pytest.mark.parametrize(
    ("password", "again", "words"),
    [
        (OTHER, PASSWORD, "The two passwords are not alike."),
        (
            "短 short",
            "短 short",
            "At least 12 characters, please: a sentence is easy to keep in mind.",
        ),
        ("abababababab", "abababababab", "The password needs more different characters."),
        ("wang-1234567", "wang-1234567", "The password must not be made of your login."),
    ],
)
async def test_a_weak_password_is_not_taken(
    front: Front, password: str, again: str, words: str
) -> None:
    made = await front.accounts.add("wang", name="王芳", member="web:wang", who="t")
    page = await (await front.browser()).post(
        "/console/enrol", code=made.code, password=password, again=again
    )
    assert (page.status, page.words) == (422, words)
    assert f'value="{made.code}"' in page.text, "the form can be sent again"


async def test_password_and_code_open_the_queue(front: Front) -> None:
    await front.enrolled("wang")
    page = await (await front.browser()).sign_in("WANG ")
    assert (page.status, page.path) == (200, "/console")


async def test_the_page_that_was_asked_for_comes_after_signing_in(front: Front) -> None:
    await front.enrolled("wang")
    browser = await front.browser()
    asked = await browser.get("/console/account?x=1&y=2")
    assert asked.path == "/console/sign-in?next=/console/account?x%3D1%26y%3D2"
    going = "/console/account?x=1&y=2"
    half = await browser.post("/console/sign-in", login="wang", password=PASSWORD, next=going)
    assert 'name="next" value="/console/account?x=1&amp;y=2"' in half.text
    front.later(seconds=60)
    page = await browser.post("/console/second-factor", code=front.code("wang"), next=going)
    assert page.path == going


@pytest.mark.parametrize(
    "going", ["https://evil.example/", "//evil.example", "/console//evil", "/consoles", "/\\evil"]
)
async def test_a_link_leads_nowhere_else(front: Front, going: str) -> None:
    browser = await front.enrolled("wang")
    page = await browser.get(f"/console/sign-in?next={going}", follow=False)
    assert (page.status, page.headers["Location"]) == (303, "/console")


async def test_without_the_code_nothing_is_open(front: Front) -> None:
    await front.enrolled("wang")
    browser = await front.browser()
    await browser.post("/console/sign-in", login="wang", password=PASSWORD)
    assert (await browser.get("/console/account")).path == "/console/second-factor"
    assert (await browser.post("/console/account/sign-out-elsewhere")).path == (
        "/console/second-factor"
    )


async def test_a_code_is_taken_once(front: Front) -> None:
    await front.enrolled("wang")
    used = front.code("wang")  # it was used to enrol
    browser = await front.browser()
    await browser.post("/console/sign-in", login="wang", password=PASSWORD)
    page = await browser.post("/console/second-factor", code=used)
    assert (page.status, page.words) == (403, REFUSED)
    next_one = front.code("wang", steps=1)  # of a clock that is half a minute fast
    assert (await browser.post("/console/second-factor", code=next_one)).path == "/console"


@pytest.mark.parametrize(("login", "password"), [("wang", OTHER), ("nobody", PASSWORD), ("", "")])
async def test_what_is_wrong_is_not_told(front: Front, login: str, password: str) -> None:
    await front.enrolled("wang")
    page = await (await front.browser()).post("/console/sign-in", login=login, password=password)
    assert (page.status, page.words) == (403, REFUSED)


async def test_as_much_is_compared_whether_a_login_exists_or_not(front: Front) -> None:
    await front.enrolled("wang")
    await front.accounts.add("new", name="新", member="web:new", who="t")
    await front.accounts.add("old", name="旧", member="web:old", who="t")
    await front.accounts.disable("old", who="t")
    browser = await front.browser()
    seen = {}
    for login in ("wang", "nobody", "new", "old"):
        before, lines = front.hasher.compared, len(await front.log())
        page = await browser.post("/console/sign-in", login=login, password=OTHER)
        seen[login] = (
            page.status, page.words, front.hasher.compared - before, len(await front.log()) - lines
        )  # fmt: skip
    assert set(seen.values()) == {(403, REFUSED, 1, 1)}


@pytest.mark.parametrize("login", ["wang", "nobody"])
async def test_who_guesses_waits_longer_each_time(front: Front, login: str) -> None:
    await front.enrolled("wang")
    browser = await front.browser()
    statuses = [
        (await browser.post("/console/sign-in", login=login, password=OTHER)).status
        for _ in range(6)
    ]
    assert statuses == [403, 403, 403, 403, 403, 429]
    page = await browser.post("/console/sign-in", login=login, password=PASSWORD)
    assert (page.status, page.words, page.headers["Retry-After"]) == (429, WAIT, "30")
    front.later(seconds=30)
    assert (await browser.post("/console/sign-in", login=login, password=OTHER)).status == 403
    page = await browser.post("/console/sign-in", login=login, password=OTHER)
    assert page.headers["Retry-After"] == "60"


async def test_a_wait_ends_and_the_right_password_opens(front: Front) -> None:
    await front.enrolled("wang")
    stranger = await front.browser()
    for _ in range(5):
        await stranger.post("/console/sign-in", login="wang", password=OTHER)
    front.later(seconds=30)
    assert (await stranger.sign_in("wang")).path == "/console"


async def test_guessing_shuts_out_nobody_whose_browser_is_known(front: Front) -> None:
    owner = await front.enrolled("wang")
    await owner.post("/console/sign-out")
    stranger = await front.browser()
    for _ in range(5):
        await stranger.post("/console/sign-in", login="wang", password=OTHER)
    page = await stranger.post("/console/sign-in", login="wang", password=PASSWORD)
    assert page.status == 429
    assert (await owner.sign_in("wang")).path == "/console"


async def test_one_address_guesses_at_many_accounts_and_waits(front: Front) -> None:
    browser = await front.browser()
    statuses = [
        (await browser.post("/console/sign-in", login=f"user{n}", password=OTHER)).status
        for n in range(21)
    ]
    assert statuses == [403] * 20 + [429]


async def test_wrong_codes_wait_in_every_session(front: Front) -> None:
    await front.enrolled("wang")
    browser = await front.browser()
    await browser.post("/console/sign-in", login="wang", password=PASSWORD)
    statuses = [
        (await browser.post("/console/second-factor", code="000000")).status for _ in range(6)
    ]
    assert statuses == [403, 403, 403, 403, 403, 429]
    other = await front.browser()
    await other.post("/console/sign-in", login="wang", password=PASSWORD)
    assert (await other.post("/console/second-factor", code="000000")).status == 429


async def test_every_step_of_signing_in_is_a_new_session(front: Front) -> None:
    await front.enrolled("wang")
    browser = await front.browser()
    forced = {"console": "chosen-by-somebody-else"}
    browser.http.cookie_jar.update_cookies(forced, URL(front.url))
    await browser.post("/console/sign-in", login="wang", password=PASSWORD)
    half = browser.cookie()
    front.later(seconds=60)
    await browser.post("/console/second-factor", code=front.code("wang"))
    full = browser.cookie()
    assert len({"chosen-by-somebody-else", half, full}) == 3
    thief = await front.browser(Cookie=f"console={half}")
    assert (await thief.get("/console")).path == "/console/sign-in"
    assert (await browser.get("/console")).path == "/console"


async def test_signing_out_ends_the_session(front: Front) -> None:
    browser = await front.enrolled("wang")
    token = browser.cookie()
    assert (await browser.post("/console/sign-out")).path == "/console/sign-in"
    thief = await front.browser(Cookie=f"console={token}")
    assert (await thief.get("/console")).path == "/console/sign-in"


async def test_a_session_ends_after_half_an_hour_of_silence(front: Front) -> None:
    browser = await front.enrolled("wang")
    for _ in range(3):
        front.later(minutes=29)
        assert (await browser.get("/console")).path == "/console"
    front.later(minutes=30)
    assert (await browser.get("/console")).path == "/console/sign-in"


async def test_a_session_ends_after_a_day_of_work(front: Front) -> None:
    browser = await front.enrolled("wang")
    for _ in range(28):
        front.later(minutes=25)
        assert (await browser.get("/console")).path == "/console"
    front.later(minutes=20)
    assert (await browser.get("/console")).path == "/console/sign-in"


async def test_what_happened_is_in_the_log_and_the_chain_holds(front: Front) -> None:
    browser = await front.enrolled("wang")
    await browser.post("/console/sign-out")
    await browser.post("/console/sign-in", login="wang", password=OTHER)
    await browser.post("/console/sign-in", login="s3cret-typed-here", password=OTHER)
    await front.accounts.reset("wang", who="terminal:root")
    assert await front.deeds() == [
        ("t", "account added"),
        ("web:wang", "account enrolled"),
        ("web:wang", "signed in"),
        ("web:wang", "viewed"),
        ("web:wang", "signed out"),
        ("stranger", "sign-in failed"),
        ("stranger", "sign-in failed"),
        ("terminal:root", "account reset"),
    ]
    texts = [one.text for one in await front.log()]
    assert not any("s3cret" in text for text in texts), "a password may be typed for a login"
    assert texts[5] == "wang · 127.0.0.1"


@pytest.mark.parametrize("close", ["reset", "disable"])
async def test_a_closed_account_is_closed_at_once(front: Front, close: str) -> None:
    browser = await front.enrolled("wang")
    await getattr(front.accounts, close)("wang", who="t")
    assert (await browser.get("/console")).path == "/console/sign-in"
    assert (await (await front.browser()).sign_in("wang")).words == REFUSED


async def test_behind_tls_cookies_belong_to_this_host_alone() -> None:
    async with front_of(url="https://policy.langang.example/") as front:
        made = await front.accounts.add("wang", name="王芳", member="web:wang", who="t")
        browser = await front.browser()
        page = await browser.post(
            "/console/enrol", follow=False, code=made.code, password=PASSWORD, again=PASSWORD,
            origin="https://policy.langang.example",
        )  # fmt: skip
    [cookie] = page.cookies
    name, *flags = cookie.split("; ")
    assert name.startswith("__Host-console=")
    assert set(flags) == {"HttpOnly", "Path=/", "SameSite=Strict", "Secure"}
