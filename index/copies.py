"""
Documents that are copies of one another: the same notice, republished.

Containment of character 8-grams (Broder, "On the resemblance and containment of documents",
1997), estimated on the 8-grams whose hash falls into a sample.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final

GRAM: Final = 8  # characters
SAMPLE: Final = 16  # one 8-gram of so many is looked at
FEWEST: Final = 8  # sampled 8-grams; a shorter text tells too little
CONTAINED: Final = 0.5  # share of the shorter text that stands in the other
COMMON: Final = 30  # an 8-gram in more texts is a phrase of the trade
_BLANK: Final = re.compile(r"\W+")


def copies(texts: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of numbers of texts of which one holds more than half of the other."""
    sketches = [_sketch(text) for text in texts]
    holders: dict[int, list[int]] = defaultdict(list)
    for number, sketch in enumerate(sketches):
        for gram in sketch:
            holders[gram].append(number)
    shared: Counter[tuple[int, int]] = Counter()
    for numbers in holders.values():
        if 1 < len(numbers) <= COMMON:
            shared.update(
                (one, other) for i, one in enumerate(numbers) for other in numbers[i + 1 :]
            )
    return [
        (one, other)
        for (one, other), count in shared.items()
        if count > CONTAINED * max(FEWEST, min(len(sketches[one]), len(sketches[other])))
    ]


def _sketch(text: str) -> frozenset[int]:
    bare = _BLANK.sub("", text)
    grams = (zlib.crc32(bare[i : i + GRAM].encode()) for i in range(len(bare) - GRAM + 1))
    return frozenset(gram for gram in grams if gram % SAMPLE == 0)
