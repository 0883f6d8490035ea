"""What is wrong between documents, as problems with what to do."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from knowledge.catalogue import Catalogue
from knowledge.catalogue.effects import Does, Effect
from knowledge.catalogue.pairs import SURE, Pair
from knowledge.catalogue.sync import Row, State
from knowledge.catalogue.versions import GONE, Relation
from knowledge.problems import About, Problem, Severity
from knowledge.types import Kind, Status


def findings(made: Catalogue) -> Iterator[Problem]:
    for effect in made.effects:
        yield from _effect(effect, made)
    yield from _pairs(made)
    for row in made.sync:
        yield from _row(row)
    yield from _versions(made)
    for one in made.dangling:
        yield Problem(
            document=one.document,
            about=About.REFERENCE,
            severity=Severity.MEND,
            problem=f"it refers to {one.cited}, and {one.target} has no {one.clause}",
            mend="correct the reference, or see whether a clause of that document was lost",
        )


def _effect(effect: Effect, made: Catalogue) -> Iterator[Problem]:
    if effect.target is None:
        return
    other = made.documents[effect.target]
    mend = partial(Problem, document=other.id, about=About.STATUS, severity=Severity.MEND)
    if effect.doubt:
        yield Problem(
            document=effect.by,
            about=About.LINK,
            severity=Severity.MEND,
            problem=f"it {effect.does} {other.id}, it seems, but {effect.doubt}",
            mend=f"declare `{effect.does}: [{other.id}]` if that is meant",
            found=effect.evidence,
        )
    elif effect.does is Does.REPEALS and other.status not in GONE:
        since = f" from {effect.since}" if effect.since else ""
        yield mend(
            problem=f"{effect.by} repeals it{since}, and its status says {other.status}",
            mend=f"set `status: superseded` and `superseded_by: {effect.by}`; "
            "until then the build ends it on that day",
            declared=str(other.status),
            found=effect.evidence or f"repeals: [{other.id}]",
        )
    elif effect.does is Does.AMENDS and other.status is Status.IN_FORCE:
        yield mend(
            problem=f"{effect.by} amends it, and its status says {other.status}",
            mend="put in the amended text and set `status: amended`",
            declared=str(other.status),
            found=effect.evidence or f"amends: [{other.id}]",
        )


def _pairs(made: Catalogue) -> Iterator[Problem]:
    explained: dict[str, list[Pair]] = {}
    for pair in made.pairs:
        explained.setdefault(pair.interpretation, []).append(pair)
    for document in made.documents.values():
        if document.kind is Kind.INTERPRETATION:
            yield from _explains(document.id, explained.get(document.id, []))


def _explains(name: str, found: list[Pair]) -> Iterator[Problem]:
    problem = partial(Problem, document=name, about=About.INTERPRETATION)
    declared = [pair for pair in found if pair.declared]
    sure = [pair for pair in found if not pair.declared and pair.confidence >= SURE]
    names = ", ".join(pair.policy for pair in sure)
    if not found:
        yield problem(
            severity=Severity.NOTE,
            problem="no policy in the library is the one that it explains",
            mend="add the policy, or declare `interprets`",
        )
    elif not declared and sure:
        yield problem(
            severity=Severity.NOTE,
            problem=f"it does not say what it explains; found: {names}",
            mend=f"declare `interprets: [{names}]`; the build uses it already",
            found="; ".join(sure[0].evidence),
        )
    elif not declared:
        best = found[0]
        yield problem(
            severity=Severity.MEND,
            problem=f"it may explain {best.policy} ({best.confidence:.0%})",
            mend=f"declare `interprets: [{best.policy}]` if it does",
            found="; ".join(best.evidence),
        )
    elif sure and not any(pair.supported for pair in declared):
        yield problem(
            severity=Severity.MEND,
            problem=f"nothing in it speaks for {declared[0].policy}, and much for {names}",
            mend="correct `interprets`",
            declared=declared[0].policy,
            found=names,
        )


_WORDS: Final = {
    State.MISSING: (
        "nothing interprets it",
        "publish an interpretation (政策解读) and declare it",
    ),
    State.LATE: ("its interpretation came {days} days later", "nothing now; next time together"),
    State.BEHIND: (
        "it was amended, and {stale} is still the text from before",
        "revise the interpretation, or set its status to superseded",
    ),
    State.LEFT_OVER: (
        "it is out of force, and {stale} does not say so",
        "set the interpretation's status; until then the build ends it with its policy",
    ),
    State.EXPIRED: (
        "it has expired, and {stale} does not say so",
        "set the interpretation's `expires`; until then the build ends it with its policy",
    ),
}


def _row(row: Row) -> Iterator[Problem]:
    for state in row.states:
        if state not in _WORDS:
            continue
        problem, mend = _WORDS[state]
        yield Problem(
            document=row.policy,
            about=About.INTERPRETATION,
            severity=Severity.NOTE if state is State.LATE else Severity.MEND,
            problem=problem.format(days=row.days, stale=", ".join(row.stale)),
            mend=mend,
        )


def _versions(made: Catalogue) -> Iterator[Problem]:
    for group in made.versions:
        if group.relation is Relation.EDITIONS and len(group.binding) > 1:
            older, newest = group.binding[:-1], group.binding[-1]
            for name in older:
                yield Problem(
                    document=name,
                    about=About.VERSIONS,
                    severity=Severity.MEND,
                    problem=f"it binds beside its newer version {newest}",
                    mend=f"set `status: superseded` and `superseded_by: {newest}`, "
                    "if the newer one took its place",
                )
