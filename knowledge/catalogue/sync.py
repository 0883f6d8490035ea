"""
三同步: a policy and its interpretation are drafted, signed and published together.

One row a policy that calls for an interpretation; what is wrong with it is in `states`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from knowledge.catalogue.effects import Does, Effect
from knowledge.catalogue.names import name_of
from knowledge.catalogue.pairs import Pair, by_policy
from knowledge.catalogue.register import Register
from knowledge.catalogue.versions import GONE
from knowledge.types import Disclosure, Document, Standing, Status


class State(StrEnum):
    IN_STEP = "in_step"
    MISSING = "missing"  # open and binding, and nothing explains it
    LATE = "late"  # the first interpretation came after the policy
    BEHIND = "behind"  # the policy was amended since, the interpretation was not
    LEFT_OVER = "left_over"  # the policy is repealed, its interpretation does not say so
    EXPIRED = "expired"  # the policy has run out, its interpretation does not say so
    NOT_NEEDED = "not_needed"  # none there, and the policy does not bind


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    policy: str  # id
    interpretations: tuple[str, ...]  # ids, oldest first
    states: tuple[State, ...]
    days: int | None = None  # from the policy to its first interpretation
    stale: tuple[str, ...] = ()  # interpretations that are behind or left over


# 如何申领…, 热点13问: pages that explain, though nobody called them interpretations.
_RULES: Final = re.compile(
    r"(?:办法|规定|细则|条例|规则|方案|意见|决定|标准|规程|制度|通知|guidance|regulations?|rules)$"
)


def normative(document: Document) -> bool:
    """Whether it is a policy of the kind that is interpreted: numbered, or named like one."""
    return bool(document.number or _RULES.search(name_of(document.title).core))


@dataclass(frozen=True, slots=True)
class Today:
    """What the library tells of its documents on one day."""

    standings: Mapping[str, Standing]  # by id, with what other documents did to them
    amended: Mapping[str, date]  # by id: the last day on which each was amended
    inherited: frozenset[str] = frozenset()  # interpretations whose source does not say they ended


def sync(register: Register, pairs: Iterable[Pair], today: Today) -> tuple[Row, ...]:
    explained = by_policy(pairs)
    return tuple(
        _row(policy, [register.ids[pair.interpretation] for pair in found], today)
        for policy in register.policies
        if (found := explained.get(policy.id, [])) or normative(policy)
    )


def amended(effects: Iterable[Effect], register: Register) -> Mapping[str, date]:
    """Return the last day on which each policy was amended, as far as the library tells."""
    found: dict[str, date] = {}
    for effect in effects:
        if effect.does is Does.AMENDS and effect.target and effect.sure:
            by = register.ids[effect.by]
            day = by.published or by.effective
            if day:
                found[effect.target] = max(day, found.get(effect.target, day))
    return found


def _row(policy: Document, found: Sequence[Document], today: Today) -> Row:
    found = sorted(found, key=lambda one: (one.published or date.max, one.id))
    if not found:
        wanted = policy.disclosure is Disclosure.OPEN and today.standings[policy.id].binding
        state = State.MISSING if wanted else State.NOT_NEEDED
        return Row(policy=policy.id, interpretations=(), states=(state,))
    days = _days(policy, found)
    stale, wrong = _stale(policy, found, today)
    states = [State.LATE] if days is not None and days > 0 else []
    states += [wrong] if wrong else []
    return Row(
        policy=policy.id,
        interpretations=tuple(one.id for one in found),
        states=tuple(states) or (State.IN_STEP,),
        days=days,
        stale=stale,
    )


def _days(policy: Document, found: Sequence[Document]) -> int | None:
    days = [one.published for one in found if one.published]
    return (min(days) - policy.published).days if days and policy.published else None


def _stale(
    policy: Document, found: Sequence[Document], today: Today
) -> tuple[tuple[str, ...], State | None]:
    """The interpretations that say they are in force and speak of what is no more."""
    living = [one for one in found if one.status not in GONE or one.id in today.inherited]
    standing, changed = today.standings[policy.id], today.amended.get(policy.id)
    if standing in _ENDED:
        left, state = living, State.LEFT_OVER
    elif standing is Standing.EXPIRED:
        left = [one for one in living if _silent(one, today)]
        state = State.EXPIRED
    elif changed is not None:
        left = [one for one in living if one.published and one.published < changed]
        state = State.BEHIND
    elif policy.status is Status.AMENDED and all(_first(one, policy) for one in living):
        left, state = living, State.BEHIND
    else:
        return (), None
    return tuple(one.id for one in left), state if left else None


_ENDED: Final = frozenset({Standing.REPEALED, Standing.SUPERSEDED})


def _silent(one: Document, today: Today) -> bool:
    """Whether the source does not say that the interpretation has ended."""
    return one.id in today.inherited or today.standings[one.id].binding


def _first(interpretation: Document, policy: Document) -> bool:
    """Whether it came with the policy, and so before any amendment."""
    return bool(policy.published) and interpretation.published == policy.published
