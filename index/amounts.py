"""
Questions for an amount: a passage that names none is no answer to them, however much it speaks of
the matter.

Who may get a benefit stands in one clause and how much it is in another; both speak of it alike.
A reranker reads both, and knows better than these patterns which of them answers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from index.types import Hit
from knowledge.fold import fold

ALIKE: Final = 0.5  # share of the first one's keywords that a passage must have in its place
TIE: Final = 0.1  # of what a reranker says, 0 to 1: it is not sure which of two is better
_ASKS: Final = re.compile(
    fold(
        r"多少(?:钱|元|块|费|比例)|百分之几|"
        r"(?:补|贴|助|发|领|给|提|取|交|缴|贷|扣|返|付|收|罚|退|报|金|费|钱|标准|额度|比例|最[高多低少])"
        r"(?:是|到|能|会|可以?)?多少"
        r"(?!个|天|日|年|岁|人|次|条|份|家|户|号|小时|分钟|月|学分|工作日|时间|材料)|"
        r"\bhow much (?!time|longer)|얼마(?!나|\s*동안|\s*뒤|\s*후)|いくら"
    )
)
# In a table the unit stands in the head, and the figures below.
_FIGURE: Final = re.compile(r"\d|[一二三四五六七八九十百千万两半](?=元|倍|成)|百分之")
_UNIT: Final = re.compile(
    fold(r"元|倍|成|%|百分之|원|円|[$€£¥]|percent|yuan|rmb|cny|\bwon\b|\byen\b")
)
_NOTHING: Final = re.compile(fold(r"免费|不收|免收|全额|\bfree of charge\b|\bno fee"))


def asks_for_an_amount(question: str) -> bool:
    return bool(_ASKS.search(fold(question)))


def tells_an_amount(text: str) -> bool:
    folded = fold(text)
    figure = _FIGURE.search(folded) and _UNIT.search(folded)
    return bool(figure or _NOTHING.search(folded))


def amount_first(
    question: str, hits: Sequence[Hit], *, line: float, opinions: Mapping[str, float]
) -> tuple[Hit, ...]:
    """
    The hits with one in front that tells an amount, if the question asks for one.

    It takes the place of the first one only within its family, and if it speaks of the question
    as well. Where there is none, nothing is above the `line`: it may be looked at. `opinions` are
    what a reranker says of passages by id: one that it likes clearly better stays first.
    """
    if not hits or hits[0].exact or not asks_for_an_amount(question):
        return tuple(hits)
    first, *rest = hits
    if tells_an_amount(first.passage.text):
        return tuple(hits)
    telling = [hit for hit in rest if _in_its_place(hit, first)]
    if not telling:
        return tuple(replace(hit, probability=min(hit.probability, line)) for hit in hits)
    least = opinions.get(first.passage.id, 0.0) - TIE
    better = next((hit for hit in telling if opinions.get(hit.passage.id, 0.0) >= least), None)
    if better is None:
        return tuple(hits)
    return (
        replace(better, probability=first.probability),
        replace(first, probability=better.probability),
        *(hit for hit in rest if hit is not better),
    )


def _in_its_place(hit: Hit, first: Hit) -> bool:
    return (
        hit.family == first.family
        and hit.keyword >= ALIKE * first.keyword
        and tells_an_amount(hit.passage.text)
    )
