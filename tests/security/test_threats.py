"""docs/security.md: every threat has a test, and every test that it names is there."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import Final

import pytest

TESTS: Final = Path(__file__).parents[1]
PAGE: Final = TESTS.parent / "docs" / "security.md"
_NAME: Final = re.compile(r"`([^`]+)`")
SAME: Final = "the same"  # as the row above
WISHED: Final = (
    *("forged webhook", "replay", "stranger", "another group", "forged by a citizen"),
    *("numbers", "orders in documents", "list of addresses", "out of an archive", "zip bombs"),
    *("formulas", "lines of the log", "huge messages", "turn or hide", "secrets in errors"),
    *("known holes", "role"),
)


def rows() -> list[tuple[str, str, str]]:
    """Threat, defence and tests of every row."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    cells = [
        [one.strip() for one in line.strip("|").split("|")] for line in lines if line[:1] == "|"
    ]
    heads = (["threat", "what stops it", "test"], ["---", "---", "---"])
    return [(row[0], row[1], row[2]) for row in cells if row not in heads]


@cache
def names() -> frozenset[str]:
    """Of all tests, without `test_`."""
    found: set[str] = set()
    for path in TESTS.rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                found.add(node.name.removeprefix("test_"))
    return frozenset(found)


def is_there(name: str) -> bool:
    """Of a file, of a test, or, before an ellipsis, how one begins."""
    if name.endswith(".py"):
        return (TESTS / name).is_file()
    if name.endswith("…"):
        return any(one.startswith(name.removesuffix("…")) for one in names())
    return name in names()


def test_every_row_has_a_defence_and_a_test() -> None:
    assert len(rows()) > 60
    for threat, defence, test in rows():
        assert threat
        assert defence, threat
        assert _NAME.search(test) or test.startswith(SAME), threat


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0][:40])
def test_every_test_that_is_named_is_there(row: tuple[str, str, str]) -> None:
    missing = [name for name in _NAME.findall(row[2]) if not is_there(name)]
    assert missing == []


@pytest.mark.parametrize("threat", WISHED)
def test_no_threat_that_was_thought_of_is_left_out(threat: str) -> None:
    assert any(threat in row[0] for row in rows())


def test_a_name_that_is_not_there_is_found_out() -> None:
    assert not is_there("a_test_that_nobody_wrote")
    assert not is_there("web/test_that_nobody_wrote.py")
