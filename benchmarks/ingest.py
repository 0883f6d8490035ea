"""
How fast documents are read, and whether memory grows with them.

    python -m benchmarks.ingest [--corpus FILE.jsonl] [--pages FOLDER] [--trafilatura PYTHON]

Each measurement is a process of its own, so that its peak of memory is its own. Times are those
of the processor: other work on the machine changes them less than the clock's. Linux only.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from io import BytesIO
from itertools import islice
from pathlib import Path
from subprocess import CalledProcessError, run
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.measure import status_mib
from knowledge.catalogue import linked
from knowledge.language import detect
from knowledge.library import read_library
from knowledge.passages import passages
from knowledge.readers.columns import Columns
from knowledge.readers.jsonl import read_jsonl
from knowledge.validity import inherit

ROOT: Final = Path(__file__).resolve().parents[1]
SHARED: Final = ROOT.parent / "shared"
PARTS: Final = (4, 2, 1)  # a quarter, a half, and all
SETTINGS: Final = 'disclosure = "open"\n[tables."*.jsonl"]\nid = "_id"\n'
LINE: Final = '{"text": "一。"}'.encode()
# Runs where trafilatura is installed and we are not.
EXTRACT: Final = """
import json, sys, time
from pathlib import Path
from trafilatura import extract
pages = [path.read_bytes() for path in Path(sys.argv[1]).glob("*.html")]
extract(pages[0])
began = time.process_time()
found = [extract(page) for page in pages]
print(json.dumps({"documents": len(found), "seconds": time.process_time() - began}))
"""


@dataclass(frozen=True, slots=True)
class Measured:
    documents: int
    seconds: float  # of the processor
    start_mib: float = 0.0  # resident, before the first document
    peak_mib: float = 0.0

    @property
    def per_second(self) -> float:
        return self.documents / max(self.seconds, 1e-9)


def ingest(folder: Path) -> Callable[[], int]:
    """Read, link, and cut into passages all that is below the folder."""
    # What is loaded once, at the first line and at the first Latin letters, is no growth.
    detect("This text is written in English.")
    list(read_jsonl(BytesIO(LINE), Columns()))

    def work() -> int:
        library = read_library([folder])
        documents = inherit(linked(library.documents))
        assert sum(len(passages(one)) for one in documents)
        return len(documents)

    return work


def bare(folder: Path) -> Callable[[], int]:
    """Read the bytes of the same files, and decode them or parse their JSON."""

    def work() -> int:
        return sum(1 for _ in _decoded(folder))

    return work


def _decoded(folder: Path) -> Iterator[object]:
    for path in folder.glob("*.jsonl"):
        with path.open("rb") as file:
            yield from map(json.loads, file)
    for path in folder.glob("*.html"):
        yield path.read_bytes().decode("utf-8", "replace")


def report(step: Callable[[Path], Callable[[], int]], folder: str) -> None:
    """Run in the process that is measured: print what was measured as JSON."""
    work = step(Path(folder))
    start = status_mib("VmRSS")
    began = time.process_time()
    documents = work()
    seconds = time.process_time() - began
    print(json.dumps(asdict(Measured(documents, seconds, start, status_mib("VmHWM")))))


def measured(step: str, folder: Path) -> Measured:
    code = f"from benchmarks import ingest; ingest.report(ingest.{step}, {str(folder)!r})"
    return _run(Path(sys.executable), code)


def _run(python: Path, code: str, *arguments: str) -> Measured:
    command = [str(python), "-c", code, *arguments]
    done = run(command, capture_output=True, text=True, check=True, cwd=ROOT)  # noqa: S603 - ours
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


def part_of_corpus(corpus: Path, folder: Path, lines: int) -> None:
    """Write the first lines of the corpus to a folder that can be ingested."""
    folder.mkdir()
    (folder / "source.toml").write_text(SETTINGS, encoding="utf-8")
    with corpus.open("rb") as source, (folder / "corpus.jsonl").open("wb") as target:
        target.writelines(islice(source, lines))


def rounds_of_pages(pages: Path, folder: Path, rounds: int) -> None:
    """Copy the pages that many times: each copy is a document of its own."""
    folder.mkdir()
    (folder / "source.toml").write_text(SETTINGS, encoding="utf-8")
    for number in range(rounds):
        for path in pages.glob("*.html"):
            shutil.copyfile(path, folder / f"{number}-{path.name}")


def told(name: str, folder: Path) -> Measured:
    """Print a line on the ingestion of a folder beside the bare reading of it."""
    full, least = measured("ingest", folder), measured("bare", folder)
    growth = full.peak_mib - full.start_mib
    print(
        f"{name:<12}{full.documents:>8,} documents {full.per_second:>8,.0f}/s"
        f"   bare reading {least.per_second:>9,.0f}/s"
        f"   ratio {least.per_second / full.per_second:>6.1f}"
        f"   peak {full.peak_mib:>5.0f} MiB, {growth:>4.0f} above the start"
        f" ({growth * 2**20 / full.documents:,.0f} bytes a document)",
        flush=True,
    )
    return full


def trafilatura(python: Path | None, folder: Path, ours: Measured) -> None:
    if python is None:
        print("trafilatura: left out; --trafilatura names an interpreter that has it")
        return
    try:
        theirs = _run(python, EXTRACT, str(folder))
    except (OSError, CalledProcessError) as error:
        reason = getattr(error, "stderr", "") or str(error)
        print(f"trafilatura: {python} cannot run it: {reason.strip().splitlines()[-1]}")
        return
    print(
        f"trafilatura, extracting the same pages alone: {theirs.per_second:,.1f}/s; "
        f"we read, link and cut them {ours.per_second / theirs.per_second:.2f} times as fast"
    )


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m benchmarks.ingest", description=__doc__)
    options.formatter_class = argparse.RawDescriptionHelpFormatter
    options.add_argument("--corpus", type=Path, default=SHARED / "eval/stard/corpus.jsonl")
    options.add_argument("--pages", type=Path, default=SHARED / "corpus/guangzhou")
    options.add_argument("--rounds", type=int, default=8, help="copies of the pages; usually 8")
    options.add_argument("--trafilatura", type=Path, metavar="PYTHON")
    chosen = options.parse_args()
    if not chosen.corpus.is_file():
        options.error(f"there is no file {chosen.corpus}; name one with --corpus")
    if not any(chosen.pages.glob("*.html")):
        options.error(f"there is no .html file in {chosen.pages}; name a folder with --pages")
    if chosen.rounds < max(PARTS):
        options.error(f"--rounds: at least {max(PARTS)}, for a quarter of them is read as well")
    with TemporaryDirectory() as scratch:
        with chosen.corpus.open("rb") as file:
            lines = sum(1 for _ in file)
        for part in PARTS:
            folder = Path(scratch, f"corpus-{part}")
            part_of_corpus(chosen.corpus, folder, lines // part)
            told(f"corpus 1/{part}", folder)
        for part in PARTS[:-1]:
            folder = Path(scratch, f"pages-{part}")
            rounds_of_pages(chosen.pages, folder, chosen.rounds // part)
            told(f"pages 1/{part}", folder)
        every = Path(scratch, "pages")
        rounds_of_pages(chosen.pages, every, chosen.rounds)
        trafilatura(chosen.trafilatura, every, told("pages 1/1", every))


if __name__ == "__main__":
    main()
