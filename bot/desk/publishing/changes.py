"""How what a published answer cites reads now: what whoever words it anew must look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.desk.publishing.publication import Cited, Publication
from bot.desk.publishing.served import Release
from index.diff import Run, runs
from knowledge.cited import Broken


@dataclass(frozen=True, slots=True)
class Now:
    """A citation, as the release that is served has it."""

    cited: Cited
    problem: Broken | None  # None: it holds
    runs: tuple[Run, ...] = ()  # as it was and as it is; none where it is the same, or gone


async def now(release: Release, one: Publication, *, on: date) -> Sequence[Now]:
    """In the order they are cited; nothing while no release is served."""
    snapshot = await release.snapshot(frozenset(cited.document_id for cited in one.cites))
    if snapshot is None:
        return ()
    found = []
    for cited in one.cites:
        problem, was = snapshot.broken(cited, on), cited.quote.strip()
        reads = snapshot.now(cited, on).strip()
        differs = problem is not None and reads not in {"", was}
        found.append(Now(cited, problem, runs(was, reads) if differs else ()))
    return found
