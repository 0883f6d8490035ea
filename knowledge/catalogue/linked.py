"""
What the library says of its own documents, put into them before the index is built.

Conservative: only pairs that are SURE, only for interpretations that declare none; only effects
whose number names one older document. What is done here is in the report, line by line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from knowledge.catalogue.effects import Does, Effect, effects
from knowledge.catalogue.pairs import SURE, Pair, pairs
from knowledge.catalogue.register import Register
from knowledge.catalogue.versions import GONE
from knowledge.spool import Documents
from knowledge.types import Document, Kind, Status
from knowledge.validity import until_replaced


def linked(documents: Iterable[Document]) -> Documents:
    """
    Return the documents in their order with the links and ends that the library tells.

    A policy that another one repeals by its number gets that one as `superseded_by` and ends on
    the day before; an interpretation of which every policy has ended ends with the last of them.
    One that is declared repealed or superseded held until then, where that day is sure.
    """
    register = Register(documents)
    return register.whole.over(link(register, pairs(register), effects(register)))


def link(
    register: Register, found: Iterable[Pair], effects: Iterable[Effect]
) -> tuple[Document, ...]:
    """Return the documents of the register, without their texts."""
    documents = _with_pairs(register.ids, found)
    documents = _with_effects(documents, effects)
    documents = _with_last_days(documents)
    documents = _with_ended(documents)
    return tuple(documents[one.id] for one in register.documents)


def _with_pairs(documents: Mapping[str, Document], found: Iterable[Pair]) -> dict[str, Document]:
    made = dict(documents)
    for pair in found:
        document = made[pair.interpretation]
        if pair.confidence >= SURE and not documents[pair.interpretation].interprets:
            names = (*document.interprets, pair.policy)
            made[document.id] = replace(document, interprets=names)
    return made


def _with_effects(
    documents: Mapping[str, Document], effects: Iterable[Effect]
) -> dict[str, Document]:
    made = dict(documents)
    for effect in effects:
        if not effect.sure or effect.target is None:
            continue
        by = made[effect.by]
        if effect.does is Does.AMENDS:
            made[by.id] = replace(by, amends=_joined(by.amends, effect.target))
        else:
            made[by.id] = replace(by, repeals=_joined(by.repeals, effect.target))
            target = made[effect.target]
            if target.status not in GONE:
                made[target.id] = _ended(target, effect.since, successor=by.id)
    return made


def _with_last_days(documents: Mapping[str, Document]) -> dict[str, Document]:
    """
    What is declared gone, as in force until it was put out of force.

    Only a document that says so itself tells when: `superseded_by` may name the newest of a row.
    """
    enders: dict[str, list[Document]] = {}
    for document in documents.values():
        for name in document.repeals:
            enders.setdefault(name, []).append(document)
    return {
        one.id: until_replaced(one, enders.get(one.id) or _enders_told(one, documents, enders))
        for one in documents.values()
    }


def _enders_told(
    document: Document, documents: Mapping[str, Document], enders: Mapping[str, list[Document]]
) -> list[Document]:
    """What ended the policies of an interpretation, if its successor tells of nothing else."""
    successor = documents.get(document.superseded_by or "")
    told = [enders.get(name, []) for name in document.interprets]
    if successor is None or not told or not all(told):
        return []
    found = [one for some in told for one in some]
    about = {successor.id} if successor.kind is Kind.POLICY else {*successor.interprets}
    return found if about and about <= {one.id for one in found} else []


def _with_ended(documents: Mapping[str, Document]) -> dict[str, Document]:
    """An interpretation does not outlive what it interprets."""
    made = dict(documents)
    explained = _explained(documents.values())
    for document in documents.values():
        policies = [documents[name] for name in document.interprets if name in documents]
        ends = document.kind is Kind.INTERPRETATION and document.status not in GONE
        if not ends or not policies or not all(replaced(one) for one in policies):
            continue
        successors = [one.superseded_by for one in policies if one.superseded_by]
        after = (
            next(iter(explained.get(successors[-1], ())), successors[-1]) if successors else None
        )
        since = _day_after(one.expires for one in policies if one.status not in GONE)
        made[document.id] = _ended(document, since, successor=after)
    return made


def _day_after(lasts: Iterable[date | None]) -> date | None:
    last = max((day for day in lasts if day), default=None)
    return last + timedelta(days=1) if last else None


def _explained(documents: Iterable[Document]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for document in documents:
        for name in document.interprets:
            found.setdefault(name, []).append(document.id)
    return found


def replaced(document: Document) -> bool:
    """Whether another document ended it, now or on a day to come."""
    return document.status in GONE or (
        document.superseded_by is not None and document.expires is not None
    )


def _ended(document: Document, since: date | None, *, successor: str | None) -> Document:
    """
    End it on the day before `since`, so that it binds until then, whenever that is.

    Where no day is known it has ended.
    """
    after = document.superseded_by or successor
    if since is None:
        status = Status.SUPERSEDED if after else Status.REPEALED
        return replace(document, status=status, superseded_by=after)
    last = since - timedelta(days=1)
    expires = min(last, document.expires) if document.expires else last
    return replace(document, expires=expires, superseded_by=after)


def _joined(names: tuple[str, ...], name: str) -> tuple[str, ...]:
    return names if name in names else (*names, name)
