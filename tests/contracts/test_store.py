"""Every store must behave alike. They are in conftest.py."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from bot.desk.moves import Move, answer, apply, claim
from bot.desk.tickets import (
    Agent,
    Draft,
    Event,
    Evidence,
    Lead,
    State,
    Ticket,
    TicketKind,
)
from bot.errors import TicketChanged, TicketNotFound
from bot.store.base import Accepted, Conversation, Erased, Past, Queued, Sought, Store
from bot.types import (
    Address,
    Button,
    Citation,
    Delivery,
    Input,
    Message,
    Outcome,
    Reason,
    Result,
    Span,
    Style,
)
from knowledge.types import Kind, Lang, Standing

NOON = datetime(2026, 3, 2, 12, 0, 0, 123456, tzinfo=UTC)
LATER = datetime(2026, 3, 2, 12, 5, tzinfo=UTC)
ANN = Address("telegram", "1001")
BEN = Address("telegram", "1002")
WANG = Agent("telegram:4711", "王芳")
LI = Agent("terminal:li", "李雷")
EVIDENCE = Evidence(
    leads=(
        Lead(
            passage_id="p",
            document_id="d",
            title="失业保险办法",
            address="第五条",
            quote="按月发放",
            probability=0.25,
        ),
    ),
    release="r1",
)
GREETED = Outcome(result=Result.SMALL_TALK, language=Lang.EN)


class Failed(Exception):
    """What a test raises inside a transaction."""


def asked(message_id: str, *, text: str = "失业金怎么领？", address: Address = ANN) -> Message:
    return Message(id=message_id, address=address, sender="ann", text=text, at=NOON)


def draft(message_id: str, *, address: Address = ANN) -> Draft:
    return Draft(
        message_id=message_id,
        asked_from=address,
        question="失业金怎么领？",
        language=Lang.ZH_HANS,
        reason=Reason.UNSURE,
        opened=NOON,
    )


def saying(
    text: str, *, to: Address = ANN, key: str | None = None, ticket_id: int | None = None
) -> Delivery:
    return Delivery(to=to, body=(Span(text),), key=key, ticket_id=ticket_id)


async def open_tickets(store: Store, *message_ids: str) -> list[Ticket]:
    async with store.begin() as work:
        return [await work.tickets.open(draft(message_id)) for message_id in message_ids]


async def enqueue(store: Store, *deliveries: Delivery) -> list[int]:
    async with store.begin() as work:
        return [await work.outbox.enqueue(delivery, at=NOON) for delivery in deliveries]


async def due(store: Store, at: datetime = NOON, limit: int = 50) -> list[str]:
    async with store.begin() as work:
        return [queued.delivery.plain for queued in await work.outbox.due(at=at, limit=limit)]


async def send(store: Store, queued_id: int, platform_id: str) -> None:
    async with store.begin() as work:
        await work.outbox.sent(queued_id, platform_id=platform_id, at=NOON)


# Transactions


async def write_everywhere_and_fail(store: Store, ticket: Ticket) -> None:
    async with store.begin() as work:
        accepted = await work.inbox.accept(asked("m1"))
        assert accepted is not None
        await work.inbox.finish(accepted.id, GREETED, at=NOON)
        await work.conversations.save(Conversation(address=ANN, language=Lang.KO))
        await work.tickets.save(claim(ticket, by=WANG, at=NOON))
        await work.audit.note(Event(ticket_id=ticket.id, at=NOON, who="x", what="asked"))
        await work.outbox.enqueue(saying("hello"), at=NOON)
        raise Failed


async def test_an_exception_leaves_nothing(store: Store) -> None:
    [ticket] = await open_tickets(store, "m0")
    with pytest.raises(Failed):
        await write_everywhere_and_fail(store, ticket)
    async with store.begin() as work:
        assert await work.inbox.unfinished() == []
        assert await work.conversations.get(ANN) == Conversation(address=ANN)
        assert await work.tickets.find(Sought()) == [ticket]
        assert await work.audit.of(ticket.id) == []
        assert await work.outbox.due(at=LATER) == []
        accepted = await work.inbox.accept(asked("m1"))
        assert accepted is not None
        assert await work.inbox.get(accepted.id) is None


async def test_a_cancelled_block_leaves_nothing(store: Store) -> None:
    inside = asyncio.Event()

    async def hang() -> None:
        async with store.begin() as work:
            await work.inbox.accept(asked("m1"))
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(hang())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with store.begin() as work:
        assert await work.inbox.unfinished() == []


async def test_a_transaction_sees_what_it_wrote(store: Store) -> None:
    async with store.begin() as work:
        accepted = await work.inbox.accept(asked("m1"))
        assert await work.inbox.unfinished() == [accepted]


# The ledger


FULL_MESSAGE = Message(
    id="m1",
    address=Address("web", "会话-7"),
    sender="4711",
    sender_name="王芳 🌸",
    kind=Input.ACTION,
    text='up:12 "quoted" \\ 国务院令第375号\n👨‍👩‍👧 𠮷',
    reply_to="m0",
    language="zh-Hant-TW",
    at=datetime(2026, 3, 2, 12, 0, 0, 123456, tzinfo=UTC),
)
FULL_OUTCOME = Outcome(
    result=Result.ANSWERED,
    language=Lang.ZH_HANT,
    reason=Reason.OUTDATED,
    probability=0.8125,
    citations=(
        Citation(
            document_id="si-375",
            title="工伤保险条例",
            number="国务院令第375号",
            issuer="国务院",
            address="第三章 第十四条",
            quote="职工有下列情形之一的，应当认定为工伤：",
            source="https://example.gov.cn/375.html",
            published=date(2003, 4, 27),
            kind=Kind.POLICY,
            status=Standing.SUPERSEDED,
            language=Lang.ZH_HANS,
            passage_id="si-375#14",
            successor="工伤保险条例（2010年修订）",
        ),
        Citation(
            document_id="faq-2",
            title="How do I claim?",
            number="",
            issuer="",
            address="",
            quote="In person.",
            source="faq.csv",
            published=None,
            kind=Kind.ANSWER,
            status=Standing.IN_FORCE,
            language=Lang.EN,
            passage_id="faq-2#0",
        ),
    ),
    release="2026-03-01T02-00-00Z",
)
OFFERED = replace(
    FULL_OUTCOME, result=Result.CLARIFY, citations=(), choices=FULL_OUTCOME.citations
)


@pytest.mark.parametrize("outcome", [FULL_OUTCOME, OFFERED], ids=["answered", "offered"])
async def test_a_message_and_its_outcome_come_back_whole(store: Store, outcome: Outcome) -> None:
    async with store.begin() as work:
        accepted = await work.inbox.accept(FULL_MESSAGE)
        assert accepted is not None
        assert accepted.message == FULL_MESSAGE
        assert await work.inbox.unfinished() == [Accepted(accepted.id, FULL_MESSAGE)]
        await work.inbox.finish(accepted.id, outcome, at=LATER)
    async with store.begin() as work:
        assert await work.inbox.get(accepted.id) == Past(
            id=accepted.id, message=FULL_MESSAGE, outcome=outcome
        )


@pytest.mark.parametrize("text", ["", "half a pair \ud83d", "nothing \0 at all"], ids=ascii)
async def test_any_text_can_be_accepted(store: Store, text: str) -> None:
    async with store.begin() as work:
        await work.inbox.accept(asked("m1", text=text))
    async with store.begin() as work:
        [found] = await work.inbox.unfinished()
    assert found.message == asked("m1", text=text)


async def test_a_message_is_accepted_once_in_a_channel(store: Store) -> None:
    same_id_elsewhere = asked("m1", address=Address("web", "1001"))
    async with store.begin() as work:
        assert await work.inbox.accept(asked("m1")) is not None
        assert await work.inbox.accept(asked("m1", text="other words")) is None
        assert await work.inbox.accept(asked("m1", address=BEN)) is None
        assert await work.inbox.accept(same_id_elsewhere) is not None
    async with store.begin() as work:
        assert await work.inbox.accept(asked("m1")) is None
        found = await work.inbox.unfinished()
    assert [accepted.message for accepted in found] == [asked("m1"), same_id_elsewhere]


async def test_of_20_at_once_one_is_accepted(store: Store) -> None:
    async def accept() -> Accepted | None:
        async with store.begin() as work:
            return await work.inbox.accept(asked("m1"))

    found = await asyncio.gather(*(accept() for _ in range(20)))
    assert sum(accepted is not None for accepted in found) == 1
    assert sum(accepted is None for accepted in found) == 19


async def test_unfinished_is_oldest_first(store: Store) -> None:
    async with store.begin() as work:
        ids = []
        for message_id in ("m3", "m1", "m2", "m4"):
            accepted = await work.inbox.accept(asked(message_id))
            assert accepted is not None
            ids.append(accepted.id)
        await work.inbox.finish(ids[1], GREETED, at=NOON)
    async with store.begin() as work:
        found = await work.inbox.unfinished()
    assert [accepted.message.id for accepted in found] == ["m3", "m2", "m4"]
    assert [accepted.id for accepted in found] == [ids[0], ids[2], ids[3]]


async def test_the_first_outcome_stays(store: Store) -> None:
    second = Outcome(result=Result.ERROR, language=Lang.EN, reason=Reason.FAILED)
    async with store.begin() as work:
        accepted = await work.inbox.accept(asked("m1"))
        assert accepted is not None
        await work.inbox.finish(accepted.id, GREETED, at=NOON)
    async with store.begin() as work:
        await work.inbox.finish(accepted.id, second, at=LATER)
        past = await work.inbox.get(accepted.id)
    assert past == Past(id=accepted.id, message=asked("m1"), outcome=GREETED)


async def test_only_a_finished_message_has_a_past(store: Store) -> None:
    async with store.begin() as work:
        accepted = await work.inbox.accept(asked("m1"))
        assert accepted is not None
        await work.inbox.finish(99, GREETED, at=NOON)
        assert await work.inbox.get(accepted.id) is None
        assert await work.inbox.get(99) is None


# Conversations


async def test_a_conversation_is_new_until_saved(store: Store) -> None:
    first = Conversation(
        address=ANN, language=Lang.ZH_HANT, last_question=2**53 + 1, expects="human:12"
    )
    second = Conversation(
        address=ANN,
        language=Lang.KO,
        last_question=13,
        chosen=Lang.JA,
        expects="more:7",
        expects_from="ann",
    )
    bare = Conversation(address=ANN)
    async with store.begin() as work:
        assert await work.conversations.get(ANN) == bare
        await work.conversations.save(first)
    async with store.begin() as work:
        assert await work.conversations.get(ANN) == first
        assert await work.conversations.get(BEN) == Conversation(address=BEN)
        await work.conversations.save(second)
    async with store.begin() as work:
        assert await work.conversations.get(ANN) == second
        await work.conversations.save(bare)
    async with store.begin() as work:
        assert await work.conversations.get(ANN) == bare


# Tickets


async def test_a_new_ticket(store: Store) -> None:
    wanted = Draft(
        message_id="m1",
        asked_from=ANN,
        question="生育津贴 🍼 how much?",
        language=Lang.ZH_HANT,
        reason=Reason.NOTHING_FOUND,
        evidence=EVIDENCE,
        opened=NOON,
    )
    async with store.begin() as work:
        ticket = await work.tickets.open(wanted)
    expected = Ticket(
        id=ticket.id,
        version=1,
        state=State.OPEN,
        message_id="m1",
        asked_from=ANN,
        question="生育津贴 🍼 how much?",
        language=Lang.ZH_HANT,
        reason=Reason.NOTHING_FOUND,
        evidence=EVIDENCE,
        opened=NOON,
        changed=NOON,
        holder=None,
        reply=None,
    )
    assert ticket == expected
    async with store.begin() as work:
        assert await work.tickets.get(ticket.id) == expected


async def test_a_message_opens_one_ticket(store: Store) -> None:
    [first] = await open_tickets(store, "m1")
    async with store.begin() as work:
        claimed = await work.tickets.save(claim(first, by=WANG, at=LATER))
    async with store.begin() as work:
        assert await work.tickets.open(replace(draft("m1"), question="again")) == claimed
        assert await work.tickets.find(Sought()) == [claimed]
        elsewhere = await work.tickets.open(draft("m1", address=Address("web", "1001")))
    assert elsewhere.id != first.id


async def test_a_saved_ticket_comes_back_whole(store: Store) -> None:
    [ticket] = await open_tickets(store, "m1")
    changed = replace(
        ticket,
        state=State.ANSWERED,
        question="changed question",
        language=Lang.KO,
        reason=Reason.ASKED_FOR_PERSON,
        evidence=Evidence(text="changed"),
        changed=LATER,
        holder=WANG,
        reply="请带身份证。",
    )
    async with store.begin() as work:
        saved = await work.tickets.save(changed)
        assert saved == replace(changed, version=2)
    async with store.begin() as work:
        assert await work.tickets.get(ticket.id) == saved
        closed = await work.tickets.save(apply(saved, Move.CLOSE, by=WANG, at=LATER))
        assert (closed.version, closed.state, closed.holder) == (3, State.ARCHIVED, None)
        assert await work.tickets.get(ticket.id) == closed


async def test_a_stale_ticket_is_refused(store: Store) -> None:
    [ticket] = await open_tickets(store, "m1")
    async with store.begin() as work:
        saved = await work.tickets.save(claim(ticket, by=WANG, at=LATER))
    with pytest.raises(TicketChanged) as refused:
        async with store.begin() as work:
            await work.tickets.save(claim(ticket, by=LI, at=LATER))
    assert refused.value.values == {"id": ticket.id}
    with pytest.raises(TicketChanged):
        async with store.begin() as work:
            await work.tickets.save(replace(saved, version=3))  # one that was rolled back
    async with store.begin() as work:
        assert await work.tickets.get(ticket.id) == saved


async def test_of_two_claims_at_once_one_wins(store: Store) -> None:
    [ticket] = await open_tickets(store, "m1")

    async def take(agent: Agent) -> Ticket | TicketChanged:
        try:
            async with store.begin() as work:
                return await work.tickets.save(claim(ticket, by=agent, at=LATER))
        except TicketChanged as error:
            return error

    found = await asyncio.gather(take(WANG), take(LI))
    [winner] = [ticket for ticket in found if isinstance(ticket, Ticket)]
    async with store.begin() as work:
        assert await work.tickets.get(ticket.id) == winner


async def test_unknown_tickets(store: Store) -> None:
    [ticket] = await open_tickets(store, "m1")
    async with store.begin() as work:
        with pytest.raises(TicketNotFound, match=r"^There is no No\. 99\.$"):
            await work.tickets.get(99)
        with pytest.raises(TicketNotFound, match=r"^There is no No\. 99\.$"):
            await work.tickets.save(replace(ticket, id=99))
        with pytest.raises(TicketNotFound, match=r"^There is no No\. 99\.$"):
            await work.audit.note(Event(ticket_id=99, at=NOON, who="x", what="asked"))
        with pytest.raises(TicketNotFound, match=r"^There is no No\. 99\.$"):
            await work.outbox.enqueue(saying("hello", ticket_id=99), at=NOON)
        assert await work.audit.of(99) == []


async def test_waiting_tickets_are_open_or_claimed_oldest_first(store: Store) -> None:
    one, two, three, four = await open_tickets(store, "m1", "m2", "m3", "m4")
    async with store.begin() as work:
        await work.tickets.save(apply(one, Move.CLOSE, by=WANG, at=LATER))
        two = await work.tickets.save(claim(two, by=WANG, at=LATER))
        await work.tickets.save(answer(three, reply="好", by=WANG, at=LATER))
    async with store.begin() as work:
        assert await work.tickets.find(Sought()) == [two, four]
        assert await work.tickets.find(Sought(limit=1)) == [two]


async def test_the_tickets_of_a_conversation_are_newest_first(store: Store) -> None:
    one, two, three = await open_tickets(store, "m1", "m2", "m3")
    async with store.begin() as work:
        await work.tickets.open(draft("m4", address=BEN))
        two = await work.tickets.save(apply(two, Move.CLOSE, by=WANG, at=LATER))
        assert await work.tickets.of(ANN) == [three, two, one]
        assert await work.tickets.of(ANN, limit=2) == [three, two]
        assert await work.tickets.of(Address("web", "1001")) == []


async def test_history_is_in_the_order_of_writing(store: Store) -> None:
    one, two = await open_tickets(store, "m1", "m2")
    claimed = Event(ticket_id=one.id, at=LATER, who="telegram:4711", what="claimed")
    replied = Event(ticket_id=one.id, at=NOON, who="王", what="replied", text="请带身份证 🪪")
    async with store.begin() as work:
        await work.audit.note(claimed)
        await work.audit.note(Event(ticket_id=two.id, at=NOON, who="citizen", what="asked"))
        await work.audit.note(replied)
    async with store.begin() as work:
        assert await work.audit.of(one.id) == [claimed, replied]


# The outbox


async def test_a_delivery_comes_back_whole(store: Store) -> None:
    [ticket] = await open_tickets(store, "m1")
    delivery = Delivery(
        to=Address("web", "会话-7"),
        body=(
            Span("您好 🙂 "),
            Span("第十四条", Style.BOLD),
            Span("斜", Style.ITALIC),
            Span("职工有下列情形之一的", Style.QUOTE),
            Span("原文", Style.LINK, "https://example.gov.cn/375.html?a=1&b=%20"),
        ),
        buttons=(
            (Button("有用 👍", action="up:12"), Button("没用", action="down:12")),
            (Button("原文", url="https://example.gov.cn/375.html"),),
        ),
        key="ticket-1",
        reply_to="m1",
        ticket_id=ticket.id,
    )
    [queued_id] = await enqueue(store, delivery)
    async with store.begin() as work:
        assert await work.outbox.due(at=NOON) == [
            Queued(id=queued_id, delivery=delivery, attempts=0, edit=None, platform_id=None)
        ]


async def test_a_conversation_gets_its_deliveries_in_order(store: Store) -> None:
    first, second, third = await enqueue(store, saying("1"), saying("2"), saying("3"))
    assert await due(store) == ["1"]
    assert await due(store) == ["1"]
    await send(store, first, "p1")
    assert await due(store) == ["2"]
    async with store.begin() as work:
        await work.outbox.drop(second, at=NOON, error="blocked by the user")
    assert await due(store) == ["3"]
    await send(store, third, "p3")
    assert await due(store) == []


async def test_nothing_overtakes_a_delivery_that_was_put_off(store: Store) -> None:
    first, _ = await enqueue(store, saying("1"), saying("2"))
    async with store.begin() as work:
        await work.outbox.put_off(first, until=LATER, error="retry after 300 s")
    assert await due(store, at=LATER - timedelta(microseconds=1)) == []
    assert await due(store, at=LATER) == ["1"]
    async with store.begin() as work:
        await work.outbox.put_off(first, until=LATER, error="retry after 0 s")
        [again] = await work.outbox.due(at=LATER)
    assert again == Queued(id=first, delivery=saying("1"), attempts=2)


async def test_one_conversation_does_not_hold_up_another(store: Store) -> None:
    web = Address("web", "1001")  # the same chat name on another channel
    first, *_ = await enqueue(
        store, saying("ann 1"), saying("ben 1", to=BEN), saying("ann 2"), saying("web 1", to=web)
    )
    assert await due(store) == ["ann 1", "ben 1", "web 1"]
    assert await due(store, limit=2) == ["ann 1", "ben 1"]
    async with store.begin() as work:
        await work.outbox.put_off(first, until=LATER, error="timed out")
    assert await due(store) == ["ben 1", "web 1"]
    assert await due(store, limit=1) == ["ben 1"]


async def test_a_delivery_waits_for_its_time(store: Store) -> None:
    async with store.begin() as work:
        await work.outbox.enqueue(saying("later"), at=LATER)
    assert await due(store, at=NOON) == []
    in_beijing = timezone(timedelta(hours=8))
    assert await due(store, at=datetime(2026, 3, 2, 20, 4, 59, tzinfo=in_beijing)) == []
    assert await due(store, at=datetime(2026, 3, 2, 20, 5, tzinfo=in_beijing)) == ["later"]


async def test_a_later_delivery_edits_the_last_one_with_its_key(store: Store) -> None:
    ids = await enqueue(
        store,
        saying("other chat", to=BEN, key="card"),
        saying("1", key="card"),
        saying("no key"),
        saying("other key", key="other"),
        saying("2", key="card"),
        saying("dropped", key="card"),
        saying("3", key="card"),
        saying("no key again"),
    )
    edits: dict[str, str | None] = {}
    for number in range(7):  # the longest conversation
        async with store.begin() as work:
            for queued in await work.outbox.due(at=NOON):
                edits[queued.delivery.plain] = queued.edit
                if queued.delivery.plain == "dropped":
                    await work.outbox.drop(queued.id, at=NOON, error="deleted chat")
                else:
                    chat = queued.delivery.to.chat
                    await work.outbox.sent(queued.id, platform_id=f"{chat}/{number}", at=NOON)
    assert edits == {
        "other chat": None,
        "1": None,
        "no key": None,
        "other key": None,
        "2": "1001/0",
        "dropped": "1001/3",
        "3": "1001/3",
        "no key again": None,
    }
    async with store.begin() as work:
        assert await work.outbox.delivered(ANN, after=ids[3]) == [
            Queued(
                id=ids[4], delivery=saying("2", key="card"), edit="1001/0", platform_id="1001/3"
            ),
            Queued(
                id=ids[6], delivery=saying("3", key="card"), edit="1001/3", platform_id="1001/5"
            ),
            Queued(id=ids[7], delivery=saying("no key again"), platform_id="1001/6"),
        ]


async def test_what_has_ended_stays_so(store: Store) -> None:
    first, second = await enqueue(store, saying("1"), saying("2"))
    await send(store, first, "p1")
    async with store.begin() as work:
        await work.outbox.drop(second, at=NOON, error="blocked")
        for ended in (first, second, 99):
            await work.outbox.sent(ended, platform_id="other", at=LATER)
            await work.outbox.put_off(ended, until=LATER, error="timed out")
            await work.outbox.drop(ended, at=LATER, error="blocked")
        assert await work.outbox.due(at=LATER) == []
        assert await work.outbox.delivered(ANN) == [
            Queued(id=first, delivery=saying("1"), platform_id="p1")
        ]


async def test_delivered_goes_on_after_an_id(store: Store) -> None:
    ids = await enqueue(
        store, saying("1"), saying("ben", to=BEN), saying("2"), saying("3"), saying("waiting")
    )
    for queued_id in ids[:-1]:
        await send(store, queued_id, f"p{queued_id}")

    async def read(after: int = 0, limit: int = 200) -> list[str]:
        async with store.begin() as work:
            found = await work.outbox.delivered(ANN, after=after, limit=limit)
            return [queued.delivery.plain for queued in found]

    assert await read() == ["1", "2", "3"]
    assert await read(after=ids[0]) == ["2", "3"]
    assert await read(after=ids[0], limit=1) == ["2"]
    assert await read(after=ids[-1]) == []


async def test_an_answer_to_a_sent_message_is_about_its_ticket(store: Store) -> None:
    one, two = await open_tickets(store, "m1", "m2")
    ids = await enqueue(
        store,
        saying("card 1", ticket_id=one.id),
        saying("greeting"),
        saying("card 2", ticket_id=two.id),
        saying("card 2, edited in place", ticket_id=one.id),
        saying("card 1", to=BEN, ticket_id=one.id),
    )
    for queued_id, platform_id in zip(ids, ["p1", "p2", "p3", "p3", "p9"], strict=True):
        await send(store, queued_id, platform_id)
    async with store.begin() as work:
        assert await work.outbox.ticket_of(ANN, "p1") == one.id
        assert await work.outbox.ticket_of(ANN, "p2") is None
        assert await work.outbox.ticket_of(ANN, "p3") == one.id
        assert await work.outbox.ticket_of(ANN, "p9") is None
        assert await work.outbox.ticket_of(BEN, "p9") == one.id


# People


async def wrote(store: Store, message: Message) -> int:
    async with store.begin() as work:
        accepted = await work.inbox.accept(message)
        assert accepted is not None
        await work.inbox.finish(accepted.id, GREETED, at=NOON)
    return accepted.id


GROUP = Address("telegram", "-55")


async def test_held_of_a_person_is_theirs_and_whole(store: Store) -> None:
    alone, in_group = asked("m1"), asked("m2", address=GROUP)
    numbers = [await wrote(store, alone), await wrote(store, in_group)]
    earlier = replace(asked("m0"), sender=ANN.chat)  # before senders were pseudonyms
    numbers.append(await wrote(store, earlier))
    await wrote(store, replace(asked("m3", address=GROUP), sender="ben"))
    await wrote(store, replace(asked("m4", address=BEN), sender="ben"))
    async with store.begin() as work:
        await work.inbox.accept(asked("m5"))  # still being handled
        await work.conversations.save(Conversation(address=ANN, chosen=Lang.KO))
        mine = [await work.tickets.open(draft("m1"))]
        mine += [await work.tickets.open(draft("m2", address=GROUP))]
        await work.tickets.open(draft("m3", address=GROUP))
    sent, _, pending = await enqueue(store, saying("一"), saying("二", to=BEN), saying("三"))
    await send(store, sent, "p1")
    async with store.begin() as work:
        held = await work.people.held(ANN, "ann")
    assert held.conversation == Conversation(address=ANN, chosen=Lang.KO)
    assert [(past.id, past.message) for past in held.messages] == list(
        zip(numbers, [alone, in_group, earlier], strict=True)
    )
    assert [queued.id for queued in held.deliveries] == [sent, pending]
    assert list(held.tickets) == mine


async def test_erasing_takes_what_is_handled_and_leaves_the_rest(store: Store) -> None:
    gone = [await wrote(store, asked("m1")), await wrote(store, asked("m2", address=GROUP))]
    bens = await wrote(store, replace(asked("m3"), sender="ben"))
    async with store.begin() as work:
        running = await work.inbox.accept(asked("m4"))
        await work.conversations.save(Conversation(address=ANN, language=Lang.KO))
        await work.conversations.save(Conversation(address=BEN, language=Lang.KO))
    [ticket] = await open_tickets(store, "m1")
    sent, *_ = await enqueue(
        store,
        saying("一"),
        saying("二"),
        saying("回复", ticket_id=ticket.id),
        saying("三", to=BEN),
    )
    await send(store, sent, "p1")
    async with store.begin() as work:
        assert await work.people.erase(ANN, "ann") == Erased(messages=2, deliveries=2)
    async with store.begin() as work:
        assert [await work.inbox.get(number) for number in gone] == [None, None]
        assert await work.inbox.get(bens) is not None
        assert await work.inbox.unfinished() == [running]
        assert await work.conversations.get(ANN) == Conversation(address=ANN)
        assert (await work.conversations.get(BEN)).language is Lang.KO
        assert await work.tickets.get(ticket.id) == ticket
        assert await work.outbox.delivered(ANN) == []
    assert await due(store) == ["回复", "三"]


async def test_a_number_of_what_was_erased_is_never_given_again(store: Store) -> None:
    message_id = await wrote(store, asked("m1"))
    [delivery_id] = await enqueue(store, saying("一"))
    async with store.begin() as work:
        await work.people.erase(ANN, "ann")
    assert await wrote(store, asked("m2")) > message_id
    assert (await enqueue(store, saying("二")))[0] > delivery_id


async def test_what_a_ticket_is_comes_back(store: Store) -> None:
    complaint = replace(draft("m1"), kind=TicketKind.COMPLAINT)
    async with store.begin() as work:
        ticket = await work.tickets.open(complaint)
        plain = await work.tickets.open(draft("m2"))
    async with store.begin() as work:
        assert (await work.tickets.get(ticket.id)).kind is TicketKind.COMPLAINT
        assert (await work.tickets.get(plain.id)).kind is TicketKind.CONSULTATION


async def test_short_replies_and_the_last_use_come_back(store: Store) -> None:
    talk = Conversation(address=ANN, simple=True, seen=NOON)
    async with store.begin() as work:
        await work.conversations.save(talk)
    async with store.begin() as work:
        assert await work.conversations.get(ANN) == talk
