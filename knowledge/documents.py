"""A page becomes a document: what the source declares, completed by what the text says."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final, TypeVar

from knowledge import metadata
from knowledge.language import detect
from knowledge.readers.base import Fields, Page
from knowledge.repair import Change, repair_page
from knowledge.types import Disclosure, Document, Kind, Lang, Status
from knowledge.unseen import seen

FIELDS: Final = frozenset(
    {
        *("id", "kind", "title", "number", "issuer", "language", "topics", "source"),
        *("published", "effective", "expires", "status", "disclosure"),
        *("superseded_by", "amends", "repeals", "interprets", "cites"),
        *("site", "column"),  # what pages of government sites say of themselves
    }
)
# A field of another name that may say that a document is not public is never passed over.
_SECRET: Final = re.compile(
    r"公开|公開|密|secre|classif|confiden|restrict|internal", re.IGNORECASE
)
_ALIKE: Final = 0.8  # two names that are so much alike are one, misspelt
_OWN_SITE: Final = re.compile(r"^本[网站](原创|讯)?|(官网|网站)$")  # what pages call themselves
_SITE: Final = re.compile(r"(门户)?网站$")
_HALF: Final = re.compile("[\ud800-\udfff]")  # of a pair in UTF-16: UTF-8 cannot hold it
_REPRINT: Final = re.compile(r"^[（(【\[]\s*(转载|轉載)\s*[）)】\]]\s*")
E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a page came from, for what it does not say itself."""

    id: str
    name: str  # the file's, without its ending
    source: str
    disclosure: Disclosure | None = None  # what the maintainer says of the whole source


@dataclass(frozen=True, slots=True)
class Made:
    """A document, and what of its text was damaged."""

    document: Document
    changes: tuple[Change, ...]
    undisclosed: bool = False  # nobody says whether it is public, so it is withheld
    unread: tuple[str, ...] = ()  # declared fields that are none of ours


def make(page: Page, origin: Origin) -> Made:
    """
    Repair the page and read it; raise ValueError with one sentence for each mistake.

    A document without any disclosure attribute is withheld: nobody said that it is public.
    """
    if any(map(_HALF.search, _written(page, origin))):
        raise ValueError("it holds half a character (U+D800 to U+DFFF)")
    repaired, changes = repair_page(page)
    document = _document(repaired, origin)
    fields = _Fields(repaired.declared)
    known = _disclosure(fields, repaired.text, origin)
    return Made(document, changes, undisclosed=known is None, unread=fields.unread)


def document(page: Page, origin: Origin) -> Document:
    """Return the document of `make` alone."""
    return make(page, origin).document


def _document(page: Page, origin: Origin) -> Document:
    fields = _Fields(page.declared)
    text = page.text
    title = _REPRINT.sub("", fields.text("title")) or _first_line(text) or origin.name
    published = fields.day("published") or metadata.issued(text)
    number = fields.text("number") or metadata.number(text)
    kind = fields.choice("kind", Kind) or metadata.kind(title, fields.text("column"), number)
    effective, expires = fields.day("effective"), fields.day("expires")
    if kind is Kind.POLICY:  # an interpretation tells the dates of what it interprets
        issued = metadata.issued(text) or published
        effective = effective or metadata.effective(text, published=issued)
        expires = expires or metadata.expires(text, since=effective or issued)
    made = Document(
        id=fields.text("id") or origin.id,
        title=title,
        text=text,
        language=fields.choice("language", Lang) or detect(text) or Lang.ZH_HANS,
        kind=kind,
        source=fields.text("source") or origin.source,
        disclosure=_disclosure(fields, text, origin) or Disclosure.WITHHELD,
        status=fields.choice("status", Status) or Status.IN_FORCE,
        issuer=_issuer(fields, title, text),
        number=number,
        published=published,
        effective=effective,
        expires=expires,
        superseded_by=fields.text("superseded_by") or None,
        interprets=fields.names("interprets"),
        amends=fields.names("amends"),
        repeals=fields.names("repeals"),
        topics=fields.names("topics"),
        cites=fields.names("cites"),
        headings=page.headings,
    )
    fields.finish(made)
    return made


def _written(page: Page, origin: Origin) -> Iterator[str]:
    """All that a document may take over."""
    yield from (page.text, origin.id, origin.name, origin.source)
    for value in page.declared.values():
        yield from map(str, value) if isinstance(value, list) else (str(value),)


def _first_line(text: str) -> str:
    return next((line.strip()[:80] for line in text.split("\n") if line.strip()), "")


def _issuer(fields: _Fields, title: str, text: str) -> str:
    declared = " ".join(fields.text("issuer").split())
    declared = _OWN_SITE.sub("", declared)
    return declared or metadata.issuer(title, text) or _SITE.sub("", fields.text("site"))


def _disclosure(fields: _Fields, text: str, origin: Origin) -> Disclosure | None:
    """The document's own word first, then the maintainer's for the source."""
    return (
        fields.choice("disclosure", Disclosure)
        or metadata.disclosure(text, site="")
        or origin.disclosure
        or metadata.disclosure(text, site=fields.text("site"))
    )


def _misnamed(name: str) -> str:
    """What is wrong with the name of a field that we do not know; "" if it may be passed over."""
    meant = difflib.get_close_matches(name.strip().lower(), FIELDS, n=1, cutoff=_ALIKE)
    if meant:
        return f"unknown field {name!r}; did you mean {meant[0]!r}?"
    if _SECRET.search(name):
        return (
            f"unknown field {name!r} may say that this is not public; "
            "say it with `disclosure: open`, on_request or withheld"
        )
    return ""


class _Fields:
    """Declared fields, read with their mistakes collected."""

    def __init__(self, declared: Fields) -> None:
        self._declared: Mapping[str, object] = declared
        unknown = [name for name in declared if name not in FIELDS]
        problems = {name: _misnamed(name) for name in unknown}
        self._problems = [problem for problem in problems.values() if problem]
        self.unread = tuple(name for name, problem in problems.items() if not problem)

    def text(self, name: str) -> str:
        value = self._declared.get(name)
        if isinstance(value, Mapping | list):
            self._problems.append(f"{name}: one text is wanted, not a list")
            return ""
        return "" if value is None else seen(str(value)).strip()

    def day(self, name: str) -> date | None:
        value = self._declared.get(name)
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date) or value is None:
            return value
        day = metadata.parse_date(str(value))
        if day is None:
            self._problems.append(f"{name}: {value!r} is no date such as 2025-07-08")
        return day

    def choice(self, name: str, kind: type[E]) -> E | None:
        value = self.text(name)
        if not value:
            return None
        try:
            return kind(value)
        except ValueError:
            choices = ", ".join(kind)
            self._problems.append(f"{name}: {value!r} is none of {choices}")
            return None

    def names(self, name: str) -> tuple[str, ...]:
        value = self._declared.get(name)
        if value is None:
            return ()
        if isinstance(value, Sequence) and not isinstance(value, str):
            return tuple(seen(str(item)) for item in value)
        return (seen(str(value)),)

    def finish(self, made: Document) -> None:
        if not made.text.strip():
            self._problems.append("there is no text")
        if made.effective and made.expires and made.expires < made.effective:
            self._problems.append(f"expires {made.expires} before it takes effect")
        if made.status is Status.SUPERSEDED and made.superseded_by is None:
            self._problems.append("status is superseded: superseded_by must name the successor")
        if self._problems:
            raise ValueError("; ".join(self._problems))
