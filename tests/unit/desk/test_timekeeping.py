"""Staff stop a clock, let it go on, and put an answer off, over both stores."""

from __future__ import annotations

import pytest

from bot.desk.tickets import TicketKind
from bot.errors import ClockRefused, HeldByAnother, ReasonMissing
from tests.unit.desk.office import CHAT, LI, WANG, Office


async def test_the_citizen_is_told_why_and_until_when_a_request_is_extended(
    stored: Office,
) -> None:
    stored.time.set("2026-09-15")
    ticket = await stored.opens(TicketKind.DISCLOSURE)
    stored.time.set("2026-10-19", 17)
    await stored.timekeeper.extend(ticket.id, WANG, " 需要检索的信息量大 ")
    assert await stored.told(CHAT) == [
        "The reply to No. 1 takes longer. You will have it by 2026-11-16.\nReason: 需要检索的信息量大"
    ]
    _, events = await stored.desk.look(ticket.id)
    assert (events[-1].what, events[-1].who) == ("extended", WANG.id)
    assert events[-1].why == "需要检索的信息量大"
    with pytest.raises(ClockRefused, match="once"):
        await stored.timekeeper.extend(ticket.id, WANG, "还没查完")
    assert await stored.told(CHAT) == []


async def test_what_has_no_extension_is_not_put_off(office: Office) -> None:
    ticket = await office.opens()
    with pytest.raises(ClockRefused, match="no extension"):
        await office.timekeeper.extend(ticket.id, WANG, "需要检索的信息量大")
    assert await office.ticket(ticket.id) == ticket


async def test_an_extension_needs_a_reason(office: Office) -> None:
    ticket = await office.opens(TicketKind.DISCLOSURE)
    with pytest.raises(ReasonMissing):
        await office.timekeeper.extend(ticket.id, WANG, "  ")


async def test_asking_others_stops_the_clock_until_it_goes_on(stored: Office) -> None:
    stored.time.set("2026-09-15")
    ticket = await stored.opens(TicketKind.DISCLOSURE)  # due on 19 October
    stored.time.set("2026-09-17")
    await stored.timekeeper.pause(ticket.id, WANG, "征求第三方意见")
    assert (await stored.ticket(ticket.id)).deadlines.due is None
    stored.time.set("2026-10-09")
    resumed = await stored.timekeeper.resume(ticket.id, WANG)
    assert resumed.deadlines.resolution is not None
    assert resumed.deadlines.resolution.date().isoformat() == "2026-11-03"
    assert await stored.history(ticket.id) == ["opened", "paused", "resumed"]


async def test_only_its_holder_stops_the_clock(office: Office) -> None:
    ticket = await office.opens(TicketKind.DISCLOSURE)
    await office.desk.claim(ticket.id, WANG)
    with pytest.raises(HeldByAnother):
        await office.timekeeper.pause(ticket.id, LI, "征求第三方意见")
