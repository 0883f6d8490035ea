"""
What a proposal would publish, and what stands against it: read from the release that is served.

Nothing is written here, so whoever proposes may look as often as they like.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.desk.desk import Desk
from bot.desk.publishing.checks import Checked, findings
from bot.desk.publishing.likeness import Alike, most_alike
from bot.desk.publishing.pages import BROKEN, STAGES
from bot.desk.publishing.paper import tidied
from bot.desk.publishing.publication import ALIVE, Cited, Publication
from bot.desk.publishing.served import Release, Snapshot
from bot.desk.tickets import Agent, Ticket
from bot.errors import PublicationRefused
from bot.store.base import Store
from bot.texts import say
from knowledge.types import Disclosure, Lang

_COMPARED: Final = 5  # passages whose own questions are compared
_NEAR: Final = 3  # passages that are offered because they are near the answer
_TELLING: Final = 8  # characters of a sentence that two texts do not share by chance


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a member of staff wants published. What is left out is the ticket's own."""

    question: str = ""
    answer: str = ""
    passages: Sequence[str] | None = None  # ids; None: those of the ticket that the reply quotes
    disclosure: Disclosure | None = None  # it must be said


@dataclass(frozen=True, slots=True)
class Prepared:
    draft: Publication  # as it would be published, with the flags
    problems: tuple[str, ...]  # while there is one, it is not


class Preparing:
    def __init__(self, store: Store, desk: Desk, release: Release) -> None:
        self._store = store
        self._desk = desk
        self._release = release

    async def prepare(self, ticket: Ticket, agent: Agent, proposal: Proposal) -> Prepared:
        """Raise PublicationRefused where there is nothing to look at: no text, no release."""
        try:
            question, answer = tidied(
                proposal.question or ticket.question, proposal.answer or ticket.reply or ""
            )
        except ValueError as error:
            raise PublicationRefused([str(error)]) from error
        ids = proposal.passages
        if ids is None:
            ids = quoted_in(
                answer, ((lead.passage_id, lead.quote) for lead in ticket.evidence.leads)
            )
        known = await self.passages(ids)
        draft = Publication(
            ticket_id=ticket.id,
            question=question,
            answer=answer,
            language=ticket.language,
            cites=tuple(known.values()),
            proposed_by=agent,
            proposed=self._desk.clock(),
        )
        lost = [one for one in dict.fromkeys(ids) if one not in known]
        prepared = await self.checked(draft, proposal.disclosure)
        return Prepared(prepared.draft, (*self._unknown(lost), *prepared.problems))

    async def checked(self, draft: Publication, disclosure: Disclosure | None) -> Prepared:
        """All checks, for what is served and published now."""
        snapshot = await self._snapshot(one.document_id for one in draft.cites)
        today = self._desk.clock().date()
        broken = [(one, snapshot.broken(one, today)) for one in draft.cites]
        lost = [
            say(
                self._desk.language,
                "{passage}: {problem}; cite again",
                passage=one.passage_id,
                problem=say(self._desk.language, BROKEN[why]),
            )
            for one, why in broken
            if why is not None
        ]
        alike, answered = await self._compared(draft)
        found = findings(
            Checked(
                question=draft.question,
                answer=draft.answer,
                cites=draft.cites,
                disclosure=disclosure,
                alike=alike,
                answered=answered,
            ),
            self._desk.language,
        )
        return Prepared(replace(draft, flags=found.flags), (*found.problems, *lost))

    async def passages(self, ids: Iterable[str]) -> Mapping[str, Cited]:
        """Those that may be cited, as the release that is served has them, in that order."""
        wanted = tuple(dict.fromkeys(ids))
        snapshot = await self._snapshot(one.rpartition("#")[0] for one in wanted)
        today = self._desk.clock().date()
        found = ((one, snapshot.cited(one, today)) for one in wanted)
        return {one: cited for one, cited in found if cited is not None}

    async def near(self, answer: str) -> Sequence[str]:
        """The ids of passages that an answer may rest on."""
        found = await self._release.index.search(answer, on=self._desk.clock().date())
        return [hit.passage.id for hit in found.hits[:_NEAR]] if found else []

    def _unknown(self, ids: Sequence[str]) -> Sequence[str]:
        release, language = self._release.index.release, self._desk.language
        text = "{passage} is no passage in force of {release}"
        return [say(language, text, passage=one, release=release) for one in ids]

    async def _compared(self, draft: Publication) -> tuple[Alike | None, str]:
        """The most alike of what is published or asked in passages, and what answers now."""
        today, language = self._desk.clock().date(), self._desk.language
        async with self._store.begin() as work:
            known = await work.entries(Publication).find()
        own = [
            (one.question, _where(one, language))
            for one in known
            if one.ticket_id != draft.ticket_id and one.stage in ALIVE
        ]
        found = await self._release.index.search(draft.question, on=today)
        hits = found.hits[:_COMPARED] if found else ()
        for document in {one.document.id: one.document for one in hits}.values():
            asked = await self._release.index.questions(document.id, on=today)
            own += [(question, document.title) for question in asked]
        answer = found.answer if found else None
        return most_alike(draft.question, own), answer.document.title if answer else ""

    async def _snapshot(self, ids: Iterable[str]) -> Snapshot:
        snapshot = await self._release.snapshot(frozenset(ids))
        if snapshot is None:
            text = "no release is served; build one with `index build`"
            raise PublicationRefused([say(self._desk.language, text)])
        return snapshot


def _where(one: Publication, language: Lang) -> str:
    stage = say(language, STAGES[one.stage])
    return say(language, "answer for everybody {number}, {stage}", number=one.id, stage=stage)


def quoted_in(answer: str, passages: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """The ids of those (id, text) from which an answer takes a sentence, word for word."""
    bare = "".join(answer.split())
    return tuple(
        number for number, text in passages if any(one in bare for one in _sentences(text))
    )


def _sentences(quote: str) -> list[str]:
    parts = "".join(quote.split()).replace("；", "。").split("。")
    return [part for part in parts if len(part) >= _TELLING]
