"""
Which interpretation explains which policy: declared, or found with a confidence and its reasons.

Each piece of evidence is a probability of its own; together they are as sure as not all of them
being wrong. Title and number identify; dates and issuers only support.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import prod
from typing import Final

from knowledge.catalogue.citations import Citation, citations, number_key
from knowledge.catalogue.names import Name, name_of, quoted_in, subject_of
from knowledge.catalogue.register import Register, newest_first
from knowledge.types import Document, Kind

SURE: Final = 0.8  # from here on a found pair is linked
LIKELY: Final = 0.5  # from here on it is shown to a maintainer
_HEAD: Final = 800  # characters in which an interpretation says what it explains
_NEAR: Final = 30  # days
_SAME_TITLE: Final = 0.9
_ONE_OF_SEVERAL: Final = 0.6
_NESTED: Final = 0.8
_MENTIONED: Final = 0.3
_NUMBER_FIRST: Final = 0.7
_NUMBER: Final = 0.3
_CITED_FIRST: Final = 0.4
_CITED: Final = 0.15
_SAME_DAY: Final = 0.4
_SOON: Final = 0.25
_SAME_ISSUER: Final = 0.1
_CHANGING: Final = re.compile(r"(?:修改|修订|修正|调整)\s*[〈<《]")
_EARLIER: Final = 0.5  # factor: an interpretation does not come before its policy
_OTHER_TITLE: Final = 0.5  # factor: the title names another policy


@dataclass(frozen=True, slots=True)
class Pair:
    interpretation: str  # id
    policy: str  # id
    confidence: float  # 1.0: declared
    declared: bool
    evidence: tuple[str, ...]  # in words, strongest first
    supported: bool = True  # False: declared, and nothing in the document speaks for it


@dataclass(frozen=True, slots=True)
class _Reason:
    words: str
    weight: float
    by_title: bool = False


def pairs(register: Register) -> tuple[Pair, ...]:
    """Return all declared pairs and the likely ones, by interpretation, surest first."""
    return tuple(
        pair
        for document in register.read(Kind.INTERPRETATION)
        for pair in pairs_of(document, register)
    )


def pairs_of(document: Document, register: Register) -> list[Pair]:
    """Return what one interpretation explains."""
    reasons = _reasons(document, register)
    titled = any(reason.by_title for found in reasons.values() for reason in found)
    made = [
        _pair(document, register.ids[name], reasons.get(name, []), titled=titled)
        for name in dict.fromkeys([*document.interprets, *reasons])
        if name in register.ids and name != document.id
    ]
    likely = (pair for pair in made if pair.declared or pair.confidence >= LIKELY)
    return sorted(likely, key=lambda pair: (-pair.confidence, pair.policy))


def _pair(document: Document, policy: Document, found: Sequence[_Reason], *, titled: bool) -> Pair:
    declared = policy.id in document.interprets
    reasons = [*found, *_support(document, policy)] if found else []
    ordered = sorted(reasons, key=lambda reason: -reason.weight)
    words = [reason.words for reason in ordered]
    confidence = 1 - prod(1 - reason.weight for reason in reasons)
    days = _days(document, policy)
    if days is not None and days < 0:
        confidence *= _EARLIER
        words.append(f"but it was published {-days} days before the policy")
    if titled and not any(reason.by_title for reason in found):
        confidence *= _OTHER_TITLE
        words.append("but its title names another policy")
    return Pair(
        interpretation=document.id,
        policy=policy.id,
        confidence=1.0 if declared else round(confidence, 2),
        declared=declared,
        evidence=("declared", *words) if declared else tuple(words),
        supported=bool(found),
    )


def _reasons(document: Document, register: Register) -> dict[str, list[_Reason]]:
    """What speaks for each policy: the title, numbers and names in the text."""
    found: dict[str, list[_Reason]] = defaultdict(list)
    cited = list(citations(document.text))
    for policy, reason in _by_title(document, register, cited):
        found[policy.id].append(reason)
    for policy, reason in (*_by_number(cited, register), *_by_name(document, cited, register)):
        found[policy.id].append(reason)
    return found


def _by_title(
    document: Document, register: Register, cited: Sequence[Citation]
) -> Iterator[tuple[Document, _Reason]]:
    subject = subject_of(document.title)
    same = register.named(subject)
    meant = _meant(same, subject, document, cited)
    for policy in meant:
        if len(meant) == 1:
            yield policy, _Reason("its title names the policy", _SAME_TITLE, by_title=True)
        else:
            words = f"its title names the policy, as it does {len(meant) - 1} other version(s)"
            yield policy, _Reason(words, _ONE_OF_SEVERAL, by_title=True)
    if not same:
        yield from _by_part(subject, document, register)
    for name in quoted_in(document.title):
        if name.core != subject.core:
            for policy in _meant(register.named(name), name, document, cited):
                yield policy, _nested(document)


def _nested(document: Document) -> _Reason:
    if _CHANGING.search(document.title):
        return _Reason("its title names a notice that changes the policy", _NESTED, by_title=True)
    return _Reason("its title names a notice that speaks of the policy", _MENTIONED)


def _by_part(
    subject: Name, document: Document, register: Register
) -> Iterator[tuple[Document, _Reason]]:
    """A part of the policy's name, the surer the more of it there is."""
    parts = [
        (policy, min(len(subject.core), len(core)) / max(len(subject.core), len(core)))
        for policy in (*register.containing(subject.core), *register.within(subject.core))
        if (core := name_of(policy.title).core)
    ]
    best = max((share for _, share in parts), default=0.0)
    for policy, share in parts:
        if share == best and _years_agree(subject, policy, document):
            words = f"its title holds {share:.0%} of the policy's name"
            yield policy, _Reason(words, round(0.4 + 0.45 * share, 2), by_title=True)


