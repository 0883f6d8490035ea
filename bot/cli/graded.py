"""`index eval --golden`: each question decided as the bot does, beside what was to be got."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final

from bot.config import Settings
from bot.decide import decide
from bot.intents import question_of
from bot.opened import folder_of, open_as_built
from bot.privacy import clean
from bot.types import Outcome, Reason, Result
from index.evaluation.report import Evaluation
from index.evaluation.statuses import Case, Expected, expected
from index.gate import Answer, Verdict, judge
from index.golden import Golden, read_all
from index.searcher import Searcher
from knowledge.types import Document, Lang

_ANSWERED: Final[Mapping[Verdict, str]] = {
    Verdict.RIGHT: "answered",
    Verdict.PASSAGE: "answered by another passage",
    Verdict.DOCUMENT: "answered from another document",
    Verdict.INVENTED: "answered, and should not be",
}


def graded(
    path: Path, release: str, settings: Settings, *, today: date, limit: int | None = None
) -> Evaluation:
    """
    Ask a release the golden questions of a file, each as of its own day or of today.

    `release` is a path, a name, or `current` or `previous`.
    """
    golden = read_all([path])[:limit]
    searcher = open_as_built(settings, folder_of(release, settings.releases))
    documents = {one.id: one for one in searcher.shelf.all_documents()}
    return Evaluation(
        name=path.name,
        release=searcher.name,
        encoder=searcher.legs.encoder.name,
        documents=len(documents),
        queries=len(golden),
        line=searcher.calibration.line,
        clarify=searcher.deciding.clarify,
        cases=[_case(one, searcher, documents, one.on or today) for one in golden],
        titles={one.id: one.title for one in documents.values()},
    )


def _case(golden: Golden, searcher: Searcher, documents: Mapping[str, Document], on: date) -> Case:
    found = searcher(question_of(clean(golden.question)), on)
    answer = judge(golden, found)
    # The language of an answer changes its words, not whether there is one.
    outcome = decide(found, language=Lang.ZH_HANS, on=on)
    here = [documents[one] for one in golden.documents if one in documents]
    wanted = expected(golden, here, on)
    shown = [one.document_id for one in (*outcome.citations, *outcome.choices)]
    return Case(
        question=golden.question,
        expected=wanted,
        got=_got(golden, outcome, answer, documents),
        right=_right(wanted, outcome, answer),
        document=golden.documents[0] if golden.documents else "",
        cited=shown[0] if shown else "",
        probability=outcome.probability or 0.0,
    )


def _got(
    golden: Golden, outcome: Outcome, answer: Answer, documents: Mapping[str, Document]
) -> str:
    if outcome.result is Result.ANSWERED:
        return _ANSWERED[answer.verdict]
    if outcome.result is Result.CLARIFY:
        offered = [documents[one.document_id] for one in outcome.choices]
        speaks = {name for one in offered for name in (one.id, *one.interprets)}
        return "offered among choices" if speaks & {*golden.documents} else "offered others"
    return f"unresolved: {outcome.reason or outcome.result}"


def _right(wanted: Expected, outcome: Outcome, answer: Answer) -> bool:
    match wanted:
        case Expected.ANSWER:
            return answer.verdict is Verdict.RIGHT
        case Expected.OUTDATED:
            return outcome.reason is Reason.OUTDATED
        case _:
            return outcome.result is not Result.ANSWERED
