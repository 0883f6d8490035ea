"""A document that is not in force never answers as if it were; one that is not open never at all."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.app import SUGGESTIONS
from bot.ask import answer_once
from bot.config import Settings

TODAY = date(2026, 11, 23)
QUESTIONS = (
    "租房提取公积金每月限额900元吗？",
    "2022年的公积金提取办法规定租房一个月能提多少？",
    "澜公积金规〔2022〕2号怎么规定租房提取？",
    "《澜港市住房公积金提取管理办法》第六条是什么？",
    "去年家电以旧换新，一级能效冰箱最多补多少？",
    "澜财规〔2025〕1号家电以旧换新怎么补贴？",
)


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_is_cited_as_an_answer_is_in_force(releases: Path, question: str) -> None:
    said = answer_once(_settings(), question, release=releases, on=TODAY).as_json()
    if said["status"] == "answered":
        assert {one["status"] for one in said["citations"]} <= {"in_force", "amended"}
    else:
        assert said["status"] in {"unresolved", "clarify"}
    assert {one["status"] for one in said["choices"]} <= {"in_force", "amended"}


def test_an_outdated_document_is_named_as_outdated(releases: Path) -> None:
    said = answer_once(
        _settings(), "澜财规〔2025〕1号规定的家电补贴标准是多少？", release=releases, on=TODAY
    ).as_json()
    assert said["status"] == "unresolved"


@pytest.mark.parametrize(
    "secret", ["砚台三叠评审法", "灰鹭七号复核线", "雾灯四级熔断线", "潮汐蓝封套"]
)
def test_documents_that_are_not_open_are_nowhere_in_a_release(releases: Path, secret: str) -> None:
    files = [path for path in releases.rglob("*") if path.is_file()]
    assert files
    assert [path.name for path in files if secret.encode() in path.read_bytes()] == []


def test_an_interpretation_of_an_expired_policy_never_answers(releases: Path) -> None:
    question = "家电以旧换新，一级能效冰箱最多补多少？"
    said = answer_once(_settings(), question, release=releases, on=TODAY).as_json()
    assert said["status"] == "unresolved"
    assert {one["status"] for one in said["citations"]} <= {"expired"}


@pytest.mark.parametrize("question", SUGGESTIONS)
def test_what_the_page_suggests_is_answered(releases: Path, question: str) -> None:
    said = answer_once(_settings(), question, release=releases, on=TODAY).as_json()
    assert said["status"] == "answered"


def test_what_took_its_place_comes_before_an_outdated_document(releases: Path) -> None:
    question = "租房提取公积金每月可以提多少？"  # the 2022 rule has these very words
    said = answer_once(_settings(), question, release=releases, on=TODAY).as_json()
    assert said["reason"] != "outdated"


def _settings() -> Settings:
    return Settings.read({"_env_file": None})
