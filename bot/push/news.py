"""
What a new release says of one document that the old one did not. Pure.

All of it is metadata, or words of the document itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from bot.subscriptions import Follows, Subscription
from index.diff import Changes, Clause, ClauseChange, DocumentChange
from knowledge.fold import fold
from knowledge.types import Document, Kind, Lang, Standing

MOST_CLAUSES: Final = 20  # kept of one document
EXCERPT: Final = 400  # characters kept of a clause
_SENTENCE: Final = re.compile(r"[^。；！？\n]*[。；！？\n]|[^。；！？\n]+")

Title = Callable[[str], str]  # of a document, by its id; "" if it is not known


class Event(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    GONE = "gone"  # from the library; that alone does not end it


class Does(StrEnum):
    INTERPRETS = "interprets"
    AMENDS = "amends"
    REPEALS = "repeals"


class What(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    does: Does
    document_id: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseNews:
    """Words before and after; "" where the clause is new or gone. `…` marks what is left out."""

    what: What
    address: str  # as it is now; as it was, if it is gone
    old: str = ""
    new: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    document_id: str
    event: Event
    title: str
    number: str
    issuer: str
    kind: Kind
    source: str
    language: Lang
    topics: tuple[str, ...]  # of before and of now
    standing: Standing
    was: Standing | None = None  # where it was another
    begins: date | None = None  # where that is news
    ends: date | None = None  # likewise: the last day in force
    successor: str = ""  # title of the document that took or takes its place, where that is news
    relations: tuple[Relation, ...] = ()  # to documents that it interprets, amends or repeals
    clauses: tuple[ClauseNews, ...] = ()
    more: int = 0  # clauses that changed too and are not among those


def concerns(subscription: Subscription, news: News) -> bool:
    match subscription.follows:
        case Follows.DOCUMENT:
            named = {news.document_id, *(one.document_id for one in news.relations)}
            return subscription.target in named
        case Follows.TOPIC:
            return subscription.target in news.topics
        case Follows.QUESTION:
            return False


def news_of(found: Changes, *, title: Title, on: date) -> tuple[News, ...]:
    """News for people, in an order that they can read: what changed, what is new, what is gone."""
    changed = [_changed(one, title, on) for one in found.changed]
    told = [one for one in changed if one is not None]
    policies = {one.document_id for one in told}
    return (
        *(one for one, of in zip(changed, found.changed, strict=True)
          if one is not None and not _follows_from(one, of.new, policies)),
        *(_plain(one, Event.NEW, title, on) for one in found.added),
        *(_plain(one, Event.GONE, title, on) for one in found.removed),
    )  # fmt: skip


def _follows_from(news: News, document: Document, told: Iterable[str]) -> bool:
    """An interpretation ends with its policy: that one tells it."""
    if document.kind is not Kind.INTERPRETATION or news.clauses or news.relations:
        return False
    return bool({*document.interprets} & {*told})


def _plain(document: Document, event: Event, title: Title, on: date) -> News:
    relations = _relations(None, document, title) if event is Event.NEW else ()
    return News(
        document_id=document.id,
        event=event,
        title=document.title,
        number=document.number,
        issuer=document.issuer,
        kind=document.kind,
        source=document.source,
        language=document.language,
        topics=document.topics,
        standing=document.standing(on),
        begins=document.effective if event is Event.NEW else None,
        relations=relations,
    )


def _changed(change: DocumentChange, title: Title, on: date) -> News | None:
    """Return None if nothing changed that a reader would notice."""
    old, new = change.old, change.new
    clauses = list(_clauses(change.clauses))
    was, successor = old.standing(on), new.superseded_by or ""
    news = News(
        document_id=new.id,
        event=Event.CHANGED,
        title=new.title,
        number=new.number,
        issuer=new.issuer,
        kind=new.kind,
        source=new.source,
        language=new.language,
        topics=tuple(dict.fromkeys((*old.topics, *new.topics))),
        standing=new.standing(on),
        was=was if was is not new.standing(on) else None,
        begins=new.effective if new.effective != old.effective else None,
        ends=new.expires if new.expires != old.expires else None,
        successor=title(successor) if successor != (old.superseded_by or "") else "",
        relations=_relations(old, new, title),
        clauses=tuple(clauses[:MOST_CLAUSES]),
        more=max(0, len(clauses) - MOST_CLAUSES),
    )
    told = (news.was, news.begins, news.ends, news.successor, news.relations, news.clauses)
    renamed = (old.title, old.number) != (new.title, new.number)
    return news if renamed or any(told) else None


def _relations(old: Document | None, new: Document, title: Title) -> tuple[Relation, ...]:
    """Those that are new, as far as the library has the other document."""
    return tuple(
        Relation(does=does, document_id=name, title=title(name))
        for does in Does
        for name in getattr(new, does)
        if title(name) and (old is None or name not in getattr(old, does))
    )


def _clauses(found: Sequence[ClauseChange]) -> Iterator[ClauseNews]:
    for one in found:
        if one.old is None and one.new is not None:
            new = excerpt(_body(one.new), "")
            yield ClauseNews(what=What.ADDED, address=one.new.address, new=new)
        elif one.new is None and one.old is not None:
            old = excerpt(_body(one.old), "")
            yield ClauseNews(what=What.REMOVED, address=one.old.address, old=old)
        elif one.old and one.new and not _says_the_same(one.old, one.new):
            before, after = _sentences_apart(_body(one.old), _body(one.new))
            yield ClauseNews(
                what=What.CHANGED,
                address=one.new.address,
                old=excerpt(before, after),
                new=excerpt(after, before),
            )


def _says_the_same(old: Clause, new: Clause) -> bool:
    """Its number, blanks or the width of marks may differ: that is no news."""
    one, other = (fold("".join(_body(clause).split())) for clause in (old, new))
    return one == other


def _body(clause: Clause) -> str:
    """The text without its own number, which is said before it."""
    return clause.text.removeprefix(clause.address.rpartition(" ")[2]).strip()


def _sentences_apart(old: str, new: str) -> tuple[str, str]:
    """The sentences of each that the other has not; all of them, where only the order changed."""
    before, after = _SENTENCE.findall(old), _SENTENCE.findall(new)
    apart = _without(before, after), _without(after, before)
    return apart if any(apart) else (old, new)


def _without(sentences: Sequence[str], others: Sequence[str]) -> str:
    return "".join(one for one in sentences if one not in others).strip()


def excerpt(text: str, other: str, limit: int = EXCERPT) -> str:
    """
    At most `limit` characters of a text, word for word, from near where it leaves the other.

    What is left out before and after is marked by `…`.
    """
    flat, against = (" ".join(one.split()) for one in (text, other))
    if len(flat) <= limit:
        return flat
    start = _alike(flat, against) - limit // 3
    start = min(max(0, start), len(flat) - limit)
    end = start + limit
    return ("…" if start else "") + flat[start:end].strip() + ("…" if end < len(flat) else "")


def _alike(one: str, other: str) -> int:
    """How many characters both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))
