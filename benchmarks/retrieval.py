"""
Retrieval, side by side in one run: Mingbai, the bare cost of encode + FAISS, txtai, Haystack.

    python -m benchmarks.retrieval SET [--questions 200] [--encoder builtin]
        [--txtai PYTHON] [--haystack PYTHON]

SET is a folder in BEIR layout. A peer takes part if an interpreter that has it is named: it has
an environment of its own. All search the same passages with the same vectors. Ratios tell more
than seconds: they are taken on one machine, within one run.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from benchmarks.ours import Task

ROOT: Final = Path(__file__).parents[1]
PEERS: Final = {
    "txtai": "benchmarks.peers.txtai_search",
    "haystack": "benchmarks.peers.haystack_search",
}
Figures = Mapping[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("set", type=Path)
    parser.add_argument("--documents", type=int, help="only the first so many")
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument(
        "--encoder", default="builtin", help="builtin, or a folder or name of a model"
    )
    parser.add_argument("--txtai", type=Path, help="an interpreter that has txtai")
    parser.add_argument("--haystack", type=Path, help="an interpreter that has haystack-ai")
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    given = parser.parse_args()
    task = Task(
        set=str(given.set.resolve()),
        documents=given.documents,
        questions=given.questions,
        encoder=given.encoder,
    )
    interpreters = {"txtai": given.txtai, "haystack": given.haystack}
    with tempfile.TemporaryDirectory() as scratch:
        figures = measure(task, Path(scratch), interpreters)
    if given.json:
        given.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    show(figures)


def measure(
    task: Task, folder: Path, interpreters: Mapping[str, Path | None]
) -> dict[str, Figures]:
    task.save(folder)
    built = _run(Path(sys.executable), "benchmarks.ours", "build", folder)
    bare = _run(Path(sys.executable), "benchmarks.ours", "prepare", folder)
    asked = _run(Path(sys.executable), "benchmarks.ours", "ask", folder)
    found: dict[str, Figures] = {"mingbai": {**built, **asked}, "bare": {**bare, **asked["bare"]}}
    for name, interpreter in interpreters.items():
        if interpreter is None:
            continue
        try:
            found[name] = _run(interpreter, PEERS[name], folder)
        except subprocess.CalledProcessError:  # its own words are on stderr
            print(f"{name} failed; the others go on")
    return found


def _run(interpreter: Path, module: str, *words: object) -> Figures:
    command = [str(interpreter), "-m", module, *(str(word) for word in words)]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 - ours
    found: Figures = json.loads(done.stdout.splitlines()[-1])
    return found


def show(figures: Mapping[str, Figures]) -> None:
    ours, bare = figures["mingbai"], figures["bare"]
    print(f"{ours['documents']} documents, {ours['passages']} passages")
    encode = bare["encode_s"]
    print(f"bare: encode {encode} s + FAISS {bare['faiss_s']} s")
    columns = (
        "build_s",
        "size_mib",
        "peak_mib",
        "load_s",
        "resident_mib",
        "p50_ms",
        "p95_ms",
        "per_second",
        "recall@1",
        "recall@5",
    )
    print(f"{'':10}" + "".join(f"{name:>13}" for name in columns))
    for name, one in figures.items():
        row = dict(one)
        if name not in {"mingbai", "bare"}:  # their vectors were encoded before
            row["build_s"] = round(row["build_s"] + encode, 2)
        if name == "bare":
            row = {
                **row,
                "build_s": encode + bare["faiss_s"],
                "per_second": ours["bare_per_second"],
            }
        print(f"{name:10}" + "".join(f"{row.get(column, ''):>13}" for column in columns))
    for name, one in figures.items():
        if name != "mingbai":
            print(f"p50 of Mingbai / {name}: {ours['p50_ms'] / one['p50_ms']:.2f}")


if __name__ == "__main__":
    main()
