"""Two sentences at a time: the evidence for an answer rarely needs more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

SENTENCES: Final = 2
LONGEST: Final = 400  # characters; a sentence without an end is cut
_SENTENCE: Final = re.compile(r".+?(?:[。！？；\n]+[”」』）]?|[.!?;](?=\s)|$)\s*", re.DOTALL)


def windows(text: str) -> list[tuple[int, int]]:
    """Spans of each run of two sentences; of the whole text if it has fewer."""
    units = list(sentences(text))
    if len(units) <= SENTENCES:
        return [(0, len(text))]
    last = len(units) - SENTENCES + 1
    return [(units[i][0], units[i + SENTENCES - 1][1]) for i in range(last)]


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Spans of the sentences, each with the blanks behind it; LONGEST characters at most."""
    for found in _SENTENCE.finditer(text):
        start, end = found.span()
        if not text[start:end].strip():
            continue
        while end - start > LONGEST:
            yield start, start + LONGEST // 2
            start += LONGEST // 2
        yield start, end
