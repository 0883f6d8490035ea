"""JSON lines: one object, one document; what is wrong is told with its line."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import pytest

from knowledge.library import read_library
from knowledge.readers import jsonl
from knowledge.readers.columns import Columns
from knowledge.readers.jsonl import read_jsonl
from knowledge.readers.reading import Note, Piece
from knowledge.types import Disclosure, Kind

NONE = Columns()
GOOD = '{"title": "甲办法", "text": "第一条　甲。"}'


def read(text: str | bytes, columns: Columns = NONE) -> tuple[list[tuple[str, str]], list[Piece]]:
    data = text if isinstance(text, bytes) else text.encode()
    found = list(read_jsonl(BytesIO(data), columns))
    notes = [(one.where, one.problem) for one in found if isinstance(one, Note)]
    return notes, [one for one in found if isinstance(one, Piece)]


def rows(*values: object) -> str:
    return "".join(f"{json.dumps(value, ensure_ascii=False)}\n" for value in values)


def test_a_line_is_a_document_and_its_fields_are_known_by_their_names() -> None:
    notes, [one] = read(
        rows(
            {
                "标题": "甲办法",
                "正文": "第一条　甲。",
                "文号": "某规〔2025〕1号",
                "主题词": "住房；医保",
            }
        )
    )
    assert (notes, one.where, one.page.text) == ([], "line 1", "第一条　甲。\n")
    assert one.page.declared == {
        "title": "甲办法",
        "number": "某规〔2025〕1号",
        "topics": ["住房", "医保"],
    }


def test_fields_are_mapped_by_source_toml() -> None:
    columns = Columns(fields={"id": ("_id",), "text": ("要点", "body")}, append=("电话",))
    notes, [one] = read(
        rows({"_id": "s1", "title": "甲", "要点": "一。", "body": "二。", "电话": 12345}), columns
    )
    assert (notes, one.page.text) == ([], "一。\n二。\n电话：12345\n")
    assert one.page.declared == {"id": "s1", "title": "甲"}


def test_a_mark_at_the_start_blank_lines_and_a_missing_last_line_end() -> None:
    notes, found = read(
        b"\xef\xbb\xbf" + f"\n  \r\n{GOOD}\r\n\n{GOOD.replace('甲', '乙')}".encode()
    )
    assert (notes, [one.where for one in found]) == ([], ["line 3", "line 5"])


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b"{", "it is not JSON (Expecting property name enclosed in double quotes, character 3)"),
        (b'["a"]', "it is no JSON object; write {…} with the fields of one document"),
        (b'{"text": "\xff"}', "it is not UTF-8 (byte 11); save it as UTF-8"),
        (b'{"text": "a\\u0000"}', "it holds NUL characters"),
        (b'{"text": ' + b"[" * 200_000, "it is nested too deeply"),
        (b'{"title": "a"}', "no column holds a text: they are title"),
        (b'{"text": "x' + b"x" * 2000 + b'"}', "it is longer than 1000 bytes; write one document a line"),
    ],
    ids=["cut", "list", "latin", "nul", "deep", "textless", "long"],
)  # fmt: skip
def test_a_bad_line_is_told_and_the_others_are_read(
    monkeypatch: pytest.MonkeyPatch, line: bytes, problem: str
) -> None:
    if line.startswith(b'{"text": "xx'):
        monkeypatch.setattr(jsonl, "LONGEST_LINE", 1000)
    notes, found = read(GOOD.encode() + b"\n" + line + b"\n" + GOOD.replace("甲", "乙").encode())
    assert notes == [("line 2", problem)]
    assert [one.where for one in found] == ["line 1", "line 3"]


def test_values_are_kept_as_they_are_written() -> None:
    columns = Columns(fields={"title": ("t",)}, append=("n", "f", "b", "nil", "nan", "none"))
    line = '{"t": "a", "text": ["一", "二"], "n": 12345678901234567890, "f": 0.10, "b": false, "nil": null, "nan": NaN, "none": []}'
    notes, [one] = read(line, columns)
    assert (notes, one.page.text) == ([], "一\n二\nn：12345678901234567890\nf：0.10\nb：false\n")


def test_a_nested_value_is_told_and_left_out() -> None:
    notes, [one] = read(rows({"title": {"zh": "甲"}, "text": "一。", "文号": [["x"]]}))
    assert notes == [
        ("line 1", "title: an object where a text is wanted; left out"),
        ("line 1", "文号: an object where a text is wanted; left out"),
    ]
    assert (one.page.text, one.page.declared) == ("一。\n", {})


def test_a_field_that_nobody_reads_is_told_once() -> None:
    notes, _ = read(rows({"text": "a", "extra": {}}, {"text": "b", "extra": 1, "more": 2}))
    assert notes == [
        ("", "fields not read: extra; if they matter, name them in source.toml"),
        ("", "fields not read: more; if they matter, name them in source.toml"),
    ]


def test_lines_may_lack_fields_and_one_that_no_line_has_is_told() -> None:
    columns = Columns(fields={"id": ("_id",), "text": ("body",), "number": ("no.",)})
    notes, found = read(rows({"body": "a"}, {"_id": "2", "body": "b"}), columns)
    assert notes == [("", "no line has the field 'no.' that source.toml names")]
    assert [one.page.declared for one in found] == [{}, {"id": "2"}]


def test_of_many_bad_lines_the_number_is_told() -> None:
    notes, [one] = read("{\n" * 1000 + GOOD)
    assert (len(notes), notes[-1]) == (101, ("", "900 more lines could not be read"))
    assert one.where == "line 1001"


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "there is no line in it"),
        (b"\xef\xbb\xbf\n\n", "there is no line in it"),
        (GOOD.encode("utf-16"), "it is UTF-16; save it as UTF-8"),
    ],
)
def test_a_file_with_nothing_to_read(data: bytes, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        read(data)


def test_a_folder_with_lines_of_an_evaluation_set(tmp_path: Path) -> None:
    (tmp_path / "source.toml").write_text(
        'disclosure = "open"\nkind = "answer"\n[tables."*.jsonl"]\nid = "_id"\n', encoding="utf-8"
    )
    lines = rows(
        {"_id": "s0", "title": "甲办法第一条", "text": "为了规范。"},
        {"_id": "s1", "title": "", "text": "请报名。"},
        {"_id": "s1", "title": "乙", "text": "重复的。"},
        {"_id": "s2", "title": "甲办法第一条", "text": "为了规范。"},
        {"_id": "s3", "title": "丙"},
    )
    (tmp_path / "corpus.jsonl").write_text(lines, encoding="utf-8")
    library = read_library([tmp_path])
    assert [(one.id, one.title, one.text, one.kind) for one in library.documents] == [
        ("s0", "甲办法第一条", "为了规范。\n", Kind.ANSWER),
        ("s1", "请报名。", "请报名。\n", Kind.ANSWER),
    ]
    where = f"{tmp_path / 'corpus.jsonl'} line"
    assert [(one.path, one.reason) for one in library.skipped] == [
        (f"{where} 3", f"its id 's1' is that of {where} 2; give it another"),
        (f"{where} 4", "it says the same as line 1 and is read once"),
        (f"{where} 5", "no column holds a text: they are _id, title"),
    ]


def test_ndjson_is_the_same_format(tmp_path: Path) -> None:
    (tmp_path / "a.ndjson").write_text(GOOD, encoding="utf-8")
    [one] = read_library([tmp_path], disclosure=Disclosure.OPEN).documents
    assert one.title == "甲办法"
