"""The golden gate: what each answer is worth, and which release is refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from index.build import build, load, prepare
from index.errors import ReleaseBroken
from index.gate import GATE, Answer, Review, Verdict, judge, keep, kept_golden, review
from index.golden import Golden
from index.release import read_manifest, verify
from index.searcher import Searcher
from index.types import Found, Hit
from knowledge.passages import passages
from knowledge.types import Document
from tests.index.fake import Hashed
from tests.index.library import FUND, FUND_EXPLAINED, LIBRARY, TODAY, document

WITHOUT_FUND: Final = [one for one in LIBRARY if one not in (FUND, FUND_EXPLAINED)]
RUMOUR: Final = document(
    "rumour",
    "月亮上的天气",
    "第一条 月亮上的天气，每日晴朗。\n第二条 职工租房的，每月可以提取住房公积金1800元。\n",
)
RENT: Final = Golden(
    question="职工租房每月可以提取多少住房公积金？", documents=("fund-2025",), contains=("1500元",)
)
RETIRE: Final = Golden(question="退休可以提取账户内全部余额吗", documents=("fund-2025",))
JOB: Final = Golden(question="失业人员多少日内申领失业保险金", documents=("unemployment",))
MOON: Final = Golden(question="月亮上的天气", documents=())


def opened(folder: Path) -> Searcher:
    return load(folder, encoder=Hashed.load)


def first(root: Path, documents: Sequence[Document] = LIBRARY) -> str:
    return build(documents, root, encoder=Hashed.fit, calibrate=False).name


def reviewed(
    root: Path, documents: Sequence[Document], *golden: Golden, margin: float = 0.0
) -> Review:
    """Build a release beside the current one and ask both."""
    name = prepare(documents, root, encoder=Hashed.fit, calibrate=False).name
    return review(golden, root, name, open_release=opened, today=TODAY, margin=margin)


def verdicts(found: Review) -> list[tuple[str, str]]:
    return [(one.before.verdict if one.before else "", one.after.verdict) for one in found.asked]


# What an answer is worth


@pytest.fixture(scope="module")
def hashed(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    root = tmp_path_factory.mktemp("gate")
    return opened(root / first(root))


def test_an_answer_from_an_interpretation_of_the_document_is_right() -> None:
    (passage,) = passages(FUND_EXPLAINED)
    hit = Hit(
        passage=passage, document=FUND_EXPLAINED, score=1.0, keyword=1.0, vector=0.0,
        probability=0.9,
    )  # fmt: skip
    assert judge(RENT, Found(hits=(hit,), line=0.5)) == Answer(
        verdict=Verdict.RIGHT, document="fund-2025-explained", address="第二条", probability=0.9
    )


@pytest.mark.parametrize(
    ("golden", "verdict"),
    [
        (RETIRE, Verdict.RIGHT),
        (MOON, Verdict.SILENT),
        (Golden(question=RETIRE.question, documents=("other", "fund-2025")), Verdict.RIGHT),
        (
            Golden(question=RETIRE.question, documents=("fund-2025",), contains=("九百", "註 銷")),
            Verdict.RIGHT,  # any of the words, folded
        ),
        (
            Golden(question=RETIRE.question, documents=("fund-2025",), contains=("1500元",)),
            Verdict.PASSAGE,
        ),
        (Golden(question=RETIRE.question, documents=("unemployment",)), Verdict.DOCUMENT),
        (Golden(question=RETIRE.question, documents=()), Verdict.INVENTED),
        (Golden(question=MOON.question, documents=("fund-2025",)), Verdict.MISSED),
    ],
)
def test_verdicts(hashed: Searcher, golden: Golden, verdict: Verdict) -> None:
    assert judge(golden, hashed(golden.question, TODAY)).verdict is verdict


# Which release is refused


def test_the_first_release_passes_with_its_figures(tmp_path: Path) -> None:
    found = reviewed(tmp_path, WITHOUT_FUND, RENT, JOB)
    assert (found.passed, found.compared_with, found.problem) == (True, "", "")
    assert verdicts(found) == [("", Verdict.MISSED), ("", Verdict.RIGHT)]
    assert found.changed == ()


def test_the_same_documents_pass(tmp_path: Path) -> None:
    now = first(tmp_path)
    found = reviewed(tmp_path, LIBRARY, RENT, JOB, MOON)
    assert (found.passed, found.compared_with, found.changed) == (True, now, ())


def test_a_wrong_answer_that_was_a_right_one_is_refused_whatever_the_margin(
    tmp_path: Path,
) -> None:
    first(tmp_path)
    found = reviewed(tmp_path, [*WITHOUT_FUND, RUMOUR], RENT, JOB, margin=1.0)
    assert not found.passed
    (wrong,) = found.newly_wrong
    assert (wrong.golden, wrong.after.document) == (RENT, "rumour")


def test_an_answer_to_what_has_none_is_refused_whatever_else_is_gained(tmp_path: Path) -> None:
    first(tmp_path, WITHOUT_FUND)
    found = reviewed(tmp_path, [*LIBRARY, RUMOUR], RETIRE, JOB, MOON, margin=1.0)
    assert verdicts(found) == [
        (Verdict.MISSED, Verdict.RIGHT),
        (Verdict.RIGHT, Verdict.RIGHT),
        (Verdict.SILENT, Verdict.INVENTED),
    ]
    assert [one.golden for one in found.newly_wrong] == [MOON]
    assert not found.passed


def test_what_was_wrong_before_refuses_nothing(tmp_path: Path) -> None:
    first(tmp_path, [*LIBRARY, RUMOUR])
    found = reviewed(tmp_path, [*LIBRARY, RUMOUR], MOON)
    assert verdicts(found) == [(Verdict.INVENTED, Verdict.INVENTED)]
    assert found.passed


def test_answers_may_be_lost_within_the_margin_only(tmp_path: Path) -> None:
    first(tmp_path)
    found = reviewed(tmp_path, WITHOUT_FUND, RETIRE, JOB)
    assert verdicts(found)[0] == (Verdict.RIGHT, Verdict.MISSED)
    assert found.drop == 0.5
    assert [one.golden for one in found.changed] == [RETIRE]
    passed = [replace(found, margin=margin).passed for margin in (0.0, 0.49, 0.5)]
    assert passed == [False, False, True]


def test_a_current_release_that_cannot_be_asked_is_said_and_refuses_nothing(
    tmp_path: Path,
) -> None:
    now = first(tmp_path)
    (tmp_path / now / "prior.npy").unlink()
    found = reviewed(tmp_path, WITHOUT_FUND, RETIRE)
    assert found.passed
    assert found.compared_with == ""
    assert f"release {now} is damaged: prior.npy cannot be read" in found.problem


def test_a_question_is_asked_as_of_its_day(tmp_path: Path) -> None:
    fridge = "购买一级能效冰箱的，按售价的多少补贴"
    ended = Golden(question=fridge, documents=("trade-in",))
    last_year = Golden(question=fridge, documents=("trade-in",), on=TODAY.replace(year=2025))
    found = reviewed(tmp_path, LIBRARY, ended, last_year)
    assert [one.after.verdict for one in found.asked] == [Verdict.MISSED, Verdict.RIGHT]


# What is kept of it


def test_the_review_lies_beside_the_release_and_changes_nothing_in_it(tmp_path: Path) -> None:
    first(tmp_path)
    found = reviewed(tmp_path, WITHOUT_FUND, RENT, MOON)
    folder = tmp_path / found.release
    keep(folder, found)
    verify(folder, read_manifest(folder))
    assert kept_golden(folder) == (RENT, MOON)
    row = json.loads((folder / GATE).read_text(encoding="utf-8"))
    assert (row["passed"], row["drop"], row["margin"]) == (False, 0.5, 0.0)
    assert row["verdicts"]["missed"] == {"before": 0, "after": 1}
    assert row["questions"][0]["after"]["verdict"] == "missed"


def _garbage(folder: Path) -> None:
    (folder / GATE).write_text("{", encoding="utf-8")


def _another_list(folder: Path) -> None:
    (folder / GATE).write_text('{"questions": [1]}', encoding="utf-8")


@pytest.mark.parametrize("damage", [_garbage, _another_list])
def test_a_review_that_cannot_be_read(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    folder = tmp_path / first(tmp_path)
    assert kept_golden(folder) == ()
    damage(folder)
    with pytest.raises(ReleaseBroken, match=r"gate\.json cannot be read"):
        kept_golden(folder)


def test_an_answer_says_how_sure_it_was_not(hashed: Searcher) -> None:
    said = judge(MOON, hashed(MOON.question, TODAY))
    assert said == Answer(verdict=Verdict.SILENT, probability=said.probability)
    assert 0 < said.probability < 0.5
