"""Which department a ticket is for, and who is asked to take it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from bot.desk.hours import Hours
from bot.desk.roster import Department, Member, Role, Roster
from bot.desk.routing import Choice, choose, is_sensitive, suggest
from bot.desk.tickets import Lead, Suggestion, Ticket
from bot.desk.workdays import Calendar
from bot.types import Address, Reason
from knowledge.types import Lang
from tests.unit.desk.office import HERE

HARBOUR = Department(
    key="harbour",
    name="港务科",
    topics=("泊位", "轮渡", "tax"),
    issuers=("澜港市港务局",),
    sensitive=("沉船",),
)
FISHING = Department(
    key="fishing", name="渔业科", topics=("渔船", "渔船泊位"), issuers=("澜港市渔业局",)
)
ROSTER = Roster({"harbour": HARBOUR, "fishing": FISHING})


def lead(issuer: str, probability: float | None) -> Lead:
    return Lead(
        passage_id="p",
        document_id="d",
        title="办法",
        address="第一条",
        quote="……",
        issuer=issuer,
        probability=probability,
    )


def named(question: str, *leads: Lead) -> tuple[str, bool] | None:
    found = suggest(question, leads, ROSTER, language=Lang.ZH_HANS)
    return None if found is None else (found.department, found.certain)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("泊位怎么申请？", ("harbour", True)),
        ("輪渡幾點開？", ("harbour", True)),  # folded as anything that is compared
        ("渔船泊位怎么申请？", ("fishing", True)),  # the longest; the other lies within it
        ("渔船泊位到期后能坐轮渡吗？", ("fishing", False)),  # another department's elsewhere
        ("渔船坐轮渡怎么走？", None),  # two of the same length
        ("Is there a TAX on berths?", ("harbour", True)),
        ("What is a syntax?", None),
        ("路灯坏了找谁？", None),
    ],
)
def test_topics(question: str, expected: tuple[str, bool] | None) -> None:
    assert named(question) == expected


@pytest.mark.parametrize(
    ("leads", "expected"),
    [
        ([lead("澜港市港务局", 0.4)], "harbour"),
        ([lead("澜港市港务局办公室", 0.4), lead("澜港市财政局", 0.6)], "harbour"),
        ([lead("澜港市港务局", 0.4), lead("澜港市渔业局", 0.2)], "harbour"),
        ([lead("澜港市港务局", 0.3), lead("澜港市渔业局", 0.2)], None),
        ([lead("澜港市港务局、澜港市渔业局", 0.3)], None),
        ([lead("澜港市渔业局", None), lead("澜港市港务局", 0.1)], "fishing"),
        ([lead("澜港市港务局", 0.0)], None),
        ([lead("", 0.9)], None),
    ],
)
def test_issuers_of_what_came_near(leads: list[Lead], expected: str | None) -> None:
    assert named("路灯坏了找谁？", *leads) == (None if expected is None else (expected, False))


def test_a_topic_counts_more_than_issuers() -> None:
    assert named("轮渡几点开？", lead("澜港市渔业局", 0.9)) == ("harbour", True)


def test_staff_are_told_why() -> None:
    question = "轮渡几点开？"
    assert suggest(question, [], ROSTER, language=Lang.ZH_HANS) == Suggestion(
        department="harbour", why="问题中提到“轮渡”", certain=True
    )
    near = [lead("澜港市渔业局", 0.4)]
    assert suggest("路灯", near, ROSTER, language=Lang.EN) == Suggestion(
        department="fishing", why="passages of 澜港市渔业局 came nearest"
    )


def test_sensitive_words_count_wherever_the_ticket_goes() -> None:
    assert is_sensitive("渔船被撞，沉船了怎么赔？", ROSTER)
    assert not is_sensitive("船沉了吗？", ROSTER)


# Who is asked.

MONDAY = datetime(2026, 11, 23, 10, tzinfo=HERE)
EVENING = datetime(2026, 11, 23, 20, tzinfo=HERE)
WANG = Member(id="telegram:1", name="王芳")
LI = Member(id="telegram:2", name="李雷", languages=frozenset({Lang.ZH_HANT, Lang.KO}))
ZHAO = Member(id="telegram:3", name="赵敏", languages=frozenset({Lang.EN}))
HAN = Member(id="telegram:4", name="韩梅", roles=frozenset({Role.MAINTAINER}))
TEAM = replace(HARBOUR, members=(HAN, WANG, LI, ZHAO), hours=Hours.parse("Mon-Fri 09:00-17:00"))
TICKET = Ticket(
    id=6,
    message_id="m6",
    asked_from=Address("telegram", "1001"),
    question="轮渡几点开？",
    language=Lang.ZH_HANS,
    reason=Reason.UNSURE,
    opened=MONDAY,
    changed=MONDAY,
)


def chosen(
    *,
    ticket: Ticket = TICKET,
    at: datetime = MONDAY,
    away: frozenset[str] = frozenset(),
    **held: int,
) -> Choice:
    return choose(
        TEAM,
        ticket,
        at=at,
        calendar=Calendar(),
        away=away,
        held={number.replace("telegram", "telegram:"): count for number, count in held.items()},
    )


def test_whoever_holds_the_fewest_tickets_is_asked() -> None:
    assert chosen(telegram1=3, telegram2=2).member == LI
    assert chosen(telegram1=1, telegram2=2).member == WANG


def test_equals_take_turns() -> None:
    tickets = [replace(TICKET, id=number) for number in range(4)]
    assert [chosen(ticket=one).member for one in tickets] == [WANG, LI, WANG, LI]


def test_the_citizens_language_counts_before_the_load() -> None:
    korean = replace(TICKET, language=Lang.KO)
    assert chosen(ticket=korean, telegram1=5, telegram2=9).member == WANG  # may speak it
    english = replace(TICKET, language=Lang.EN)
    assert chosen(ticket=english, telegram1=5, telegram3=9).member == WANG
    away = frozenset({WANG.id})
    assert chosen(ticket=english, away=away, telegram3=9).member == ZHAO


def test_where_nobody_speaks_it_somebody_is_asked() -> None:
    japanese = replace(TICKET, language=Lang.JA)
    away = frozenset({WANG.id})
    assert chosen(ticket=japanese, away=away, telegram3=1).member == LI


def test_nobody_is_asked_who_is_not_there() -> None:
    tomorrow = datetime(2026, 11, 24, 9, tzinfo=HERE)
    assert chosen(at=EVENING) == Choice(opens=tomorrow)
    everybody = frozenset({WANG.id, LI.id, ZHAO.id})
    assert chosen(away=everybody) == Choice()
