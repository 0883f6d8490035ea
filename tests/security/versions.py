"""
The recorded versions of what the bot runs with, deploy/versions.txt, for an audit and an image.

    python -m tests.security.versions --record      writes down what is installed
    python -m tests.security.versions               tells what is installed otherwise
    python -m tests.security.versions --audit       asks OSV about the record, where it is reached

Of packages that are only needed for tests or extras nothing is recorded.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import tomllib
import venv
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import Final
from urllib.error import URLError
from urllib.request import urlopen

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT: Final = Path(__file__).parents[2]
RECORD: Final = ROOT / "deploy" / "versions.txt"
DATABASE: Final = "https://api.osv.dev/"
REACHED_S: Final = 5.0
_HEAD: Final = "# Written by `python -m tests.security.versions --record`; pip takes it with -c.\n"
_LOCAL: Final = re.compile(r"\+.*")  # "2.13.0+cpu": which build it is


def installed() -> dict[str, str]:
    """Versions of what the project needs at run time, and of what that needs, by name."""
    found: dict[str, str] = {}
    seen: set[str] = set()
    waiting = declared()
    while waiting:
        one = waiting.pop()
        if str(one) not in seen:
            seen.add(str(one))
            at = distribution(one.name)
            found[canonicalize_name(one.name)] = _LOCAL.sub("", at.version)
            waiting.extend(_needed(at, one.extras))
    return dict(sorted(found.items()))


def declared() -> list[Requirement]:
    """What pyproject.toml names for run time."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [Requirement(one) for one in project["dependencies"]]


def _needed(at: Distribution, extras: Iterable[str]) -> Iterator[Requirement]:
    for one in map(Requirement, at.requires or ()):
        asked = ("", *extras)
        if one.marker is None or any(one.marker.evaluate({"extra": each}) for each in asked):
            yield one


def recorded() -> dict[str, str]:
    lines = RECORD.read_text(encoding="utf-8").splitlines()
    pairs = (line.partition("==") for line in lines if not line.startswith("#"))
    return {name: version for name, _, version in pairs}


def record() -> None:
    lines = (f"{name}=={version}\n" for name, version in installed().items())
    RECORD.write_text(_HEAD + "".join(lines), encoding="utf-8")


def differing(here: Mapping[str, str], there: Mapping[str, str]) -> list[str]:
    """A few words for each package that is not as it was recorded."""
    names = sorted({*here, *there})
    return [
        f"{name} {there.get(name, 'none')} -> {here.get(name, 'none')}"
        for name in names
        if here.get(name) != there.get(name)
    ]


def audit() -> int:
    """Run pip-audit over the record; without its database compare versions. Return its status."""
    try:
        urlopen(DATABASE, timeout=REACHED_S).close()
    except URLError as error:
        if not hasattr(error, "code"):  # an answer of whatever status is one
            print(f"No audit: {DATABASE} cannot be reached. {_compared()}")  # noqa: T201 - for CI
            return 0
    with tempfile.TemporaryDirectory() as folder:  # it brings thirty packages along
        venv.create(folder, with_pip=True)
        run = (f"{folder}/bin/python", "-m")
        subprocess.run([*run, "pip", "install", "--quiet", "pip-audit"], check=True)  # noqa: S603 - constants
        options = ("--vulnerability-service", "osv", "--no-deps", "--disable-pip")
        done = subprocess.run(  # noqa: S603 - constants
            [*run, "pip_audit", *options, "--requirement", str(RECORD)], check=False
        )
    return done.returncode


def _compared() -> str:
    others = differing(installed(), recorded())
    return f"Other versions than recorded: {', '.join(others) or 'none'}."


if __name__ == "__main__":
    if "--record" in sys.argv:
        record()
    elif "--audit" in sys.argv:
        sys.exit(audit())
    else:
        print(_compared())  # noqa: T201 - it was asked for
