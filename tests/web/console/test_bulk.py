"""Many tickets at once: each is done or told why not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final

import pytest

from bot.desk.tickets import Agent, State, Ticket
from bot.errors import StoreError
from tests.unit.desk.office import WANG
from tests.web.console.cases import opened, shown
from tests.web.console.harness import ROSTER, Browser, Front, Page, front_of

ZHAO: Final = Agent("web:zhao", "赵敏")


@pytest.fixture
async def front() -> AsyncIterator[Front]:
    async with front_of(ROSTER) as opened:
        yield opened


async def three(front: Front) -> None:
    for number in range(3):
        await opened(front.office, f"第{number}个问题", chat=f"{number}")


async def chosen(front: Front, browser: Browser, *numbers: int, **fields: str) -> Page:
    """The form with these tickets as the list shows them now."""
    await browser.get("/console")
    versions = {f"ticket-{one}": str((await front.office.ticket(one)).version) for one in numbers}
    return await browser.send("/console/bulk", {**versions, **fields})


async def test_each_is_done_or_told_why_not(front: Front) -> None:
    await three(front)
    await front.office.desk.claim(3, ZHAO)
    wang = await front.enrolled("wang")
    page = await chosen(front, wang, 1, 2, 3, deed="claim", back="/console?view=mine")
    assert "No. 3 is held by 赵敏." in page.text
    assert "Done: 2, not done: 1." in page.text
    assert (page.path, shown(page)) == ("/console?view=mine", [1, 2])


async def test_enter_in_a_field_does_nothing(front: Front) -> None:
    """A browser presses the first button of the form, which would claim all that is chosen."""
    wang = await front.enrolled("wang")
    form = (await wang.get("/console")).text.partition('<form id="bulk"')[2]
    assert form.partition("<button")[2].startswith(" disabled hidden>")


async def test_transfer_merge_and_close(front: Front) -> None:
    await three(front)
    wang = await front.enrolled("wang")
    page = await chosen(front, wang, 1, deed="transfer", department="harbour", why="归港务")
    assert "Done: 1, not done: 0." in page.text
    assert (await front.office.ticket(1)).department == "harbour"
    await chosen(front, wang, 1, 2, deed="merge", into="2")
    assert (await front.office.ticket(1)).merged_into == 2
    assert (await front.office.ticket(2)).state is State.OPEN, "not into itself"
    await chosen(front, wang, 2, 3, deed="close", why="重复")
    assert (await front.office.ticket(3)).state is State.ARCHIVED


async def test_what_changed_since_it_was_chosen_is_left_alone(front: Front) -> None:
    await three(front)
    wang = await front.enrolled("wang")
    await wang.get("/console")
    async with front.store.begin() as work:
        await front.office.desk.follow_up(work, 1, "还有一个问题")
    page = await wang.send(
        "/console/bulk", {"ticket-1": "1", "deed": "close", "why": "重复", "back": "/console"}
    )
    assert "No. 1 was changed meanwhile. Look again." in page.text
    assert (await front.office.ticket(1)).state is State.OPEN


async def test_what_was_done_is_told_where_the_database_fails_in_the_middle(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    await three(front)
    wang = await front.enrolled("wang")
    claim = front.office.desk.claim

    async def breaks(number: int, agent: Agent) -> Ticket:
        if number == 2:
            raise StoreError("the disk is full")
        return await claim(number, agent)

    monkeypatch.setattr(front.office.desk, "claim", breaks)
    page = await chosen(front, wang, 1, 2, 3, deed="claim", back="/console?view=mine")
    assert "Done: 1, not done: 2." in page.text
    assert "The database did not answer at No. 2." in page.text
    assert "Not begun: 3" in page.text
    assert shown(page) == [1]


@pytest.mark.parametrize("deed", ["", "reply", "nonsense"])
async def test_what_cannot_be_done_to_many_is_not_done_to_any(front: Front, deed: str) -> None:
    await three(front)
    wang = await front.enrolled("wang")
    page = await chosen(front, wang, 1, 2, deed=deed, text="x", back="https://evil.example/")
    assert (page.path, page.status) == ("/console", 200)
    assert page.words.startswith("Choose tickets first")
    assert [(await front.office.ticket(one)).holder for one in (1, 2)] == [None, None]


async def test_whoever_is_no_agent_does_nothing(front: Front) -> None:
    await three(front)
    han = await front.enrolled("han")
    page = await chosen(front, han, 1, deed="claim")
    assert page.status == 403
    await front.office.desk.claim(1, WANG)
