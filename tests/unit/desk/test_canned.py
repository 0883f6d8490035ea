"""Canned replies: refused when they could never be filled, filled in for a ticket."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.desk.canned import Called, Canned, called
from bot.desk.canned_replies import CannedReplies
from bot.errors import CannedRefused, EntryNotFound, NoSuchDepartment, NotAllowed
from knowledge.types import Lang
from tests.unit.desk.office import LI, WANG, Office, store_of

TEXT = "{greeting} No. {number} is due on {due}. {department}, {name}. Or call {hotline}."


@pytest.fixture(params=["memory", "sqlite"])
async def office(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Office]:
    async with store_of(request.param, tmp_path) as store:
        yield Office(store)


@pytest.fixture
def replies(office: Office) -> CannedReplies:
    return CannedReplies(office.store, office.desk)


def canned(text: str = TEXT, *, name: str = "due", department: str = "") -> Canned:
    return Canned(name=name, language=Lang.EN, department=department, text=text)


async def test_a_canned_reply_is_filled_in_for_the_ticket(
    office: Office, replies: CannedReplies
) -> None:
    await replies.add(canned(), WANG)
    ticket = await office.opens()
    await office.desk.triage(ticket.id, WANG, "housing")
    said = await replies.written_out(ticket.id, WANG, "/c due")
    assert said == "Hello, No. 1 is due on 2026-11-24. 住房科, 王芳. Or call 12345."
    said = await replies.written_out(ticket.id, WANG, "/c due\nBring your card.")
    assert said.endswith("Or call 12345.\nBring your card.")
    [kept] = await replies.all()
    assert kept.used == 2


async def test_words_of_ones_own_stay_as_they_are(office: Office, replies: CannedReplies) -> None:
    ticket = await office.opens()
    for words in ("Bring {all} your papers.", "see /c due", "/comment"):
        assert await replies.written_out(ticket.id, WANG, words) == words


async def test_the_departments_own_comes_first(office: Office, replies: CannedReplies) -> None:
    await replies.add(canned("of all"), WANG)
    await replies.add(canned("of pension", department="pension"), LI)
    ticket = await office.opens()
    assert await replies.written_out(ticket.id, WANG, "/c due") == "of all"
    await office.desk.triage(ticket.id, WANG, "pension")
    assert await replies.written_out(ticket.id, WANG, "/c due") == "of pension"


async def test_one_in_another_language_is_not_sent(office: Office, replies: CannedReplies) -> None:
    await replies.add(Canned(name="due", language=Lang.ZH_HANS, text="您好"), WANG)
    ticket = await office.opens()
    with pytest.raises(CannedRefused, match="not kept in the language en; it is there: zh-Hans"):
        await replies.written_out(ticket.id, WANG, "/c due")
    with pytest.raises(CannedRefused, match="no canned reply"):
        await replies.written_out(ticket.id, WANG, "/c thanks")


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        (canned("until {date}"), r"Nothing fills \{date\}"),
        (canned("{}"), r"Nothing fills \{\}"),
        (canned("{name.id}"), r"Nothing fills \{name\.id\}"),
        (canned("{number:>9999}"), r"Nothing fills \{number\}"),
        (canned("{number!r}"), r"Nothing fills \{number\}"),
        (canned("{number"), "braces"),
        (canned(""), "1 to 3000"),
        (canned("x" * 3001), "1 to 3000"),
        (canned("x", name="two words"), "one word"),
    ],
)
async def test_what_could_never_be_used_is_refused(
    replies: CannedReplies, wrong: Canned, problem: str
) -> None:
    with pytest.raises(CannedRefused, match=problem):
        await replies.add(wrong, WANG)
    assert list(await replies.all()) == []


async def test_the_same_name_is_written_anew(office: Office, replies: CannedReplies) -> None:
    await replies.add(canned("old"), WANG)
    await replies.add(canned("new {{1}}"), LI)
    ticket = await office.opens()
    assert await replies.written_out(ticket.id, WANG, "/c due") == "new {1}"
    assert len(await replies.all()) == 1


async def test_a_canned_reply_is_removed(replies: CannedReplies) -> None:
    kept = await replies.add(canned(), WANG)
    await replies.remove(kept.id, LI)
    assert list(await replies.all()) == []
    with pytest.raises(EntryNotFound):
        await replies.remove(kept.id, LI)


async def test_strangers_keep_nothing(replies: CannedReplies) -> None:
    stranger = type(WANG)("telegram:99", "?")
    with pytest.raises(NotAllowed):
        await replies.add(canned(), stranger)
    with pytest.raises(NoSuchDepartment):
        await replies.add(canned(department="zoo"), WANG)


def test_what_calls_a_canned_reply() -> None:
    assert called(" /c due ") == Called("due", "")
    assert called("/c due and more\nlines") == Called("due", "and more\nlines")
    assert called("/c") is None
