"""Ask a release what it can answer and what it cannot, and keep what it said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from index.evaluation.refusal import Trials
from index.evaluation.sets import Questions
from index.legs import Evidence, Mask, gather
from index.searcher import Searcher
from knowledge.fold import fold

REMOVED: Final = "document removed"
LISTED: Final = "listed"  # as unanswerable, in the set's unanswerable.jsonl
BY_WORDS: Final = "listed, by words"  # likewise, less those that the quotation answers in truth
_MARKS: Final = re.compile(r"\W+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A question with what would be quoted if its probability were above the line."""

    name: str  # id of the question
    text: str
    probability: float
    line: float  # a probability at or below it is no answer
    relevant: tuple[str, ...]  # ids of the documents that the set names; none if it lists none
    document: str  # id; "" if nothing was found
    passage: str
    right: bool  # the document is a relevant one
    says: bool  # the passage holds the words of the answer, where the set has them


@dataclass(frozen=True, slots=True, kw_only=True)
class Tries:
    present: Sequence[Tried]  # questions with their documents in the index
    removed: Sequence[Tried]  # the same ones, the families of their documents left out
    strange: Sequence[Tried]  # questions that the set says none of its documents answers

    @property
    def line(self) -> float:
        """The release's; with a reranker it is the reranker's."""
        return self.present[0].line

    @property
    def trials(self) -> dict[str, Trials]:
        """
        By where the unanswerable questions come from; none without such questions.

        By words, the labels are mended: a quotation with the words of the answer is right, from
        whatever document, and a question that it answers is not an unanswerable one.
        """
        right = [one.right for one in self.present]
        trials = {
            name: _trials(self.present, right, tries)
            for name, tries in ((REMOVED, self.removed), (LISTED, self.strange))
            if tries
        }
        silent = [one for one in self.strange if not one.says]
        if silent and len(silent) < len(self.strange):
            right = [one.right or one.says for one in self.present]
            trials[BY_WORDS] = _trials(self.present, right, silent)
        return trials


def attempt(searcher: Searcher, questions: Questions, strange: Questions) -> Tries:
    """
    Ask each question twice, as it is and with the families of its documents left out.

    Left out, nothing but chance can answer it, whatever the labels of a set say. A family are
    the documents that say the same: a policy, its interpretations and amendments, copies.
    """
    everything = np.ones(searcher.shelf.documents, dtype=bool)
    numbers = {one.id: number for number, one in enumerate(searcher.shelf.all_documents())}
    present, removed = [], []
    for name, text in questions.texts.items():
        evidence = _evidence(searcher, text)
        relevant = [numbers[one] for one in questions.relevant[name] if one in numbers]
        present.append(_tried(searcher, questions, name, evidence, everything))
        rest = _without(searcher, relevant)
        removed.append(_tried(searcher, questions, name, evidence, rest))
    return Tries(
        present=present,
        removed=removed,
        strange=[
            _tried(searcher, strange, name, _evidence(searcher, text), everything)
            for name, text in strange.texts.items()
        ],
    )


def _evidence(searcher: Searcher, text: str) -> Evidence:
    return gather(searcher.legs.understand(text), searcher.legs)


def _tried(
    searcher: Searcher, questions: Questions, name: str, evidence: Evidence, allowed: Mask
) -> Tried:
    judged = searcher.judge(evidence, allowed)
    found = judged.ranked.passages
    first = searcher.shelf.passage(int(found[0])) if len(found) else None
    return Tried(
        name=name,
        text=questions.texts[name],
        probability=judged.probability,
        line=judged.line,
        relevant=tuple(questions.relevant[name]),
        document=first.document_id if first else "",
        passage=first.text.strip() if first else "",
        right=first is not None and first.document_id in questions.relevant[name],
        says=first is not None and _says(first.text, questions.answers.get(name, "")),
    )


def _says(passage: str, answer: str) -> bool:
    """Whether the words stand in the passage, whatever the marks and spaces between them."""
    words = _MARKS.sub("", fold(answer))
    return bool(words) and words in _MARKS.sub("", fold(passage))


def _without(searcher: Searcher, documents: Sequence[int]) -> Mask:
    family = searcher.legs.family
    return np.asarray(~np.isin(family, family[np.asarray(documents, dtype=np.int64)]))


def _trials(present: Sequence[Tried], right: Sequence[bool], strange: Sequence[Tried]) -> Trials:
    return Trials(
        answerable=np.asarray([one.probability for one in present]),
        right=np.asarray(right),
        unanswerable=np.asarray([one.probability for one in strange]),
    )
