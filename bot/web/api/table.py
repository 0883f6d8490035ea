"""The one table of all that programs may ask us, the endpoints of the chat page included."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from pydantic import BaseModel

from bot.web.api import models

_REFUSED: Final = {
    400: "What was sent is not as described; the message says what is wrong.",
    404: "There is no such thing, or none that is open to the public.",
    413: "What was sent is too long.",
    415: "The body is not JSON, or is not said to be.",
    429: "Too many requests; Retry-After says how many seconds to wait.",
    503: "Not now: no release is served, or too many are waiting. Retry-After says when.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    name: str  # operationId; the handler of the routes by that name
    method: str
    path: str
    summary: str
    answers: type[BaseModel] | None = None  # None: a stream of events
    status: int = 200
    query: type[BaseModel] | None = None
    body: type[BaseModel] | None = None
    in_path: Mapping[str, str] = field(default_factory=dict)  # name to what it is
    refusals: tuple[int, ...] = ()
    refuses: type[BaseModel] = models.Error

    @property
    def refused(self) -> Mapping[int, str]:
        return {status: _REFUSED[status] for status in self.refusals}


ENDPOINTS: Final = (
    Endpoint(
        name="search",
        method="get",
        path="/api/v1/search",
        summary="Passages that speak of something, best first. A list to read, not an answer.",
        query=models.SearchQuery,
        answers=models.SearchResults,
        refusals=(400, 429, 503),
    ),
    Endpoint(
        name="documents",
        method="get",
        path="/api/v1/documents",
        summary="The open documents, the newest first.",
        query=models.DocumentsQuery,
        answers=models.DocumentList,
        refusals=(400, 503),
    ),
    Endpoint(
        name="document",
        method="get",
        path="/api/v1/documents/{id}",
        summary="A document with its clauses and what others are to it.",
        in_path={"id": "The id of a document, percent-encoded."},
        answers=models.DocumentWhole,
        refusals=(404, 503),
    ),
    Endpoint(
        name="answers",
        method="post",
        path="/api/v1/answers",
        summary="The decision on a question: answered word for word, choices, or neither.",
        body=models.Question,
        answers=models.Answer,
        refusals=(400, 413, 415, 429, 503),
    ),
    Endpoint(
        name="openapi",
        method="get",
        path="/api/openapi.json",
        summary="This description.",
        answers=models.Anything,
    ),
    Endpoint(
        name="messages",
        method="post",
        path="/api/messages",
        summary="Say something in a conversation. It is stored, and answered by an event.",
        body=models.Message,
        answers=models.Accepted,
        status=202,
        refusals=(400, 413, 415, 429, 503),
    ),
    Endpoint(
        name="events",
        method="get",
        path="/api/events",
        summary="What a conversation is told, as server-sent events; Last-Event-ID resumes.",
        query=models.EventsQuery,
        refusals=(400, 429, 503),
    ),
    Endpoint(
        name="health",
        method="get",
        path="/healthz",
        summary="Whether conversations are answered.",
        answers=models.Health,
        refusals=(503,),
        refuses=models.Health,
    ),
)
