"""golden.jsonl: what is read of it, and how each mistake is named."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest

from index.errors import BadGolden
from index.golden import Golden, find, golden_of, read_all, row_of

FULL: Final = {
    "question": " 租房能提多少？ ",
    "document": ["fund-2025", "fund-2025-explained"],
    "address": "第二条",
    "contains": "1500元",
    "language": "zh-Hans",
    "on": "2026-01-02",
}


def written(path: Path, *rows: object) -> Path:
    lines = (row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_every_field_is_read_and_written(tmp_path: Path) -> None:
    path = written(tmp_path / "golden.jsonl", FULL, "", {"question": "月亮？", "document": None})
    full, silent = read_all([path])
    assert full == Golden(
        question="租房能提多少？",
        documents=("fund-2025", "fund-2025-explained"),
        address="第二条",
        contains=("1500元",),
        language="zh-Hans",
        on=date(2026, 1, 2),
    )
    assert silent == Golden(question="月亮？", documents=())
    assert [golden_of(row_of(one)) for one in (full, silent)] == [full, silent]


def test_a_line_ends_at_a_line_feed_and_nowhere_else(tmp_path: Path) -> None:
    row = {"question": "租房\u2028能提多少？\x85", "document": None}
    path = written(tmp_path / "golden.jsonl", json.dumps(row, ensure_ascii=False) + "\r", row)
    path.write_text(path.read_text(encoding="utf-8").replace("提多少", "提", 1), encoding="utf-8")
    assert [one.question for one in read_all([path])] == [
        "租房\u2028能提？",
        "租房\u2028能提多少？",
    ]


def test_the_sample_is_read() -> None:
    (path,) = find([Path(__file__).parents[2] / "knowledge" / "sample"])
    golden = read_all([path])
    assert (len(golden), sum(not one.documents for one in golden)) == (111, 16)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("{", "Expecting property name"),
        ("[]", "not an object"),
        ({"document": None}, "a line needs a question"),
        ({"question": "  ", "document": None}, "a line needs a question"),
        ({"question": "x"}, "a line needs a document: its id, a list of ids, or null"),
        ({"question": "x", "document": []}, "document is [], and must be text, a list"),
        ({"question": "x", "document": [1]}, "document is [1], and must be text, a list"),
        ({"question": "x", "document": ""}, "document is '', and must be text, a list"),
        ({"question": 3, "document": "a"}, "question is 3, and must be text or null"),
        ({"question": "x", "document": "a", "on": "soon"}, "Invalid isoformat string: 'soon'"),
        ({"question": "x", "documnet": "a"}, "unknown field documnet; known: question, document"),
        ({"question": "first", "document": "b"}, "golden.jsonl:1 again; remove one of the two"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, row: Any, problem: str) -> None:
    path = written(tmp_path / "golden.jsonl", {"question": "first", "document": "a"}, row)
    with pytest.raises(BadGolden) as caught:
        read_all([path])
    assert str(caught.value).startswith(f"{path}:2: ")
    assert problem in str(caught.value)


def test_one_question_on_two_days_is_two(tmp_path: Path) -> None:
    rows = [{**FULL, "on": day} for day in ("2026-01-02", "2027-01-02", None)]
    assert len(read_all([written(tmp_path / "golden.jsonl", *rows)])) == 3


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(BadGolden, match="cannot be read"):
        read_all([tmp_path / "none.jsonl"])
    (tmp_path / "gbk.jsonl").write_bytes("问".encode("gbk"))
    with pytest.raises(BadGolden, match="not UTF-8"):
        read_all([tmp_path / "gbk.jsonl"])


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    path = tmp_path / "golden.jsonl"
    path.write_text('{"question": "x", "document": null}', encoding="utf-8-sig")
    assert read_all([path])[0].question == "x"


def test_they_are_found_in_folders_and_in_no_hidden_one(tmp_path: Path) -> None:
    row = {"question": "x", "document": None}
    top = written(tmp_path / ".a" / "golden.jsonl", row)  # named outright: it may be hidden
    inner = written(tmp_path / ".a" / "b" / "golden.jsonl", row)
    written(tmp_path / ".a" / ".c" / "golden.jsonl", row)
    single = written(tmp_path / "policy.md", "text")
    assert find([tmp_path / ".a", single, tmp_path / "none"]) == sorted([top, inner])
