"""The benchmark of reading, on documents of our own."""

from __future__ import annotations

from pathlib import Path
from subprocess import CompletedProcess, run
from sys import executable

import pytest

PAGE = "<html><body><article>第一条，甲。第二句，在这里。第三句，也在。</article></body></html>"


def benchmark(*arguments: str | Path) -> CompletedProcess[str]:
    command = [executable, "-m", "benchmarks.ingest", *map(str, arguments)]
    root = Path(__file__).parents[2]
    return run(command, capture_output=True, text=True, check=False, cwd=root)  # noqa: S603 - ours


def test_without_a_corpus_it_says_what_to_name(tmp_path: Path) -> None:
    done = benchmark("--corpus", tmp_path / "none.jsonl")
    assert done.returncode == 2
    assert f"there is no file {tmp_path / 'none.jsonl'}; name one with --corpus" in done.stderr


@pytest.mark.slow
def test_all_documents_are_counted_at_each_size(tmp_path: Path) -> None:
    lines = "".join(f'{{"_id": "{n}", "title": "{n}号", "text": "甲{n}。"}}\n' for n in range(8))
    (tmp_path / "all.jsonl").write_text(lines, encoding="utf-8")
    (tmp_path / "a.html").write_text(PAGE, encoding="utf-8")
    done = benchmark("--corpus", tmp_path / "all.jsonl", "--pages", tmp_path, "--rounds", "4")
    assert done.returncode == 0, done.stderr
    *sizes, last = done.stdout.splitlines()
    assert [line.split()[:3] for line in sizes] == [
        ["corpus", "1/4", "2"],
        ["corpus", "1/2", "4"],
        ["corpus", "1/1", "8"],
        ["pages", "1/4", "1"],
        ["pages", "1/2", "2"],
        ["pages", "1/1", "4"],
    ]
    assert last == "trafilatura: left out; --trafilatura names an interpreter that has it"
