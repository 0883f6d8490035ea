"""What was done, as staff read it: everywhere in their language, whatever the log calls it."""

from __future__ import annotations

import pytest

from bot.desk import history
from bot.desk.anew import said_anew
from bot.desk.moves import Move
from bot.desk.services import Services
from bot.desk.terminal import Clerk
from bot.desk.ticket_file import whole
from bot.store.memory import MemoryStore
from bot.texts import say
from knowledge.types import Lang
from tests.unit.desk.office import HERE, WANG, Office


@pytest.mark.parametrize("language", list(Lang))
def test_every_move_has_words(language: Lang) -> None:
    for move in Move:
        said = history.what(move, language)
        assert said
        assert language is Lang.EN or said != history.DONE[move]


async def test_the_file_and_the_terminal_say_what_was_done_in_the_language_of_staff() -> None:
    office = Office(MemoryStore(), room=None)
    office.desk.language = Lang.ZH_HANS
    ticket = await office.opens()
    await office.desk.claim(ticket.id, WANG)
    ticket, events = await office.desk.look(ticket.id)
    claimed = history.what(Move.CLAIM, Lang.ZH_HANS)
    file = whole(
        ticket,
        events,
        language=Lang.ZH_HANS,
        roster=office.desk.roster,
        zone=HERE,
    )
    shown: list[str] = []
    clerk = Clerk(Services(store=office.store, desk=office.desk), WANG, shown.append)
    await clerk.do(["show", "1"])
    for text in (file, *shown):
        assert claimed in text
        assert f" {Move.CLAIM}" not in text


@pytest.mark.parametrize("stored_in", list(Lang))
def test_a_reason_of_the_desk_is_said_anew_and_one_of_a_person_stands(stored_in: Lang) -> None:
    stored = say(stored_in, history.REASONED[0], word="泊位（新）")
    assert history.why(stored, Lang.EN) == "the question names “泊位（新）”"
    assert history.why("我去休假", Lang.EN) == "我去休假"


def test_a_text_with_the_marks_of_a_pattern_is_no_pattern() -> None:
    assert said_anew("queue (a.b", ("queue (a.b",), Lang.EN) == "queue (a.b"
    assert said_anew("queue xa.b)", ("queue (a.b)",), Lang.EN) == "queue xa.b)"
