"""
The golden gate: does a new release answer the golden questions as well as the current one?

Each question ends in one verdict. A release is refused for any question that it answers wrongly
and the current one does not, and for losing more right ones than the margin allows. With no
release to compare with there is nothing to lose: the gate only reports.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from index import release as releases
from index.errors import ReleaseBroken, ReleaseMissing, SearchError
from index.golden import Golden, golden_of, row_of
from index.searcher import Searcher
from index.types import Found, Hit
from knowledge.fold import fold

GATE: Final = "gate.json"
MARGIN: Final = 0.02  # of the questions: how many fewer may be right


class Verdict(StrEnum):
    RIGHT = "right"  # answered from the document, by the passage that has the words
    SILENT = "silent"  # not answered, and nothing answers it
    PASSAGE = "other passage"  # answered from the document, by a passage without the words
    MISSED = "missed"  # not answered, and a document answers it
    DOCUMENT = "other document"  # answered from a document that does not
    INVENTED = "invented"  # answered, and nothing answers it


GOOD: Final = frozenset({Verdict.RIGHT, Verdict.SILENT})
WRONG: Final = frozenset({Verdict.DOCUMENT, Verdict.INVENTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a release says to a golden question."""

    verdict: Verdict
    document: str = ""  # id; "" if it does not answer
    address: str = ""
    probability: float = 0.0  # of the first hit, also where that is no answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    golden: Golden
    before: Answer | None  # None: there was no release to ask
    after: Answer

    @property
    def changed(self) -> bool:
        return self.before is not None and _said(self.before) != _said(self.after)

    @property
    def newly_wrong(self) -> bool:
        was_wrong = self.before is None or self.before.verdict in WRONG
        return self.after.verdict in WRONG and not was_wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What the gate found."""

    release: str
    compared_with: str = ""  # a release; "" if none could be asked
    problem: str = ""  # why the current release could not be asked
    on: date
    margin: float = MARGIN
    asked: tuple[Asked, ...]

    @property
    def changed(self) -> tuple[Asked, ...]:
        return tuple(one for one in self.asked if one.changed)

    @property
    def newly_wrong(self) -> tuple[Asked, ...]:
        return tuple(one for one in self.asked if one.newly_wrong)

    @property
    def drop(self) -> float:
        """How many fewer are right, as a share of all; negative if more are."""
        pairs = [(one.before, one.after) for one in self.asked if one.before]
        lost = sum((before.verdict in GOOD) - (after.verdict in GOOD) for before, after in pairs)
        return lost / max(1, len(pairs))

    @property
    def passed(self) -> bool:
        return not self.newly_wrong and self.drop <= self.margin

    @property
    def figures(self) -> dict[Verdict, tuple[int, int]]:
        """Questions by verdict, before and after."""
        before = Counter(one.before.verdict for one in self.asked if one.before)
        after = Counter(one.after.verdict for one in self.asked)
        return {verdict: (before[verdict], after[verdict]) for verdict in Verdict}


def judge(golden: Golden, found: Found) -> Answer:
    hit = found.answer
    probability = round(found.hits[0].probability, 4) if found.hits else 0.0
    if hit is None:
        verdict = Verdict.MISSED if golden.documents else Verdict.SILENT
        return Answer(verdict=verdict, probability=probability)
    return Answer(
        verdict=_verdict(golden, hit),
        document=hit.document.id,
        address=" ".join(hit.passage.address),
        probability=probability,
    )


def ask(golden: Sequence[Golden], searcher: Searcher, *, today: date) -> list[Answer]:
    return [judge(one, searcher(one.question, one.on or today)) for one in golden]


def review(
    golden: Sequence[Golden],
    root: Path,
    name: str,
    *,
    open_release: Callable[[Path], Searcher],
    today: date,
    margin: float = MARGIN,
) -> Review:
    """Ask the release of that name, and the current one of `root` if it can be asked."""
    after = ask(golden, open_release(root / name), today=today)
    before: Sequence[Answer | None] = [None] * len(golden)
    compared_with, problem = "", ""
    try:
        current = releases.current(root)
    except ReleaseMissing:  # the first build
        current = ""
    try:
        if current:
            before = ask(golden, open_release(root / current), today=today)
            compared_with = current
    except SearchError as error:
        problem = str(error)
    pairs = zip(golden, before, after, strict=True)
    return Review(
        release=name,
        compared_with=compared_with,
        problem=problem,
        on=today,
        margin=margin,
        asked=tuple(Asked(golden=one, before=old, after=new) for one, old, new in pairs),
    )


def compare(
    golden: Sequence[Golden], old: Searcher, new: Searcher, *, today: date
) -> tuple[Asked, ...]:
    """Ask two releases the same questions."""
    pairs = zip(golden, ask(golden, old, today=today), ask(golden, new, today=today), strict=True)
    return tuple(Asked(golden=one, before=before, after=after) for one, before, after in pairs)


def keep(folder: Path, found: Review) -> None:
    """Write the review into the release, beside its contents."""
    text = json.dumps(row_of_review(found), ensure_ascii=False, indent=2)
    releases.write_beside(folder, GATE, text + "\n")


def kept_golden(folder: Path) -> tuple[Golden, ...]:
    """The golden questions that a release was reviewed with; none if it was not."""
    try:
        rows = json.loads((folder / GATE).read_text(encoding="utf-8"))["questions"]
        return tuple(golden_of(row["golden"]) for row in rows)
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ReleaseBroken(folder, f"{GATE} cannot be read ({error})") from error


def kept_review(folder: Path) -> Review | None:
    """What the gate found of a release; None if it was asked no question. Raise ReleaseBroken."""
    try:
        row = json.loads((folder / GATE).read_text(encoding="utf-8"))
        return Review(
            release=row["release"],
            compared_with=row["compared_with"] or "",
            problem=row["problem"] or "",
            on=date.fromisoformat(row["on"]),
            margin=row["margin"],
            asked=tuple(map(_asked_of, row["questions"])),
        )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ReleaseBroken(folder, f"{GATE} cannot be read ({error})") from error


def row_of_review(found: Review) -> dict[str, Any]:
    return {
        "release": found.release,
        "compared_with": found.compared_with or None,
        "problem": found.problem or None,
        "on": found.on.isoformat(),
        "margin": found.margin,
        "drop": round(found.drop, 4),
        "passed": found.passed,
        "verdicts": {
            verdict.value: {"before": before, "after": after}
            for verdict, (before, after) in found.figures.items()
        },
        "questions": [row_of_asked(one) for one in found.asked],
    }


def row_of_asked(one: Asked) -> dict[str, Any]:
    return {
        "golden": row_of(one.golden),
        "before": asdict(one.before) if one.before else None,
        "after": asdict(one.after),
    }


def _asked_of(row: Mapping[str, Any]) -> Asked:
    before = row["before"]
    return Asked(
        golden=golden_of(row["golden"]),
        before=_answer_of(before) if before else None,
        after=_answer_of(row["after"]),
    )


def _answer_of(row: Mapping[str, Any]) -> Answer:
    return Answer(**{**row, "verdict": Verdict(row["verdict"])})


def _verdict(golden: Golden, hit: Hit) -> Verdict:
    """Judge an answer. An interpretation of the right document may speak for it."""
    if not golden.documents:
        return Verdict.INVENTED
    if not {hit.document.id, *hit.document.interprets} & set(golden.documents):
        return Verdict.DOCUMENT
    text = _plain(hit.passage.text)
    has_words = not golden.contains or any(_plain(one) in text for one in golden.contains)
    return Verdict.RIGHT if has_words else Verdict.PASSAGE


def _plain(text: str) -> str:
    return "".join(fold(text).split())


def _said(answer: Answer) -> tuple[str, str, str]:
    return answer.verdict, answer.document, answer.address
