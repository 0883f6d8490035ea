"""What each level answers, what it leaves to people, and what it says: one table."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest

from bot.actions import Action, Verb
from bot.commands.pages import LANGUAGES
from bot.degrade import pages
from bot.degrade.level import Level
from bot.render import Bureau
from bot.texts import say
from bot.types import Input, Reason, Result
from index.types import Found
from knowledge.types import Lang
from tests.unit.degrade.ladders import (
    BEHIND,
    LEANS,
    PUBLISHED,
    SUBLET,
    SURE,
    UNKNOWN,
    Rungs,
    words,
)
from tests.unit.desk.office import CHAT
from tests.unit.shelf import ASKED, FARE, LINE, RENT, THREE, UNSURE

CHANGED: Final = "The documents have changed since I offered that passage. I searched again."
ANSWERED, CLARIFY, HANDED_OVER, KEPT, TALK = (
    Result.ANSWERED,
    Result.CLARIFY,
    Result.UNRESOLVED,
    Result.BLOCKED,
    Result.SMALL_TALK,
)
TABLE = [
    # question      full         quotation    published    people       maintenance
    (SURE, (ANSWERED, ANSWERED, HANDED_OVER, HANDED_OVER, KEPT)),
    (UNSURE, (CLARIFY, HANDED_OVER, HANDED_OVER, HANDED_OVER, KEPT)),
    (PUBLISHED, (ANSWERED, ANSWERED, ANSWERED, HANDED_OVER, KEPT)),
    (BEHIND, (ANSWERED, ANSWERED, HANDED_OVER, HANDED_OVER, KEPT)),
    (UNKNOWN, (HANDED_OVER, HANDED_OVER, HANDED_OVER, HANDED_OVER, KEPT)),
    ("你好", (TALK, TALK, TALK, TALK, KEPT)),
    ("/status", (TALK, TALK, TALK, TALK, KEPT)),
    ("有人要跳楼，快来人", (Result.EMERGENCY,) * 5),
]
NOTICED = (Level.QUOTATION, Level.PUBLISHED, Level.PEOPLE)


@pytest.mark.parametrize(("text", "results"), TABLE)
async def test_each_level_does_what_the_table_says(text: str, results: tuple[Result, ...]) -> None:
    for level, expected in zip(Level, results, strict=True):
        rungs = Rungs()
        await rungs.set(level)
        outcome, heard = await rungs.says(text)
        assert (level, outcome.result) == (level, expected)
        assert heard, "something is always said"
        assert await rungs.tickets() == ([text] if expected is HANDED_OVER else [])


@pytest.mark.parametrize("level", [Level.PEOPLE, Level.MAINTENANCE])
async def test_nothing_is_searched_where_nothing_is_to_be(level: Level) -> None:
    rungs = Rungs()
    await rungs.set(level)
    for text in (SURE, UNSURE, PUBLISHED):
        await rungs.says(text)
    assert rungs.index.asked == []


async def test_quotation_only_shows_no_questions_to_go_on_with() -> None:
    shown = []
    for level in (Level.FULL, Level.QUOTATION):
        rungs = Rungs()
        rungs.index.found[SURE] = rungs.index.found[PUBLISHED]
        await rungs.set(level)
        await rungs.says(PUBLISHED)
        shown.append(SURE in rungs.index.asked)
    assert shown == [True, False]


async def test_below_full_a_question_that_leans_on_another_goes_to_staff() -> None:
    rungs = Rungs()
    await rungs.set(Level.QUOTATION)
    await rungs.says(SURE)
    outcome, _ = await rungs.says(LEANS)
    assert outcome.result is HANDED_OVER
    [asked] = await rungs.tickets()
    assert LEANS in asked


async def test_a_published_answer_quotes_nothing_else() -> None:
    rungs = Rungs()
    await rungs.set(Level.PUBLISHED)
    outcome, _ = await rungs.says(PUBLISHED)
    assert [one.document_id for one in outcome.citations] == ["answer-7"]


async def test_a_choice_offered_before_goes_to_staff_once_nothing_is_searched() -> None:
    rungs = Rungs()
    _, [offered] = await rungs.says(UNSURE)
    pick = next(b.action for row in offered.buttons for b in row if b.action.startswith("pick"))
    await rungs.set(Level.PEOPLE)
    outcome, _ = await rungs.says(pick, Input.ACTION)
    assert outcome.result is HANDED_OVER
    assert await rungs.tickets() == [UNSURE]


@pytest.mark.parametrize("language", Lang)
@pytest.mark.parametrize("level", [Level.PUBLISHED, Level.PEOPLE])
async def test_a_choice_that_is_kept_back_is_a_persons_and_that_is_said(
    level: Level, language: Lang
) -> None:
    rungs = Rungs()
    await rungs.says(str(Action(Verb.LANGUAGE, LANGUAGES.index(language))), Input.ACTION)
    _, [offered] = await rungs.says(UNSURE)
    second = offered.buttons[0][1].action
    await rungs.set(level)
    await rungs.says("你好")
    outcome, heard = await rungs.says(second, Input.ACTION)
    assert outcome.result is HANDED_OVER
    notice = pages.notice(level, language, Bureau())
    assert heard[0].plain == "".join(span.text for span in notice.body), "though it was said"
    assert say(language, CHANGED) not in words(heard), "the documents did not change"
    assert "1" in heard[1].plain, "the number of the ticket"
    [ticket] = await rungs.office.desk.waiting()
    assert ticket.question == UNSURE
    chosen, *others = (lead for lead in ticket.evidence.leads if lead.offered)
    assert chosen.passage_id == ASKED.passage.id
    assert {one.passage_id for one in others} == {RENT.passage.id, FARE.passage.id}


async def test_a_published_answer_that_was_offered_is_still_given() -> None:
    rungs = Rungs()
    rungs.index.found[UNSURE] = Found(
        hits=(replace(SUBLET, probability=0.5), *THREE.hits[:1]), line=LINE
    )
    _, [offered] = await rungs.says(UNSURE)
    first = offered.buttons[0][0].action
    await rungs.set(Level.PUBLISHED)
    outcome, _ = await rungs.says(first, Input.ACTION)
    assert [one.document_id for one in outcome.citations] == ["answer-7"]


async def test_the_rest_of_a_clause_is_not_shown_and_that_is_said() -> None:
    rungs = Rungs()
    await rungs.says(SURE)
    await rungs.set(Level.PUBLISHED)
    _, heard = await rungs.says("clause:1", Input.ACTION)
    assert words(heard) == "".join(one.text for one in pages.not_shown(Lang.ZH_HANS).body)


@pytest.mark.parametrize("level", NOTICED)
async def test_the_level_is_told_once_in_a_conversation(level: Level) -> None:
    rungs = Rungs()
    await rungs.set(level)
    notice = "".join(span.text for span in pages.notice(level, Lang.ZH_HANS, Bureau()).body)
    heard = [*(await rungs.says(UNKNOWN))[1], *(await rungs.says("你好"))[1]]
    assert words(heard).count(notice) == 1
    assert heard[0].plain == notice
    rungs.office.time.now = rungs.office.time.now.replace(hour=15)
    await rungs.set(Level.FULL)
    await rungs.set(level)
    _, again = await rungs.says("你好")
    assert again[0].plain == notice, "another time, another line"


@pytest.mark.parametrize("language", Lang)
def test_every_level_speaks_each_language(language: Lang) -> None:
    said = {
        "".join(span.text for span in pages.notice(level, language, Bureau()).body)
        for level in NOTICED
    } | {
        "".join(
            span.text for span in pages.maintenance(language, Bureau(), kept=kept, until=None).body
        )
        for kept in (True, False)
    }
    assert len(said) == 5
    assert not any("{" in text for text in said)
    assert any("12345" in text for text in said)


# Maintenance


async def test_what_is_asked_during_maintenance_is_answered_after_it() -> None:
    rungs = Rungs()
    await rungs.set(Level.MAINTENANCE)
    outcome, heard = await rungs.says(SURE)
    assert (outcome.result, outcome.reason) == (Result.BLOCKED, Reason.MAINTENANCE)
    assert "已经记下" in words(heard)
    await rungs.says(UNKNOWN)
    await rungs.set(Level.FULL)
    back = await rungs.goes_on()
    assert SURE in words(back)
    assert "泊位月租为每米120元" in words(back)
    assert await rungs.tickets() == [UNKNOWN]
    await rungs.look()
    assert rungs.resumed == [], "once"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("你好", Input.TEXT),
        ("/status", Input.TEXT),
        ("helpful:1", Input.ACTION),
        ("", Input.UNSUPPORTED),
    ],
)
async def test_what_means_nothing_later_is_not_kept_and_that_is_said(
    text: str, kind: Input
) -> None:
    rungs = Rungs()
    await rungs.set(Level.MAINTENANCE)
    _, heard = await rungs.says(text, kind)
    assert "重新发送" in words(heard)
    await rungs.set(Level.FULL)
    assert rungs.resumed == []


async def test_words_for_a_person_are_kept() -> None:
    rungs = Rungs()
    await rungs.set(Level.MAINTENANCE)
    _, heard = await rungs.says("/human 泊位的押金没有退给我")
    assert "已经记下" in words(heard)
    await rungs.set(Level.PEOPLE)
    await rungs.goes_on()
    assert await rungs.tickets() == ["泊位的押金没有退给我"]


async def test_whoever_had_their_data_erased_is_not_answered() -> None:
    rungs = Rungs()
    await rungs.set(Level.MAINTENANCE)
    await rungs.says(SURE)
    async with rungs.store.begin() as work:
        await work.people.erase(CHAT, CHAT.chat)
    await rungs.set(Level.FULL)
    assert rungs.resumed == []
    assert await rungs.hears() == []
