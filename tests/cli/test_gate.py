"""`index build` with golden questions: what is refused, kept, forced; and `index diff`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pytest

from index.release import current, previous, read_manifest, releases
from index.rerank import Fitted
from tests.cli.conftest import Run
from tests.cli.library import FUND, PENSION, write
from tests.index.models import write_cross_encoder

ASKED: Final = "职工租房的每月可以提取住房公积金多少元？"
GOLDEN: Final = {"question": ASKED, "document": "fund", "contains": "1500元"}
SILENT: Final = {"question": "月亮上的天气怎么样？", "document": None}


def golden(folder: Path, *rows: object) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "golden.jsonl"
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_text("".join(lines), encoding="utf-8")
    return path


@pytest.fixture
def source(run: Run, clean: Path) -> Path:
    """Two policies and two golden questions, built once."""
    folder = write(clean / "source", fund=FUND, pension=PENSION)
    golden(folder, GOLDEN, SILENT)
    done = run("index", "build", "--source", folder)
    assert done.exit_code == 0
    assert done.stdout.splitlines()[:3] == [
        "golden gate: 2 questions, nothing before",
        "  right           1",
        "  silent          1",
    ]
    return folder


def lose(source: Path) -> None:
    (source / "fund.md").unlink()


def root(clean: Path) -> Path:
    return clean / "data" / "releases"


def test_a_release_that_loses_an_answer_is_kept_and_not_current(
    run: Run, clean: Path, source: Path
) -> None:
    now = current(root(clean))
    lose(source)
    done = run("index", "build", "--source", source)
    assert done.exit_code == 1
    assert current(root(clean)) == now
    refused = releases(root(clean))[-1].name
    lines = done.stdout.splitlines()
    assert lines[0] == f"golden gate: 2 questions, compared with {now}"
    assert "  right           1 → 0" in lines
    place = lines.index(f"        {ASKED}")
    assert lines[place + 1].startswith("          before  right: fund 第二条 (")
    assert lines[place + 2].startswith("          after   missed (")
    assert f"the golden gate refused release {refused}: 50.0% fewer of 2 are right" in done.stderr
    assert "never current" in run("index", "releases").stdout.splitlines()[-1]
    chosen = run("index", "rollback", refused)  # on purpose
    assert (chosen.exit_code, current(root(clean))) == (0, refused)


def test_a_wrong_answer_is_named_first_and_no_margin_lets_it_pass(
    run: Run, clean: Path, source: Path
) -> None:
    now = current(root(clean))
    (source / "fund.md").write_text(FUND.replace("id: fund", "id: rumour"), encoding="utf-8")
    done = run("index", "build", "--source", source, "--margin", 1)
    assert (done.exit_code, current(root(clean))) == (1, now)
    assert f"  WRONG {ASKED}" in done.stdout
    assert "1 answered wrongly that were not. It is kept" in done.stderr


@pytest.mark.parametrize(("option", "forced"), [("--margin=0.5", False), ("--force", True)])
def test_a_loss_may_be_allowed(
    run: Run, clean: Path, source: Path, option: str, *, forced: bool
) -> None:
    before = current(root(clean))
    lose(source)
    done = run("index", "build", "--source", source, option)
    name = current(root(clean))
    assert done.exit_code == 0
    assert done.stdout.splitlines()[-1] == f"release {name} is current in data/releases"
    assert read_manifest(root(clean) / name).origin.forced is forced
    assert previous(root(clean)) == before
    assert ("forced" in run("index", "releases").stdout) is forced


def test_golden_questions_may_stand_elsewhere(run: Run, clean: Path, source: Path) -> None:
    path = golden(clean / "elsewhere", SILENT)
    lose(source)
    done = run("index", "build", "--source", source, "--golden", path)
    assert done.exit_code == 0
    assert done.stdout.startswith("golden gate: 1 questions")


def test_a_mistake_in_them_ends_the_build_before_it_begins(
    run: Run, clean: Path, source: Path
) -> None:
    path = golden(source, GOLDEN, {"question": "x"})
    done = run("index", "build", "--source", source)
    assert done.exit_code == 1
    assert done.stderr.startswith(f"{path}:2: a line needs a document")
    assert len(releases(root(clean))) == 1


def test_gate_why_and_bot_read_with_the_same_reranker(run: Run, clean: Path) -> None:
    texts = {
        f"d{n}": f"---\nid: d{n}\ntitle: 澜港市{what}办法\ndisclosure: open\n---\n\n"
        f"第一条 为规范{what}，制定本办法。\n第二条 申请{what}的，应当在{n + 3}日内提交材料。\n"
        f"第三条 {what}由{who}办理，每次标准为{n * 7 + 20}元，不收取费用。\n"
        for n, (what, who) in enumerate(
            (f"{kind}{what}", f"{kind}{who}")
            for kind in ("老年", "残疾", "青年", "渔业", "港口")
            for what, who in (("补贴发放", "科"), ("车辆登记", "大队"), ("租房申请", "窗口"))
        )
    }
    model = write_cross_encoder(clean / "model", characters="".join({*"".join(texts.values())}))
    question = "渔业车辆登记由谁办理？"
    source = write(clean / "source", **texts)
    golden(source, {"question": question, "document": None})
    settings = {"reranker": model}
    assert run("index", "build", "--source", source, **settings).exit_code == 0
    folder = root(clean) / current(root(clean))
    [asked] = json.loads((folder / "gate.json").read_text(encoding="utf-8"))["questions"]
    said = json.loads(run("ask", "--json", question, **settings).stdout)
    done = run("index", "why", "--json", question, **settings)
    told = json.loads(done.stdout)
    fitted = Fitted.load(folder)
    assert told["reranker"] == {"name": model, "weight": fitted.weight, "top": fitted.top}
    assert told["features"][-1]["name"] == "reranked"
    assert told["features"][-1]["value"] == told["candidates"][0]["reranker"]
    both = asked["after"]["probability"], round(told["probability"], 4)
    assert both == (said["probability"], said["probability"])
    words = run("index", "why", question, **settings).stdout
    assert f"reranker     {model}, weight " in words
    # The bot answers without it where the setting is empty, and so does `why`.
    without = run("index", "why", question).stdout
    assert f"left out     the release's reranker {model}: RERANKER is empty\n" in without
    assert "reranked" not in without


def test_the_manifest_tells_how_it_was_built(run: Run, clean: Path, source: Path) -> None:
    made = read_manifest(root(clean) / current(root(clean)))
    assert made.origin.sources == ("source",)
    assert made.origin.settings["name"] == "builtin"
    assert not {"device", "batch_size"} & made.origin.settings.keys()
    assert made.counts["status"] == {"in_force": 2}
    assert made.calibration["line"] == 0.5
    assert made.sizes.keys() == made.files.keys()
    assert run("index", "build", "--source", source).exit_code == 0
    again = read_manifest(root(clean) / current(root(clean)))
    assert (again.digest, again.name) == (made.digest, again.name)
    assert again.name != made.name


# diff


@pytest.fixture
def two(run: Run, clean: Path, source: Path) -> tuple[str, str]:
    before = current(root(clean))
    text = FUND.replace("1500元", "1800元").replace("source: ", "effective: 2025-07-01\nsource: ")
    (source / "fund.md").write_text(text, encoding="utf-8")
    (source / "pension.md").unlink()
    assert run("index", "build", "--source", source, "--force").exit_code == 0
    return before, current(root(clean))


def test_diff_tells_what_changed(run: Run, two: tuple[str, str]) -> None:
    old, new = two
    done = run("index", "diff")
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert lines[:6] == [
        f"from {old} to {new}",
        "0 added, 1 removed, 1 changed",
        "- pension  居民养老保险办法",
        "~ fund  住房公积金提取办法",
        "    effective: (none) → 2025-07-01",
        "    第二条: 「1500」 → 「1800」",
    ]
    assert lines[6] == "1 of 2 golden questions are answered otherwise"
    assert lines[-1].startswith("          after   other passage: fund 第二条 (")


def test_diff_as_json_and_back_in_time(run: Run, two: tuple[str, str]) -> None:
    old, new = two
    row = json.loads(run("index", "diff", new, "previous", "--json").stdout)
    assert (row["old"], row["new"]) == (new, old)
    assert row["added"] == [{"id": "pension", "title": "居民养老保险办法"}]
    (fund,) = row["changed"]
    assert fund["fields"] == [{"name": "effective", "old": "2025-07-01", "new": ""}]
    assert fund["clauses"][0]["edits"] == [{"old": "1800", "new": "1500"}]
    (asked,) = row["golden"]
    assert (asked["before"]["verdict"], asked["after"]["verdict"]) == ("other passage", "right")


def test_diff_needs_no_golden_questions_and_takes_others(
    run: Run, clean: Path, two: tuple[str, str]
) -> None:
    path = golden(clean / "other", SILENT)
    done = run("index", "diff", *two, "--golden", path)
    assert done.stdout.splitlines()[-1] == "0 of 1 golden questions are answered otherwise"
    for name in two:
        (root(clean) / name / "gate.json").unlink()
    assert "golden" not in run("index", "diff", *two).stdout


def test_diff_of_what_is_not_there_or_damaged(run: Run, clean: Path, two: tuple[str, str]) -> None:
    missing = run("index", "diff", "none", "current")
    assert (missing.exit_code, missing.stderr) == (
        1,
        "there is no release none in data/releases; see `index releases`\n",
    )
    (root(clean) / two[0] / "documents.jsonl").write_bytes(b"")
    damaged = run("index", "diff")
    assert damaged.exit_code == 1
    assert f"release {two[0]} is damaged: documents.jsonl" in damaged.stderr


def test_a_release_that_is_held_waits_for_somebody(run: Run, clean: Path, source: Path) -> None:
    now = current(root(clean))
    (source / "pension.md").unlink()
    done = run("index", "build", "--hold", "--progress", "json", sources=source)
    assert done.exit_code == 0
    assert current(root(clean)) == now
    rows = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert rows[0] == {"step": "reading", "done": 1, "total": 1}
    name = rows[-1]["release"]
    assert name in {one.name for one in releases(root(clean))} - {now}
    # A release counts as built once the gate has told, and not before.
    assert rows[-3:-1] == [{"step": "golden", "done": n, "total": 2} for n in (0, 2)]
    assert done.stdout.endswith(f"release {name} is in {Path('data/releases')}, and not current\n")


def test_the_gate_speaks_of_what_is_held_too(run: Run, source: Path) -> None:
    lose(source)
    done = run("index", "build", "--hold", sources=source)
    assert done.exit_code == 1
    assert "the golden gate refused" in done.stderr
    assert "--hold" in run("index", "build", "--hold", "--force", sources=source).stderr


def test_a_first_release_may_be_held(run: Run, clean: Path) -> None:
    folder = write(clean / "source", fund=FUND)
    assert run("index", "build", "--hold", sources=folder).exit_code == 0
    assert [one.name for one in releases(root(clean))] != []
    assert not (root(clean) / "CURRENT").exists()
