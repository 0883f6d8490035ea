"""GET /documents/ …: the list, a document, its versions, its code."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from aiohttp import web

from bot.links import document_path
from bot.web.documents import code
from bot.web.documents.clauses import Clause, clauses_of
from bot.web.documents.listing import Filters, issuers, page_of, years
from bot.web.documents.reader import Catalogue, Opened, Relations
from bot.web.documents.site import Frame, Site, keeping_language
from bot.web.documents.standing import banner, explains_ended
from bot.web.documents.versions import Side, sides, told
from bot.web.documents.written import Written
from knowledge.types import Document, Kind, Standing

LONG: Final = 6  # clauses from which on a document gets a table of contents
BESIDE: Final = 2  # documents whose whole text is shown beside one
LONGEST_BESIDE: Final = 12_000  # characters of such a text; longer ones are only linked


@dataclass(frozen=True, slots=True)
class Beside:
    """An interpretation beside its rule, or the other way round."""

    document: Document
    clauses: tuple[Clause, ...]


class DocumentPages:
    def __init__(self, frame: Frame, site: Site) -> None:
        self._frame = frame
        self._site = site
        self._written = Written(site.visitors)

    async def list(self, request: web.Request) -> web.Response:
        catalogue = await self._site.reader.catalogue()
        documents, today = catalogue.documents.values(), self._site.today()
        filters = Filters.of(request.query)
        shown = [one for one in documents if filters.allows(one, on=today)]
        page, part = page_of(shown, request.query.get("page", ""))
        return self._frame.render(
            request, "list", documents=part, page=page, filters=filters, all_kinds=Kind,
            all_standings=Standing, issuers=issuers(documents), years=years(documents),
        )  # fmt: skip

    async def show(self, request: web.Request) -> web.Response:
        """Not even looked for where it is written already: its release is part of what it is."""
        release, today = self._site.searching.release, self._site.today()
        version = self._frame.version
        return await self._written.page(
            request, release, today, version, write=lambda: self._write(request)
        )

    async def _write(self, request: web.Request) -> web.Response:
        catalogue, opened = await self._found(request)
        document, today = opened.document, self._site.today()
        relations = catalogue.relations(document)
        quoted = request.query.get("quote", "")
        clauses = clauses_of(document, opened.passages, quoted=quoted)
        return self._frame.render(
            request,
            "document",
            document=document,
            banner=banner(document, relations, on=today),
            explains_ended=explains_ended(document, relations, on=today),
            relations=relations,
            clauses=clauses,
            contents=clauses if len(clauses) >= LONG else (),
            lost_quote=bool(quoted) and not any(clause.quoted for clause in clauses),
            beside=await self._beside(relations),
            versions=await self._site.reader.versions(document.id),
            changes_path=keeping_language(request, f"{document_path(document.id)}/changes"),
            code_path=f"{document_path(document.id)}/code.svg" if self._site.url else "",
        )

    async def changes(self, request: web.Request) -> web.Response:
        """Two versions of a document, or two documents of which one took the other's place."""
        self._site.visitors.admit(request)
        catalogue, opened = await self._found(request)
        relations = catalogue.relations(opened.document)
        versions = await self._site.reader.versions(opened.document.id)
        choices = sides(versions, relations, catalogue.release)
        by_key = {side.key: side for side in choices}
        before = by_key.get(request.query.get("from", ""), _default(choices))
        after = by_key.get(request.query.get("to", ""), choices[-1] if choices else None)
        change = None
        if before is not None and after is not None and before != after:
            change = await self._site.reader.compared(before.place, after.place)
        return self._frame.render(
            request, "changes", document=opened.document, choices=choices, before=before,
            after=after, told=told(change) if change else None,
        )  # fmt: skip

    async def code(self, request: web.Request) -> web.Response:
        _, opened = await self._found(request)
        if not self._site.url:
            raise web.HTTPNotFound
        address = self._site.url.rstrip("/") + document_path(opened.document.id)
        return web.Response(
            body=code.svg(address),
            content_type="image/svg+xml",
            headers={"Cache-Control": "no-cache"},
        )

    async def _found(self, request: web.Request) -> tuple[Catalogue, Opened]:
        """Raise HTTPNotFound alike for what is not there and for what is not open."""
        catalogue = await self._site.reader.catalogue()
        name = request.match_info["id"]
        opened = await self._site.reader.opened(name) if name in catalogue.documents else None
        if opened is None:
            raise web.HTTPNotFound
        return catalogue, opened

    async def _beside(self, relations: Relations) -> tuple[Beside, ...]:
        found: list[Beside] = []
        for one in (relations.interpreted_by or relations.interprets)[:BESIDE]:
            opened = await self._site.reader.opened(one.id)
            if opened is not None and len(opened.document.text) <= LONGEST_BESIDE:
                # One page has each anchor once: those of the other text get a name of their own.
                clauses = clauses_of(opened.document, opened.passages)
                place = len(found) + 1
                named = (replace(one, anchor=f"b{place}-{one.anchor}") for one in clauses)
                found.append(Beside(opened.document, tuple(named)))
        return tuple(found)


def _default(choices: tuple[Side, ...]) -> Side | None:
    """The version before the last one; the last one alone is compared with nothing."""
    return choices[-2] if len(choices) > 1 else None
