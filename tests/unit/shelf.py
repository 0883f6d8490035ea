"""A search port that finds what a test lays out: passages of documents written here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from index.about import About
from index.types import Found, Hit
from knowledge.types import Disclosure, Document, Kind, Lang, Passage

LINE: Final = 0.8
RELEASE: Final = "first"
TODAY: Final = date(2026, 11, 23)


def document(name: str, title: str, **more: Any) -> Document:
    values: dict[str, Any] = {
        "text": "",
        "language": Lang.ZH_HANS,
        "kind": Kind.POLICY,
        "source": f"https://langang.example/{name}",
        "disclosure": Disclosure.OPEN,
        "issuer": "澜港市港务局",
        "published": date(2025, 3, 1),
    }
    return Document(id=name, title=title, **{**values, **more})


def hit(
    document: Document,
    text: str,
    *address: str,
    place: int = 0,
    probability: float = 0.5,
    keyword: float = 0.6,
) -> Hit:
    passage = Passage(
        id=f"{document.id}#{place}",
        document_id=document.id,
        text=text,
        start=0,
        end=len(text),
        address=address,
    )
    return Hit(
        passage=passage,
        document=document,
        score=probability,
        keyword=keyword,
        vector=0.0,
        probability=probability,
    )


BERTHS: Final = document(
    "berths", "澜港市港务局关于印发《澜港市游船泊位管理办法》的通知", number="澜港务规〔2025〕2号"
)
BERTHS_EXPLAINED: Final = document(
    "berths-explained", "《澜港市游船泊位管理办法》政策解读", kind=Kind.INTERPRETATION
)
FERRIES: Final = document("ferries", "澜港市轮渡票价规定", published=date(2024, 5, 6))
RENT: Final = hit(
    BERTHS, "第三章 收费\n\n第九条　泊位月租为每米120元。", "第三章 收费", "第九条", place=9
)
DEPOSIT: Final = hit(
    BERTHS,
    "第十条　办理泊位租用手续，应当交纳一个月租金的押金。",
    "第三章 收费",
    "第十条",
    place=10,
    probability=0.45,
)
ASKED: Final = hit(
    BERTHS_EXPLAINED,
    "三、问答\n\n问：租一个泊位多少钱？\n\n答：每米每月120元，电费另算。",
    "问：租一个泊位多少钱？",
    probability=0.48,
)
FARE: Final = hit(FERRIES, "第二条　轮渡单程票价为4元。", "第二条", probability=0.4, keyword=0.3)
THREE: Final = Found(hits=(RENT, ASKED, FARE), release=RELEASE, line=LINE)
UNSURE: Final = "泊位一个月要多少钱？"


@dataclass(slots=True)
class Shelf:
    """The port `Searches`. `found` by question; every passage in it can be looked up."""

    found: dict[str, Found] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)  # ids of passages that are not there any more
    rewritten: dict[str, Hit] = field(default_factory=dict)
    loaded: bool = True

    async def search(self, question: str, /, *, on: date) -> Found | None:
        del on
        found = self.found.get(question, Found(hits=(), line=LINE))
        return replace(found, release=RELEASE) if self.loaded else None

    async def passage(self, passage_id: str, /, *, on: date) -> Hit | None:
        del on
        passages: Mapping[str, Hit] = {
            hit.passage.id: hit for found in self.found.values() for hit in found.hits
        }
        if not self.loaded or passage_id in self.gone:
            return None
        return self.rewritten.get(passage_id) or passages.get(passage_id)

    async def follow(self, question: str, about: About, /, *, on: date) -> Found | None:
        return await self.search(f"{about.topic} {question}", on=on)

    async def clause(self, passage_id: str, /) -> tuple[str, tuple[Passage, ...]]:
        """Each passage is a clause of its own."""
        found = await self.passage(passage_id, on=TODAY)
        return RELEASE, (found.passage,) if found else ()

    async def listed(
        self, words: str, /, *, on: date, ended: bool, limit: int
    ) -> tuple[Hit, ...] | None:
        del ended
        found = await self.search(words, on=on)
        return found.hits[:limit] if found else None

    async def questions(self, document_id: str, /, *, on: date) -> tuple[str, ...]:
        del document_id, on
        return ()
