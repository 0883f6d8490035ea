"""
What a question names outright: documents by number or by name, and places in them.

A name counts with or without 《》, without its place or issuer, and without its edition:
《澜港市补贴办法（试行）》 is also called 补贴办法.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final, Self

from index.clauses import Clause, clauses
from index.lookup import Pairs, Places
from knowledge.catalogue.names import name_of
from knowledge.fold import fold, fold_all
from knowledge.types import Document

_NUMBER: Final = re.compile(
    r"[\u4e00-\u9fff]{1,14}\s*[〔\[［（(【﹝]\s*(?:19|20)\d{2}\s*[〕\]］）)】﹞]\s*第?\s*\d{1,5}\s*号"
)
_TITLE: Final = re.compile(r"《([^《》]{3,80})》")  # 《预算法》 is a title
_PLAIN: Final = re.compile(r"[\W_]+")
_FOLDERS: Final = ("ids", "numbers", "titles")
SHORTEST: Final = 6  # characters of a name without 《》
LONGEST: Final = 60
# 中华人民共和国预算法 is cited as 《预算法》.
_PLACE: Final = re.compile(
    rf"^(?:中华人民共和国(?=.{{3}})|[\u4e00-\u9fff]{{2,7}}?[省市区县州](?=.{{{SHORTEST}}}))"
)
_KIND: Final = re.compile(  # how names end
    r"(?:办法|规定|细则|条例|通知|意见|决定|方案|规则|标准|公告|通告|规程|章程|制度|规划|目录|指南|措施)"
)
# 补贴办法实施细则 is not 补贴办法.
_GOES_ON: Final = re.compile(r"(?:实施|施行|补充|操作|配套|暂行)(?:细则|办法|规定|意见|方案)|细则")
_RUNS_IN: Final = (
    "据按照依从问于下和与及是看查的了在对到解道用找读有过我本"  # words end so before a name
)
_OURS: Final = ("我市", "本市", "我区", "本区", "我省", "本省")
_EDITION: Final = re.compile(r"\s*\([^()]{2,12}\)")
_WORD: Final = re.compile(r"[a-z0-9]+(?:['’-][a-z0-9]+)*")
WORDS: Final = (4, 25)  # of an English name
MOST_WORDS: Final = 100  # of a question that are looked at for one
_ASKS: Final = re.compile(  # what is said around a name by who asks for nothing but the text
    r"\S{2,40}关于(?:重新|联合)?(?:印发|发布|公布)|"
    r"请问|请|麻烦|帮我|我?想|查一?[下询看找]?|看一?[看下]?|了解一?下?|告诉我?|[说讲写规]了?[的定]?(?:是|些|了)?(?:什么|啥|哪些)|"
    r"是?(?:什么|啥|哪些)|(?:怎么|如何|怎样)[说写讲规]定?的?|规定|内容|具体|原文|条文|全文|文件|通知|根据|按照|依据|"
    r"吗|呢|啊|呀|吧|的|里面?|中|是|有|和|与|及|第|"
    r"\b(?:what|whats|does|do|is|are|in|of|the|a|text|content|please|show|me|tell|about|under|"
    r"according|to|and|quote|says?|said|states?|provides?|reads?)\b|"
    r"내용|무엇|인가요|입니까|뭐라고|하나요|규정|알려|보여|주세요|해|은|는|이|가|을|를|의|과|와|"
    r"内容|何|ですか|では|には|書いて|あります|あり|規定|教えて|見せて|ください|の|は|と|を|か|て|何が"
)


@dataclass(frozen=True, slots=True)
class Named:
    """What a question names outright."""

    documents: tuple[int, ...] = ()  # numbers of documents; several where a name is not clear
    clauses: tuple[Clause, ...] = ()
    alone: bool = False  # the question asks for that and for nothing else, be it here or not


class Keys:
    """From ids, folded numbers and names to documents."""

    def __init__(self, ids: Places, numbers: Places, titles: Places) -> None:
        self.ids = Ids(ids)
        self._numbers = numbers
        self._titles = titles

    @classmethod
    def build(cls, documents: Iterable[Document]) -> Self:
        met = Met()
        for document in documents:
            met.add(document)
        return cls(*map(Places.of, met.pairs))

    @classmethod
    def load(cls, folder: Path) -> Self:
        return cls(*(Places.load(folder / name) for name in _FOLDERS))

    def named(self, question: str) -> Named:
        """Return what the question names; the clauses only where it names a document."""
        documents, rest = self._documents(fold(question))
        unknown = _TITLE.sub(" ", _NUMBER.sub(" ", rest))
        if not documents and unknown == rest:
            return Named()
        places, asks = clauses(rest if documents else unknown)
        alone = not _PLAIN.sub("", _ASKS.sub("", asks))
        return Named(documents, places if documents else (), alone=alone)

    def documents(self, question: str) -> list[int]:
        """Numbers of the documents that the question names, none if it names none."""
        return list(self._documents(fold(question))[0])

    def _documents(self, folded: str) -> tuple[tuple[int, ...], str]:
        """Numbers of the documents that are named, and what is left of the folded question."""
        found: list[int] = []
        rest = folded
        for finder in (self._by_number, self._by_title, self._by_name, self._by_words):
            matches = list(finder(rest))
            found += [place for _, _, places in matches for place in places]
            for start, end, _ in reversed(matches):
                rest = f"{rest[:start]} {rest[end:]}"
        return tuple(dict.fromkeys(found)), rest

    def _by_number(self, text: str) -> Iterator[tuple[int, int, Sequence[int]]]:
        """
        The longest number that ends what is written.

        The words before a number run into it: 请问澜财规〔2025〕1号. And one number may end
        another: 财规〔2025〕1号 of a higher bureau is not meant here.
        """
        for written in _NUMBER.finditer(text):
            key = _folded_key(written.group())
            ends = (number for number in _ends(key) if number in self._numbers)
            if number := next(ends, ""):
                # The words that run in are all letters, so they are as long as in the key.
                yield (
                    written.start() + len(key) - len(number),
                    written.end(),
                    self._numbers[number],
                )

    def _by_title(self, text: str) -> Iterator[tuple[int, int, Sequence[int]]]:
        for written in _TITLE.finditer(text):
            if places := self._titled(written[1]):
                yield *written.span(), places

    def _titled(self, written: str) -> Sequence[int]:
        """Documents of a title; without its edition all of them that have the name."""
        name = name_of(written)
        exactly = self._titles.get(_key(written), [])
        if name.edition and exactly:
            return exactly
        return list(dict.fromkeys([*exactly, *self._titles.get(_folded_key(name.core), [])]))

    def _by_name(self, text: str) -> Iterator[tuple[int, int, Sequence[int]]]:
        """Names without 《》: the longest that ends in a word of its kind."""
        last = 0
        for kind in _KIND.finditer(text):
            if _GOES_ON.match(text, kind.end()):
                continue
            for start in range(max(last, kind.end() - LONGEST), kind.end() - SHORTEST + 1):
                written = text[start : kind.end()]
                if _folded_key(written) in self._titles and not _is_inside(text, start):
                    edition = _EDITION.match(text, kind.end())
                    end = edition.end() if edition else kind.end()
                    yield start, end, self._titled(text[start:end])
                    last = end
                    break

    def _by_words(self, text: str) -> Iterator[tuple[int, int, Sequence[int]]]:
        """English names: the longest row of words that is one."""
        words = list(islice(_WORD.finditer(text), MOST_WORDS))
        least, most = WORDS
        first = 0
        while first <= len(words) - least:
            for last in range(min(len(words), first + most) - 1, first + least - 2, -1):
                start, end = words[first].start(), words[last].end()
                if places := self._titles.get(_folded_key(text[start:end])):
                    yield start, end, places
                    first = last
                    break
            first += 1


class Ids:
    """From the id of a document to its number."""

    def __init__(self, places: Places) -> None:
        self._places = places

    def get(self, name: str) -> int | None:
        return next(iter(self._places[name]), None)


class Met:
    """The keys of documents that are met one by one: some bytes each."""

    def __init__(self) -> None:
        self.pairs = tuple(Pairs() for _ in _FOLDERS)
        self._count = 0

    def add(self, document: Document) -> None:
        ids, numbers, titles = self.pairs
        ids.add(document.id, self._count)
        for written in _NUMBER.findall(fold(document.number)):
            numbers.add(_folded_key(written), self._count)
        for name in dict.fromkeys(_names(document.title)):
            titles.add(name, self._count)
        self._count += 1

    def save(self, folder: Path) -> None:
        for name, pairs in zip(_FOLDERS, self.pairs, strict=True):
            Places.of(pairs).save(folder / name)


def _names(title: str) -> Iterator[str]:
    """The keys that a document is found by."""
    quoted = _TITLE.findall(title)
    cores = [name_of(one).core for one in (title, *quoted)]
    short = [_PLACE.sub("", core) for core in cores]
    yield from filter(None, map(_folded_key, (*fold_all([title, *quoted]), *cores, *short)))


def _is_inside(text: str, start: int) -> bool:
    """Whether the letters before it belong to another name: 某县补贴办法 is not 补贴办法."""
    before = text[start - 1 : start]
    if text[start - 2 : start] in _OURS:
        return False
    return before.isalnum() and before not in _RUNS_IN


def _ends(key: str) -> Iterator[str]:
    """The text without its first letters, the longest first."""
    return (key[start:] for start in range(len(key)))


def _key(text: str) -> str:
    return _folded_key(fold(text))


def _folded_key(folded: str) -> str:
    return _PLAIN.sub("", folded).replace("第", "")
