"""Who is told of what is overdue: supervisors are mentioned, and consultations are not forgotten."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from bot.desk.consultations import Consultation
from bot.desk.consulting import Consulting
from bot.desk.notices import late
from bot.desk.roster import Department, Member, Role, Roster
from bot.desk.tickets import TicketKind
from bot.desk.watch import Watch
from bot.types import Span, Style
from knowledge.types import Lang
from tests.unit.desk.office import LI, WANG, ZHAO, Interrupted, Office

SUPERVISOR = Member(id=ZHAO.id, name=ZHAO.name, roles=frozenset({Role.SUPERVISOR}))


async def test_the_supervisors_are_mentioned_so_that_telegram_tells_them(office: Office) -> None:
    ticket = await office.opens()
    await office.desk.triage(ticket.id, WANG, "housing")
    office.time.set("2026-11-25")
    page = late(
        [await office.ticket(ticket.id)],
        language=Lang.ZH_HANS,
        roster=office.desk.roster,
        at=office.time.now,
    )
    assert page.body[-2:] == (
        Span("\n请督办："),
        Span("赵敏", Style.LINK, "tg://user?id=3"),
    )


async def test_of_two_accounts_of_a_supervisor_the_one_that_is_told_is_named(
    office: Office,
) -> None:
    both = [replace(SUPERVISOR, id=number) for number in ("terminal:zhao", "telegram:3")]
    only = replace(SUPERVISOR, id="terminal:sun", name="孙权")
    roster = Roster({"a": Department(key="a", name="A", members=(*both, only))})
    ticket = await office.opens()
    office.time.set("2026-11-25")
    page = late([ticket], language=Lang.EN, roster=roster, at=office.time.now)
    assert page.body[-3:] == (
        Span("赵敏", Style.LINK, "tg://user?id=3"),
        Span(", "),
        Span("孙权"),
    )


async def asked_of_pension(office: Office) -> int:
    """Asked on Monday the 23rd, due on Thursday; the number of the ticket."""
    ticket = await office.opens(TicketKind.SUGGESTION)
    await office.desk.claim(ticket.id, WANG)
    await Consulting(office.store, office.desk).ask(ticket.id, WANG, ["pension"], "可以吗？")
    return ticket.id


async def test_an_overdue_consultation_is_for_the_supervisors_of_that_department_once(
    stored: Office,
) -> None:
    number = await asked_of_pension(stored)
    stored.time.set("2026-11-26", 9)
    await stored.watch().step()
    await stored.told()
    stored.time.set("2026-11-27", 8, 29)
    await stored.watch().step()
    assert await stored.told() == []
    stored.time.set("2026-11-27", 8, 30)
    watches = [stored.watch(), stored.watch()]
    await asyncio.gather(*(watch.step() for watch in watches))
    told = [note for note in await stored.told() if note.startswith("Consultations")]
    assert told == [
        (
            "Consultations overdue: 1\n"
            "· 2026-11-26 养老科: consultation 1 on No. 1\n"
            "For the supervisors: 孙权"
        )
    ]
    assert (await stored.history(number)).count("consultation escalated") == 1
    for day in ("2026-11-28", "2026-11-30"):
        stored.time.set(day)
        await watches[0].step()
        assert not any(note.startswith("Consultations") for note in await stored.told())


async def test_a_consultation_that_nobody_needs_any_more_is_not_told(office: Office) -> None:
    number = await asked_of_pension(office)
    await office.desk.reply(number, WANG, "可以。")
    await office.told()
    office.time.set("2026-11-27")
    await office.watch().step()
    assert await office.told() == []


async def test_what_somebody_else_did_first_is_looked_at_again_the_same_day(
    office: Office,
) -> None:
    number = await asked_of_pension(office)
    await Consulting(office.store, office.desk).ask(number, WANG, ["pension"], "多久？")
    office.time.set("2026-11-27")
    await office.watch().step()
    async with office.store.begin() as work:
        for one in await work.entries(Consultation).find():
            await work.entries(Consultation).save(replace(one, escalated=None))
    await office.told()

    async def answers() -> None:
        await Consulting(office.store, office.desk).answer(1, LI, "可以。")

    # Tickets without clocks, leases, what is due, clocks that stand: then consultations.
    watch = Watch(Interrupted(office.store, answers, behind=5), office.desk, archive_days=0)
    await watch.step()
    assert await office.told() == []
    await watch.step()
    assert [note.split("\n")[1] for note in await office.told()] == [
        "· 2026-11-26 养老科: consultation 2 on No. 1"
    ]
