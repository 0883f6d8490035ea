"""
A question's terms and what each of them weighs.

The frame of a question (请问, 什么, 如何 …) says nothing of its topic and is cut away. What is
left is weighted down where it says the same twice: the characters of a bigram occur with it, so
counting all three in full lets long words outvote the rest.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np

from index.keywords import Keywords
from index.tokens import folded_tokens
from knowledge.fold import fold

_FRAME_WORDS: Final = (
    *("请问", "您好", "你好", "为什么", "为何", "什么时候", "什么时间", "什么地方", "什么样"),
    *("什么", "怎么办", "怎么样", "怎么", "怎样", "怎办", "如何", "哪些", "哪里", "哪儿", "哪个"),
    *("哪家", "哪几", "哪一", "哪种", "哪项", "哪", "是否", "能否", "可否", "有没有", "是不是"),
    *("能不能", "可不可以", "会不会", "要不要", "需不需要", "多少", "多久", "几个", "几项"),
    *("何时", "何处", "何地", "何种", "何者", "吗", "呢", "呀", "啊", "么", "吧", "谁", "请"),
    *("我", "你", "您"),
)
_FRAME: Final = re.compile("|".join(sorted(map(re.escape, _FRAME_WORDS), key=len, reverse=True)))


def topic(question: str) -> str:
    """The question, folded, without its frame; the whole of it if nothing else is left."""
    folded = fold(question)
    bare = _FRAME.sub(" ", folded)
    return bare if folded_tokens(bare) else folded


def weights(terms: Sequence[str], keywords: Keywords) -> dict[str, float]:
    """
    Weigh the distinct terms that occur in the corpus: 1 / sqrt(sum of squared cosines).

    The cosine of two terms is that of their columns, present or absent, over the texts of
    `keywords`: two terms that always occur together weigh 0.71 each, not 1.
    """
    known = [term for term in dict.fromkeys(terms) if keywords.frequency(term)]
    if not known:
        return {}
    together = keywords.together(known).astype(np.float64)
    count = np.diag(together)
    cosine = together / np.sqrt(np.outer(count, count))
    weight = 1 / np.sqrt((cosine**2).sum(axis=1))
    return dict(zip(known, weight.tolist(), strict=True))
