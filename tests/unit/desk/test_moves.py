"""The one table of moves: what may happen to a ticket, and to whom it belongs afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.desk.moves import (
    MOVES,
    Move,
    Who,
    add,
    answer,
    apply,
    claim,
    give,
    hand_back,
    merge,
    rate,
    reopen,
)
from bot.desk.tickets import ACTIVE, DONE, HELD, QUEUED, Agent, State, Ticket
from bot.errors import HeldByAnother, IllegalTransition, ReasonMissing
from bot.types import Address, Reason
from knowledge.types import Lang

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
WANG = Agent("telegram:1", "王芳")
LI = Agent("telegram:2", "李雷")
TICKET = Ticket(
    id=7,
    message_id="m7",
    asked_from=Address("telegram", "1001"),
    question="养狗要办什么证？",
    language=Lang.ZH_HANS,
    reason=Reason.UNSURE,
    opened=AT,
    changed=AT,
)


def in_state(state: State) -> Ticket:
    """A ticket as it would be in that state."""
    held = state in HELD or state in {State.ANSWERED, State.RATED}
    return replace(
        TICKET,
        state=state,
        holder=WANG if held else None,
        lease=LATER if state is State.CLAIMED else None,
        department="" if state is State.OPEN else "housing",
        merged_into=8 if state is State.MERGED else None,
    )


def test_every_move_but_opening_is_in_the_table() -> None:
    assert set(Move) - set(MOVES) == {Move.OPEN}


def test_every_state_is_reached_by_a_move() -> None:
    reached = {rule.to for rule in MOVES.values()}
    assert set(State) - reached == set()


def test_every_state_can_be_left() -> None:
    """What is withdrawn or archived goes on when the citizen writes again (`add`)."""
    stuck = {
        state
        for state in State
        if not any(state in rule.sources and rule.to != state for rule in MOVES.values())
    }
    assert stuck == set()


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("move", sorted(MOVES))
def test_a_move_goes_from_its_states_only(move: Move, state: State) -> None:
    ticket = in_state(state)
    if state in MOVES[move].sources:
        assert apply(ticket, move, at=LATER, by=WANG, why="because").changed == LATER
        return
    with pytest.raises(IllegalTransition) as refused:
        apply(ticket, move, at=LATER, by=WANG, why="because")
    assert str(refused.value) == f"No. 7 is {state}; that does not go."


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("move", sorted(MOVES))
def test_nobody_holds_what_waits_or_is_done(move: Move, state: State) -> None:
    if state not in MOVES[move].sources:
        return
    moved = apply(in_state(state), move, at=LATER, by=WANG, why="because")
    if moved.state in QUEUED | DONE - {State.ANSWERED, State.RATED}:
        assert (moved.holder, moved.lease) == (None, None)


@pytest.mark.parametrize(
    "move", sorted(move for move, rule in MOVES.items() if rule.who is Who.HOLDER)
)
def test_what_somebody_else_holds_is_theirs(move: Move) -> None:
    ticket = replace(TICKET, state=min(MOVES[move].sources & (HELD | QUEUED)), holder=WANG)
    with pytest.raises(HeldByAnother, match="held by 王芳"):
        apply(ticket, move, at=LATER, by=LI, why="because")


@pytest.mark.parametrize("move", sorted(move for move, rule in MOVES.items() if rule.reason))
@pytest.mark.parametrize("why", ["", "  \n"])
def test_some_moves_must_say_why(move: Move, why: str) -> None:
    sources = MOVES[move].sources
    ticket = in_state(min(sources & (HELD | QUEUED) or sources))
    with pytest.raises(ReasonMissing):
        apply(ticket, move, at=LATER, by=WANG, why=why)


def test_claiming_twice_changes_nothing() -> None:
    once = claim(TICKET, by=WANG, at=AT)
    assert claim(once, by=WANG, at=LATER) is once
    with pytest.raises(HeldByAnother):
        claim(once, by=LI, at=LATER)


def test_a_reply_claims_on_the_way_and_keeps_who_answered() -> None:
    answered = answer(TICKET, reply="去公安局。", by=WANG, at=AT)
    assert (answered.state, answered.holder, answered.reply) == (
        State.ANSWERED,
        WANG,
        "去公安局。",
    )
    again = answer(answered, reply="地址变了。", by=WANG, at=LATER)
    assert again.reply == "地址变了。"


def test_a_ticket_goes_back_to_the_queue_of_its_department() -> None:
    released = apply(in_state(State.CLAIMED), Move.RELEASE, at=LATER, by=WANG)
    assert (released.state, released.department) == (State.TRIAGED, "housing")
    returned = hand_back(in_state(State.TRIAGED), at=LATER, by=WANG, why="归民政管")
    assert (returned.state, returned.department) == (State.OPEN, "")


def test_the_first_department_needs_no_reason_and_the_next_one_does() -> None:
    given = give(TICKET, "housing", at=AT)
    assert (given.state, given.department) == (State.TRIAGED, "housing")
    with pytest.raises(ReasonMissing):
        give(given, "tax", at=LATER)
    assert give(given, "tax", at=LATER, why="是税的问题").department == "tax"


def test_who_answered_before_is_asked_again() -> None:
    asked = add(in_state(State.ANSWERED), at=LATER)
    assert (asked.state, asked.holder, asked.assigned) == (State.TRIAGED, None, WANG)


@pytest.mark.parametrize("state", sorted(ACTIVE - {State.ASKED}))
def test_what_the_citizen_adds_does_not_take_a_ticket_away(state: State) -> None:
    ticket = in_state(state)
    assert add(ticket, at=LATER) == replace(ticket, changed=LATER)


def test_an_answer_to_our_question_gives_the_ticket_back_to_its_holder() -> None:
    asked = add(in_state(State.ASKED), at=LATER)
    assert (asked.state, asked.holder) == (State.CLAIMED, WANG)


@pytest.mark.parametrize("state", [State.ARCHIVED, State.WITHDRAWN])
def test_what_was_done_goes_on_when_the_citizen_writes_again(state: State) -> None:
    assert add(in_state(state), at=LATER).state is State.TRIAGED


def test_what_is_closed_is_theirs_who_opens_it_again() -> None:
    opened = reopen(in_state(State.ARCHIVED), by=LI, at=LATER, why="法院判决重新答复")
    assert (opened.state, opened.holder) == (State.CLAIMED, LI)
    for state in (State.WITHDRAWN, State.MERGED):  # whoever asked decides that
        with pytest.raises(IllegalTransition):
            reopen(in_state(state), by=LI, at=LATER, why="法院判决重新答复")


def test_a_merged_ticket_names_the_other_one() -> None:
    other = replace(TICKET, id=8)
    merged = merge(TICKET, other, by=WANG, at=AT)
    assert (merged.state, merged.merged_into) == (State.MERGED, 8)


@pytest.mark.parametrize("state", [State.MERGED, State.WITHDRAWN])
def test_nothing_is_merged_into_what_nobody_answers(state: State) -> None:
    with pytest.raises(IllegalTransition):
        merge(TICKET, replace(TICKET, id=8, state=state), by=WANG, at=AT)
    with pytest.raises(IllegalTransition):
        merge(TICKET, TICKET, by=WANG, at=AT)


def test_a_rating_may_come_in_two_parts() -> None:
    rated = rate(in_state(State.ANSWERED), at=AT, understood=True)
    rated = rate(rated, at=LATER, solved=False)
    assert (rated.state, rated.understood, rated.solved) == (State.RATED, True, False)
