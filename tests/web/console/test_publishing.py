"""Answers for everybody in the console: worded, checked, proposed, and let out by another."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.desk.publishing.preparing import Proposal
from bot.desk.publishing.publication import Stage
from bot.desk.tickets import Agent
from knowledge.types import Disclosure
from tests.unit.desk.press import GOOD, REPLY, Press
from tests.web.console.harness import Page
from tests.web.console.staffed import SAFE, Staffed, publishing

WANG = Agent("telegram:1", "王芳")
FU = Agent("web:fu", "傅强")
QUOTING = "养犬人应当携带本人身份证和犬只免疫证明，到住所地派出所办理登记。"
QUESTION = "办理养犬登记要带哪些材料？"
QUOTED = Proposal(
    question=QUESTION, answer=QUOTING, passages=("dogs#1",), disclosure=Disclosure.OPEN
)


@pytest.fixture
async def at(tmp_path: Path) -> AsyncIterator[tuple[Staffed, Press]]:
    async with publishing(tmp_path) as opened:
        yield opened


async def proposed(press: Press) -> int:
    ticket = await press.replied(reply=QUOTING)
    return (await press.publishing.propose(ticket.id, WANG, GOOD)).id


def version(page: Page) -> str:
    return page.text.split('name="version" value="')[1].split('"')[0]


async def test_an_answer_is_worded_checked_and_proposed(at: tuple[Staffed, Press]) -> None:
    staffed, press = at
    ticket = await press.replied(reply=QUOTING)
    path = f"/console/publishing/tickets/{ticket.id}"
    page = await staffed.wang.get(path)
    assert f"<strong>{QUOTING}</strong>" in page.text
    assert 'name="cite-1" value="yes" checked' in page.text
    fields: dict[str, Any] = {"version": version(page), "question": QUESTION, "answer": REPLY}
    checked = await staffed.wang.post(f"{path}/check", **fields)
    assert "This stops it:" in checked.text  # nothing is cited
    assert f">{QUESTION}</textarea>" in checked.text
    fields = {**fields, "version": version(checked), "cite-1": "yes"}
    refused = await staffed.wang.post(f"{path}/propose", **{**fields, "answer": "好的。"})
    assert refused.status == 409
    assert ">好的。</textarea>" in refused.text
    fields["version"] = version(refused)
    done = await staffed.wang.post(f"{path}/propose", **fields)
    assert done.path == "/console/publishing/1"
    assert (await press.publishing.get(1)).question == QUESTION
    assert (await staffed.wang.get(path)).path == "/console/publishing/1"


async def test_what_a_colleague_worded_meanwhile_is_not_overwritten_unseen(
    at: tuple[Staffed, Press],
) -> None:
    staffed, press = at
    ticket = await press.replied(reply=QUOTING)
    path = f"/console/publishing/tickets/{ticket.id}"
    old = version(await staffed.wang.get(path))
    liu = await staffed.person("liu")
    seen = version(await liu.get(path))
    await liu.post(f"{path}/check", version=seen, question=QUESTION, answer=REPLY)
    late = await staffed.wang.post(
        f"{path}/propose", version=old, question="另一个问题？", answer=REPLY
    )
    assert "changed meanwhile" in late.words
    assert ">另一个问题？</textarea>" in late.text
    assert await press.publishing.all() == []


async def test_what_was_typed_is_not_lost_where_nothing_can_be_proposed_any_more(
    at: tuple[Staffed, Press],
) -> None:
    staffed, press = at
    ticket = await press.replied(reply=QUOTING)
    path = f"/console/publishing/tickets/{ticket.id}"
    seen = version(await staffed.wang.get(path))
    fields: dict[str, Any] = {"version": seen, "question": QUESTION, "answer": QUOTING}
    fields["cite-1"] = "yes"
    done = await staffed.wang.post(f"{path}/propose", **fields)
    assert done.path == "/console/publishing/1"
    late = await staffed.wang.post(
        f"{path}/propose", version=seen, question="另一个问题？", answer="另一个答复。"
    )
    assert late.status == 409
    assert ">另一个问题？</textarea>" in late.text
    assert ">另一个答复。</textarea>" in late.text


async def test_another_person_lets_it_out_or_says_why_not(at: tuple[Staffed, Press]) -> None:
    staffed, press = at
    path = f"/console/publishing/{await proposed(press)}"
    own = await staffed.wang.get(path)
    assert "Another person must approve it." in own.text
    assert (await staffed.wang.post(f"{path}/approve", version="1")).status == 403
    fu = await staffed.person("fu")
    listed = await fu.get("/console/publishing")
    assert f'href="{path}"' in listed.text
    page = await fu.get(path)
    assert "Approve</button>" in page.text
    assert 'href="/documents/dogs?quote=' in page.text
    assert (await fu.post(f"{path}/refuse", why=" ")).status == 409
    stale = await fu.post(f"{path}/approve", version="99")
    assert "changed meanwhile" in stale.words
    await fu.post(f"{path}/approve", version=version(page))
    assert (await press.publishing.get(1)).stage is Stage.APPROVED
    assert press.files() == ["answer-1-1.md"]


async def test_a_refused_form_is_a_look_too(at: tuple[Staffed, Press]) -> None:
    staffed, press = at
    number = await proposed(press)
    fu = await staffed.person("fu")
    await fu.get("/console/account")
    assert QUOTING in (await fu.post(f"/console/publishing/{number}/refuse", why=" ")).text
    ticket = await press.replied(reply=REPLY)
    await staffed.wang.get("/console/account")
    path = f"/console/publishing/tickets/{ticket.id}"
    await staffed.wang.post(f"{path}/check", version="9", question=QUESTION, answer="好的。")
    assert (await staffed.viewed())[-2:] == [f"publication {number}", f"ticket {ticket.id}"]


async def test_what_is_refused_is_worded_anew(at: tuple[Staffed, Press]) -> None:
    staffed, press = at
    path = f"/console/publishing/{await proposed(press)}"
    fu = await staffed.person("fu")
    await fu.get(path)
    await fu.post(f"{path}/refuse", why="请写明派出所")
    page = await staffed.wang.get(path)
    assert "请写明派出所" in page.text
    assert 'href="/console/publishing/tickets/1"' in page.text
    assert f'href="{path}"' in (await staffed.wang.get("/console/publishing?view=back")).text


async def test_what_is_out_has_its_figures_and_what_changed_is_shown(
    at: tuple[Staffed, Press],
) -> None:
    staffed, press = at
    one = await press.approved(FU, QUOTED)
    await press.builds()
    await press.keeper.step()
    listed = await staffed.wang.get("/console/publishing?view=out")
    assert f'href="/console/publishing/{one.id}"' in listed.text
    assert "given to everybody" in listed.text
    press.change("犬只免疫证明", "犬只检疫证明")
    await press.builds()
    await press.keeper.step()
    text = (await staffed.wang.get(f"/console/publishing/{one.id}")).text
    assert "not given any more" in text
    assert "<del>" in text
    assert "Word it anew" in text
    fu = await staffed.person("fu")
    await fu.get(f"/console/publishing/{one.id}")
    await fu.post(f"/console/publishing/{one.id}/drop", why="办法已改")
    assert (await press.publishing.get(one.id)).stage is Stage.DROPPED


async def test_what_staff_typed_is_text(at: tuple[Staffed, Press]) -> None:
    staffed, press = at
    ticket = await press.replied(reply=QUOTING)
    path = f"/console/publishing/tickets/{ticket.id}"
    page = await staffed.wang.get(path)
    text = (
        await staffed.wang.post(
            f"{path}/check",
            version=version(page),
            question="<img src=x onerror=alert(1)>",
            answer="</textarea><script>alert(1)</script> " * 3,
        )
    ).text
    assert SAFE in text
    assert "<img src=x" not in text
    assert "<script>alert" not in text


async def test_a_ticket_without_a_reply_has_nothing_to_publish(
    at: tuple[Staffed, Press],
) -> None:
    staffed, press = at
    ticket = await press.opens()
    page = await staffed.wang.get(f"/console/publishing/tickets/{ticket.id}")
    assert (page.status, "has no reply yet" in page.words) == (409, True)
    assert (await staffed.wang.get("/console/publishing/tickets/99")).status == 404
    assert (await staffed.wang.get("/console/publishing/99")).status == 404
