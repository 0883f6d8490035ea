"""Hot concerns in the console: looked at, taken, answered and closed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date

import pytest

from bot.desk.concerns.concern import Asked, Course
from bot.web.console.concerns import weeks
from tests.web.console.staffed import NASTY, SAFE, Staffed, staffed

LINK = "https://langang.example/water"


@pytest.fixture
async def at() -> AsyncIterator[Staffed]:
    async with staffed() as opened:
        yield opened


async def test_what_is_not_closed_is_listed_with_how_many_ask(at: Staffed) -> None:
    number = await at.concern()
    await at.concern(state=Course.CLOSED, label="轮渡停航了吗？")
    text = (await at.wang.get("/console/concerns")).text
    assert f'href="/console/concerns/{number}"' in text
    assert "停水几点来水？" in text
    assert "轮渡停航了吗？" not in text
    assert "轮渡停航了吗？" in (await at.wang.get("/console/concerns?view=all")).text


async def test_a_concern_shows_its_questions_and_weeks_and_that_it_was_looked_at(
    at: Staffed,
) -> None:
    number = await at.concern(tickets=(7,))
    text = (await at.wang.get(f"/console/concerns/{number}")).text
    assert "什么时候恢复供水？" in text
    assert 'href="/console/tickets/7"' in text
    assert '<th scope="row">2026-11-16</th><td>4</td>' in text
    assert f"concern {number}" in await at.viewed()


def test_a_week_begins_on_monday() -> None:
    days = (Asked(date(2026, 11, 15), 3), Asked(date(2026, 11, 16), 4))
    assert weeks(days) == [(date(2026, 11, 9), 3), (date(2026, 11, 16), 4)]


async def test_it_is_taken_answered_and_closed(at: Staffed) -> None:
    path = f"/console/concerns/{await at.concern()}"
    await at.wang.get(path)
    taken = await at.wang.post(f"{path}/own", due="2026-11-27")
    assert taken.path == path
    assert taken.words == "Concern 1: done."
    assert "王芳" in taken.text
    await at.wang.post(f"{path}/answer", response=LINK)
    closed = await at.wang.post(f"{path}/close")
    assert f'<a href="{LINK}">' in closed.text
    deeds = [deed for deed in await at.front.deeds() if deed[1].startswith("concern")]
    assert deeds == [
        ("telegram:1", "concern owned"),
        ("telegram:1", "concern answered"),
        ("telegram:1", "concern closed"),
    ]


async def test_a_refusal_says_why_and_keeps_what_was_typed(at: Staffed) -> None:
    path = f"/console/concerns/{await at.concern()}"
    await at.wang.get(path)
    early = await at.wang.post(f"{path}/own", due="2026-11-20")
    assert early.status == 409
    assert (await at.viewed()).count("concern 1") == 2  # the page, and the page again
    assert "it is not due earlier" in early.words
    assert 'value="2026-11-20"' in early.text
    assert "no day such as" in (await at.wang.post(f"{path}/own", due="bald")).words
    alone = await at.wang.post(f"{path}/close", why="谣言，无需回应")
    assert alone.status == 403
    asked = await at.zhao.get(path)
    assert "Why it needs no response" in asked.text
    assert (await at.zhao.post(f"{path}/close", why="谣言，无需回应")).words == "Concern 1: done."


async def test_words_of_citizens_are_text(at: Staffed) -> None:
    number = await at.concern(label=NASTY, examples=(NASTY,), response=f"javascript:{NASTY}")
    for path in ("/console/concerns", f"/console/concerns/{number}"):
        text = (await at.wang.get(path)).text
        assert SAFE in text
        assert "<img src=x" not in text
        assert 'href="javascript' not in text


async def test_only_agents_come_in_and_what_there_is_not_is_not_found(at: Staffed) -> None:
    han = await at.person("han")
    assert (await han.get("/console/concerns")).status == 403
    for path in ("/console/concerns/9", "/console/concerns/nine"):
        assert (await at.wang.get(path)).status == 404
    await at.concern()
    await at.wang.get("/console/concerns/1")
    assert (await at.wang.post("/console/concerns/1/burn")).status == 404
    assert (await at.wang.post("/console/concerns/1/own", token="another")).status == 403
