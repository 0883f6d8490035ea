"""
A question as the keyword leg sees it.

The frame (请问, 什么, 如何 …) says nothing of the topic and is cut away. The terms that are left
weigh less where they say the same twice. Besides its terms a question may ask for something that
can be seen: a date, an amount.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from index.asked import tells_of
from index.glossary import Glossary, Named, shipped
from index.keywords import Columns
from index.tokens import folded_tokens
from knowledge.fold import fold

SAME: Final = 0.9  # what another word for a thing is worth beside the question's own
# A pair of characters that no document has is mostly the seam between two words of the question.
SEAM: Final = 0.25  # its weight; an unknown character or word weighs 1
FOREIGN: Final = 0.5  # times that for a word in another script, if the corpus knows the question's
TELLS: Final = 0.3  # weight of a word in which an answer would be told
COMMON: Final = 0.5  # terms in a larger share of the documents are not compared with others
_FRAME_WORDS: Final = (
    *("请问", "您好", "你好", "为什么", "为何", "什么时候", "什么时间", "什么地方", "什么样"),
    *("什么", "怎么办", "怎么样", "怎么", "怎样", "怎办", "如何", "哪些", "哪里", "哪儿", "哪个"),
    *("哪家", "哪几", "哪一", "哪种", "哪项", "哪", "是否", "能否", "可否", "有没有", "是不是"),
    *("能不能", "可不可以", "会不会", "要不要", "需不需要", "多少", "多久", "几个", "几项"),
    *("何时", "何处", "何地", "何种", "何者", "吗", "呢", "呀", "啊", "么", "吧", "谁", "请"),
    *("我", "你", "您"),
)
_FRAME: Final = re.compile("|".join(sorted(map(re.escape, _FRAME_WORDS), key=len, reverse=True)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """Something that the question names, in its own words and in others: the best one counts."""

    own: Mapping[str, float]  # weights of its terms as asked; they are in Question.weights too
    words: tuple[str, ...]  # all its terms as asked: a document may have none of them
    others: tuple[Mapping[str, float], ...]  # as much weight in all, on another word's terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    text: str  # as asked
    weights: Mapping[str, float]  # of the terms that the corpus has
    things: tuple[Thing, ...]
    mass: Mapping[str, float]  # a term's idf over the whole mass of the question's own terms
    heft: float  # that whole: how much there is to match
    unknown: float  # share of it whose terms no document has
    own: tuple[str, ...]  # the question's own terms, without what the glossary adds
    sought: Mapping[str, float]  # how telling each of them is; 1: a word that no document has
    tells: tuple[re.Pattern[str], ...]  # what a passage that answers would hold

    def spoken(self, terms: Iterable[str]) -> set[str]:
        """The terms of a text, with those of things for which it has another word."""
        has = set(terms)
        for thing in self.things:
            if any(has.issuperset(other) for other in thing.others):
                has.update(thing.words)
        return has


def without_frame(folded: str) -> str:
    """A folded question without the words that say nothing of its topic."""
    return _FRAME.sub(" ", folded)


def understand(text: str, documents: Columns, glossary: Glossary | None = None) -> Question:
    folded = fold(text)
    bare = without_frame(folded)
    count = Counter(folded_tokens(bare)) or Counter(folded_tokens(folded))
    own = tuple(count)  # no set: sums must be the same in every process
    meant = (glossary or shipped()).meant(folded)
    weights = _weights(count, documents)
    idf = {term: documents.idf(documents.frequency(term)) for term in own}
    # Asking for a term that no document has is evidence that the answer is not here.
    sought = {term: weights.get(term, _strange(term)) * idf[term] for term in own}
    heft = max(sum(sought.values()), 1e-9)
    things = [thing for named in meant.named if (thing := _thing(named, weights, idf, documents))]
    replaced = {term for thing in things for term in thing.words}
    strange = sum(
        value for term, value in sought.items() if term not in weights and term not in replaced
    )
    for term in dict.fromkeys(term for word in meant.tells for term in folded_tokens(word)):
        if len(term) > 1 and term in documents:  # single characters are in every text
            weights.setdefault(term, TELLS)
    return Question(
        text=text,
        weights=weights,
        things=tuple(things),
        mass={term: value / heft for term, value in _idfs(weights, things, documents).items()},
        heft=heft,
        unknown=strange / heft,
        own=own,
        sought={term: value / documents.idf(0) for term, value in sought.items()},
        tells=tells_of(folded),
    )


def _strange(term: str) -> float:
    return SEAM if len(term) == 2 and not term.isascii() else 1.0  # noqa: PLR2004 - a pair


def _thing(
    named: Named, weights: Mapping[str, float], idf: Mapping[str, float], documents: Columns
) -> Thing | None:
    """Return None if there is no other word that a document has."""
    terms = [term for term in dict.fromkeys(folded_tokens(named.word)) if term in idf]
    worth = SAME * sum(weights.get(term, 1.0) * idf[term] for term in terms)  # known or not
    native = any(term in weights for term in terms)
    others: list[dict[str, float]] = []
    for word in named.others:
        known = [term for term in dict.fromkeys(folded_tokens(word)) if term in documents]
        total = sum(documents.idf(documents.frequency(term)) for term in known)
        if total:
            foreign = native and word.isascii() != named.word.isascii()
            weight = worth * (FOREIGN if foreign else 1.0) / total
            others.append(dict.fromkeys(known, min(1.0, weight)))
    if not terms or not others:
        return None
    own = {term: weights[term] for term in terms if term in weights}
    return Thing(own=own, words=tuple(terms), others=tuple(others))


def _idfs(
    weights: Mapping[str, float],
    things: Sequence[Thing],
    documents: Columns,
) -> dict[str, float]:
    others = (term for thing in things for other in thing.others for term in other)
    terms = dict.fromkeys([*weights, *others])
    return {term: documents.idf(documents.frequency(term)) for term in terms}


def _weights(count: Mapping[str, float], documents: Columns) -> dict[str, float]:
    """
    Weigh a term by its count / sqrt(sum of its squared cosines with the others).

    The cosine of two terms is that of their columns, present or absent: terms that always come
    together, as the many bigrams of one long name do, count about once between them.
    """
    weights = {term: float(n) for term, n in count.items() if term in documents}
    limit = max(5.0, COMMON * documents.size)
    compared = [term for term in weights if documents.frequency(term) <= limit]
    if len(compared) > 1:
        both = documents.together(compared)
        own = np.diag(both)
        norm = np.sqrt((both**2 / np.outer(own, own)).sum(axis=1))
        for term, value in zip(compared, norm.tolist(), strict=True):
            weights[term] /= value
    return weights
