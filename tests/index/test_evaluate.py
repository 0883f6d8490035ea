"""Retrieval quality on a set in BEIR layout, by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from index.evaluate import BadSet, Questions, evaluate, read_documents, read_questions
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
        "q1": frozenset({"d1"}),
        "q2": frozenset({"d2"}),  # a score of 0 is no relevance
        "q4": frozenset({"3"}),
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


def test_figures_by_hand() -> None:
    """Found at 1, 2, 7, 11 and not at all: 1, 1/2, 1/7, 0 and 0 over five questions."""
    depths = {"a": 1, "b": 2, "c": 7, "d": 11, "e": 0}
    questions = Questions(
        texts={name: name for name in depths},
        relevant={name: frozenset({"right", "also"}) for name in depths},
    )

    def search(text: str) -> list[str]:
        found = [f"wrong{n}" for n in range(12)]
        if depths[text]:
            found[depths[text] - 1] = "right"
        return found

    figures = evaluate(questions, search)
    times = {figures.pop("query_ms_p50"), figures.pop("query_ms_p95")}
    assert figures == {"recall@1": 0.2, "recall@5": 0.4, "recall@10": 0.6, "mrr@10": 0.3286}
    assert all(time >= 0 for time in times)


def test_the_first_relevant_document_counts() -> None:
    questions = Questions(texts={"a": "a"}, relevant={"a": frozenset({"x", "y"})})
    figures = evaluate(questions, lambda _: ["z", "y", "x"])
    assert (figures["recall@1"], figures["recall@5"], figures["mrr@10"]) == (0, 1, 0.5)


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
