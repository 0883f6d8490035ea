"""
Where a release comes from: the program, the sources, and the settings that shape it.

It goes into the manifest for people to read. Nothing of it may enter the digest, which is that
of the contents: the same input gives the same digest on every day and machine.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import ModuleType
from typing import Final

from index import (
    amounts,
    calibration,
    judging,
    keywords,
    lacking,
    legs,
    questions,
    ranking,
    routing,
    sources,
    windows,
)
from index.calibration import Calibration
from index.glossary import SHIPPED
from index.release import Origin
from knowledge import passages
from knowledge.types import Document

CHECKOUT: Final = Path(__file__).parents[1]
CODE: Final = ("bot", "index", "knowledge", "run_bot.py")
GIT_S: Final = 20.0  # for `git status`, on a slow disk
_COMMIT: Final = re.compile(r"[0-9a-f]{40,64}")
MODULES: Final = (
    *(amounts, calibration, judging, keywords, lacking, legs, passages, questions),
    *(ranking, routing, sources, windows),
)


def origin(
    read: Sequence[Path], settings: Mapping[str, str | int | float], *, forced: bool = False
) -> Origin:
    """What this program can say of a release that it builds now from these sources."""
    return Origin(
        version=_version(),
        commit=commit(CHECKOUT),
        dirty=dirty(CHECKOUT),
        sources=tuple(source.resolve().name for source in read),
        settings=dict(settings),
        constants=constants(),
        forced=forced,
    )


def constants() -> dict[str, str | int | float]:
    """The numbers of the search by module and name, and the digest of the glossary."""
    found = {name: value for module in MODULES for name, value in _numbers(module)}
    glossary = hashlib.sha256(SHIPPED.read_bytes()).hexdigest()
    return {**dict(sorted(found.items())), SHIPPED.name: glossary}


def counts(documents: Sequence[Document]) -> dict[str, dict[str, int]]:
    """How many documents there are of each status, kind and language."""
    return {
        "status": _counted([document.status for document in documents]),
        "kind": _counted([document.kind for document in documents]),
        "language": _counted([document.language for document in documents]),
    }


def summary(made: Calibration) -> dict[str, float]:
    """The two bounds, the weights of the features by name, and on how much they stand."""
    return {
        "line": made.line,
        **({} if made.clarify is None else {"clarify": made.clarify}),
        "bias": made.bias,
        **dict(zip(made.names, made.weights, strict=True)),
        "vector_weight": made.vector_weight,
        "questions": made.questions,
    }


def commit(checkout: Path) -> str:
    """
    The commit of a checkout, "" if it is none or cannot be read.

    Read from the files, so that an image without git knows it too.
    """
    folder = _git_folder(checkout)
    head = _text(folder / "HEAD")
    if not head.startswith("ref: "):
        return head if _COMMIT.fullmatch(head) else ""
    reference = head.removeprefix("ref: ")
    common = folder / (_text(folder / "commondir") or ".")  # of a worktree
    for found in (_text(folder / reference), _text(common / reference)):
        if _COMMIT.fullmatch(found):
            return found
    packed = (line.split(" ") for line in _text(common / "packed-refs").splitlines())
    return next((words[0] for words in packed if words[1:] == [reference]), "")


def dirty(checkout: Path) -> bool | None:
    """Whether the code of a checkout differs from its commit; None if git cannot tell."""
    git = shutil.which("git")
    if git is None or not (checkout / ".git").exists():
        return None
    command = [git, "--no-optional-locks", "status", "--porcelain", "--", *CODE]
    try:
        done = subprocess.run(  # noqa: S603 - git itself, in our own folder
            command, cwd=checkout, capture_output=True, timeout=GIT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return bool(done.stdout.strip()) if done.returncode == 0 else None


def _git_folder(checkout: Path) -> Path:
    """`.git`, or what it points to: in a worktree it is a file."""
    pointer = _text(checkout / ".git")
    return checkout / (pointer.removeprefix("gitdir: ") or ".git")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return ""


def _numbers(module: ModuleType) -> list[tuple[str, int | float]]:
    """Public constants that are numbers, by module and name."""
    place = module.__name__.rpartition(".")[2]
    return [
        (f"{place}.{name}", value)
        for name, value in vars(module).items()
        if name.isupper() and not name.startswith("_") and isinstance(value, int | float)
    ]


def _counted(values: Sequence[str]) -> dict[str, int]:
    return dict(sorted(Counter(str(value) for value in values).items()))


def _version() -> str:
    """From the checkout, for what is installed may be older; else as installed."""
    try:
        project = tomllib.loads(_text(CHECKOUT / "pyproject.toml"))
        return str(project["project"]["version"]) if project else version("mingbai")
    except (tomllib.TOMLDecodeError, KeyError, TypeError, PackageNotFoundError):
        return ""
