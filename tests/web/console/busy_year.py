"""A store like that of a bureau in use: questions, tickets, concerns, answers for everybody."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final, TypeVar

from bot.actions import Action, Verb
from bot.desk.clocks import Clocks
from bot.desk.concerns.concern import Asked, Concern
from bot.desk.publishing.publication import Publication, Stage
from bot.desk.publishing.records import Use
from bot.desk.tickets import Agent, Draft, State, Ticket, TicketKind
from bot.desk.workdays import CHINA
from bot.store.base import Store, Work
from bot.types import Address, Citation, Input, Message, Outcome, Reason, Result
from knowledge.types import Kind, Lang, Standing
from tests.unit.desk.office import HERE

T = TypeVar("T")

DAY: Final = timedelta(days=1)
AGENT: Final = Agent("telegram:1", "王芳")
DOCUMENTS: Final = (
    ("ferry-fares", "澜港市轮渡票价管理办法", Kind.POLICY, 30),
    ("ferry-fares-explained", "《澜港市轮渡票价管理办法》政策解读", Kind.INTERPRETATION, 18),
    ("mooring", "关于印发《澜港市小型船舶停泊管理规定》的通知", Kind.POLICY, 14),
    ("dogs", "澜港市养犬登记办理指南", Kind.POLICY, 12),
    ("skills", "澜港市职业技能提升补贴申领发放实施细则(试行)", Kind.POLICY, 9),
    ("skills-explained", "职业技能提升补贴政策问答", Kind.INTERPRETATION, 7),
    ("housing", "澜港市公共租赁住房申请与轮候管理办法", Kind.POLICY, 6),
    ("answer-1", "渔船冬季停航期间停泊费怎样减免？", Kind.ANSWER, 4),
)
REASONS: Final = (
    (Reason.UNSURE, 35),
    (Reason.NOTHING_FOUND, 30),
    (Reason.ASKED_FOR_PERSON, 14),
    (Reason.LOW_RATING, 8),
    (Reason.OUTDATED, 7),
    (Reason.CONFLICT, 2),
)
KINDS: Final = (
    (TicketKind.CONSULTATION, 80),
    (TicketKind.COMPLAINT, 14),
    (TicketKind.SUGGESTION, 4),
    (TicketKind.DISCLOSURE, 2),
)
CONCERNS: Final = (
    "冬季轮渡减班到几点？",
    "老旧小区加装电梯怎么分摊费用？",
    "泊位涨价的依据是什么？",
)


def citation(document_id: str, title: str, kind: Kind) -> Citation:
    return Citation(
        document_id=document_id, title=title, number="", issuer="", address="第三条",
        quote="票价每年公布一次。", source="", published=None, kind=kind,
        status=Standing.IN_FORCE, language=Lang.ZH_HANS, passage_id=f"{document_id}#1",
    )  # fmt: skip


@dataclass
class Year:
    """Fills a store, the same each time."""

    store: Store
    departments: Sequence[str] = ("harbour", "housing")
    seed: int = 7
    written: int = 0

    def __post_init__(self) -> None:
        self._random = Random(self.seed)  # noqa: S311 - made data
        self._clocks = Clocks()

    async def fill(self, first: date, last: date, *, daily: int) -> None:
        """About so many questions on a working day, and fewer on others."""
        day = first
        while day <= last:
            wave = 1 + 0.35 * math.sin((day - first).days / 9)
            many = daily * wave * (1 if CHINA.works(day) else 0.35)
            async with self.store.begin() as work:
                for _ in range(round(self._random.gauss(many, many / 9))):
                    await self._question(work, day, last)
            day += DAY

    async def fill_registers(self, last: date) -> None:
        async with self.store.begin() as work:
            for place, label in enumerate(CONCERNS):
                days = tuple(
                    Asked(last - DAY * back, self._random.randint(1, 9 - 2 * place))
                    for back in range(26 - 6 * place, 0, -2)
                )
                concern = Concern(label=label, days=days, found=last - 14 * DAY, due=last)
                await work.entries(Concern).add(concern)
            await work.entries(Publication).add(
                Publication(
                    ticket_id=1,
                    stage=Stage.SERVED,
                    question=DOCUMENTS[-1][1],
                    answer="可以减半。",
                    language=Lang.ZH_HANS,
                    cites=(),
                    proposed_by=AGENT,
                    proposed=datetime.combine(last, time(9), HERE),
                )
            )

    async def _question(self, work: Work, day: date, last: date) -> None:
        at = datetime.combine(
            day, time(self._random.randint(8, 19), self._random.randint(0, 59)), HERE
        )
        self.written += 1
        chat = Address("telegram", str(self._random.randint(1, 900)))
        asked = Message(
            id=f"q{self.written}", address=chat, sender=chat.chat,
            text="轮渡票价多少？" * 3, at=at,
        )  # fmt: skip
        outcome, reason = self._outcome()
        accepted = await work.inbox.accept(asked)
        assert accepted is not None
        await work.inbox.finish(accepted.id, outcome, at=at)
        if outcome.citations and outcome.citations[0].kind is Kind.ANSWER:
            await work.entries(Use).add(
                Use(publication=1, message=accepted.id, at=at, helpful=self._random.random() < 0.8)
            )
        if reason is not None:
            await self._ticket(work, asked, reason, last)
        elif self._random.random() < 0.15:
            verb = Verb.HELPFUL if self._random.random() < 0.78 else Verb.UNHELPFUL
            pressed = str(Action(verb, accepted.id))
            vote = replace(asked, id=f"v{self.written}", kind=Input.ACTION, text=pressed)
            voted = await work.inbox.accept(vote)
            assert voted is not None
            done = Outcome(result=Result.SMALL_TALK, language=Lang.ZH_HANS)
            await work.inbox.finish(voted.id, done, at=at)

    def _outcome(self) -> tuple[Outcome, Reason | None]:
        """What became of a question, and why it went to staff."""
        drawn = self._random.random()
        reason = self._one(REASONS)
        if drawn < 0.62:
            documents = self._cited()
            outcome = Outcome(result=Result.ANSWERED, language=Lang.ZH_HANS, citations=documents)
            return outcome, Reason.ASKED_FOR_PERSON if drawn < 0.03 else None
        if drawn < 0.78:
            return Outcome(result=Result.CLARIFY, language=Lang.ZH_HANS), None
        outcome = Outcome(result=Result.UNRESOLVED, reason=reason, language=Lang.ZH_HANS)
        return outcome, reason

    def _cited(self) -> tuple[Citation, ...]:
        document_id, title, kind = self._one([((a, b, c), n) for a, b, c, n in DOCUMENTS])
        found = citation(document_id, title, kind)
        if kind is Kind.INTERPRETATION and self._random.random() < 0.7:
            rule = document_id.removesuffix("-explained")
            return found, citation(rule, rule, Kind.POLICY)
        return (found,)

    async def _ticket(self, work: Work, asked: Message, reason: Reason, last: date) -> None:
        kind = self._one(KINDS)
        draft = Draft(
            message_id=asked.id, asked_from=asked.address, question=asked.text,
            language=Lang.ZH_HANS, reason=reason, kind=kind, opened=asked.at,
        )  # fmt: skip
        ticket = await work.tickets.open(draft)
        deadlines = self._clocks.opened(kind, asked.at)
        term = self._clocks.terms[kind].resolution
        department = self._one([(one, 3 - n) for n, one in enumerate(self.departments)])
        first = self._after(asked.at, min(1, int(self._random.expovariate(1.6))))
        done = self._after(first, int(self._random.expovariate(1.7 / term)))
        filled = replace(ticket, department=department, deadlines=deadlines)
        await work.tickets.save(self._handled(filled, first, done, last))

    def _handled(self, ticket: Ticket, first: datetime, done: datetime, last: date) -> Ticket:
        if first.date() > last:
            return ticket
        began = replace(ticket.deadlines, responded=first)
        if done.date() > last or self._random.random() < 0.01:
            return replace(ticket, state=State.CLAIMED, deadlines=began)
        said = self._random.random()
        return replace(
            ticket,
            state=State.ANSWERED,
            reply="可以减半。",
            deadlines=replace(began, resolved=done),
            understood=None if said > 0.4 else said < 0.36,
            solved=None if said > 0.4 else said < 0.31,
        )

    def _after(self, at: datetime, working_days: int) -> datetime:
        day = CHINA.after(at.date(), working_days)
        hour = self._random.randint(9, 17)
        return max(at, datetime.combine(day, time(hour, 30), at.tzinfo))

    def _one(self, weighted: Iterable[tuple[T, int]]) -> T:
        pairs = list(weighted)
        names, weights = [one for one, _ in pairs], [weight for _, weight in pairs]
        return self._random.choices(names, weights)[0]
