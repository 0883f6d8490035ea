"""
From an outcome to what the citizen gets: the answer, verified, with the ways on from it.

Also what comes of two of those ways: the whole clause, and the text of a related question.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

import structlog

from bot import answer_page
from bot.answer_page import Ways
from bot.channels.web import WEB
from bot.errors import Misquoted, ReleaseChanged
from bot.intents import question_of
from bot.related import Related
from bot.searching import Searches
from bot.store.base import Past
from bot.turn import Plan, Turn
from bot.types import Citation, Outcome, Reason, Result, RichText, Span
from bot.verified import check_citation, check_page
from knowledge.types import Passage

log: Final = structlog.get_logger(__name__)


class Answers:
    def __init__(self, index: Searches, *, site: str = "") -> None:
        """`site` is where our pages of documents are, "https://…"; "" if that is not known."""
        self._index = index
        self._site = site
        self._related = Related(index)

    async def plan(
        self, turn: Turn, outcome: Outcome, *, on: date, to: Past | None = None
    ) -> Plan:
        """
        The answer as a plan; where it would be misquoted, an error of ours for staff to mend.

        `to` is the question, if it was an earlier message than the turn's.
        Raise ReleaseChanged if the release of the outcome is not served any more.
        """
        asked = to.id if to else turn.accepted.id
        try:
            clauses = [await self._clause(one, outcome.release) for one in outcome.citations]
            if outcome.as_of is None:
                outcome = replace(outcome, related=await self._related.to(outcome, on=on))
            longer = len(clauses[0]) > 1
            ways = Ways(
                asked=asked, answer=turn.accepted.id, longer=longer, site=self._site_of(turn)
            )
            page = answer_page.answer(outcome, ways)
            check_page(page.body, [(one.source, one.quote) for one in outcome.citations])
        except Misquoted as error:
            log.error("answer.misquoted", release=outcome.release, problem=str(error))  # noqa: TRY400 - the trace tells nothing more
            failed = Outcome(result=Result.ERROR, reason=Reason.FAILED, language=turn.language)
            question = asked_in(to) if to else outcome.question or question_of(turn.message.text)
            return Plan(failed, question=question, asked_in=to.message.id if to else "")
        return Plan(outcome, page, about=to.id if to else None)

    def _site_of(self, turn: Turn) -> str:
        """Whoever reads on our page needs no host name: a path leads to the others."""
        on_our_page = turn.message.address.channel == WEB
        return self._site or ("/" if on_our_page else "")

    async def both(self, turn: Turn, outcome: Outcome) -> RichText:
        """
        The passages of a CONFLICT, verified, to stand under what is said of it.

        Nothing where they would be misquoted: staff have them, and the release, all the same.
        Raise ReleaseChanged if the release of the outcome is not served any more.
        """
        page = answer_page.passages(outcome, site=self._site_of(turn))
        try:
            for citation in outcome.citations:
                await self._clause(citation, outcome.release)
            check_page(page, [(one.source, one.quote) for one in outcome.citations])
        except Misquoted as error:
            log.error("answer.misquoted", release=outcome.release, problem=str(error))  # noqa: TRY400 - the trace tells nothing more
            return ()
        return (Span("\n\n"), *page)

    async def whole_clause(self, turn: Turn, past: Past | None) -> Plan:
        """All passages of the clause that an answer quotes a part of, in order."""
        done = Outcome(result=Result.SMALL_TALK, language=turn.language)
        if past is None or not past.outcome.citations:
            return Plan(done, answer_page.gone(turn.language))
        citation = past.outcome.citations[0]
        _, clause = await self._index.clause(citation.passage_id)
        try:
            check_citation(citation, clause)
        except Misquoted:  # another release, and the document is not what it was
            return Plan(done, answer_page.gone(turn.language))
        texts = [passage.text for passage in clause]
        return Plan(done, answer_page.whole_clause(citation, texts, turn.language))

    async def _clause(self, citation: Citation, release: str) -> Sequence[Passage]:
        """The clause of a citation that is in the release as it is cited."""
        served, clause = await self._index.clause(citation.passage_id)
        if served != release:
            raise ReleaseChanged(f"{served} is served, not {release}")
        check_citation(citation, clause)
        return clause


def asked_in(past: Past) -> str:
    """The question of an earlier message, as it is to be understood by itself."""
    return past.outcome.question or question_of(past.message.text)


def related_question(past: Past | None, place: int | None) -> str:
    """The text of a question that stood under an answer, or ""."""
    questions = past.outcome.related if past else ()
    return questions[place - 1] if place and place <= len(questions) else ""
