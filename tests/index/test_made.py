"""Questions made from the corpus."""

from __future__ import annotations

from index.made import MOST, made_questions
from knowledge.passages import passages
from tests.index.library import LIBRARY

TEXTS = [passage.text for one in LIBRARY for passage in passages(one)]


def test_the_same_ones_every_time() -> None:
    once = made_questions(TEXTS)
    assert once == made_questions(TEXTS)
    assert once != made_questions(TEXTS[:-1])
    assert len(once) > len(TEXTS) // 2


def test_every_question_names_a_passage_and_shares_words_with_it() -> None:
    for made in made_questions(TEXTS):
        assert set(made.question) & set(TEXTS[made.passage])


def test_questions_that_a_text_asks_itself_come_first() -> None:
    text = "问：退休以后多久能提取公积金？\n答：办妥手续以后三天。\n"
    [made, *_] = made_questions([text])
    assert (made.question, made.passage) == ("退休以后多久能提取公积金？", 0)


def test_never_more_than_asked_for() -> None:
    many = ["职工可以提取住房公积金，每月一次。"]
    assert len(made_questions(many * 1000)) == MOST
    assert len(made_questions(many * 1000, most=7)) == 7


def test_texts_without_clauses_make_none() -> None:
    assert made_questions([]) == []
    assert made_questions(["短。"]) == []
