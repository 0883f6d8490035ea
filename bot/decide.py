"""Answer, hand over, or say why not? Pure functions, so each case is one line of a test."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Final

from bot.types import Citation, Outcome, Reason, Result
from index.types import Found, Hit
from knowledge.types import Kind, Lang

LONGEST_QUESTION: Final = 2000  # characters; what is longer is a document, not a question
FEWEST_LETTERS: Final = 2  # a single character asks nothing
MOST_CITATIONS: Final = 2


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

    A passage answers when its calibrated probability is above the release's refusal line. A
    document no longer in force never answers; if only such a document speaks of the matter, the
    outcome says so.
    """
    if found is None:
        return Outcome(result=Result.UNRESOLVED, reason=Reason.NOT_READY, language=language)
    best = found.hits[0] if found.hits else None
    probability = best.probability if best else 0.0
    if best and probability > found.line:
        result, reason, shown = Result.ANSWERED, None, _shown(found.hits, found.line)
    elif found.outdated and _only_outdated(found, probability):
        result, reason, shown = Result.UNRESOLVED, Reason.OUTDATED, [found.outdated[0]]
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
    )


def _only_outdated(found: Found, probability: float) -> bool:
    """Whether what is no longer in force fits surely, and better than what took its place."""
    old = found.outdated[0]
    if old.probability <= max(found.line, probability):
        return False
    successor = old.successor.id if old.successor else None
    return not any(successor in {hit.document.id, *hit.document.interprets} for hit in found.hits)


def cite(hit: Hit, *, on: date) -> Citation:
    document = hit.document
    return Citation(
        document_id=document.id,
        title=document.title,
        number=document.number,
        issuer=document.issuer,
        address=" ".join(hit.passage.address),
        quote=hit.passage.text.strip(),
        source=document.source,
        published=document.published,
        kind=document.kind,
        status=document.standing(on),
        language=document.language,
        passage_id=hit.passage.id,
        successor=hit.successor.title if hit.successor else "",
    )


def _shown(hits: Sequence[Hit], line: float) -> list[Hit]:
    """The best hit, and beside it the rule that it interprets or the interpretation of it."""
    best = hits[0]
    shown = [best]
    for hit in hits[1:]:
        if len(shown) == MOST_CITATIONS:
            break
        if hit.probability > line and _related(best, hit):
            shown.append(hit)
    return shown


def _related(best: Hit, other: Hit) -> bool:
    if other.passage.text.strip() == best.passage.text.strip():
        return False
    kinds = {best.document.kind, other.document.kind}
    if kinds != {Kind.POLICY, Kind.INTERPRETATION}:
        return False
    return (
        other.document.id in best.document.interprets
        or best.document.id in other.document.interprets
    )
