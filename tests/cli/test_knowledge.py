from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Run

GOOD = """---
title: 某市补贴办法
disclosure: open
number: 某规〔2024〕1号
---
某规〔2024〕1号

第一条 甲。
"""


def test_check_of_the_sample(run: Run) -> None:
    done = run("knowledge", "check", "--on", "2026-08-15", columns=160)
    assert done.exit_code == 0
    assert "37 documents: 0 unreadable, 0 contradiction, 3 mend, 5 note\n" in done.stdout
    assert "accountant-continuing-education-2023" in done.stdout
    assert "nothing interprets it" in done.stdout


def test_check_fails_where_the_text_says_otherwise(run: Run, clean: Path) -> None:
    (clean / "a.md").write_text(GOOD.replace("number: 某规〔2024〕1号", "number: 某规〔2023〕9号"))
    done = run("knowledge", "check", "--source", "a.md", columns=200)
    assert done.exit_code == 1
    assert "number: the declared number is not the one in the text" in done.stdout
    assert "某规〔2023〕9号 / 某规〔2024〕1号" in done.stdout


def test_check_fails_where_a_file_cannot_be_read(run: Run, clean: Path) -> None:
    (clean / "a.md").write_text(GOOD)
    (clean / "b.png").write_bytes(b"\x89PNG")
    done = run("knowledge", "check", "a.md", "b.png", columns=200)
    assert done.exit_code == 1
    assert done.stdout.endswith("1 documents: 1 unreadable, 0 contradiction, 1 mend, 0 note\n")


def test_names_are_no_markup(run: Run, clean: Path) -> None:
    (clean / "[red]a.md").write_text("甲。")
    done = run("knowledge", "check", "[red]a.md", columns=200)
    assert done.exit_code == 0
    assert "[red]a.md" in done.stdout


def test_report(run: Run, clean: Path) -> None:
    done = run("knowledge", "report", "--on", "2026-08-15", "--out", "R")
    assert (done.exit_code, done.stdout) == (0, "R/report.json\nR/report.html\n")
    assert json.loads((clean / "R" / "report.json").read_text())["outcome"]["read"] == 37
    assert (clean / "R" / "report.html").read_text().startswith("<!doctype html>")


def test_report_where_nothing_can_be_written(run: Run, clean: Path) -> None:
    (clean / "R").write_text("a file")
    done = run("knowledge", "report", "--out", "R")
    assert (done.exit_code, "R: File exists; check the path" in done.stderr) == (1, True)


def test_only_open_can_be_said(run: Run, clean: Path) -> None:
    (clean / "a.md").write_text("甲。")
    assert run("knowledge", "check", "a.md", "--disclosure", "withheld").exit_code == 2
    assert run("knowledge", "check", "a.md", "--disclosure", "open").exit_code == 0
