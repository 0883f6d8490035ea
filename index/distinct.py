"""Of passages that say the same one is enough: the one that most can be relied on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Final

from index.types import Hit
from knowledge.fold import fold
from knowledge.types import Kind

REPEATED: Final = 0.5  # share of a passage that makes it a copy of what stands in it
_BLANK: Final = re.compile(r"[\W_]+")
_ORDER: Final = (Kind.POLICY, Kind.INTERPRETATION, Kind.ANSWER)  # the most binding first


def distinct(hits: Iterable[Hit], *, limit: int) -> tuple[Hit, ...]:
    """
    Return the first `limit` hits, none of which repeats an earlier one.

    A hit that says the same, word for word, takes the place and the probability of an earlier one
    if its document is more binding, or newer; but nothing takes the place of an exact hit.
    """
    kept: list[Hit] = []
    texts: list[str] = []
    for hit in hits:
        text = _BLANK.sub("", fold(hit.passage.text))
        twin = next((n for n, other in enumerate(texts) if _repeats(text, other)), None)
        if twin is None:
            if len(kept) == limit:
                break
            kept.append(hit)
            texts.append(text)
        elif text == texts[twin] and not kept[twin].exact and _weight(hit) > _weight(kept[twin]):
            first = kept[twin]
            kept[twin] = replace(hit, score=first.score, probability=first.probability)
    return tuple(kept)


def _repeats(text: str, other: str) -> bool:
    return text in other or (other in text and len(other) >= REPEATED * len(text))


def _weight(hit: Hit) -> tuple[int, date]:
    document = hit.document
    return -_ORDER.index(document.kind), document.begins or date.min
