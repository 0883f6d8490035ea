"""Documents that a question names outright: by number, or by full title in 《》."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, Self

from knowledge.fold import fold
from knowledge.types import Document

_NUMBER: Final = re.compile(
    r"[\u4e00-\u9fff]{1,14}\s*[〔\[［(【﹝]\s*(?:19|20)\d{2}\s*[〕\]］)】﹞]\s*第?\s*\d{1,5}\s*号"
)
_TITLE: Final = re.compile(r"《([^《》]{3,80})》")  # 《预算法》 is a title
_PLAIN: Final = re.compile(r"[\W_]+")


class Keys:
    """From ids, folded numbers and titles to documents."""

    def __init__(
        self, ids: dict[str, int], numbers: dict[str, list[int]], titles: dict[str, list[int]]
    ) -> None:
        self.ids = ids
        self._numbers = numbers
        self._titles = titles

    @classmethod
    def build(cls, documents: Iterable[Document]) -> Self:
        ids: dict[str, int] = {}
        numbers: dict[str, list[int]] = {}
        titles: dict[str, list[int]] = {}
        for place, document in enumerate(documents):
            ids[document.id] = place
            for written in _NUMBER.findall(fold(document.number)):
                numbers.setdefault(_key(written), []).append(place)
            for title in (document.title, *_TITLE.findall(document.title)):
                if key := _key(title):
                    titles.setdefault(key, []).append(place)
        return cls(ids, numbers, titles)

    def documents(self, question: str) -> list[int]:
        """Numbers of the documents that the question names, none if it names none."""
        folded = fold(question)
        found: list[int] = []
        for written in _NUMBER.findall(folded):
            found += self._numbered(_key(written))
        for title in _TITLE.findall(question):
            found += self._titles.get(_key(title), [])
        return list(dict.fromkeys(found))

    def _numbered(self, written: str) -> list[int]:
        """
        Documents of the longest number that ends what is written.

        The words before a number run into it: 请问澜财规〔2025〕1号. And one number may end
        another: 财规〔2025〕1号 of a higher bureau is not meant here.
        """
        ends = [number for number in self._numbers if written.endswith(number)]
        return self._numbers[max(ends, key=len)] if ends else []


def _key(text: str) -> str:
    return _PLAIN.sub("", fold(text)).replace("第", "")
