"""The page of a ticket: what it shows, and what its forms do."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest

from bot.desk.canned import Canned
from bot.desk.roster import Department, Member, Role, Roster
from bot.desk.tickets import Evidence, State, TicketKind
from knowledge.types import Lang
from tests.unit.desk.office import CHAT, WANG
from tests.web.console.cases import LEAD, LI, deeds, left, opened, similar, version, written
from tests.web.console.harness import Front, Page, front_of

REPLY = "养狗要办养犬登记证，登记费每年30元。"
ROSTER = Roster(
    {
        "dogs": Department(
            key="dogs",
            name="养犬科",
            members=(
                Member(id="telegram:1", name="王芳", also=("web:wang",)),
                Member(id="web:li", name="李雷", roles=frozenset({Role.AGENT, Role.REVIEWER})),
                Member(id="web:zhao", name="赵敏", roles=frozenset({Role.SUPERVISOR})),
            ),
        ),
        "port": Department(
            key="port", name="港务科", members=(Member(id="web:sun", name="孙权"),)
        ),
    },
    (Member(id="web:han", name="韩梅", roles=frozenset({Role.MAINTAINER})),),
)


@pytest.fixture
async def front() -> AsyncIterator[Front]:
    async with front_of(ROSTER) as opened:
        yield opened


async def test_a_ticket_is_claimed_and_answered(front: Front) -> None:
    ticket = await opened(front.office)
    wang = await front.enrolled("wang")
    await wang.get("/console/tickets/1")
    page = await wang.post("/console/tickets/1/claim")
    assert page.words == "No. 1 is yours now."
    page = await wang.post("/console/tickets/1/reply", text=REPLY, version=version(page))
    assert (page.path, page.words) == ("/console/tickets/1", "No. 1: reply sent.")
    assert (await front.office.ticket(ticket.id)).reply == REPLY
    [told] = [one for one in await front.office.told(CHAT) if REPLY in one]
    assert "No. 1" in told


async def test_the_conversation_is_what_passed_between_citizen_and_staff(front: Front) -> None:
    ticket = await opened(front.office, evidence=Evidence(leads=(LEAD,)))
    desk = front.office.desk
    await desk.claim(ticket.id, WANG)
    await desk.ask(ticket.id, WANG, "是大型犬吗？")
    async with front.store.begin() as work:
        await desk.follow_up(work, ticket.id, "是金毛。")
    await desk.triage(ticket.id, WANG, "dogs", "内部说明")
    page = await (await front.enrolled("wang")).get("/console/tickets/1")
    talk = page.text[page.text.index('class="turns"') : page.text.index("</ol>")]
    said = re.findall(r'class="said">(.*?)</p>', talk, re.DOTALL)
    assert said == ["养狗要办什么证？", "是大型犬吗？", "是金毛。"]
    assert "内部说明" in page.text, "the history has it"


async def test_what_the_state_or_the_role_forbids_is_not_offered(front: Front) -> None:
    await opened(front.office, department="dogs")
    wang, zhao = await front.enrolled("wang"), await front.enrolled("zhao")
    han = await front.enrolled("han")
    assert (await han.post("/console/tickets/1/claim")).status == 403
    assert deeds(await wang.get("/console/tickets/1")) == {
        "claim", "transfer", "return", "merge", "close",
    }  # fmt: skip
    page = await wang.post("/console/tickets/1/claim")
    assert deeds(page) == {
        "release", "reply", "ask", "insert", "transfer", "return", "consult", "merge", "close",
    }  # fmt: skip
    assert deeds(await zhao.get("/console/tickets/1")) == {"take-over"}
    assert (await han.get("/console/tickets/1")).status == 403


async def test_who_was_faster_is_named_and_what_was_typed_stays(front: Front) -> None:
    await opened(front.office)
    wang, zhao = await front.enrolled("wang"), await front.enrolled("zhao")
    await wang.get("/console/tickets/1")
    before = await wang.post("/console/tickets/1/claim")
    await zhao.get("/console/tickets/1")
    page = await zhao.post("/console/tickets/1/take-over", why="休假", version=version(before))
    assert page.words == "No. 1 is yours now."
    late = await wang.post("/console/tickets/1/reply", text=REPLY, version=version(before))
    assert late.status == 409
    assert "赵敏 took it over" in late.words
    assert left(late) == [REPLY]
    assert (await front.office.ticket(1)).reply is None


async def test_what_was_typed_for_a_deed_that_goes_no_more_can_be_copied(front: Front) -> None:
    await opened(front.office, department="dogs")
    wang = await front.enrolled("wang")
    await wang.get("/console/tickets/1")
    before = version(await wang.post("/console/tickets/1/claim"))
    for deed, field in (("reply", "text"), ("transfer", "why"), ("consult", "question")):
        page = await wang.send(f"/console/tickets/1/{deed}", {field: "还差户口本", "version": "1"})
        assert left(page) == [], "its form is there, and has it"
        assert ">还差户口本</textarea>" in page.text
    await wang.post("/console/tickets/1/close", why="已解决", version=before)
    for deed, field in (("ask", "text"), ("transfer", "why"), ("consult", "question")):
        page = await wang.send(
            f"/console/tickets/1/{deed}", {field: "还差户口本", "version": before}
        )
        assert (page.status, left(page)) == (409, ["还差户口本"])


async def test_a_page_names_what_it_received_once_and_only_what_went_through(front: Front) -> None:
    """By that a browser knows which of its drafts may go."""
    await opened(front.office)
    wang = await front.enrolled("wang")
    await wang.get("/console/tickets/1")
    before = version(await wang.post("/console/tickets/1/claim", draft=""))
    refused = await wang.post("/console/tickets/1/reply", text="", version=before, draft="a1")
    assert received(refused) == ""
    page = await wang.post("/console/tickets/1/reply", text=REPLY, version=before, draft="a1")
    assert received(page) == "a1"
    assert received(await wang.get("/console/tickets/1")) == ""


def received(page: Page) -> str:
    found = re.search(r'data-received="([^"]*)"', page.text)
    assert found is not None
    return found[1]


async def test_a_reply_waits_where_the_citizen_wrote_meanwhile(front: Front) -> None:
    await opened(front.office)
    wang = await front.enrolled("wang")
    await wang.get("/console/tickets/1")
    before = await wang.post("/console/tickets/1/claim")
    async with front.store.begin() as work:
        await front.office.desk.follow_up(work, 1, "不是狗，是猫。")
    late = await wang.post("/console/tickets/1/reply", text=REPLY, version=version(before))
    assert (late.status, written(late)) == (409, REPLY)
    assert "Citizen wrote again" in late.words
    page = await wang.post("/console/tickets/1/reply", text=REPLY, version=version(late))
    assert page.words == "No. 1: reply sent."


async def test_a_reply_that_is_sent_twice_goes_out_once(front: Front) -> None:
    await opened(front.office)
    wang = await front.enrolled("wang")
    await wang.get("/console/tickets/1")
    before = await wang.post("/console/tickets/1/claim")
    for _ in range(2):
        page = await wang.post("/console/tickets/1/reply", text=REPLY, version=version(before))
        assert page.words == "No. 1: reply sent."
    assert len([one for one in await front.office.told(CHAT) if REPLY in one]) == 1


async def test_the_second_of_two_claims_is_told_who_has_it(front: Front) -> None:
    await opened(front.office)
    wang, li = await front.enrolled("wang"), await front.enrolled("li")
    for one in (wang, li):
        await one.get("/console/tickets/1")
    await wang.post("/console/tickets/1/claim")
    page = await li.post("/console/tickets/1/claim")
    assert (page.status, page.words) == (409, "No. 1 is held by 王芳.")


async def test_a_refused_form_keeps_what_was_typed(front: Front) -> None:
    await opened(front.office, department="dogs")
    wang = await front.enrolled("wang")
    page = await wang.get("/console/tickets/1")
    page = await wang.post("/console/tickets/1/merge", into="77", version=version(page))
    assert (page.status, page.words) == (404, "There is no No. 77.")
    assert 'name="into" inputmode="numeric" required value="77"' in page.text


async def test_transfer_consult_and_advise(front: Front) -> None:
    await opened(front.office, department="dogs")
    wang, sun = await front.enrolled("wang"), await front.enrolled("sun")
    await wang.get("/console/tickets/1")
    page = await wang.post("/console/tickets/1/claim")
    page = await wang.send(
        "/console/tickets/1/consult",
        {"department-port": "on", "question": "船上能带狗吗？", "version": version(page)},
    )
    assert "港务科" in page.text
    assert (await front.office.ticket(1)).state is State.CONSULTING
    owed = await sun.get("/console/consultations")
    assert "船上能带狗吗？" in owed.text
    page = await sun.post("/console/tickets/1/advise", number="1", text="可以，要牵绳。")
    assert page.words == "Consultation 1 is answered."
    page = await wang.get("/console/tickets/1")
    page = await wang.send("/console/tickets/1/insert", {"from": "draft", "text": "您好。"})
    assert written(page).startswith("您好。")
    assert "可以，要牵绳。" in written(page)
    page = await wang.post(
        "/console/tickets/1/transfer", department="port", why="归港务", version=version(page)
    )
    assert page.words == "No. 1 is with 港务科 now."


async def test_a_sensitive_reply_goes_out_by_another_person(front: Front) -> None:
    await opened(front.office, evidence=Evidence(leads=(LEAD,)), sensitive=True)
    wang, li = await front.enrolled("wang"), await front.enrolled("li")
    await wang.get("/console/tickets/1")
    page = await wang.post("/console/tickets/1/claim")
    draft = "养犬应当办理养犬登记证，登记费每年50元。"
    page = await wang.post("/console/tickets/1/reply", text=draft, version=version(page))
    assert "approve" not in deeds(page), "not by who wrote it"
    assert draft in (await li.get("/console/reviews")).text
    page = await li.get("/console/tickets/1")
    assert "<strong>养犬应当办理养犬登记证，登记费每年</strong>50元。" in page.text
    assert "In no passage that was found: 50元" in page.text
    page = await li.post(
        "/console/tickets/1/reject", number="1", why="三十元", version=version(page)
    )
    assert page.words == "No. 1: the draft is sent back."
    page = await wang.get("/console/tickets/1")
    assert "李雷 sends the draft back: 三十元" in page.text
    assert written(page) == draft
    page = await wang.post("/console/tickets/1/reply", text=REPLY, version=version(page))
    page = await li.get("/console/tickets/1")
    page = await li.post("/console/tickets/1/approve", number="2", version=version(page))
    assert page.words == "No. 1: reply sent."
    assert (await front.office.ticket(1)).reply == REPLY


async def test_a_reply_of_before_and_a_canned_one_are_inserted(front: Front) -> None:
    past = await opened(front.office, chat="1002")
    await front.office.desk.claim(past.id, LI)
    past = await front.office.desk.reply(past.id, LI, "以前的答复")
    await opened(front.office, evidence=Evidence(similar=(similar(past),)))
    wang = await front.enrolled("wang")
    canned = Canned(name="hello", language=Lang.EN, text="{greeting} No. {number}")
    await front.console.services.canned.add(canned, WANG)
    await wang.get("/console/tickets/2")
    page = await wang.post("/console/tickets/2/claim")
    assert "以前的答复" in page.text
    page = await wang.send("/console/tickets/2/insert", {"from": "ticket 1", "text": ""})
    assert written(page) == "以前的答复"
    page = await wang.send(
        "/console/tickets/2/insert", {"from": "canned", "canned": "hello", "text": "A"}
    )
    assert written(page) == "A\n\nHello, No. 2"
    page = await wang.send("/console/tickets/2/insert", {"from": "passage 9", "text": "A"})
    assert (page.status, written(page)) == (409, "A")


async def test_a_passage_that_does_not_hold_any_more_is_not_offered(front: Front) -> None:
    await opened(front.office, evidence=Evidence(leads=(LEAD,)))
    wang = await front.enrolled("wang")
    await wang.get("/console/tickets/1")
    page = await wang.post("/console/tickets/1/claim")
    assert "changed or not in force any more" in page.text
    assert "use" not in deeds(page)


async def test_what_is_closed_is_opened_again_with_a_reason(front: Front) -> None:
    await opened(front.office)
    wang = await front.enrolled("wang")
    page = await wang.get("/console/tickets/1")
    page = await wang.post("/console/tickets/1/close", why="误点", version=version(page))
    assert page.words == "No. 1 is closed."
    assert deeds(page) == {"reopen"}
    page = await wang.post("/console/tickets/1/reopen", why="还要答复", version=version(page))
    assert page.words == "No. 1 is yours now."


async def test_a_duplicate_is_merged(front: Front) -> None:
    other = await opened(front.office, chat="1002")
    await opened(front.office, evidence=Evidence(duplicate=other.id))
    wang = await front.enrolled("wang")
    page = await wang.get("/console/tickets/2")
    assert "Asked twice?" in page.text
    page = await wang.post("/console/tickets/2/merge", into="1", version=version(page))
    assert page.words == "No. 2 is merged into No. 1."


async def test_overdue_is_said_in_words(front: Front) -> None:
    await opened(front.office)
    wang = await front.enrolled("wang")
    assert "due tomorrow" in (await wang.get("/console/tickets/1")).text
    front.later(days=30)
    await wang.sign_in("wang")
    assert "overdue for" in (await wang.get("/console/tickets/1")).text


async def test_a_request_for_information_leads_to_its_own_page(front: Front) -> None:
    await opened(front.office, kind=TicketKind.DISCLOSURE)
    page = await (await front.enrolled("wang")).get("/console/tickets/1")
    assert "merge" not in deeds(page)


async def test_looking_is_written_down(front: Front) -> None:
    await opened(front.office)
    wang = await front.enrolled("wang")
    await wang.get("/console/tickets/1")
    views = [one.text for one in await front.log() if one.what == "viewed"]
    assert views[-1] == "ticket 1"


async def test_a_refused_form_is_a_look_too(front: Front) -> None:
    await opened(front.office)
    wang = await front.enrolled("wang")
    await wang.get("/console/account")
    page = await wang.post("/console/tickets/1/reply", text="好", version="0")
    assert "养狗要办什么证？" in page.text
    page = await wang.post("/console/tickets/1/approve", number="9", version="1")
    assert "养狗要办什么证？" in page.text
    page = await wang.post("/console/tickets/1/insert", text="好")
    assert "养狗要办什么证？" in page.text
    headers = {"Origin": front.url, "Accept": "text/plain"}
    fields = {"token": wang.token, "from": "draft"}
    url = f"{front.url}/console/tickets/1/insert"
    async with wang.http.post(url, data=fields, headers=headers) as response:
        assert response.content_type == "text/plain"
    views = [one.text for one in await front.log() if one.what == "viewed"]
    assert views[-4:] == ["ticket 1"] * 4
    assert views.count("ticket 1") == 4


async def test_who_only_keeps_documents_reads_no_ticket(front: Front) -> None:
    await opened(front.office)
    han = await front.enrolled("han")
    for path in ("/tickets/1", "/requests", "/requests/1", "/events", "/concerns", "/tasks"):
        assert (await han.get(f"/console{path}")).status == 403, path
    for path in ("/tickets/1/insert", "/tickets/1/claim", "/views", "/bulk"):
        assert (await han.post(f"/console{path}")).status == 403, path
    for path in ("/publishing", "/dashboards", "/reports", "/roster"):
        assert (await han.get(f"/console{path}")).status == 200, path
    for first in ("/console", "/console?part=table"):
        page = await han.get(first)
        assert page.path == "/console/publishing"
        assert "养狗要办什么证？" not in page.text
        assert 'href="/console">Queue' not in page.text


async def test_who_keeps_documents_and_answers_too_reads_tickets() -> None:
    both = Member(id="web:han", name="韩梅", roles=frozenset({Role.MAINTAINER, Role.REVIEWER}))
    async with front_of(Roster(ROSTER.departments, (both,))) as front:
        await opened(front.office)
        han = await front.enrolled("han")
        for path in ("", "/tickets/1", "/requests", "/dashboards"):
            page = await han.get(f"/console{path}")
            assert (page.status, page.path) == (200, f"/console{path}")


async def test_there_is_no_such_ticket(front: Front) -> None:
    wang = await front.enrolled("wang")
    for number in ("7", "99999999999999999999", "x"):
        assert (await wang.get(f"/console/tickets/{number}")).status == 404
    await opened(front.office)
    assert (await wang.post("/console/tickets/1/nonsense")).status == 404


async def test_what_people_write_is_shown_as_text(front: Front) -> None:
    evil = "<img src=x onerror=alert(1)>"
    await opened(front.office, evil)
    await front.office.desk.claim(1, WANG)
    await front.office.desk.ask(1, WANG, evil)
    page = await (await front.enrolled("wang")).get("/console/tickets/1")
    assert page.text.count("&lt;img src=x onerror=alert(1)&gt;") >= 3
    assert "<img src=x" not in page.text


async def test_canned_replies_are_kept_changed_and_removed(front: Front) -> None:
    wang = await front.enrolled("wang")
    await wang.get("/console/canned")
    fields = {"name": "受理", "language": "zh-Hans", "department": "dogs"}
    page = await wang.send("/console/canned", {**fields, "text": "{nobody}您好"})
    assert (page.status, "{nobody}您好" in page.text) == (409, True)
    page = await wang.send("/console/canned", {**fields, "text": "{greeting}已受理。"})
    assert page.words == "Kept as 受理."
    page = await wang.get("/console/canned?edit=1")
    assert ">{greeting}已受理。</textarea>" in page.text
    page = await wang.post("/console/canned/remove", number="1")
    assert page.words == "受理 is not kept any more."
