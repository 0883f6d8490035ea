"""`index eval`: a set, or golden questions."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from index.release import current
from tests.cli.conftest import Run
from tests.cli.library import FUND, PENSION, write

EXPIRED = """\
---
id: trade-in
title: 家电以旧换新补贴细则
disclosure: open
expires: 2025-12-31
---

第一条 购买一级能效冰箱的，按售价的20%补贴，最高2000元。
"""
REFUSAL = [
    *("answerable", "unanswerable", "auroc", "line_at_5%", "answered_at_5%", "wrong_at_5%"),
    *("line", "answered", "wrong", "unanswerable_answered"),
    *("calibration_error", "brier", "area_under_risk"),
]


def lines(path: Path, rows: Sequence[object]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def beir(clean: Path) -> Path:
    folder = clean / "set"
    folder.mkdir()
    corpus = [
        {"_id": "d1", "title": "公积金", "text": "职工租房可以提取住房公积金。"},
        {"_id": "d2", "title": "Pension", "text": "The pension is paid monthly."},
        {"_id": "d3", "title": "", "text": "税率为百分之三。"},
    ]
    queries = [
        {"_id": "q1", "text": "租房怎么提取公积金？"},
        {"_id": "q2", "text": "When is the pension paid?"},
        {"_id": "q3", "text": "税率是多少？"},
        {"_id": "q4", "text": "nobody judged this"},
    ]
    qrels = "query-id\tcorpus-id\tscore\nq1\td1\t1\nq2\td2\t1\nq3\td1\t1\n"
    lines(folder / "corpus.jsonl", corpus)
    lines(folder / "queries.jsonl", queries)
    (folder / "qrels.tsv").write_text(qrels, encoding="utf-8")
    return folder


# a set


def test_json_is_the_contract(run: Run, beir: Path) -> None:
    done = run("index", "eval", beir, "--json")
    assert done.exit_code == 0
    figures = json.loads(done.stdout)
    assert list(figures) == [
        "documents",
        "queries",
        "recall@1",
        "recall@5",
        "recall@10",
        "mrr@10",
        "ndcg@10",
        "recall@1_low",
        "recall@1_high",
        "query_ms_p50",
        "query_ms_p95",
        "build_s",
        "coverage",
        "ranks",
    ]
    assert (figures["documents"], figures["queries"]) == (3, 3)
    assert figures["recall@1"] == 0.6667  # q3 is judged wrongly, so it is not found first
    assert figures["query_ms_p95"] >= figures["query_ms_p50"] > 0
    assert figures["build_s"] > 0
    assert figures["coverage"] == {
        "documents_asked_for": 2,
        "found_first": 1.0,
        "found_in_5": 1.0,
        "never_found": 0,
        "never_found_ids": [],
        "best_ranks": {"d1": 1, "d2": 1},
    }


def test_limit_and_words(run: Run, beir: Path, clean: Path) -> None:
    done = run("index", "eval", beir, "--limit", 2)
    assert done.exit_code == 0
    flat, _, more = done.stdout.partition("\n\n")
    figures = dict(line.split(maxsplit=1) for line in flat.splitlines())
    assert (figures["documents"], figures["queries"], figures["recall@1"]) == ("3", "2", "1.0")
    assert more == (
        "of 2 documents asked for, one of their questions finds 100.0% first "
        "and 100.0% in the first 5\n"
    )
    assert sorted(path.name for path in clean.iterdir()) == ["set"]  # nothing is left behind


def test_refusal_is_measured_where_the_set_has_unanswerable_questions(
    run: Run, beir: Path
) -> None:
    lines(beir / "unanswerable.jsonl", [{"_id": "u1", "text": "养狗要办什么证？"}])
    refusal = json.loads(run("index", "eval", beir, "--json").stdout)["refusal"]
    assert list(refusal) == ["document removed", "listed"]
    assert all(list(one) == REFUSAL for one in refusal.values())
    assert [one["unanswerable"] for one in refusal.values()] == [3, 1]
    assert refusal["listed"]["unanswerable_answered"] == 0.0
    words = run("index", "eval", beir).stdout
    assert "    document removed              listed\n" in words
    assert "\nauroc   " in words


def test_refusal_on_request_needs_no_such_questions(run: Run, beir: Path) -> None:
    refusal = json.loads(run("index", "eval", beir, "--json", "--refusal").stdout)["refusal"]
    assert list(refusal) == ["document removed"]


def test_the_report_is_written_beside_the_figures(run: Run, beir: Path) -> None:
    done = run("index", "eval", beir, "--refusal", "--json", "--report", "page.html")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["queries"] == 3
    page = Path("page.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "Risk and coverage" in page


def test_a_report_that_cannot_be_written_is_named(run: Run, beir: Path) -> None:
    done = run("index", "eval", beir, "--report", "nowhere/page.html")
    assert (done.exit_code, "nowhere/page.html: No such file or directory" in done.stderr) == (
        1,
        True,
    )
    assert "recall@1 " in done.stdout  # the figures are not lost with it


def test_a_change_is_told_with_what_chance_would_do(run: Run, beir: Path, clean: Path) -> None:
    before = {"ranks": {"q1": 1, "q2": 4, "q3": 0, "another": 1}}
    (clean / "before.json").write_text(json.dumps(before), encoding="utf-8")
    told = run("index", "eval", beir, "--against", "before.json").stdout
    assert "of 3 questions 1 more are found first and 0 no more: +33.3%, 95 % from +0.0%" in told
    figures = json.loads(run("index", "eval", beir, "--against", "before.json", "--json").stdout)
    assert figures["ranks"] == {"q1": 1, "q2": 1, "q3": 2}
    (clean / "before.json").write_text("{}", encoding="utf-8")
    bad = run("index", "eval", beir, "--against", "before.json")
    assert (bad.exit_code, bad.stderr) == (
        1,
        "before.json is no evaluation of a set; write one with `index eval SET --json`\n",
    )


def test_a_bad_set(run: Run, beir: Path) -> None:
    missing = run("index", "eval", "nowhere")
    assert missing.exit_code == 1
    assert "qrels.tsv cannot be read (No such file or directory)" in missing.stderr
    (beir / "queries.jsonl").write_text('{"_id": "q1"}\n', encoding="utf-8")
    bad = run("index", "eval", beir)
    assert (bad.exit_code, bad.stderr) == (
        1,
        f"{beir / 'queries.jsonl'}:1: a line needs _id and text\n",
    )


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ([], "name a set, or golden questions"),
        (["set", "--golden", "g.jsonl"], "name a set, or golden questions"),
        (["set", "--release", "current"], "--release and --on go with --golden"),
        (["set", "--on", "2025-01-01"], "--release and --on go with --golden"),
        (["--golden", "g.jsonl", "--refusal"], "--refusal and --against go with a set"),
        (["--golden", "g.jsonl", "--against", "b"], "--refusal and --against go with a set"),
    ],
)
def test_a_set_or_golden_questions(run: Run, words: list[str], problem: str) -> None:
    done = run("index", "eval", *words, columns=200)
    assert done.exit_code == 2
    assert problem in done.stderr


# golden questions

RENT = "职工租房每月可以提取多少住房公积金？"
GOLDEN = [
    {"question": RENT, "document": "fund", "contains": "1500元"},
    {"question": "购买一级能效冰箱补贴多少？", "document": "trade-in"},
    {"question": "养狗要办什么证？", "document": None},
    {"question": "翡翠行动是什么？", "document": "secret"},
]


@pytest.fixture
def built(run: Run, clean: Path) -> Path:
    write(clean / "source", fund=FUND, pension=PENSION, trade=EXPIRED)
    assert run("index", "build", "--source", "source").exit_code == 0
    return lines(clean / "golden.jsonl", GOLDEN)


def test_each_golden_question_is_told_by_what_it_was_to_get(run: Run, built: Path) -> None:
    done = run("index", "eval", "--golden", built, "--on", "2026-11-23", "--json")
    told = json.loads(done.stdout)
    assert (told["documents"], told["queries"]) == (3, 4)
    assert told["statuses"] == {
        "right": 4,
        "table": {
            "an answer": {"answered": 1},
            "named as no longer in force": {"unresolved: outdated": 1},
            "no answer: its document is not in the release": {"unresolved: unsure": 1},
            "no answer: no document has it": {"unresolved: unsure": 1},
        },
        "not_right": [],
    }


def test_the_day_decides_what_is_outdated(run: Run, built: Path) -> None:
    done = run("index", "eval", "--golden", built, "--on", "2025-12-31", "--json")
    assert json.loads(done.stdout)["statuses"]["table"]["an answer"] == {"answered": 2}


def test_what_was_not_to_be_got_is_listed(run: Run, clean: Path, built: Path) -> None:
    rows = [{"question": RENT, "document": "pension"}]
    wrong = lines(clean / "wrong.jsonl", rows)
    done = run("index", "eval", "--golden", wrong, "--json")
    (listed,) = json.loads(done.stdout)["statuses"]["not_right"]
    assert listed.pop("probability") > 0.5
    assert listed == {
        "question": RENT,
        "expected": "an answer",
        "got": "answered from another document",
        "document": "pension",
        "cited": "fund",
    }
    words = run("index", "eval", "--golden", wrong, "--report", "page.html")
    assert "expected: an answer\n      1  answered from another document\n" in words.stdout
    assert "as expected    0 of 1\n" in words.stdout
    assert "answered from another document" in Path("page.html").read_text(encoding="utf-8")
    assert built.is_file()


def test_a_release_may_be_named(run: Run, clean: Path, built: Path) -> None:
    old = current(clean / "data" / "releases")
    write(clean / "source", fund=FUND.replace("1500元", "1600元"))
    assert run("index", "build", "--source", "source").exit_code == 0
    now = json.loads(run("index", "eval", "--golden", built, "--json").stdout)
    then = json.loads(run("index", "eval", "--golden", built, "--release", old, "--json").stdout)
    assert now["statuses"]["table"]["an answer"] == {"answered by another passage": 1}
    assert then["statuses"]["table"]["an answer"] == {"answered": 1}


def test_golden_questions_without_a_release_or_a_file(run: Run, clean: Path) -> None:
    missing = run("index", "eval", "--golden", "golden.jsonl")
    assert (missing.exit_code, missing.stderr) == (
        1,
        "golden.jsonl cannot be read (No such file or directory)\n",
    )
    lines(clean / "golden.jsonl", GOLDEN)
    none = run("index", "eval", "--golden", "golden.jsonl")
    assert none.exit_code == 1
    assert "there is no release in data/releases" in none.stderr
