"""Answer, hand over, or say why not? Pure functions, so each case is one line of a test."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from bot.types import Citation, Outcome, Reason, Result
from index.types import Found, Hit
from knowledge.types import Kind, Lang

LONGEST_QUESTION: Final = 2000  # characters; what is longer is a document, not a question
FEWEST_LETTERS: Final = 2  # a single character asks nothing
MOST_CITATIONS: Final = 3
# Share of the best one's probability that another source needs to be shown beside it. Of the
# sample's 25 golden questions that are answered, 5 get a second source; all 5 hold the answer.
# The 2 more that are above the line, with shares of 0.83 and 0.84, do not.
SECOND: Final = 0.85
MOST_CHOICES: Final = 3
# Above this share of the refusal line passages are offered to choose from, where the release did
# not measure from where on (calibration.py): it is older, too small, or the question leans on a
# topic. Measured, it is 0.23 to 0.32 of the line.
OFFERED_FROM: Final = 0.25
# A passage that covers less of the question's weight is about something else, however sure the
# other features are.
LEAST_COVERED: Final = 0.2


def unreadable(text: str) -> Reason | None:
    """Why a text is no question at all, or None."""
    if not text.strip():
        return Reason.EMPTY
    if sum(unicodedata.category(character)[0] in "LN" for character in text) < FEWEST_LETTERS:
        return Reason.NO_WORDS
    if len(text) > LONGEST_QUESTION:
        return Reason.TOO_LONG
    return None


def decide(found: Found | None, *, language: Lang, on: date) -> Outcome:
    """
    Turn what was found into an outcome.

    A passage answers when its calibrated probability is above the release's refusal line. Below
    it a few passages are offered to choose from, if there is some evidence for them. A document
    no longer in force never answers and is never offered; if only such a document speaks of the
    matter, the outcome says so. Where two in force disagree it cites both, and answers by neither.
    """
    if found is None:
        return Outcome(result=Result.UNRESOLVED, reason=Reason.NOT_READY, language=language)
    best = found.hits[0] if found.hits else None
    probability = best.probability if best else 0.0
    choices: Sequence[Hit] = ()
    if found.answer:
        result, reason, shown = Result.ANSWERED, None, _shown(found.hits, found.line)
    elif found.no_such_clause:
        result, reason, shown = Result.UNRESOLVED, Reason.NO_SUCH_CLAUSE, []
    elif found.conflict:
        result, reason, shown = Result.UNRESOLVED, Reason.CONFLICT, [*found.conflict]
    elif _only_outdated(found, above=max(found.line, probability)):
        result, reason, shown = Result.UNRESOLVED, Reason.OUTDATED, [found.outdated[0]]
        on = max(on, found.as_of or on)  # what ends before a day to come is not yet outdated
    elif choices := _offered(found):
        result, reason, shown = Result.CLARIFY, None, []
    else:
        result, shown = Result.UNRESOLVED, []
        reason = Reason.UNSURE if best else Reason.NOTHING_FOUND
    return Outcome(
        result=result,
        reason=reason,
        language=language,
        probability=round(probability, 4),
        citations=tuple(cite(hit, on=on) for hit in shown),
        release=found.release,
        as_of=found.as_of,
        choices=tuple(cite(hit, on=on) for hit in choices),
    )


def still_unsure(outcome: Outcome) -> Outcome:
    """Instead of a second offer: there is one round of choices, then a person answers."""
    return replace(outcome, result=Result.UNRESOLVED, reason=Reason.UNSURE, choices=())


def same_matter(outcome: Outcome, offered: Sequence[Citation]) -> bool:
    """
    Whether an offer is about what was offered before: then the question was the same one.

    Questions that lean on one topic are all about its document: they differ by their passages.
    """
    if outcome.topic is not None:
        return bool(_passages(outcome.choices) & _passages(offered))
    before = {one.document_id for one in offered}
    return any(one.document_id in before for one in outcome.choices)


def _passages(citations: Sequence[Citation]) -> set[str]:
    return {one.passage_id for one in citations}


def _offered(found: Found) -> Sequence[Hit]:
    """Distinct clauses that may answer, best first; none if the evidence is too thin."""
    best = found.hits[0] if found.hits else None
    if best is None or best.keyword < LEAST_COVERED:
        return ()
    if found.as_of:  # what is chosen is shown as of today
        return ()
    if best.probability <= _offered_from(found):
        return ()
    if _only_outdated(found, above=best.probability):
        return ()
    clauses = _clauses([hit for hit in found.hits if hit.keyword >= LEAST_COVERED])
    return _with_rule(clauses[:MOST_CHOICES], clauses)


def _offered_from(found: Found) -> float:
    return found.line * OFFERED_FROM if found.clarify is None else found.clarify


def _with_rule(chosen: list[Hit], clauses: Sequence[Hit]) -> list[Hit]:
    """Where only an interpretation is offered, its rule takes the place of the last choice."""
    rules = {name for hit in chosen for name in hit.document.interprets}
    if any(hit.document.id in rules for hit in chosen):
        return chosen
    rule = next((hit for hit in clauses if hit.document.id in rules), None)
    return chosen if rule is None else [*chosen[: MOST_CHOICES - 1], rule]


def _clauses(hits: Sequence[Hit]) -> list[Hit]:
    """One hit a clause; the head of a document (whom it is sent to) only if there is no clause."""
    divided = {hit.document.id for hit in hits if hit.passage.address}
    clauses: dict[tuple[str, ...], Hit] = {}
    for hit in hits:
        if hit.passage.address or hit.document.id not in divided:
            clause = hit.passage.address or (hit.passage.id,)
            clauses.setdefault((hit.document.id, *clause), hit)
    return list(clauses.values())


def _only_outdated(found: Found, *, above: float) -> bool:
    """Whether what is no longer in force fits better than that, and than what took its place."""
    if not found.outdated or found.outdated[0].probability <= above:
        return False
    old = found.outdated[0]
    successor = old.successor.id if old.successor else None
    return not any(successor in {hit.document.id, *hit.document.interprets} for hit in found.hits)


def cite(hit: Hit, *, on: date) -> Citation:
    document = hit.document
    text = hit.passage.text
    quote = text.strip()
    before = len(text) - len(text.lstrip())  # of the quote
    first, last = (min(max(place - before, 0), len(quote)) for place in hit.answering)
    return Citation(
        document_id=document.id,
        title=document.title,
        number=document.number,
        issuer=document.issuer,
        address=" ".join(hit.passage.address),
        quote=quote,
        source=document.source,
        published=document.published,
        kind=document.kind,
        status=document.standing(on),
        language=document.language,
        passage_id=hit.passage.id,
        successor=hit.successor.title if hit.successor else "",
        answering=(first, last),
    )


def _shown(hits: Sequence[Hit], line: float) -> list[Hit]:
    """
    The best hit, and beside it others that apply as well.

    An interpretation is never shown without its rule. Others are the interpretation of a rule,
    one of them, and what documents say that have nothing to do with it. What is named outright
    stands alone.
    """
    best = hits[0]
    if best.exact:
        return [hit for hit in hits if hit.exact][:MOST_CITATIONS]
    shown = [best, *_rule_of(best, hits)]
    for hit in hits[1:]:
        related = len(shown) == 1 and _related(best, hit)
        if _as_good(hit, best, line) and (related or _apart(hit, shown)):
            shown.append(hit)
    return shown[:MOST_CITATIONS]


def _rule_of(best: Hit, hits: Sequence[Hit]) -> list[Hit]:
    """
    The best passage of the rule that the first hit explains.

    On the sample it holds the answer in 24 of 25 golden questions that an interpretation
    answers, however far behind it is.
    """
    rules = (hit for hit in hits if hit.document.id in best.document.interprets)
    return [hit for hit in rules if hit.keyword >= LEAST_COVERED][:1]


def _as_good(hit: Hit, best: Hit, line: float) -> bool:
    return hit.probability > line and hit.probability >= SECOND * best.probability


def _apart(hit: Hit, shown: Sequence[Hit]) -> bool:
    """Whether it is of another family, and says as much about the question as the first."""
    others = {one.family for one in shown}
    return hit.family not in {-1, *others} and hit.keyword >= SECOND * shown[0].keyword


def _related(best: Hit, other: Hit) -> bool:
    kinds = {best.document.kind, other.document.kind}
    if kinds != {Kind.POLICY, Kind.INTERPRETATION}:
        return False
    return (
        other.document.id in best.document.interprets
        or best.document.id in other.document.interprets
    )
