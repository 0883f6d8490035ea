"""Questions that were asked before: how alike they are, and what staff are told of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest
import pytest_asyncio

from bot.desk import cards
from bot.desk.similar import Asked
from bot.desk.tickets import Draft, SimilarTicket, Ticket, TicketKind
from bot.types import Address, Reason
from knowledge.types import Lang
from tests.unit.desk.office import CHAT, HERE, WANG, Office, store_of

BEN = Address("telegram", "1002")
FERRY = "轮渡停航了，已经买的票怎么退？"
FERRY_AGAIN = "轮渡停航，买的票可以退吗？"
MANY = [f"第{number}号码头{word}" for number in range(20) for word in ("几点开放？", "能停车吗？")]


def asked(*questions: str, most: int = 100) -> Asked:
    found = Asked(most)
    for number, question in enumerate(questions, 1):
        found.add(number, question)
    return found


def test_the_most_alike_comes_first() -> None:
    near = asked(*MANY, FERRY, "轮渡票多少钱？", "养狗要办什么证？").nearest(FERRY_AGAIN, limit=2)
    assert [one.number for one in near] == [41, 42]
    assert near[0].score > 0.4 > near[1].score


def test_the_same_terms_score_one() -> None:
    near = asked(*MANY, FERRY).nearest(f"  {FERRY.replace('，', ' ')}", limit=1)
    assert (near[0].number, round(near[0].score, 9)) == (41, 1.0)


def test_what_shares_nothing_is_not_found() -> None:
    assert asked(FERRY).nearest("养狗要办什么证？", limit=3) == []
    assert asked().nearest(FERRY, limit=3) == []
    assert asked(FERRY).nearest("？", limit=3) == []


def test_the_oldest_are_forgotten() -> None:
    found = asked(FERRY, "养狗要办什么证？", "轮渡几点开？", most=2)
    assert (len(found), found.last) == (2, 3)
    assert [one.number for one in found.nearest(FERRY, limit=3)] == [3]


def test_words_that_all_have_do_not_hold_a_comparison_up() -> None:
    """The rarest terms are looked up first, and what half of the questions have is left out."""
    found = asked(*(f"轮渡的第{number}件事" for number in range(9000)), FERRY, most=10_000)
    assert found.nearest(FERRY_AGAIN, limit=1)[0].number == 9001


@pytest_asyncio.fixture(params=["memory", "sqlite"])
async def office(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Office]:
    async with store_of(request.param, tmp_path) as store:
        yield Office(store)


def card(ticket: Ticket) -> str:
    page = cards.card(ticket, language=Lang.EN)
    return "".join(span.text for span in page.body)


def draft(question: str) -> Draft:
    return Draft(
        message_id=question,
        asked_from=CHAT,
        question=question,
        language=Lang.ZH_HANS,
        reason=Reason.UNSURE,
        opened=datetime(2026, 11, 23, 10, tzinfo=HERE),
    )


async def answered(office: Office, question: str, reply: str) -> Ticket:
    ticket = await office.opens(question=question)
    return await office.desk.reply(ticket.id, WANG, reply)


async def test_an_answer_to_the_like_is_told(office: Office) -> None:
    for question in MANY[:6]:
        await office.opens(question=question)
    await answered(office, FERRY, "凭票到售票处退。")
    ticket = await office.opens(question=FERRY_AGAIN)
    [similar] = ticket.evidence.similar
    assert similar == SimilarTicket(
        ticket_id=7, question=FERRY, reply="凭票到售票处退。", score=similar.score
    )
    assert (await office.ticket(ticket.id)).evidence == ticket.evidence
    assert f"Answered before:\n· No. 7 {FERRY} → 凭票到售票处退。" in card(ticket)


async def test_at_most_three_and_only_with_an_answer(office: Office) -> None:
    for number in range(4):
        await answered(office, f"{FERRY}{number}", f"答{number}")
    await office.opens(question=f"{FERRY}4")
    found = (await office.opens(question=FERRY)).evidence.similar
    assert len(found) == 3
    assert all(one.reply for one in found)


async def test_the_same_question_of_another_citizen_is_a_duplicate(office: Office) -> None:
    first = await office.opens(question=FERRY)
    own = await office.opens(question=f"{FERRY}！")
    assert own.evidence.duplicate is None
    other = await office.opens(question=FERRY, chat=BEN)
    assert other.evidence.duplicate == first.id
    assert "No. 1 asks the same and waits; merge them." in card(other)
    await office.desk.close(first.id, WANG)
    await office.desk.close(own.id, WANG)
    assert (await office.opens(question=FERRY, chat=BEN)).evidence.duplicate is None


async def test_whoever_complains_is_owed_a_reply_of_their_own(office: Office) -> None:
    await office.opens(TicketKind.COMPLAINT, question=FERRY)
    other = await office.opens(TicketKind.COMPLAINT, question=FERRY, chat=BEN)
    assert other.evidence.duplicate is None


@pytest.mark.parametrize("other", ["出租人的义务有哪些？", "轮渡停航了，已经买的票怎么改？"])
async def test_one_other_word_is_no_duplicate(office: Office, other: str) -> None:
    await office.opens(question="承租人的义务有哪些？")
    await office.opens(question=FERRY)
    assert (await office.opens(question=other, chat=BEN)).evidence.duplicate is None


async def test_the_past_is_read_in_pages_and_then_caught_up_with(office: Office) -> None:
    """Another process has opened these."""
    elsewhere = Office(office.store)
    async with office.store.begin() as work:
        for number in range(60):
            await work.tickets.open(draft(f"第{number}号码头几点开放？"))
    await answered(elsewhere, FERRY, "凭票到售票处退。")
    unread = await office.opens(question=FERRY_AGAIN)
    assert unread.evidence.similar == ()  # not while a citizen waits
    await office.desk.read_past()
    assert [one.ticket_id for one in (await office.opens(question=FERRY)).evidence.similar] == [61]
    await answered(elsewhere, "游船泊位押金怎么退？", "原路退回。")
    [similar] = (await office.opens(question="游船泊位的押金怎么退？")).evidence.similar
    assert similar.reply == "原路退回。"


async def test_a_ticket_that_was_given_up_leaves_nothing(office: Office) -> None:
    """Its number is given to the next one."""

    async def give_up() -> None:
        async with office.store.begin() as work:
            await office.desk.open(work, draft("养狗要办什么证？"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await give_up()
    first = await answered(office, FERRY, "凭票到售票处退。")
    second = await office.opens(question=FERRY_AGAIN)
    assert [one.ticket_id for one in second.evidence.similar] == [first.id] == [1]
