"""
Which clause of its rule an interpretation explains.

That is the one to show beside it. The words of the question alone often fit the scope of the rule
(第二条) as well as the clause that answers; but an interpretation repeats the words and figures
of what it explains.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from index.amounts import asks_for_an_amount, tells_an_amount
from index.keywords import Columns
from index.tokens import tokens
from index.types import Hit

_SCOPE: Final = re.compile(
    r"(?:适用|適用|制定|制訂)本(?:办法|辦法|规定|規定|细则|細則|条例|條例|通知)"
)


def with_rule(
    question: str, hits: Sequence[Hit], clauses: Sequence[Hit], documents: Columns
) -> tuple[Hit, ...]:
    """
    The hits with the clause that the first one explains before others of its rule.

    `clauses` are the candidates of its rules, best first; none if it interprets nothing. Of
    several rules the one that fits best counts, and a clause on scope only if there is no other.
    """
    if not hits or not clauses:
        return tuple(hits)
    first = hits[0]
    asks = asks_for_an_amount(question)

    def fits(clause: Hit) -> tuple[bool, float]:
        tells = asks and tells_an_amount(clause.passage.text)
        fit = clause.score / max(first.score, 1e-9)
        return tells, fit + _repeated(first.passage.text, clause.passage.text, documents)

    of_rule = [one for one in clauses if one.document.id == clauses[0].document.id]
    answering = [one for one in of_rule if not _SCOPE.search(one.passage.text)]
    chosen = max(answering or of_rule, key=fits)
    at = (n for n, hit in enumerate(hits) if hit.document.id == chosen.document.id)
    place = next(at, len(hits))
    rest = [hit for hit in hits[place:] if hit.passage.id != chosen.passage.id]
    return (*hits[:place], chosen, *rest)


def _repeated(text: str, clause: str, documents: Columns) -> float:
    """Share of what the terms of a text weigh that a clause has as well."""
    weights = {
        term: documents.idf(documents.frequency(term)) for term in dict.fromkeys(tokens(text))
    }
    has = set(tokens(clause))
    both = sum(weight for term, weight in weights.items() if term in has)
    return both / max(sum(weights.values()), 1e-9)
