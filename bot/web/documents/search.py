"""GET /search: passages that speak of something, as a list to read. No query is kept anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

from aiohttp import web

from bot.decide import unreadable
from bot.privacy import clean, mask
from bot.render import PARAGRAPHS
from bot.types import Reason
from bot.web.documents.clauses import Part
from bot.web.documents.highlight import excerpt, highlighted
from bot.web.documents.listing import Filters, page_of
from bot.web.documents.site import Frame, Site
from index.types import Hit
from knowledge.types import Document, Kind

MOST: Final = 50  # results; who has not found it among so many asks in other words
PAGE: Final = 10
LONGEST: Final = 200  # characters of what is searched for


@dataclass(frozen=True, slots=True)
class Result:
    document: Document
    address: str
    words: str  # of the passage, for the link to them
    parts: tuple[Part, ...]


class SearchPage:
    def __init__(self, frame: Frame, site: Site) -> None:
        self._frame = frame
        self._site = site

    async def handle(self, request: web.Request) -> web.Response:
        words = clean(request.query.get("q", "")).strip()
        ended = request.query.get("status") == "all"
        kind = Filters.of(request.query).kind
        problem = problem_of(words)
        hits: Sequence[Hit] = ()
        if words and not problem:
            self._site.visitors.admit(request)
            hits = await results(self._site, words, ended=ended, kind=kind)
        page, part = page_of(hits, request.query.get("page", ""), size=PAGE)
        response = self._frame.render(
            request, "search", words=words, problem=problem, ended=ended, kind=kind,
            all_kinds=Kind, page=page, longest=LONGEST, ask=f"/#ask={quote(words, safe='')}",
            results=[result_of(hit, words) for hit in part],
            status=HTTPStatus.BAD_REQUEST if problem else HTTPStatus.OK,
        )  # fmt: skip
        response.headers["Cache-Control"] = "no-store"  # what somebody looked for
        return response


def problem_of(words: str) -> str:
    """Why nothing can be searched for, as a key of the texts; "" if it can be."""
    if not words:
        return ""
    if len(words) > LONGEST:
        return "too_long"
    return "no_words" if unreadable(words) in {Reason.EMPTY, Reason.NO_WORDS} else ""


async def results(site: Site, words: str, *, ended: bool, kind: Kind | None) -> Sequence[Hit]:
    """Search for what is left when personal data is masked; only open documents are shown."""
    hits = await site.searching.listed(mask(words), on=site.today(), ended=ended, limit=MOST)
    return [hit for hit in hits if _speaks_of_it(hit) and kind in {None, hit.document.kind}]


def _speaks_of_it(hit: Hit) -> bool:
    """Whether a passage has a word of the search, or is near to it; the index ranks them all."""
    return hit.exact or hit.keyword > 0 or hit.vector > 0


def result_of(hit: Hit, words: str) -> Result:
    text = hit.passage.text.strip()
    shown = highlighted(PARAGRAPHS.sub("\n", text), words)  # a list needs no blank lines
    return Result(hit.document, " ".join(hit.passage.address), text, excerpt(shown))
