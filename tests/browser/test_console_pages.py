"""The registers of the console in a real browser: for anybody, on a desk, on a phone, in the dark."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from bot.desk.concerns.concern import Course
from bot.desk.disclosure.handling import Disclosures
from bot.desk.disclosure.letter import Decision, Sender
from bot.desk.disclosure.results import Result
from bot.desk.lookback.task import Evidence, Verdict
from bot.desk.publishing.preparing import Proposal
from bot.desk.tickets import Agent
from knowledge.types import Disclosure
from tests.browser.eyes import PHONE, Eyes, barriers, is_wider_than_its_window, picture
from tests.unit.desk.press import Press
from tests.unit.desk.requests import filed
from tests.web.console.staffed import Staffed, publishing

pytestmark = pytest.mark.slow

WANG: Final = Agent("telegram:1", "王芳")
FU: Final = Agent("web:fu", "傅强")
QUOTING: Final = "养犬人应当携带本人身份证和犬只免疫证明，到住所地派出所办理登记。"
QUOTED: Final = Proposal(
    question="办理养犬登记要带哪些材料？",
    answer=QUOTING,
    passages=("dogs#1",),
    disclosure=Disclosure.OPEN,
)
AFTER_A_RETRY_MS: Final = 6000  # RETRY_MS of console-live.js, and a little more
PAGES: Final = {
    "concerns": "concerns?view=all",
    "concern": "concerns/1",
    "tasks": "tasks?state=all",
    "task": "tasks/1",
    "publishing": "publishing?view=back",
    "withdrawn": "publishing/1",
    "waits": "publishing/2",
    "wording": "publishing/tickets/3",
    "requests": "requests?part=all",
    "request": "requests/4",
    "answered": "requests/5",
    "letter": "requests/4/letter",
    "letter-words": "requests/4/letter?result=partly&ground=third-party",
    "annual": "requests/annual",
    "reports": "reports?agents=yes",
    "roster": "roster",
    "audit": "audit",
    "verification": "audit/verification",
}


@dataclass(frozen=True)
class Bureau:
    staffed: Staffed
    press: Press

    async def opens(self, eyes: Eyes, **options: Any) -> Page:
        """A supervisor's window."""
        page, url = await eyes.open(**options), self.staffed.front.url
        cookies = {"console": self.staffed.zhao.cookie(), "console-language": "zh-Hans"}
        await page.context.add_cookies(
            [{"name": name, "value": value, "url": url} for name, value in cookies.items()]
        )
        return page

    def url(self, path: str) -> str:
        return f"{self.staffed.front.url}/console/{path}"


@pytest_asyncio.fixture(loop_scope="session")
async def bureau(tmp_path: Path) -> AsyncIterator[Bureau]:
    async with publishing(tmp_path) as (staffed, press):
        await _fill_registers(staffed)
        await _publish(press)
        await _fill_requests(press)
        yield Bureau(staffed, press)


async def _fill_registers(staffed: Staffed) -> None:
    await staffed.concern(department="water", tickets=(1,))
    await staffed.concern(
        state=Course.ANSWERED, owner=WANG, label="轮渡几点停航？", response="dogs"
    )
    day = date(2026, 11, 1)
    seen = Evidence(where="dogs", clause="第二条", digest="1", cited=day, checked=day)
    lost = Evidence(
        where="ferries",
        digest="2",
        cited=day,
        checked=day,
        verdict=Verdict.CHANGED,
        note="it reads otherwise than when it was cited",
    )
    await staffed.task(evidence=(seen, lost), due=date(2026, 11, 20))
    await staffed.task(title="公布泊位收费标准和减免办法", done=day, evidence=(seen,))
    await staffed.task(title="修订供水应急预案", department="water", year=2027)


async def _publish(press: Press) -> None:
    """One that what it cites has changed since, one that waits, and one that is to be worded."""
    await press.approved(FU, QUOTED)
    await press.builds()
    await press.keeper.step()
    press.change("犬只免疫证明", "犬只免疫证明和近期照片")
    await press.builds()
    await press.keeper.step()
    other = Proposal(
        question="每只犬每年要交多少管理服务费？",
        answer="每只犬每年的管理服务费为120元。",
        passages=("dogs#2",),
        disclosure=Disclosure.OPEN,
    )
    ticket = await press.replied("养狗一年要交多少钱？", other.answer, chat=press.chat(2))
    await press.publishing.propose(ticket.id, WANG, other)
    await press.replied(
        "小孩坐轮渡要买票吗？", "身高不足1.3米的儿童免费乘坐。", chat=press.chat(3)
    )


