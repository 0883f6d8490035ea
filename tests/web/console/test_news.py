"""The words that follow a form: on the next page of that session, once, at whichever worker."""

from __future__ import annotations

from typing import Final

import pytest

from bot.accounts.news import News
from bot.errors import StoreError
from tests.web.console.harness import Browser, Front

WORDS: Final = "Kept as mine."


async def kept(browser: Browser, *, follow: bool = False) -> str:
    """What somebody reads after a form, if they go on."""
    await browser.get("/console")
    page = await browser.post(
        "/console/views", name="mine", query="view=mine", draft="0a1b", follow=follow
    )
    return page.text


async def waiting(front: Front) -> int:
    async with front.store.read() as work:
        return len(await work.entries(News).find())


async def test_words_are_said_once_to_the_session_that_they_are_for(front: Front) -> None:
    wang, elsewhere = await front.enrolled("wang"), await front.browser()
    await elsewhere.sign_in("wang")
    await kept(wang)
    assert WORDS not in (await elsewhere.get("/console")).text
    page = await wang.get("/console")
    assert WORDS in page.text
    assert 'data-received="0a1b"' in page.text
    again = await wang.get("/console")
    assert WORDS not in again.text
    assert 'data-received=""' in again.text
    assert await waiting(front) == 0


async def test_what_a_script_fetches_takes_no_words_away(front: Front) -> None:
    wang = await front.enrolled("wang")
    await kept(wang)
    url = f"{front.url}/console/account"
    async with wang.http.get(url, headers={"Sec-Fetch-Dest": "empty"}) as response:
        assert WORDS not in await response.text()
    assert WORDS in (await wang.get("/console")).text


async def test_a_page_that_is_none_takes_no_words_away(front: Front) -> None:
    """A redirect, or a stream of events."""
    wang = await front.enrolled("wang")
    await kept(wang)
    assert (await wang.get("/console/sign-in", follow=False)).status == 303
    assert WORDS in (await wang.get("/console")).text


async def test_words_that_the_database_does_not_keep_are_said_at_once(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object, **__: object) -> None:
        raise StoreError("the disk is full")

    wang = await front.enrolled("wang")
    await wang.get("/console")
    monkeypatch.setattr(front.console.door.sessions, "tell", fails)
    text = await kept(wang, follow=True)
    assert WORDS in text
    assert 'href="/console?view=mine"' in text


async def test_words_that_nobody_reads_go_with_the_session(front: Front) -> None:
    wang = await front.enrolled("wang")
    await kept(wang)
    assert await waiting(front) == 1
    front.later(hours=13)
    await (await front.browser()).sign_in("wang")
    assert await waiting(front) == 0