def _years_agree(subject: Name, policy: Document, document: Document) -> bool:
    years = _years(policy) | name_of(policy.title).years
    wanted = subject.years or ({document.published.year} if document.published else set())
    return not years or not wanted or bool(years & wanted) or not subject.years


def _meant(
    versions: Sequence[Document], subject: Name, document: Document, cited: Sequence[Citation]
) -> list[Document]:
    """Of all versions of a policy, the one of the edition, number or time of the document."""
    if subject.years:
        versions = [one for one in versions if subject.years & _years(one)] or []
    if len(versions) <= 1:
        return list(versions)
    numbers = [number_key(one.number) for one in cited if one.number]
    for number in numbers:
        if number and (named := [one for one in versions if number_key(one.number) == number]):
            return named
    if document.published is None:
        return list(versions)
    before = [one for one in versions if one.published and one.published <= document.published]
    return newest_first(before)[:1] or list(versions)


def _years(policy: Document) -> frozenset[int]:
    """The years under which a policy is known: of its edition, number and publication."""
    key = number_key(policy.number) if policy.number else None
    dates = {policy.published.year} if policy.published else set()
    return name_of(policy.title).years | dates | ({key.year} if key and key.year else set())


def _by_number(
    cited: Sequence[Citation], register: Register
) -> Iterator[tuple[Document, _Reason]]:
    found: dict[str, tuple[Document, str, int]] = {}
    for one in cited:
        policy = register.numbered(one.number) if one.number else None
        if policy:
            found.setdefault(policy.id, (policy, one.number, one.start))
    for place, (policy, number, start) in enumerate(found.values()):
        first = place == 0 and start < _HEAD
        words = f"its text {'first ' if first else ''}names the number {number}"
        yield policy, _Reason(words, _NUMBER_FIRST if first else _NUMBER)


def _by_name(
    document: Document, cited: Sequence[Citation], register: Register
) -> Iterator[tuple[Document, _Reason]]:
    named = [name_of(one.title) for one in cited if one.title]
    found = dict.fromkeys(name for name in named if register.named(name))
    for place, name in enumerate(found):
        words = f"its text {'first ' if place == 0 else ''}cites 《{name.core}》"
        for policy in _meant(register.named(name), name, document, cited):
            yield policy, _Reason(words, _CITED_FIRST if place == 0 else _CITED)


def _support(document: Document, policy: Document) -> Iterator[_Reason]:
    days = _days(document, policy)
    if days == 0:
        yield _Reason("published on the same day", _SAME_DAY)
    elif days is not None and 0 < days <= _NEAR:
        yield _Reason(f"published {days} days after it", _SOON)
    if document.issuer and document.issuer == policy.issuer:
        yield _Reason("of the same issuer", _SAME_ISSUER)


def _days(document: Document, policy: Document) -> int | None:
    if document.published is None or policy.published is None:
        return None
    return (document.published - policy.published).days


def by_policy(found: Iterable[Pair], *, at_least: float = SURE) -> dict[str, list[Pair]]:
    """Return the pairs of each policy that are sure enough."""
    sure: dict[str, list[Pair]] = defaultdict(list)
    for pair in found:
        if pair.confidence >= at_least:
            sure[pair.policy].append(pair)
    return sure
