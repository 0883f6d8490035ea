"""What readers say of a document, in the language of whoever maintains it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import knowledge
from bot.web.console.maintain.findings import MENDS, PROBLEMS, in_words
from knowledge.types import Lang

PACKAGE = Path(knowledge.__file__).parent
FILES = ("check.py", "declared.py", "catalogue/findings.py")


def said(name: str, argument: str) -> Iterator[str]:
    """What problems are made with, as far as it is written there word for word."""
    for node in ast.walk(ast.parse((PACKAGE / name).read_text(encoding="utf-8"))):
        if not isinstance(node, ast.keyword) or node.arg != argument:
            continue
        if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.value.value


@pytest.mark.parametrize("argument", ["problem", "mend"])
def test_every_sentence_of_the_checks_is_put_into_words(argument: str) -> None:
    found = [text for name in FILES for text in said(name, argument)]
    assert len(found) > 3, "they are found"
    assert [text for text in found if in_words(text, Lang.ZH_HANS) == text] == []


def test_what_differs_stands_in_its_place() -> None:
    text = in_words("it refers to 第三条, and ferry has no 第九条", Lang.JA)
    assert text == "第三条を引用していますが、ferry に第九条はありません"
    text = in_words("ferry repeals it from 2026-01-01, and its status says in_force", Lang.ZH_HANS)
    assert text == "ferry 自 2026-01-01 起废止它，但状态登记为 in_force"


def test_what_nobody_has_put_into_words_stays() -> None:
    assert in_words("row 7 is odd", Lang.KO) == "row 7 is odd"


def test_english_is_as_it_was() -> None:
    for one in (*PROBLEMS, *MENDS):
        plain = one.replace("{", "<").replace("}", ">")
        assert in_words(plain, Lang.EN) == plain
