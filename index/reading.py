"""A document cut into passages and windows and folded: each character once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Final, TypeAlias

from index.windows import windows
from knowledge.fold import fold_all
from knowledge.passages import passages as cut
from knowledge.types import Document, Passage

LEAD: Final = 80  # characters that stand for the title of a long text without one

Span: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a build needs to know of a document."""

    document: Document
    passages: Sequence[Passage]
    title: str  # this and the following are folded
    lead: str  # what each window is read with: the title, or the first words of a long text
    addresses: Sequence[str]  # of each passage
    body: str
    starts: Sequence[int]  # of each passage, characters into the body
    texts: Sequence[str]  # of each passage, in the body
    spans: Sequence[Sequence[Span]]  # of each passage its windows, characters into the body


def read(document: Document) -> Reading:
    passages = cut(document)
    found = [windows(passage.text) for passage in passages]
    text = document.text
    cuts = sorted(
        {0, len(text)}
        | {place for passage in passages for place in (passage.start, passage.end)}
        | {
            passage.start + place
            for passage, spans in zip(passages, found, strict=True)
            for span in spans
            for place in span
        }
    )
    title = document.title.replace("_", " ")
    lead = text[:LEAD] if not document.title and len(text) > 5 * LEAD else ""
    addresses = ["\n".join(passage.address) for passage in passages]
    pieces = [text[start:end] for start, end in pairwise(cuts)]
    folded = fold_all([title, lead, *addresses, *pieces])
    head, parts = folded[: 2 + len(passages)], folded[2 + len(passages) :]
    place = dict(zip(cuts, accumulate(map(len, parts), initial=0), strict=True))
    body = "".join(parts)
    return Reading(
        document=document,
        passages=passages,
        title=head[0],
        lead=head[1] or head[0],
        addresses=head[2:],
        body=body,
        starts=[place[passage.start] for passage in passages],
        texts=[body[place[passage.start] : place[passage.end]] for passage in passages],
        spans=[
            [(place[passage.start + start], place[passage.start + end]) for start, end in spans]
            for passage, spans in zip(passages, found, strict=True)
        ],
    )
