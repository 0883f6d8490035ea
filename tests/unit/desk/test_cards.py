"""The card of a ticket: it always fits, and offers what its state allows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.actions import Action
from bot.desk import cards, cutting
from bot.desk.cutting import cut, units
from bot.desk.roster import Department, Roster
from bot.desk.tickets import (
    Agent,
    Deadlines,
    Evidence,
    Lead,
    SimilarTicket,
    State,
    Ticket,
    TicketKind,
)
from bot.types import Address, Reason
from knowledge.types import Lang
from tests.unit.desk.office import ROSTER

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
WANG = Agent("telegram:1", "王芳")
LEAD = Lead(
    passage_id="a#1", document_id="a", title="养犬管理办法", address="第三条", quote="应当登记。"
)
TICKET = Ticket(
    id=7,
    message_id="m7",
    asked_from=Address("telegram", "1001"),
    question="养狗要办什么证？",
    language=Lang.ZH_HANS,
    reason=Reason.UNSURE,
    opened=NOON,
    changed=NOON,
)


def card(ticket: Ticket, *, roster: Roster = ROSTER, language: Lang = Lang.EN) -> str:
    return "".join(span.text for span in cards.card(ticket, language=language, roster=roster).body)


def labels(ticket: Ticket, roster: Roster = ROSTER) -> list[str]:
    rows = cards.card(ticket, language=Lang.EN, roster=roster).buttons
    return [button.label for row in rows for button in row]


def long_ticket(text: str) -> Ticket:
    """One in which everything that people and documents write is that text."""
    lead = replace(LEAD, title=text, address=text, quote=text, probability=0.5)
    similar = SimilarTicket(ticket_id=3, question=text, reply=text, score=0.5)
    return replace(
        TICKET,
        question=text,
        reply=text,
        department="housing",
        holder=Agent("telegram:1", text[:64]),
        state=State.CLAIMED,
        evidence=Evidence(
            leads=(lead,) * 6, similar=(similar,) * 3, text=text, duplicate=3, opens=text[:40]
        ),
    )


@settings(max_examples=25, deadline=None)
@given(
    st.text(alphabet="狗证。！\n a.𠮷👍", min_size=1, max_size=40),
    st.integers(1, 500),
    st.sampled_from([Lang.ZH_HANS, Lang.EN, Lang.KO]),
)
def test_a_card_always_fits_in_one_message(piece: str, times: int, language: Lang) -> None:
    shown = card(long_ticket(piece * times), language=language)
    assert units(shown) <= 4096


def test_a_card_that_was_cut_says_so_and_ends_at_a_sentence() -> None:
    question = "我养了一只狗。" * 400
    shown = card(replace(TICKET, question=question))
    assert "狗。…\n" in shown
    assert shown.endswith(
        "Shortened; “Everything” has the rest.\nTo answer, reply to this message."
    )
    assert "Shortened" not in card(TICKET)


@given(st.text(alphabet="狗。a 𠮷\n", max_size=60), st.integers(2, 50))
def test_what_is_cut_is_a_beginning_and_fits(text: str, most: int) -> None:
    found = cut(text, most)
    assert units(found) <= most
    assert found == text or text.startswith(found.removesuffix("…"))


def test_a_line_has_no_breaks() -> None:
    assert cutting.line("第一条\n\n  总则\t目的", 100) == "第一条 总则 目的"


def test_passages_are_numbered_as_on_their_buttons() -> None:
    offered = replace(LEAD, passage_id="b#1", title="收费办法", offered=True)
    near = replace(LEAD, probability=0.42)
    ticket = replace(TICKET, evidence=Evidence(leads=(offered, near)))
    shown = card(ticket)
    assert "Passages that the citizen was shown:\n1. 收费办法 第三条: 应当登记。" in shown
    assert "Nearest passages:\n2. 42% 养犬管理办法 第三条: 应当登记。" in shown
    uses = [one for one in labels(ticket) if one.startswith("Use")]
    assert uses == ["Use 1", "Use 2"]


def test_a_passage_does_not_repeat_its_title_and_headings() -> None:
    whole = "一、游船泊位月租费为每米150元。"
    for lead, line in (
        (replace(LEAD, quote="第三条 应当登记。"), "养犬管理办法 第三条: 应当登记。"),
        (replace(LEAD, quote="养犬管理办法 第三条 应当登记。"), "养犬管理办法 第三条: 应当登记。"),
        # A clause that is its own heading is there whole.
        (replace(LEAD, quote=whole, address=whole[:-1]), f"养犬管理办法 {whole[:-1]}: {whole}"),
    ):
        assert f"1. {line}" in card(replace(TICKET, evidence=Evidence(leads=(lead,))))


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (State.OPEN, ["Claim", "Close", "Transfer", "Merge", "Everything"]),
        (State.TRIAGED, ["Claim", "Close", "Transfer", "Merge", "Everything"]),
        (
            State.CLAIMED,
            [
                *("Reply", "Ask citizen", "Draft", "Transfer", "Merge", "Consult"),
                *("Release", "Take over", "Close", "Everything"),
            ],
        ),
        (
            State.REVIEWING,
            [
                *("Reply", "Draft", "Transfer", "Merge"),
                *("Release", "Take over", "Close", "Everything"),
            ],
        ),
        (State.ANSWERED, ["Reply again", "Close", "Everything"]),
        (State.ARCHIVED, ["Open again", "Everything"]),
        (State.WITHDRAWN, ["Everything"]),
    ],
)
def test_a_card_offers_what_its_state_allows(state: State, expected: list[str]) -> None:
    assert labels(replace(TICKET, state=state)) == expected


def test_a_duplicate_is_merged_with_one_press() -> None:
    ticket = replace(TICKET, evidence=Evidence(duplicate=3))
    rows = cards.card(ticket, language=Lang.EN, roster=ROSTER).buttons
    merge = {one.label: one.action for row in rows for one in row}["Merge into 3"]
    assert merge == "merge:7:3"


def test_only_requests_for_disclosure_have_a_clock_to_stop() -> None:
    held = replace(TICKET, state=State.CLAIMED, kind=TicketKind.DISCLOSURE)
    assert "Stop the clock" in labels(held)
    assert "Extend" in labels(held)
    stopped = replace(held, deadlines=Deadlines(paused=NOON, extended=NOON))
    assert "Start the clock" in labels(stopped)
    assert "Extend" not in labels(stopped)
    assert "Stop the clock" not in labels(replace(held, kind=TicketKind.COMPLAINT))


def test_a_department_that_is_alone_consults_nobody() -> None:
    alone = Roster({"housing": Department(key="housing", name="住房科")})
    assert "Consult" not in labels(replace(TICKET, state=State.CLAIMED), alone)


def test_every_button_fits_what_telegram_carries() -> None:
    huge = replace(
        long_ticket("长"), id=10**18 - 1, evidence=Evidence(duplicate=10**18 - 2, leads=(LEAD,))
    )
    for state in State:
        rows = cards.card(replace(huge, state=state), language=Lang.EN, roster=ROSTER).buttons
        for button in (button for row in rows for button in row):
            assert len(button.action.encode()) <= 64
            assert Action.parse(button.action) is not None
