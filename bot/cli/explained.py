"""`index why`: every step of an answer, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from bot.cli.past import folder_that_answered, past, past_in_words, row_of_past
from bot.config import Settings
from bot.intents import question_of
from bot.opened import folder_of, open_as_built
from bot.privacy import clean, mask
from bot.store.base import Past
from index.explanation import Asked, Candidate, Explanation, Scored, Term
from index.rerank import Fitted
from index.why import explain

LACKS: Final = 8  # terms named, the weightiest


@dataclass(frozen=True, slots=True)
class Told:
    """What `index why` prints."""

    why: Explanation
    past: Past | None = None
    unread: str = ""  # reranker of the release that the settings leave out, as for the bot

    def in_words(self) -> Iterator[str]:
        if self.past:
            yield from past_in_words(self.past)
        if self.unread:
            yield f"left out     the release's reranker {self.unread}: RERANKER is empty"
        yield from explanation_in_words(self.why)

    def as_row(self) -> dict[str, Any]:
        row = asdict(self.why)
        return {"past": row_of_past(self.past), **row} if self.past else row


def explain_question(settings: Settings, question: str, *, release: str | None, on: date) -> Told:
    """As a citizen would ask it: masked, and without `/ask`."""
    folder = folder_of(release or "current", settings.releases)
    searcher = open_as_built(settings, folder)
    why = explain(searcher, question_of(mask(clean(question))), on)
    return Told(why, unread=_unread(settings, folder))


def explain_message(settings: Settings, number: int) -> Told:
    """What was asked, on the release that answered it and as of that day."""
    found = past(settings.database_url, number)
    folder = folder_that_answered(found, settings.releases)
    searcher = open_as_built(settings, folder)
    asked = question_of(found.message.text)  # masked before it was written down
    why = explain(searcher, asked, found.message.at.astimezone(settings.zone).date())
    return Told(why, found, _unread(settings, folder))


def _unread(settings: Settings, folder: Path) -> str:
    return "" if settings.outside().reranking.name else Fitted.load(folder).name


def explanation_in_words(why: Explanation) -> Iterator[str]:
    yield f"question     {why.question}"
    yield f"release      {why.release}, as of {why.asked.on}"
    yield from _question(why.asked)
    yield from _leg("documents    by keywords", why.documents)
    yield from _leg("passages     by vectors", why.nearest)
    if second := why.reranker:
        yield f"reranker     {second.name}, weight {second.weight:g}, reads the first {second.top}"
    yield from _candidates(why.candidates, reranked=why.reranker is not None)
    yield from _probability(why)
    for one in why.outdated:
        successor = f", replaced by {one.successor}" if one.successor else ""
        yield (
            f"outdated     {one.passage}  {one.title}  {one.standing}{successor}"
            f"  p={one.probability:.3f}"
        )


def _question(asked: Asked) -> Iterator[str]:
    yield f"language     {asked.language or 'not told'}"
    yield f"folded       {asked.folded}"
    yield f"left out     {' '.join(asked.left_out) or 'nothing'}"
    known = [f"{_named(one)}×{one.weight:.2f}" for one in asked.terms if one.weight]
    unknown = [one.term for one in asked.terms if not one.weight]
    yield f"terms        {' '.join(known) or 'none that a document has'}"
    if unknown:
        yield f"unknown      {' '.join(unknown)}"
    for thing in asked.things:
        yield f"glossary     {thing.word} = {', '.join(thing.others)}"
    if asked.told_in:
        yield f"told in      {' '.join(asked.told_in)}"
    if asked.named:
        places = f", {asked.places} places in it" if asked.places else ""
        rest = "nothing else is asked" if asked.alone else "searched alone if any of it binds"
        yield f"named        {', '.join(asked.named)}{places}: {rest}"


def _leg(name: str, found: Sequence[Scored]) -> Iterator[str]:
    yield f"{name}{'' if found else ': nothing'}"
    for one in found:
        apart = "" if one.binds else "  (does not bind on that day)"
        yield f"  {one.score:8.3f}  {one.id}  {one.title}{apart}"


def _candidates(found: Sequence[Candidate], *, reranked: bool) -> Iterator[str]:
    parts = "keywords + vector + covered + said" + (" + reranked" if reranked else "")
    yield f"candidates   score = {parts}{'' if found else ': none'}"
    for place, one in enumerate(found, start=1):
        yield f"  {place}. {one.passage}  {one.title}  {one.address}"
        if one.named:
            yield "     named by the question"
            continue
        read = "" if one.reranker is None else f" reranker {one.reranker:.3f},"
        yield (
            f"     {one.score:.3f} = {one.keywords:.3f} + {one.vector:.3f} + {one.covered:.3f}"
            f" + {one.said:.3f}{f' + {one.reranked:.3f}' if reranked else ''}"
            f"   document {one.document:.2f}, window {one.window:.2f},{read}"
            f" p={one.probability:.3f}"
        )
        more = len(one.lacks) - LACKS
        lacks = " ".join(_named(term) for term in one.lacks[:LACKS])
        yield f"     lacks {lacks or 'nothing'}{f' and {more} more' if more > 0 else ''}"


def _probability(why: Explanation) -> Iterator[str]:
    yield "features     value × weight, of the first candidate"
    for one in why.features:
        product = one.value * one.weight
        yield f"  {one.name:14} {one.value:7.3f} × {one.weight:7.3f} = {product:7.3f}"
    yield f"  {'bias':34} = {why.bias:7.3f}"
    yield f"  {'together':34} p {why.by_features:.3f}"
    if why.by_features > why.line and not why.answers and not why.conflict:
        yield (
            "held back    it asks of another place, of what the passage does not speak of,"
            " or for an amount that it does not tell"
        )
    if why.conflict:
        first, rival = why.conflict
        yield f"conflict     {first} and {rival} tell different figures for it: neither answers"
    sign = ">" if why.probability > why.line else "≤"
    end = "it answers" if why.answers else "it does not answer"
    yield f"decision     probability {why.probability:.3f} {sign} line {why.line:.3f}: {end}"
    if why.clarify is not None and not why.answers:
        yield f"             passages that cover enough of it are offered above {why.clarify:.3f}"


def _named(term: Term) -> str:
    return f"{term.term}({term.mass:.0%})" if term.mass else term.term
