"""
Questions made from the corpus itself, to calibrate with: none of them is a citizen's.

Two kinds: questions that the documents ask themselves (问：…？, headings with a question mark),
and clauses of sentences with a part of their words taken out and a stranger's put in, because
people do not ask in the words of the text.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

MOST: Final = 400
SEED: Final = 20
DROPPED: Final = (0.25, 0.55)  # share of a clause's characters that is taken out
_ASKED: Final = re.compile(
    r"^(?:问|問|Q)?\s*\d*\s*[:：.、]?\s*(?P<q>[^\n]{6,80}[？?])\s*$", re.MULTILINE
)
# At most twenty words of Chinese, or seven of English. It may begin or end within an English word,
# which makes the question harder and so the line higher: with whole words a third more of what
# cannot be answered was answered (orsharc_dev: 0.36 in place of 0.24).
_CLAUSE: Final = re.compile(r"[^，。；：、！？,.;:!?\n|（）()]{8,40}")
_WORD: Final = re.compile(r"[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Made:
    """A question and the number of the passage that it was made from."""

    question: str
    passage: int


def made_questions(texts: Sequence[str], *, most: int = MOST) -> list[Made]:
    """At most `most` questions, spread over these passages; the same ones every time."""
    chance = random.Random(SEED)  # noqa: S311 - not for secrets
    asked = list(_asked(texts))
    chance.shuffle(asked)
    chosen = list(range(len(texts)))
    chance.shuffle(chosen)
    made = asked[: most // 3]
    for number in chosen:
        if len(made) >= most:
            break
        stranger = texts[chance.randrange(len(texts))]
        question = _blurred(texts[number], stranger, chance)
        if question:
            made.append(Made(question, number))
    return made


def _asked(texts: Iterable[str]) -> Iterator[Made]:
    for number, text in enumerate(texts):
        for found in _ASKED.finditer(text):
            if text[found.end() :].strip():  # the answer follows in the same passage
                yield Made(found["q"].strip(), number)


def _blurred(text: str, stranger: str, chance: random.Random) -> str:
    """A clause of the text with some of its words replaced; "" if it has none."""
    clauses = [found.strip() for found in _CLAUSE.findall(text)]
    if not clauses:
        return ""
    clause = chance.choice(clauses)
    foreign = _CLAUSE.findall(stranger)
    units = _units(clause)
    dropped = chance.uniform(*DROPPED)
    kept = [unit for unit in units if chance.random() > dropped]
    if len(kept) < 2:  # noqa: PLR2004 - one word is no question
        return ""
    if foreign:
        kept.insert(chance.randrange(len(kept) + 1), chance.choice(_units(chance.choice(foreign))))
    return (" " if _WORD.search(clause) else "").join(kept)


def _units(clause: str) -> list[str]:
    """Words, or pairs of characters where words are not set apart."""
    if _WORD.search(clause):
        return clause.split() or [clause]
    return [clause[i : i + 2] for i in range(0, len(clause), 2)]
