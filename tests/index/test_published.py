"""A published answer answers its own question, and not one that differs in a word."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from index.build import build, load
from index.encoders.choice import Choice
from index.release import locate
from index.searcher import Searcher
from knowledge.library import read_library

TODAY = date(2026, 11, 24)
ANSWERS = {
    "租房可以提取住房公积金吗？": "可以。在本市没有自有住房并租房居住的，可以提取住房公积金支付房租。",
    "老年人乘公交车免费吗？": "年满六十五周岁的老年人凭敬老卡免费乘坐市内公交车。",
    "夜间施工要申请许可证吗？": "应当在开工前三日向街道办事处申请夜间施工许可证。",
    "Do I need a permit for a street stall?": "Yes. A street stall needs a permit of the district.",
}
CITES = f'cites: ["{"0" * 32} rules"]\n'


def library(folder: Path, more: str) -> Searcher:
    """Of answers that staff gave, with `more` in the front matter of each."""
    sources = folder / "sources"
    sources.mkdir()
    for number, (question, answer) in enumerate(ANSWERS.items()):
        head = f'title: "{question}"\nkind: answer\ndisclosure: open\n{more}'
        (sources / f"{number}.md").write_text(f"---\n{head}---\n\n{answer}\n", encoding="utf-8")
    build(read_library([sources]).documents, folder / "releases", encoder=Choice().fit)
    return load(locate(folder / "releases"), encoder=Choice().load)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    return library(tmp_path_factory.mktemp("published"), CITES)


@pytest.mark.parametrize(
    "question",
    [
        *ANSWERS,
        "租房能不能提取住房公积金",
        "請問老年人乘公交車免費嗎？",
        "夜间施工需要申请许可证吗？",
        "Do I need a permit for street stalls?",
    ],
)
def test_the_question_of_an_answer_is_answered(published: Searcher, question: str) -> None:
    assert published(question, TODAY).answer is not None


@pytest.mark.parametrize(
    "question",
    [
        "购房可以提取住房公积金吗？",
        "学生乘公交车免费吗？",
        "夜间施工可以施工到几点？",
        "Do I need a permit for a street party?",
    ],
)
def test_what_differs_in_a_word_is_not_answered(published: Searcher, question: str) -> None:
    found = published(question, TODAY)
    assert found.answer is None
    assert found.hits, "it may be offered"


def test_other_documents_are_not_held_to_that(tmp_path: Path) -> None:
    """The rule costs answers in other words; a policy is no answer to one question."""
    found = library(tmp_path, "")("学生乘公交车免费吗？", TODAY)
    assert found.hits[0].probability > found.line