async def _fill_requests(press: Press) -> None:
    service = Disclosures(press.store, press.desk, sender=Sender(bureau="澜港市市政管理局"))
    await filed(press)
    answered = await filed(press, wanted="2024年度泊位收费标准的制定依据")
    zhao = Agent("web:zhao", "赵敏")
    await service.reply(
        answered, zhao, Decision(result=Result.SECRET, text="该依据属于国家秘密。")
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", ["phone", "desk"])
async def test_nobody_is_kept_out(bureau: Bureau, eyes: Eyes, scheme: str, width: str) -> None:
    more: dict[str, Any] = {"viewport": PHONE} if width == "phone" else {}
    page = await bureau.opens(eyes, color_scheme=scheme, **more)
    kept_out = {}
    for name, path in PAGES.items():
        response = await page.goto(bureau.url(path))
        assert response is not None
        assert response.status == 200, name
        found = list(await barriers(page))
        if await is_wider_than_its_window(page):
            found.append("wider than its window")
        if found:
            kept_out[name] = found
        await picture(page, f"console-{name}-{scheme}-{width}", whole=True)
    assert kept_out == {}


async def test_a_refusal_is_told_and_what_was_typed_is_still_there(
    bureau: Bureau, eyes: Eyes
) -> None:
    page = await bureau.opens(eyes)
    await page.goto(bureau.url("concerns/1"))
    await page.get_by_label("回应期限").fill("2026-11-01")
    await page.get_by_role("button", name="我来负责").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    await expect(page.get_by_label("回应期限")).to_have_value("2026-11-01")
    assert await barriers(page) == []


async def test_an_answer_is_checked_and_proposed_by_keyboard(bureau: Bureau, eyes: Eyes) -> None:
    page = await bureau.opens(eyes)
    await page.goto(bureau.url("publishing/tickets/3"))
    await page.get_by_label("问题（通用表述）").fill("儿童乘坐轮渡要买票吗？")
    await page.locator("#cite-1").press("Space")
    await page.get_by_role("button", name="检查").press("Enter")
    await expect(page.get_by_label("问题（通用表述）")).to_have_value("儿童乘坐轮渡要买票吗？")
    await page.get_by_role("button", name="主动公开").press("Enter")
    await page.wait_for_url("**/console/publishing/3")
    await expect(page.locator("strong")).to_contain_text("身高不足1.3米的儿童免费乘坐")


async def test_a_page_says_that_its_session_is_over_and_asks_no_more(
    bureau: Bureau, eyes: Eyes
) -> None:
    console = bureau.staffed.front.console
    console.config = replace(console.config, heartbeat_s=0.1, look_s=0.05)
    page = await bureau.opens(eyes)
    await page.goto(f"{bureau.staffed.front.url}/console")
    await expect(page.locator("#over")).to_be_hidden()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await bureau.staffed.zhao.get("/console/account")
    await bureau.staffed.zhao.post("/console/sign-out")
    await expect(page.locator("#over")).to_be_visible()
    await page.wait_for_timeout(AFTER_A_RETRY_MS)
    assert asked == []
    await page.get_by_role("link", name="重新登录").click()
    await page.wait_for_url("**/console/sign-in*")


async def test_a_page_that_comes_back_after_its_session_says_so(
    bureau: Bureau, eyes: Eyes
) -> None:
    page = await bureau.opens(eyes)
    await page.route("**/console/events*", lambda route: route.fulfill(status=503))
    async with page.expect_event("requestfinished", lambda one: "/events" in one.url):
        await page.goto(bureau.url("tickets/1"))
    await bureau.staffed.zhao.get("/console/account")
    await bureau.staffed.zhao.post("/console/sign-out")
    await page.unroute("**/console/events*")
    await expect(page.locator("#over")).to_be_visible(timeout=AFTER_A_RETRY_MS * 2)
