"""Sets in BEIR layout: what is read, and what is said of a malformed one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from index.evaluation.sets import BadSet, read_documents, read_questions, read_unanswerable
from knowledge.types import Disclosure, Kind, Lang

CORPUS = [
    {"_id": "d1", "title": "公积金", "text": "租房可以提取公积金。"},
    {
        "_id": "d2",
        "title": "Pension",
        "text": "The pension is paid monthly.",
        "url": "https://x.test",
    },
    {"_id": 3, "text": "税率为百分之三。"},
]
QUERIES = [
    {"_id": "q1", "text": "租房"},
    {"_id": "q2", "text": "pension"},
    {"_id": "q3", "text": "nobody judged this one"},
    {"_id": "q4", "text": "tax"},
]
QRELS = ["query-id\tcorpus-id\tscore", "q1\td1\t1", "q2\td2\t2", "q2\td1\t0", "q4\t3\t1"]


def written(folder: Path, **files: object) -> Path:
    """A set; a file may be replaced by other lines, or left out with None."""
    contents = {"corpus.jsonl": CORPUS, "queries.jsonl": QUERIES, "qrels.tsv": QRELS}
    for name, lines in {**contents, **{k.replace("_", "."): v for k, v in files.items()}}.items():
        if lines is not None:
            assert isinstance(lines, list)
            text = "\n".join(x if isinstance(x, str) else json.dumps(x) for x in lines)
            (folder / name).write_text(text + "\n", encoding="utf-8")
    return folder


def read(folder: Path) -> None:
    read_questions(folder)
    read_documents(folder)


def test_documents_are_read(tmp_path: Path) -> None:
    first, second, third = read_documents(written(tmp_path))
    assert (first.id, first.title, first.text) == ("d1", "公积金", "租房可以提取公积金。")
    assert (first.language, second.language) == (Lang.ZH_HANS, Lang.EN)
    assert (second.source, third.id, third.title) == ("https://x.test", "3", "")
    assert (third.kind, third.disclosure) == (Kind.POLICY, Disclosure.OPEN)


def test_questions_without_a_relevant_document_are_left_out(tmp_path: Path) -> None:
    questions = read_questions(written(tmp_path))
    assert questions.texts == {"q1": "租房", "q2": "pension", "q4": "tax"}
    assert questions.relevant == {
        "q1": {"d1": 1},
        "q2": {"d2": 2},  # a score of 0 is no relevance
        "q4": {"3": 1},
    }


def test_only_so_many(tmp_path: Path) -> None:
    questions = read_questions(written(tmp_path), limit=2)
    assert list(questions.texts) == list(questions.relevant) == ["q1", "q2"]


@pytest.mark.parametrize("qrels", [QRELS[1:], [*QRELS, ""][:-1]])
def test_the_header_may_be_missing(tmp_path: Path, qrels: list[str]) -> None:
    assert len(read_questions(written(tmp_path, qrels_tsv=qrels)).texts) == 3


def test_blank_lines_are_nothing(tmp_path: Path) -> None:
    folder = written(tmp_path, corpus_jsonl=[CORPUS[0], "", "  ", CORPUS[1]])
    assert [one.id for one in read_documents(folder)] == ["d1", "d2"]


@pytest.mark.parametrize(
    ("files", "where", "problem"),
    [
        ({"corpus_jsonl": [CORPUS[0], "{"]}, "corpus.jsonl:2", "not JSON"),
        ({"corpus_jsonl": [CORPUS[0], "", "[]"]}, "corpus.jsonl:3", "a line needs _id"),
        ({"corpus_jsonl": [{"text": "no id"}]}, "corpus.jsonl:1", "a line needs _id"),
        ({"queries_jsonl": [{"_id": "q1"}]}, "queries.jsonl:1", "a line needs _id and text"),
        ({"queries_jsonl": [{"_id": "q1", "text": None}]}, "queries.jsonl:1", "_id and text"),
        ({"queries_jsonl": ["null"]}, "queries.jsonl:1", "_id and text"),
        ({"qrels_tsv": [*QRELS, "q1 d1 1"]}, "qrels.tsv:6", "not query-id, corpus-id, score"),
        ({"qrels_tsv": [*QRELS, "q1\td1\tyes"]}, "qrels.tsv:6", "not query-id"),
        ({"qrels_tsv": [*QRELS, "q1\td1\t²"]}, "qrels.tsv:6", "not query-id"),
        ({"qrels_tsv": [*QRELS, "q1\td1\t--1"]}, "qrels.tsv:6", "not query-id"),
        ({"qrels_tsv": [*QRELS, ""]}, "qrels.tsv:6", "not query-id"),
        ({"qrels_tsv": QRELS[:1]}, "", "no question of queries.jsonl has a document in qrels.tsv"),
        ({"queries_jsonl": []}, "", "no question of queries.jsonl has a document"),
    ],
)
def test_a_malformed_set_is_named(
    tmp_path: Path, files: Mapping[str, object], where: str, problem: str
) -> None:
    folder = written(tmp_path, **files)
    with pytest.raises(BadSet) as caught:
        read(folder)
    assert where in str(caught.value)
    assert problem in str(caught.value)


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl", "qrels.tsv"])
def test_a_file_that_is_missing_or_not_text_is_named(tmp_path: Path, name: str) -> None:
    folder = written(tmp_path)
    (folder / name).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadSet, match="is not UTF-8") as caught:
        read(folder)
    assert str(folder / name) in str(caught.value)
    (folder / name).unlink()
    with pytest.raises(BadSet, match="No such file or directory") as caught:
        read(folder)
    assert str(folder / name) in str(caught.value)
    assert str(caught.value).endswith("a set has corpus.jsonl, queries.jsonl, qrels.tsv")


def test_unanswerable_questions_are_read_where_the_set_has_them(tmp_path: Path) -> None:
    folder = written(tmp_path)
    assert read_unanswerable(folder).texts == {}
    rows = [{"_id": 7, "text": "养狗", "answer": "办犬证"}, {"_id": "u2", "text": "天气"}]
    written(folder, unanswerable_jsonl=rows)
    strange = read_unanswerable(folder)
    assert strange.texts == {"7": "养狗", "u2": "天气"}
    assert strange.relevant == {"7": {}, "u2": {}}
    assert strange.answers == {"7": "办犬证"}
    assert read_unanswerable(folder, limit=1).texts == {"7": "养狗"}
    written(folder, unanswerable_jsonl=[*rows, {"_id": "u3"}])
    with pytest.raises(BadSet, match=r"unanswerable\.jsonl:3: a line needs _id and text"):
        read_unanswerable(folder)
