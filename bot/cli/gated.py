"""`index build`: the golden gate, and what it found in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from bot.config import Settings
from bot.opened import open_as_built
from index.gate import Answer, Asked, Review, keep, review
from index.golden import Golden


def gate(
    golden: Sequence[Golden],
    root: Path,
    name: str,
    *,
    settings: Settings,
    margin: float,
    today: date,
) -> Review:
    """Ask the golden questions and keep the result beside the release."""
    found = review(
        golden,
        root,
        name,
        open_release=lambda folder: open_as_built(settings, folder),
        today=today,
        margin=margin,
    )
    keep(root / name, found)
    return found


def review_in_words(found: Review) -> Iterator[str]:
    beside = f"compared with {found.compared_with}" if found.compared_with else "nothing before"
    yield f"golden gate: {len(found.asked)} questions, {beside}"
    if found.problem:
        yield f"  not compared: {found.problem}"
    for verdict, (before, after) in found.figures.items():
        change = f"{before} → {after}" if found.compared_with else str(after)
        yield f"  {verdict.value:15} {change}"
    yield from asked_in_words(found.changed)


def asked_in_words(changed: Sequence[Asked]) -> Iterator[str]:
    """Questions with both answers, those first that are wrong now."""
    for one in sorted(changed, key=lambda one: not one.newly_wrong):
        mark = "WRONG" if one.newly_wrong else "     "
        yield f"  {mark} {one.golden.question}"
        if one.before:
            yield f"          before  {_answer(one.before)}"
        yield f"          after   {_answer(one.after)}"


def refusal(found: Review) -> str:
    """Why the release is not current, and what to do."""
    wrong, total = len(found.newly_wrong), len(found.asked)
    lost = f"{found.drop:.1%} fewer of {total} are right (margin {found.margin:.1%})"
    problems = [f"{wrong} answered wrongly that were not"] if wrong else []
    problems += [lost] if found.drop > found.margin else []
    return (
        f"the golden gate refused release {found.release}: {' and '.join(problems)}. It is kept, "
        "and the current one stays. Mend the documents or golden.jsonl and build again; "
        f"`index rollback {found.release}` makes it current all the same"
    )


def _answer(answer: Answer) -> str:
    where = f" {answer.document} {answer.address}".rstrip()
    return f"{answer.verdict.value}{':' if where else ''}{where} ({answer.probability:.2f})"
