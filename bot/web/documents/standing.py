"""Whether a document binds, as a banner that nobody overlooks. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.web.documents.reader import Relations
from knowledge.types import Document, Kind, Standing

TONES: Final = {
    Standing.IN_FORCE: "good",
    Standing.AMENDED: "care",
    Standing.UPCOMING: "care",
    Standing.EXPIRED: "gone",
    Standing.REPEALED: "gone",
    Standing.SUPERSEDED: "gone",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Banner:
    standing: Standing
    day: date | None = None  # from which it binds, or until which it did
    by: tuple[Document, ...] = ()  # what amends it, repeals it or took its place

    @property
    def tone(self) -> str:
        """What the style goes by: "good", "care" or "gone". The words say it, too."""
        return TONES[self.standing]


def banner(document: Document, relations: Relations, *, on: date) -> Banner:
    standing = document.standing(on)
    if standing is Standing.IN_FORCE and relations.amended_by:
        standing = Standing.AMENDED
    match standing:
        case Standing.IN_FORCE:
            return Banner(standing=standing, day=document.expires)
        case Standing.AMENDED:
            return Banner(standing=standing, by=relations.amended_by)
        case Standing.UPCOMING:
            return Banner(standing=standing, day=document.begins)
        case Standing.EXPIRED:
            return Banner(standing=standing, day=document.expires)
        case Standing.REPEALED:
            return Banner(standing=standing, by=relations.repealed_by)
        case Standing.SUPERSEDED:
            successor = relations.successor
            return Banner(standing=standing, by=(successor,) if successor else ())


def explains_ended(document: Document, relations: Relations, *, on: date) -> bool:
    """Whether an interpretation is of rules that bind no more, each of them."""
    rules = relations.interprets
    gone = {Standing.EXPIRED, Standing.REPEALED, Standing.SUPERSEDED}
    return (
        document.kind is Kind.INTERPRETATION
        and bool(rules)
        and all(rule.standing(on) in gone for rule in rules)
    )
