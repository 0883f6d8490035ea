"""What the API does. Stateless: nothing is written, no ticket is opened, nobody is told."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from typing import Final

import structlog
from aiohttp import web
from pydantic import BaseModel

from bot.ask import Said, quoted, said_of, unsearched
from bot.decide import decide, still_unsure
from bot.errors import Misquoted
from bot.intents import question_of
from bot.languages import language_of
from bot.privacy import clean, mask
from bot.scope import out_of_scope
from bot.types import Outcome, Result
from bot.verified import check_citation
from bot.web import problems
from bot.web.api import shown
from bot.web.api.intake import body_of, query_of
from bot.web.api.models import (
    DocumentList,
    DocumentsQuery,
    Question,
    SearchQuery,
    SearchResults,
)
from bot.web.documents.listing import Filters, page_of
from bot.web.documents.search import problem_of, results
from bot.web.documents.site import Site
from bot.web.library import Library
from knowledge.types import Lang

TRIES: Final = 2  # a release may be swapped between a search and the check of its quotations
RETRY_S: Final = 3

log = structlog.get_logger(__name__)


class Api:
    def __init__(self, site: Site, library: Library) -> None:
        self._site = site
        self._library = library

    async def search(self, request: web.Request) -> web.Response:
        self._site.visitors.admit(request)
        query = query_of(request, SearchQuery)
        words = clean(query.q).strip()
        if not words or problem_of(words):
            raise problems.bad("bad_parameter", "q: write some words to look for.")
        hits = await results(self._site, words, ended=query.status == "all", kind=query.kind)
        page, part = page_of(hits, str(query.page), size=query.limit)
        on = self._site.today()
        return answered(
            SearchResults(
                release=self._site.searching.release,
                total=page.total,
                page=page.number,
                pages=page.pages,
                results=tuple(shown.result(hit, on=on) for hit in part),
            )
        )

    async def documents(self, request: web.Request) -> web.Response:
        query = query_of(request, DocumentsQuery)
        catalogue, on = await self._site.reader.catalogue(), self._site.today()
        filters = Filters(
            name=query.name, issuer=query.issuer, kind=query.kind, year=query.year,
            status=query.status,
        )  # fmt: skip
        fitting = [one for one in catalogue.documents.values() if filters.allows(one, on=on)]
        page, part = page_of(fitting, str(query.page), size=query.limit)
        return answered(
            DocumentList(
                release=catalogue.release,
                total=page.total,
                page=page.number,
                pages=page.pages,
                documents=tuple(shown.brief(one, on=on) for one in part),
            )
        )

    async def document(self, request: web.Request) -> web.Response:
        name = request.match_info["id"]
        catalogue = await self._site.reader.catalogue()
        opened = await self._site.reader.opened(name) if name in catalogue.documents else None
        if opened is None:
            raise web.HTTPNotFound
        relations = catalogue.relations(opened.document)
        on = self._site.today()
        return answered(shown.whole(opened, relations, release=catalogue.release, on=on))

    async def answers(self, request: web.Request) -> web.Response:
        self._site.visitors.admit(request)
        asked = await body_of(request, Question)
        question = mask(clean(asked.question))
        language = language_of(
            question, before=asked.language, phone=None, default=self._library.language
        )
        said = unsearched(question, language=language, bureau=self._library.bureau)
        return answered(shown.answer(said or await self._decided(question, language)))

    async def _decided(self, question: str, language: Lang) -> Said:
        asked, on = question_of(question), self._site.today()
        for _ in range(TRIES):
            outcome = await self._outcome(asked, language, on)
            try:
                if await self._is_served(outcome):
                    return said_of(outcome)
            except Misquoted as error:
                log.error("api.misquoted", release=outcome.release, problem=str(error))  # noqa: TRY400 - the trace tells nothing more
                raise problems.broken() from None
        raise problems.busy(RETRY_S)

    async def _outcome(self, asked: str, language: Lang, on: date) -> Outcome:
        found = await self._site.searching.search(asked, on=on)
        outcome = decide(found, language=language, on=on)
        if outcome.result is Result.CLARIFY and out_of_scope(asked):
            return still_unsure(outcome)
        return outcome

    async def _is_served(self, outcome: Outcome) -> bool:
        """Whether its release is still served; raise Misquoted for a wrong quotation."""
        for citation in (*quoted(outcome), *outcome.choices):
            served, clause = await self._site.searching.clause(citation.passage_id)
            if served != outcome.release:
                return False
            check_citation(citation, clause)
        return True


def answered(value: BaseModel) -> web.Response:
    return web.Response(
        text=value.model_dump_json(), content_type="application/json", status=HTTPStatus.OK
    )
