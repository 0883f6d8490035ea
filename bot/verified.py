"""
Before an answer leaves: is every quoted character in the release that the answer names?

What is checked is what will be shown, against what the release holds on disk now. Nothing
should ever fail here; if it does, the citizen gets a person and not a wrong quotation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from bot.errors import Misquoted
from bot.types import Citation, RichText, Style
from knowledge.types import Passage

QUOTED: Final = frozenset({Style.QUOTE, Style.MARK})
_BLANKS: Final = re.compile(r"\s+")


def check_citation(citation: Citation, clause: Sequence[Passage]) -> None:
    """Raise Misquoted unless the clause, read from the release, has the quote as it is cited."""
    texts = {passage.id: passage.text.strip() for passage in clause}
    text = texts.get(citation.passage_id)
    if text is None:
        raise Misquoted(f"{citation.source}: passage {citation.passage_id} is not in the release")
    if text != citation.quote:
        raise Misquoted(f"{citation.source}: passage {citation.passage_id} is quoted wrongly")


def check_page(body: RichText, texts: Sequence[tuple[str, str]]) -> None:
    """
    Raise Misquoted unless the quotations on a page are these texts, in order and complete.

    `texts` come with their files. A chat shows fewer blank lines than the document has: blanks do
    not count.
    """
    shown = [_flat(run) for run in _quotations(body)]
    for run, (source, text) in zip(shown, texts, strict=False):
        if run != _flat(text):
            raise Misquoted(f"{source}: the page does not show the passage as it is")
    if len(shown) != len(texts):
        raise Misquoted(f"{len(shown)} quotations are shown for {len(texts)} passages")


def _quotations(body: RichText) -> Iterable[str]:
    run = ""
    for span in body:
        if span.style in QUOTED:
            run += span.text
        elif run:
            yield run
            run = ""
    if run:
        yield run


def _flat(text: str) -> str:
    return _BLANKS.sub("", text)
