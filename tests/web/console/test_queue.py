"""The first page of the console: what waits, and how it is looked through."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest

from bot.desk.tickets import TicketKind
from bot.types import Address
from tests.unit.desk.office import WANG
from tests.web.console.harness import ROSTER, Browser, Front, front_of


@pytest.fixture
async def front() -> AsyncIterator[Front]:
    async with front_of(ROSTER) as opened:
        yield opened


async def shown(browser: Browser, path: str = "/console") -> list[int]:
    page = await browser.get(path)
    assert page.status == 200
    return [int(one) for one in re.findall(r'<th scope="row"[^>]*>(\d+)</th>', page.text)]


async def test_what_is_due_first_stands_first(front: Front) -> None:
    browser = await front.enrolled("wang")
    first = await front.office.opens(TicketKind.COMPLAINT, question="轮渡晚点没人管")
    await front.office.opens(question="泊位一个月要多少钱？", chat=Address("telegram", "1002"))
    assert await shown(browser) == [1, 2]
    await front.office.desk.claim(first.id, WANG)
    await front.office.desk.ask(
        first.id, WANG, "哪一班？"
    )  # nothing is due until there is an answer
    assert await shown(browser) == [2, 1]
    front.later(days=60)
    late = await (await front.browser()).sign_in("wang")
    assert late.text.count(">overdue<") == 1


async def test_mine_are_those_that_i_hold_wherever_i_took_them(front: Front) -> None:
    browser = await front.enrolled("wang")
    first = await front.office.opens()
    await front.office.opens(question="泊位一个月要多少钱？", chat=Address("telegram", "1002"))
    await front.office.desk.claim(first.id, WANG)  # on Telegram
    assert await shown(browser, "/console?view=mine") == [first.id]


async def test_filters_by_state_and_kind(front: Front) -> None:
    browser = await front.enrolled("wang")
    done = await front.office.opens()
    await front.office.desk.close(done.id, WANG, "重复")
    other = await front.office.opens(TicketKind.COMPLAINT, chat=Address("telegram", "1002"))
    assert await shown(browser) == [other.id]
    assert await shown(browser, "/console?state=archived") == [done.id]
    assert await shown(browser, "/console?kind=suggestion") == []
    assert await shown(browser, "/console?state=nonsense&kind=x&page=9e9&view=") == [other.id]


async def test_pages_of_twenty_five(front: Front) -> None:
    browser = await front.enrolled("wang")
    for number in range(27):
        await front.office.opens(
            question=f"第{number}个问题", chat=Address("telegram", f"{number}")
        )
    assert len(await shown(browser)) == 25
    assert await shown(browser, "/console?page=2") == [26, 27]
    assert await shown(browser, "/console?page=999") == [26, 27]


async def test_a_question_is_shown_as_text(front: Front) -> None:
    browser = await front.enrolled("wang")
    await front.office.opens(question="<img src=x onerror=alert(1)>")
    text = (await browser.get("/console")).text
    assert "&lt;img src=x onerror=alert(1)&gt;" in text
    assert "<img src=x" not in text
