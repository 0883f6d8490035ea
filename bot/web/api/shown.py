"""Documents, passages and decisions as values of the API. Pure."""

from __future__ import annotations

from datetime import date

from bot.ask import Said, quoted
from bot.links import document_path, quoted_path
from bot.types import Citation, Result
from bot.web.api.models import (
    Answer,
    Clause,
    Decision,
    DocumentBrief,
    DocumentWhole,
    Quotation,
    Related,
    SearchResult,
)
from bot.web.documents.clauses import anchored
from bot.web.documents.reader import Opened, Relations
from index.types import Hit
from knowledge.types import Document

_DECISIONS = {
    Result.ANSWERED: Decision.ANSWERED,
    Result.CLARIFY: Decision.CHOICES,
    Result.UNRESOLVED: Decision.NOT_ANSWERED,
    Result.BLOCKED: Decision.NOT_ANSWERED,
}


def brief(document: Document, *, on: date) -> DocumentBrief:
    return DocumentBrief(
        id=document.id,
        title=document.title,
        number=document.number,
        issuer=document.issuer,
        kind=document.kind,
        status=document.standing(on),
        language=document.language,
        published=document.published,
        effective=document.effective,
        expires=document.expires,
        source=document.source,
        page=document_path(document.id),
    )


def whole(opened: Opened, relations: Relations, *, release: str, on: date) -> DocumentWhole:
    clauses = tuple(
        Clause(anchor=anchor, address=" ".join(address), text=text.strip())
        for anchor, address, text in anchored(opened.document, opened.passages)
    )
    related = Related(
        interprets=_ids(relations.interprets),
        interpreted_by=_ids(relations.interpreted_by),
        amends=_ids(relations.amends),
        amended_by=_ids(relations.amended_by),
        repeals=_ids(relations.repeals),
        repealed_by=_ids(relations.repealed_by),
        superseded_by=relations.successor.id if relations.successor else None,
    )
    known = brief(opened.document, on=on)
    return DocumentWhole(**dict(known), release=release, clauses=clauses, related=related)


def result(hit: Hit, *, on: date) -> SearchResult:
    quote = hit.passage.text.strip()
    return SearchResult(
        document=brief(hit.document, on=on),
        passage=hit.passage.id,
        address=" ".join(hit.passage.address),
        quote=quote,
        page=quoted_path(hit.document.id, quote),
    )


def answer(said: Said) -> Answer:
    outcome = said.outcome
    return Answer(
        decision=_DECISIONS.get(outcome.result, Decision.TALK),
        reason=outcome.reason,
        text=said.text,
        language=outcome.language,
        probability=outcome.probability,
        as_of=outcome.as_of,
        release=outcome.release,
        citations=tuple(map(_quotation, quoted(outcome))),
        choices=tuple(map(_quotation, outcome.choices)),
    )


def _quotation(citation: Citation) -> Quotation:
    return Quotation(
        document=citation.document_id,
        title=citation.title,
        number=citation.number,
        issuer=citation.issuer,
        address=citation.address,
        quote=citation.quote,
        answering=citation.direct,
        source=citation.source,
        published=citation.published,
        kind=citation.kind,
        status=citation.status,
        language=citation.language,
        page=quoted_path(citation.document_id, citation.quote),
    )


def _ids(documents: tuple[Document, ...]) -> tuple[str, ...]:
    return tuple(one.id for one in documents)
