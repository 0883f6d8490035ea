"""One question, one answer, nothing stored: `run_bot.py ask`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bot import answer_page, asides, offer, render
from bot.config import Settings
from bot.decide import LONGEST_QUESTION, decide, unreadable
from bot.intents import Intent, question_of, recognise
from bot.privacy import clean
from bot.types import Citation, Outcome, Reason, Result, RichText
from bot.verified import check_citation
from index.build import load
from index.release import locate
from knowledge.language import detect
from knowledge.types import Lang


@dataclass(frozen=True, slots=True)
class Said:
    outcome: Outcome
    text: str

    def as_json(self) -> dict[str, Any]:
        """The contract of `ask --json`."""
        outcome = self.outcome
        return {
            "status": outcome.result.value,
            "reason": outcome.reason.value if outcome.reason else None,
            "text": self.text,
            "language": outcome.language.value,
            "probability": outcome.probability,
            "release": outcome.release,
            "citations": [_citation(one) for one in outcome.citations],
            "choices": [_citation(one) for one in outcome.choices],
        }


def answer_once(settings: Settings, question: str, *, release: Path | None, on: date) -> Said:
    """Raise a SearchError if no release can be used."""
    question = clean(question)
    language = detect(question) or settings.default_language
    if said := unsearched(question, language=language, bureau=settings.bureau):
        return said
    folder = locate(release or settings.releases)
    searcher = load(
        folder,
        encoder=settings.choice.load,
        expect=settings.encoder,
        outside=settings.outside(),
    )
    outcome = decide(searcher(question_of(question), on), language=language, on=on)
    for citation in quoted(outcome):
        check_citation(citation, searcher.clause(citation.passage_id))
    return said_of(outcome)


def unsearched(question: str, *, language: Lang, bureau: render.Bureau) -> Said | None:
    """What is said without a search: to small talk, or to what is no question; else None."""
    problem = unreadable(question_of(question))
    if problem is not None:
        outcome = Outcome(result=Result.BLOCKED, reason=problem, language=language)
        return Said(outcome, _plain(render.blocked(outcome, limit=LONGEST_QUESTION)))
    intent = recognise(question)
    if intent is None:
        return None
    result = _RESULT.get(intent, Result.SMALL_TALK)
    return _small(bureau, intent, Outcome(result=result, language=language))


def quoted(outcome: Outcome) -> tuple[Citation, ...]:
    """The citations whose words are told: each is to be checked before."""
    told = outcome.result is Result.ANSWERED or outcome.reason is Reason.CONFLICT
    return outcome.citations if told else ()


def said_of(outcome: Outcome) -> Said:
    """A decision in words, to be read and not to be pressed."""
    if outcome.result is Result.ANSWERED:
        return Said(outcome, _text(answer_page.body(outcome)))
    if outcome.result is Result.CLARIFY:
        return Said(outcome, _plain(offer.offer(outcome, message_id=0)))
    said = _plain(render.not_answered(outcome))
    if outcome.reason is Reason.CONFLICT:
        said += f"\n\n{_text(answer_page.passages(outcome))}"
    return Said(outcome, said)


_RESULT = {Intent.EMERGENCY: Result.EMERGENCY, Intent.HUMAN: Result.HUMAN_REQUESTED}


def _small(bureau: render.Bureau, intent: Intent, outcome: Outcome) -> Said:
    match intent:
        case Intent.EMERGENCY:
            page = render.emergency(outcome.language, bureau)
        case Intent.HUMAN:
            page = render.needs_question(outcome.language)
        case _:
            small = asides.small_talk(intent, outcome.language, bureau, about=None)
            page = small or render.welcome(outcome.language, bureau)
    reason = Reason.ASKED_FOR_PERSON if intent is Intent.HUMAN else None
    return Said(
        Outcome(result=outcome.result, reason=reason, language=outcome.language), _plain(page)
    )


def _plain(page: render.Page) -> str:
    return _text(page.body)


def _text(body: RichText) -> str:
    return "".join(span.text for span in body)


def _citation(citation: Citation) -> dict[str, Any]:
    return {
        "document_id": citation.document_id,
        "title": citation.title,
        "number": citation.number,
        "address": citation.address,
        "quote": citation.quote,
        "source": citation.source,
        "published": citation.published.isoformat() if citation.published else None,
        "kind": citation.kind.value,
        "status": citation.status.value,
    }
