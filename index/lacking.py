"""
Whether a passage speaks of the things that a question in words names.

The calibration cannot tell where few documents are in the language of a question: what is found
there stands out from all the others, however little of the question it has. So a passage that
lacks most of what the question names is no answer, whatever the figures say.

That is asked of words only. Characters and their pairs say less each, and a passage that answers
in other words has fewer of them; nor was it needed there. Of a published answer more is asked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from index.questions import Question
from index.tokens import CJK, folded_tokens, stem
from knowledge.fold import fold

# Share of what the named things weigh. On English sets it costs no answer of orsharc_dev, and 18
# of 827 right ones of xquad_en, whose questions are rewordings on purpose.
LEAST: Final = 0.45
# They name nothing, and a small library may lack them by chance: then they weigh most of all.
_NAME_NOTHING: Final = frozenset(
    map(
        stem,
        (
            *("get", "got", "need", "want", "take", "make", "go", "come", "give", "let", "put"),
            *("keep", "know", "tell", "say", "ask", "help", "try", "like", "please", "much"),
            *("many", "long", "well", "good", "back", "soon", "way", "thing", "still", "yet"),
            *("even", "now", "today"),
        ),
    )
)
_ONLY_HELP: Final = frozenset("可以需要能会得应当该有个的了在到和与或给用办理领取") | _NAME_NOTHING
_CHARACTERS: Final = re.compile(f"[{CJK}]")


def beside_the_point(question: Question, texts: Sequence[str]) -> bool:
    """
    Whether a passage lacks most of what the question names.

    `texts` are the passage and what is said around it: its title, its address. Another word for
    a thing (glossary.py) is as good as the question's own.
    """
    if _CHARACTERS.search(fold(question.text)):
        return False
    words = {term: value for term, value in question.sought.items() if " " not in term}
    named = {term: value for term, value in words.items() if term not in _NAME_NOTHING} or words
    has = question.spoken(term for text in texts for term in folded_tokens(fold(text)))
    spoken = sum(value for term, value in named.items() if term in has)
    return spoken < LEAST * sum(named.values())


def asks_more(question: Question, texts: Sequence[str]) -> bool:
    """
    Whether a question has a word that an answer to another question has not.

    For answers that staff gave to one question and the bureau published: their title is a
    question, so all that is asked in nearly the same words looks like it. What differs in one
    word may be another matter, so every character and word must be there, but those that only
    help. Another word for a thing does not do: of 买房, a library may know no more than 房.
    """
    has = set(folded_tokens(fold("\n".join(texts))))
    units = (term for term in question.own if " " not in term)
    wanted = {
        unit for unit in units if (len(unit) == 1 or unit.isascii()) and unit not in _ONLY_HELP
    }
    known = {character for term in has for character in (term if not term.isascii() else (term,))}
    return not wanted <= known
