"""What every page of the console is behind: sessions, roles, forms that were meant, headers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import bot.web
from bot.accounts.session import Stage
from bot.desk.tickets import Agent
from bot.texts import say
from bot.web.console.guard import is_ours
from knowledge.types import Lang
from tests.web.console.harness import OTHER, PASSWORD, ROSTER, Front, front_of

# A form, and in it the token: by itself, or by a macro that writes it.
FORMS = re.compile(
    r'method="post"(?:(?!</form>).)*?'
    r'(?:name="(?:token|next|code|back)"|\{\{ (?:parts\.)?token\(\)|\{\{ hidden\()',
    re.DOTALL,
)
OLD = "The form is too old or not ours. Open the page again."
TEMPLATES = sorted((Path(bot.web.__file__).parent / "templates" / "console").rglob("*.html"))
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'"
    ),
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


async def test_no_page_but_the_ones_for_signing_in_is_open_to_strangers(front: Front) -> None:
    browser = await front.browser()
    open_to_all = []
    for route in front.console.routes:
        path = f"/console{re.sub(r'{.*?}', '1', route.path)}"
        page = await (browser.get if route.method == "GET" else browser.post)(path, follow=False)
        location = page.headers.get("Location", "")
        if not (page.status == 303 and location.startswith("/console/sign-in")):
            open_to_all.append((route.method, route.path))
    assert open_to_all == [
        ("GET", "/sign-in"),
        ("POST", "/sign-in"),
        ("POST", "/language"),
        ("GET", "/enrol"),
        ("POST", "/enrol"),
    ]


async def test_every_form_of_a_session_needs_its_token(front: Front) -> None:
    browser = await front.enrolled("wang")
    forms = [
        one for one in front.console.routes
        if one.method == "POST" and one.access.stages == {Stage.FULL}
    ]  # fmt: skip
    assert len(forms) >= 3
    for token in ("", "0" * 64):
        for form in forms:
            path = re.sub(r"{.*?}", "1", form.path)
            page = await browser.post(f"/console{path}", token=token)
            assert (page.status, page.words) == (403, OLD), form.path
    assert (await browser.get("/console")).path == "/console", "still signed in"


async def test_the_token_of_somebody_else_is_none(front: Front) -> None:
    wang, li = await front.enrolled("wang"), await front.enrolled("li")
    page = await li.post("/console/sign-out", token=wang.token)
    assert (page.status, page.words) == (403, OLD)


@pytest.mark.parametrize("origin", ["https://evil.example", "null", None])
@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", "/language"])
async def test_a_form_that_another_site_sends_is_refused(
    front: Front, path: str, origin: str | None
) -> None:
    browser = await front.enrolled("wang")
    page = await browser.post(
        f"/console{path}", origin=origin, login="wang", password=PASSWORD, language="ko"
    )
    assert (page.status, page.words, page.cookies) == (403, OLD, ())


@pytest.mark.parametrize(
    ("origin", "host", "url", "ours"),
    [
        ("http://127.0.0.1:8080", "127.0.0.1:8080", "", True),
        ("https://policy.langang.example", "backend:8080", "https://policy.langang.example/", True),
        ("https://policy.langang.example.evil.example", "backend:8080", "https://policy.langang.example", False),
        ("http://policy.langang.example", "backend:8080", "https://policy.langang.example", False),
        ("http://policy.langang.example", "policy.langang.example", "https://policy.langang.example", False),
        ("null", "null", "", False),
        ("", "", "", False),
    ],
)  # fmt: skip
def test_which_origins_are_ours(origin: str, host: str, url: str, ours: bool) -> None:  # noqa: FBT001 - a column
    assert is_ours(origin, host=host, url=url) is ours


@pytest.mark.parametrize(
    "path", ["/console", "/console/sign-in", "/console/nothing", "/console/enrol?code=x"]
)
async def test_all_responses_carry_the_headers(front: Front, path: str) -> None:
    page = await (await front.browser()).get(path)
    assert {name: page.headers.get(name) for name in HEADERS} == HEADERS


async def test_a_page_that_is_not_there_is_told_in_words(front: Front) -> None:
    browser = await front.enrolled("wang")
    page = await browser.get("/console/nothing")
    assert (page.status, page.words) == (404, "There is no such page.")
    page = await browser.get("/console/sign-out")
    assert (page.status, page.headers["Allow"]) == (405, "POST")


async def test_cookies_are_no_business_of_scripts_and_other_sites(front: Front) -> None:
    made = await front.accounts.add("wang", name="王芳", member="web:wang", who="t")
    browser = await front.browser()
    page = await browser.post(
        "/console/enrol", follow=False, code=made.code, password=PASSWORD, again=PASSWORD
    )
    [cookie] = page.cookies
    assert set(cookie.split("; ")[1:]) == {"HttpOnly", "Path=/", "SameSite=Strict"}


async def test_a_link_from_another_site_goes_on_by_itself(front: Front) -> None:
    """The browser keeps a strict cookie back there, but sends it from our own page."""
    stranger = await front.browser()
    page = await stranger.get("/console/account?x=1", fetched_from="cross-site")
    assert page.status == 200
    assert '<meta http-equiv="refresh" content="0; url=/console/account?x=1">' in page.text
    again = await stranger.get("/console/account", fetched_from="same-origin")
    assert again.path == "/console/sign-in?next=/console/account"


async def test_the_roster_says_what_an_account_may_do() -> None:
    async with front_of(ROSTER) as front:
        stranger = await front.enrolled("mallory")
        page = await stranger.get("/console")
        assert page.status == 403
        assert page.words == "王芳 (web:mallory): that is only for members of staff in the roster."
        assert 'aria-label="Sections"' not in page.text
        for login in ("wang", "zhao", "han"):
            assert (await (await front.enrolled(login)).get("/console")).status == 200


async def test_one_person_is_one_member_in_every_front_end() -> None:
    async with front_of(ROSTER) as front:
        browser = await front.enrolled("wang")
        page = await browser.get("/console/account")
        assert "<dd>telegram:1</dd>" in page.text
    here, there = Agent("web:wang", "王"), Agent("telegram:1", "芳")
    assert ROSTER.is_same_person(here, there)
    assert ROSTER.acting(here) == ROSTER.acting(there) == Agent("telegram:1", "王芳")


@pytest.mark.parametrize("language", Lang)
def test_reviews_have_one_name(language: Lang) -> None:
    name = say(language, "review")
    assert say(language, "Reviews").lower().rstrip("s") == name.lower()
    for text in ("Replies for review", "reviewer", "reply under review"):
        assert name.lower()[:2] in say(language, text).lower()


async def test_views_are_in_the_log(front: Front) -> None:
    browser = await front.enrolled("wang")
    await browser.get("/console?view=mine")
    last = (await front.log())[-1]
    assert (last.who, last.what, last.text) == ("web:wang", "viewed", "queue (mine, page 1)")


async def test_a_changed_password_ends_the_other_sessions(front: Front) -> None:
    first = await front.enrolled("wang")
    second = await front.browser()
    await second.sign_in("wang")
    await first.get("/console/account")
    before = first.cookie()
    page = await first.post("/console/account/password", old=PASSWORD, password=OTHER, again=OTHER)
    assert page.words == "The password is changed; you are signed out everywhere else."
    assert first.cookie() != before
    assert (await second.get("/console")).path == "/console/sign-in"
    assert (await (await front.browser()).sign_in("wang", OTHER)).path == "/console"


async def test_the_old_password_is_asked_for(front: Front) -> None:
    browser = await front.enrolled("wang")
    await browser.get("/console/account")
    page = await browser.post("/console/account/password", old=OTHER, password=OTHER, again=OTHER)
    assert (page.status, page.words) == (
        422, "That did not work. Check what you typed, and try again."
    )  # fmt: skip
    assert (await (await front.browser()).sign_in("wang")).path == "/console"


async def test_signed_out_elsewhere(front: Front) -> None:
    first = await front.enrolled("wang")
    second = await front.browser()
    await second.sign_in("wang")
    page = await first.get("/console/account")
    assert page.text.count("<li>\n<p>") == 2
    await first.post("/console/account/sign-out-elsewhere")
    assert (await second.get("/console")).path == "/console/sign-in"
    assert (await first.get("/console")).path == "/console"


async def test_the_language_is_switched_and_kept(front: Front) -> None:
    browser = await front.browser()
    page = await browser.post("/console/language", language="ko", back="/console/sign-in")
    assert '<html lang="ko">' in page.text
    assert "직원 로그인" in (await browser.get("/console/sign-in")).text
    page = await browser.post("/console/language", language="xx", back="https://evil.example/")
    assert '<html lang="ko">' in page.text


async def test_what_is_typed_is_escaped(front: Front) -> None:
    page = await (await front.browser()).post(
        "/console/sign-in", login='"><script>alert(1)</script>', password="x"
    )
    assert "<script" not in page.text


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_templates_hold_nothing_that_the_policy_refuses(template: Path) -> None:
    text = template.read_text("utf-8")
    assert not re.search(r"<style|style=|\son\w+=|\|\s*safe|<script(?![^>]*src)", text)
    assert text.count('method="post"') == len(FORMS.findall(text))
