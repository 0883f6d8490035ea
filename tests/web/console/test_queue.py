"""The first page of the console: what waits, and how it is looked through."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest

from bot.desk.tickets import TicketKind
from bot.types import Address
from knowledge.types import Lang
from tests.unit.desk.office import WANG
from tests.web.console.cases import opened, shown
from tests.web.console.harness import ROSTER, Browser, Front, front_of


@pytest.fixture
async def front() -> AsyncIterator[Front]:
    async with front_of(ROSTER) as opened:
        yield opened


async def numbers(browser: Browser, path: str = "/console") -> list[int]:
    page = await browser.get(path)
    assert page.status == 200
    return shown(page)


async def test_what_is_due_first_stands_first(front: Front) -> None:
    browser = await front.enrolled("wang")
    first = await front.office.opens(TicketKind.COMPLAINT, question="轮渡晚点没人管")
    await front.office.opens(question="泊位一个月要多少钱？", chat=Address("telegram", "1002"))
    assert await numbers(browser) == [1, 2]
    await front.office.desk.claim(first.id, WANG)
    await front.office.desk.ask(
        first.id, WANG, "哪一班？"
    )  # nothing is due until there is an answer
    assert await numbers(browser) == [2, 1]
    front.later(days=60)
    late = await (await front.browser()).sign_in("wang")
    assert late.text.count("overdue for") == 1


async def test_mine_are_those_that_i_hold_wherever_i_took_them(front: Front) -> None:
    browser = await front.enrolled("wang")
    first = await front.office.opens()
    await front.office.opens(question="泊位一个月要多少钱？", chat=Address("telegram", "1002"))
    await front.office.desk.claim(first.id, WANG)  # on Telegram
    assert await numbers(browser, "/console?view=mine") == [first.id]


async def test_each_view_says_how_many_it_has(front: Front) -> None:
    browser = await front.enrolled("wang")
    await opened(front.office, department="harbour")
    await opened(front.office, chat="1002")
    await front.office.desk.claim(2, WANG)
    text = (await browser.get("/console")).text
    assert re.findall(r'class="count">(\d+)<', text)[:3] == ["2", "1", "1"]


async def test_filters_by_state_and_kind(front: Front) -> None:
    browser = await front.enrolled("wang")
    done = await front.office.opens()
    await front.office.desk.close(done.id, WANG, "重复")
    other = await front.office.opens(TicketKind.COMPLAINT, chat=Address("telegram", "1002"))
    assert await numbers(browser) == [other.id]
    assert await numbers(browser, "/console?state=archived") == [done.id]
    assert await numbers(browser, "/console?kind=suggestion") == []
    assert await numbers(browser, "/console?state=nonsense&kind=x&page=9e9&view=") == [other.id]


async def test_filters_by_language_words_and_lateness(front: Front) -> None:
    browser = await front.enrolled("wang")
    await opened(front.office, "Where do I moor a Yacht?")
    await opened(front.office, "泊位一个月要多少钱？", chat="1002", language=Lang.ZH_HANS)
    assert await numbers(browser, "/console?language=zh-Hans") == [2]
    assert await numbers(browser, "/console?words=yacht") == [1]
    assert await numbers(browser, "/console?words=2") == [2], "a number"
    assert await numbers(browser, "/console?late=1") == []
    front.later(days=30)
    await browser.sign_in("wang")
    assert await numbers(browser, "/console?late=1&words=泊位") == [2]


async def test_pages_of_fifty(front: Front) -> None:
    browser = await front.enrolled("wang")
    for number in range(52):
        await front.office.opens(
            question=f"第{number}个问题", chat=Address("telegram", f"{number}")
        )
    assert len(await numbers(browser)) == 50
    assert await numbers(browser, "/console?page=2") == [51, 52]
    assert await numbers(browser, "/console?page=999") == [51, 52]


async def test_a_view_is_kept_under_a_name_for_its_owner_alone(front: Front) -> None:
    wang, zhao = await front.enrolled("wang"), await front.enrolled("zhao")
    await opened(front.office, "Where do I moor a Yacht?")
    await wang.get("/console?words=yacht")
    page = await wang.post("/console/views", name="船", query="words=yacht&nonsense=1")
    assert (page.path, page.words) == ("/console?words=yacht", "Kept as 船.")
    page = await wang.post("/console/views", name="船", query="words=boat&late=1")
    assert page.text.count(">船</a>") == 1
    assert 'href="/console?late=1&amp;words=boat"' in page.text
    page = await zhao.get("/console")
    assert "船" not in page.text
    assert (await zhao.post("/console/views/drop", number="1")).status == 404
    await wang.get("/console")
    page = await wang.post("/console/views/drop", number="1")
    assert page.words == "船 is not kept any more."
    assert ">船</a>" not in page.text


async def test_a_view_needs_a_name(front: Front) -> None:
    wang = await front.enrolled("wang")
    page = await wang.post("/console/views", name="  ", query="")
    assert page.words.startswith("A view needs a name")


async def test_a_script_gets_the_table_alone_and_each_view_is_noted_now_and_then(
    front: Front,
) -> None:
    """Not a line for each refresh, and no table of whose words the log knows nothing."""
    browser = await front.enrolled("wang")
    await opened(front.office)
    await browser.get("/console")
    before = len(await front.log())
    page = await browser.get("/console?part=table")
    assert shown(page) == [1]
    assert "<h1" not in page.text
    assert len(await front.log()) == before
    for _ in range(2):
        await browser.get("/console?part=table&view=mine")
    assert [one.text for one in (await front.log())[before:]] == ["queue (mine, page 1)"]
    front.later(minutes=16)
    await browser.get("/console?part=table")
    assert (await front.log())[-1].text == "queue (all, page 1)"


async def test_what_a_page_fetches_by_itself_keeps_no_session_open(front: Front) -> None:
    wang = await front.enrolled("wang")
    by_itself, seen = {"Sec-Fetch-Dest": "empty"}, []
    for _ in range(4):
        front.later(minutes=10)
        url = f"{front.url}/console?part=table"
        async with wang.http.get(url, headers=by_itself, allow_redirects=False) as response:
            seen.append(response.status)
    assert seen == [200, 200, 303, 303], "after half an hour in which nobody was there"


async def test_a_question_is_shown_as_text(front: Front) -> None:
    browser = await front.enrolled("wang")
    await front.office.opens(question="<img src=x onerror=alert(1)>")
    text = (await browser.get("/console")).text
    assert "&lt;img src=x onerror=alert(1)&gt;" in text
    assert "<img src=x" not in text
