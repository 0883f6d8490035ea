"""Published answers while the bot serves: told once, withdrawn in time, counted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.desk.publishing.asked import worth
from bot.desk.publishing.declining import WITHOUT_KEY
from bot.desk.publishing.publication import Publication, Stage
from bot.desk.publishing.records import Use
from bot.desk.publishing.uses import note_use
from bot.store.base import Accepted
from bot.types import Citation, Input, Message, Outcome, Result
from index.release import current, previous, switch
from knowledge.types import Kind, Lang, Standing
from tests.unit.desk.office import CHAT, LI, ROOM, WANG, store_of
from tests.unit.desk.press import GOOD, QUESTION, REPLY, Press, press_over

TOLD = (
    "Your question No. 1 is now answered for everybody.\n"
    "We have published the answer without anything about you. Whoever asks it gets:\n"
    f"办理养犬登记要带哪些材料？\n{REPLY}"
)


@pytest.fixture
async def press(tmp_path: Path) -> AsyncIterator[Press]:
    async with store_of("memory", tmp_path) as store, press_over(store, tmp_path) as made:
        yield made


async def stage(press: Press, number: int = 1) -> Stage:
    return (await press.publishing.get(number)).stage


async def served(press: Press) -> Publication:
    one = await press.approved(LI)
    await press.builds()
    await press.keeper.step()
    return await press.publishing.get(one.id)


async def test_whoever_asked_is_told_once_when_a_release_has_it(press: Press) -> None:
    await press.approved(LI)
    await press.keeper.step()
    assert await stage(press) is Stage.APPROVED, "no release has it yet"
    assert await press.told(CHAT) == []
    await press.builds()
    await press.keeper.step()
    await press.keeper.step()
    one = await press.publishing.get(1)
    assert (one.stage, one.release) == (Stage.SERVED, press.index.release)
    assert await press.told(CHAT) == [TOLD]
    await press.builds()
    await press.keeper.step()
    assert await press.told(CHAT) == []
    found = await press.index.search(GOOD.question, on=press.time.now.date())
    assert found is not None
    assert found.hits[0].document.id == "answer-1"


async def test_those_who_asked_the_same_are_told_too(press: Press) -> None:
    other = await press.opens(question="狗证怎么办？", chat=press.chat(2))
    ticket = await press.opens(question=QUESTION)
    await press.desk.merge(other.id, ticket.id, WANG)
    await press.desk.reply(ticket.id, WANG, REPLY)
    await press.told(press.chat(2))
    one = await press.publishing.propose(ticket.id, WANG, GOOD)
    await press.publishing.approve(one.id, LI)
    await press.builds()
    await press.keeper.step()
    [told] = await press.told(press.chat(2))
    assert "question No. 1 " in told, "by the number that they know"


async def test_whoever_wants_no_such_message_gets_none(press: Press) -> None:
    async with press.store.begin() as work:
        await WITHOUT_KEY.note(work, CHAT)
    assert (await served(press)).stage is Stage.SERVED
    assert await press.told(CHAT) == []


async def test_a_passage_that_changed_withdraws_the_answer(press: Press) -> None:
    await served(press)
    await press.told()
    press.change("犬只免疫证明，到住所地派出所", "犬只免疫证明，到住所地街道办事处")
    answers = await press.builds()
    assert [one.id for one in answers.withdrawn] == ["answer-1"], "before anybody looks at it"
    found = await press.index.search(GOOD.question, on=press.time.now.date())
    assert found is not None
    assert {hit.document.kind for hit in (*found.hits, *found.outdated)} == {Kind.POLICY}
    await press.keeper.step()
    await press.keeper.step()
    assert await stage(press) is Stage.WITHDRAWN
    [told] = await press.told()
    assert told == (
        "Published answer 1 is not given any more: what it cites changed. Review it.\n"
        "办理养犬登记要带哪些材料？\n"
        "《澜港市养犬管理规定》 第二条\n− 派出所\n+ 街道办事处"
    )
    assert press.files() == []
    assert (await press.history(1))[-1] == "publication withdrawn"


async def test_what_is_withdrawn_stays_so_until_two_people_have_looked(press: Press) -> None:
    one = await served(press)
    press.change("120元", "150元")
    press.change("派出所", "街道办事处")
    await press.builds()
    await press.keeper.step()
    press.change("街道办事处", "派出所")
    await press.builds()
    await press.keeper.step()
    assert await stage(press) is Stage.WITHDRAWN, "nobody has looked at it"
    await press.publishing.propose(one.ticket_id, WANG, GOOD)
    await press.publishing.approve(one.id, LI)
    assert press.files() == ["answer-1-2.md"]
    await press.told(CHAT)
    await press.builds()
    await press.keeper.step()
    assert await stage(press) is Stage.SERVED
    assert await press.told(CHAT) == [], "they were told of the first edition"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("effective: 2025-04-01", "effective: 2025-04-01\nexpires: 2026-11-22"),
        ("effective: 2025-04-01", "status: repealed"),
        ("disclosure: open", "disclosure: withheld"),
    ],
)
async def test_a_document_that_ended_withdraws_the_answer(
    press: Press, old: str, new: str
) -> None:
    await served(press)
    await press.told()
    press.change(old, new)
    await press.builds()
    found = await press.index.search(GOOD.question, on=press.time.now.date())
    assert found is not None
    assert not any(hit.document.id == "answer-1" for hit in found.hits)
    await press.keeper.step()
    assert await stage(press) is Stage.WITHDRAWN
    [told] = await press.told()
    assert "It is not in force any more." in told


async def test_an_answer_ends_on_the_day_its_document_ends(press: Press) -> None:
    press.change("effective: 2025-04-01", "effective: 2025-04-01\nexpires: 2026-12-31")
    await press.builds()
    await served(press)
    for day, answers in (("2026-12-31", True), ("2027-01-01", False)):
        press.time.set(day)
        found = await press.index.search(GOOD.question, on=press.time.now.date())
        assert found is not None
        assert any(hit.document.id == "answer-1" for hit in found.hits) is answers
    await press.keeper.step()
    assert await stage(press) is Stage.WITHDRAWN


async def test_an_amendment_withdraws_the_answer(press: Press) -> None:
    await served(press)
    press.write(
        change="---\nid: change\ntitle: 关于修改养犬管理规定的决定\ndisclosure: open\n"
        "published: 2026-11-20\namends: [dogs]\n---\n\n一、管理服务费改为150元。\n"
    )
    answers = await press.builds()
    assert [one.id for one in answers.withdrawn] == ["answer-1"]
    await press.told()
    await press.keeper.step()
    [told] = await press.told()
    assert "Its words are the same; its document was amended." in told


async def test_going_back_to_a_release_before_the_change_gives_nothing_wrong(
    press: Press,
) -> None:
    await served(press)
    press.change("120元", "150元")
    await press.builds()
    await press.keeper.step()
    assert await stage(press) is Stage.SERVED, "another clause changed"
    switch(press.releases, previous(press.releases))
    await press.index.refresh()
    assert press.index.release == current(press.releases)
    await press.keeper.step()
    assert await stage(press) is Stage.SERVED


async def test_what_an_answer_is_worth(press: Press) -> None:
    await press.opens(question="办理养犬登记要带哪些材料呢？", chat=press.chat(2))
    one = await press.approved(LI)
    press.time.set("2026-11-24")
    await press.builds()
    await press.keeper.step()
    press.time.set("2026-11-25")
    await press.opens(question="养犬登记要带哪些材料", chat=press.chat(3))
    accepted = await asked(press, "办理养犬登记要带哪些材料？")
    async with press.store.begin() as work:
        await note_use(work, accepted, answered(one), at=press.time.now)
        await work.inbox.finish(accepted.id, answered(one), at=press.time.now)
    for chat, helpful in ((press.chat(9), None), (CHAT, True)):
        vote = await asked(press, f"up:{accepted.id}", kind=Input.ACTION, chat=chat)
        async with press.store.begin() as work:
            await note_use(work, vote, answered(one), at=press.time.now)
            [use] = await work.entries(Use).find(publication=one.id)
        assert use.helpful is helpful, "only whoever asked may say so"
    [found] = await worth(press.store, press.desk, press.index)
    assert found.publication.id == one.id
    assert (found.tally.given, found.tally.helpful, found.tally.unhelpful) == (1, 1, 0)
    assert found.like is not None
    assert (found.like.before, found.like.since, found.share) == (2, 1, 0.5)
    assert found.like.now >= 1


_numbers = iter(range(1, 100))


async def asked(
    press: Press, text: str, *, kind: Input = Input.TEXT, chat: object = CHAT
) -> Accepted:
    message = Message(
        id=f"u{next(_numbers)}",
        address=chat,  # type: ignore[arg-type]  # an Address
        sender="1001",
        kind=kind,
        text=text,
        at=press.time.now,
    )
    async with press.store.begin() as work:
        accepted = await work.inbox.accept(message)
    assert accepted is not None
    return accepted


def answered(one: Publication) -> Outcome:
    citation = Citation(
        document_id=one.name,
        title=one.question,
        number="",
        issuer="",
        address="",
        quote=one.answer,
        source="",
        published=None,
        kind=Kind.ANSWER,
        status=Standing.IN_FORCE,
        language=Lang.ZH_HANS,
        passage_id=f"{one.name}#0",
    )
    return Outcome(result=Result.ANSWERED, language=Lang.ZH_HANS, citations=(citation,))


async def test_staff_are_told_in_the_room_and_not_in_reply_to_a_ticket(press: Press) -> None:
    """A reply to that message must reach no citizen."""
    await served(press)
    await press.told()
    press.change("派出所", "街道办事处")
    await press.builds()
    await press.keeper.step()
    async with press.store.begin() as work:
        [queued] = [q for q in await work.outbox.due(at=press.time.now) if q.delivery.to == ROOM]
    assert queued.delivery.ticket_id is None
