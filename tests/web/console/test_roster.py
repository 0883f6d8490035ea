"""The roster in the console: who is there, and who is away when."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.web.console.harness import front_of
from tests.web.console.staffed import NASTY, SAFE, Staffed, staffed

PATH = "/console/roster"


@pytest.fixture
async def at() -> AsyncIterator[Staffed]:
    async with staffed() as opened:
        yield opened


async def test_departments_with_their_people(at: Staffed) -> None:
    text = (await at.wang.get(PATH)).text
    assert "港务科 <span" in text
    assert "on duty" in text
    assert "telegram:1, web:wang" in text
    assert "supervisor" in text
    assert "Of no department" in text


async def test_one_notes_ones_own_absence_and_cancels_it(at: Staffed) -> None:
    page = await at.wang.get(PATH)
    assert "<select" not in page.text.split("Write down an absence")[1]
    noted = await at.wang.post(f"{PATH}/away", since="2026-11-23", until="2026-11-25", note="培训")
    assert noted.words == "Noted: 王芳: 2026-11-23 – 2026-11-25 · 培训"
    assert "away until 2026-11-25" in noted.text
    liu = await at.person("liu")
    assert "Cancel</button>" not in (await liu.get(PATH)).text
    refused = await liu.post(f"{PATH}/absences/1/cancel")
    assert refused.status == 403
    assert (await at.wang.post(f"{PATH}/absences/1/cancel")).words.startswith("Cancelled: 王芳")
    assert (await at.wang.post(f"{PATH}/absences/1/cancel")).status == 404


async def test_supervisors_note_that_of_others_and_nobody_else_does(at: Staffed) -> None:
    await at.wang.get(PATH)
    mine = await at.wang.post(f"{PATH}/away", since="2026-11-24", who="web:liu")
    assert mine.status == 403
    await at.zhao.get(PATH)
    noted = await at.zhao.post(f"{PATH}/away", since="2026-11-24", who="web:liu")
    assert noted.words == "Noted: 刘洋: 2026-11-24 – 2026-11-24"


async def test_a_refusal_keeps_what_was_typed(at: Staffed) -> None:
    await at.wang.get(PATH)
    over = await at.wang.post(f"{PATH}/away", since="2026-11-25", until="2026-11-20", note=NASTY)
    assert "ends before it begins" in over.words
    assert 'value="2026-11-20"' in over.text
    assert "<img src=x" not in over.text
    assert SAFE in over.text
    assert (await at.wang.post(f"{PATH}/away", since="")).words == "Say from which day on."


async def test_a_desk_without_a_roster_says_so() -> None:
    async with front_of() as front:
        browser = await front.enrolled("wang")
        text = (await browser.get(PATH)).text
        assert "There is no roster" in text
        assert "Write down an absence" not in text
