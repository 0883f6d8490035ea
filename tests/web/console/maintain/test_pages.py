"""The maintainer's other pages, over HTTP."""

from __future__ import annotations

import re

from bot.config import Settings
from tests.web.console.harness import Browser, Front
from tests.web.console.maintain.forms import (
    PATH,
    QUESTION,
    send,
)


async def test_only_maintainers_come_here(front: Front) -> None:
    for login in ("wang", "zhao"):  # an agent, a supervisor
        browser = await front.enrolled(login)
        for path in ("", "/documents", "/build", "/why", "/glossary", "/calibration"):
            assert (await browser.get(PATH + path)).status == 403
        assert (await browser.post(f"{PATH}/build/start")).status == 403
        assert (await send(browser, front, ("a.md", b"x"))).status == 403
    assert "build started" not in [what for _, what in await front.deeds()]


async def test_the_glossary_is_kept_and_a_second_editor_is_told(
    front: Front, han: Browser, settings: Settings
) -> None:
    page = await han.get(f"{PATH}/glossary")
    seen = re.search(r'name="seen" value="(\w+)"', page.text)[1]  # type: ignore[index]  # there
    page = await han.post(f"{PATH}/glossary/add", kind="same", seen=seen, words="渡轮\n轮渡")
    assert "Kept. It counts from the next build on." in page.words
    assert settings.glossary is not None
    assert settings.glossary.read_text() == '[[same]]\nwords = ["渡轮", "轮渡"]\n'
    page = await han.post(f"{PATH}/glossary/add", kind="same", seen=seen, words="码头\n渡口")
    assert page.status == 409
    assert "Somebody else changed the glossary" in page.words
    assert "码头\n渡口</textarea>" in page.text
    assert ("web:han", "glossary entry added") in await front.deeds()


async def test_a_question_stands_in_no_address_and_no_log(front: Front, han: Browser) -> None:
    page = await han.get(f"{PATH}/why?question={QUESTION}")
    assert QUESTION not in page.text
    assert f'method="post" action="{PATH}/why"' in page.text
    page = await han.post(f"{PATH}/why", question=QUESTION, release="任意文字")
    assert page.status == 409
    texts = [one.text for one in await front.log()]
    assert not [one for one in texts if QUESTION in one or "任意文字" in one]


async def test_no_release_that_is_not_there(han: Browser) -> None:
    for path in ("releases/nothing", "calibration?release=x"):
        assert (await han.get(f"{PATH}/{path}")).status == 409
    assert (await han.post(f"{PATH}/why", question="x", release="../x")).status == 409
    assert (await han.get(f"{PATH}/releases/..%2F..%2Fetc")).status == 404
    assert (await han.get(f"{PATH}/build/logs/20261123-101500")).status == 409
