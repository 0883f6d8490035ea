"""
What the readers say of uploaded files: `knowledge report`, in a process of its own.

A file that makes a reader run for minutes, or crash, does no harm to the bot: the process is
stopped after a while, and the files wait without a report.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import structlog

from bot.maintain.disk import locked
from bot.maintain.program import Program
from bot.maintain.staging import Staged, Staging
from knowledge.source import FILE, read_source

LONGEST_S: Final = 180.0
LOOK_S: Final = 0.1
_REPORT: Final = "report.json"
_SCRATCH: Final = ".report-"
_SEEN: Final = "seen.json"  # which files the report is of

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A document that would be in the library."""

    id: str
    title: str
    kind: str
    standing: str
    number: str
    issuer: str
    published: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    severity: str
    document: str
    about: str
    problem: str
    mend: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    documents: tuple[Read, ...]
    closed: tuple[str, ...]  # what may not be shown: not open, or nobody says so
    findings: tuple[Finding, ...]  # the worst first
    fresh: bool  # whether it is of the files that wait now


class Ingestion:
    def __init__(self, staging: Staging, folder: Path, program: Program) -> None:
        self._staging = staging
        self._folder = folder
        self._program = program
        self._one = asyncio.Lock()

    async def check(self, settings_of: Path | None) -> bool:
        """
        Read all that waits, and keep the report; False if it came to no end.

        `settings_of` is the folder of sources whose source.toml speaks for them, but for the
        addresses that it names: those are read by a build.
        """
        try:
            async with self._alone():
                await asyncio.to_thread(self._sweep)
                files = self._staging.listed()
                return not files or await self._checked(files, settings_of)
        except (OSError, ValueError):
            log.exception("maintain.check.failed")
            return False

    def report(self) -> Report | None:
        """None if nothing was checked yet."""
        try:
            row = json.loads((self._folder / _REPORT).read_text(encoding="utf-8"))
            seen = json.loads((self._folder / _SEEN).read_text(encoding="utf-8"))
            fresh = seen == _mark(self._staging.listed())
            return report_of(row["report"], prefix=row["prefix"], fresh=fresh)
        except (OSError, ValueError):
            return None
        except (KeyError, TypeError, AttributeError):  # of another version of ours
            return None

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        """One check at a time, of whichever worker: each sweeps what others left."""
        async with self._one:
            self._folder.mkdir(parents=True, exist_ok=True)
            handle = os.open(self._folder, os.O_RDONLY)
            try:
                while not locked(handle):  # noqa: ASYNC110 - another process has it
                    await asyncio.sleep(LOOK_S)
                yield
            finally:
                os.close(handle)

    async def _checked(self, files: Sequence[Staged], settings_of: Path | None) -> bool:
        with TemporaryDirectory(dir=self._folder, prefix=_SCRATCH) as scratch:
            inside = Path(scratch) / "uploaded"
            await asyncio.to_thread(self._lay_out, inside, settings_of)
            if not await self._run(inside, Path(scratch)):
                return False
            text = (Path(scratch) / _REPORT).read_text(encoding="utf-8")
        row = {"prefix": f"{inside}/", "report": json.loads(text)}
        self._write(_REPORT, row)
        self._write(_SEEN, _mark(files))
        return True

    def _sweep(self) -> None:
        """Of a check that was killed: its links keep what was discarded on the disk."""
        for path in self._folder.glob(f"{_SCRATCH}*"):
            shutil.rmtree(path, ignore_errors=True)

    def _lay_out(self, inside: Path, settings_of: Path | None) -> None:
        inside.mkdir()
        for one in self._staging.listed():
            with suppress(FileNotFoundError):  # discarded meanwhile
                _link(self._staging.folder / one.name, inside / one.name)
        if settings_of is not None and _names_no_address(settings_of / FILE):
            shutil.copyfile(settings_of / FILE, inside / FILE)

    async def _run(self, source: Path, out: Path) -> bool:
        command = self._program.command(
            "knowledge", "report", "--source", str(source), "--out", str(out)
        )
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            env=self._program.environment,
        )
        try:
            async with asyncio.timeout(LONGEST_S):
                return await process.wait() == 0
        except TimeoutError:
            return False
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()

    def _write(self, name: str, value: object) -> None:
        draft = self._folder / f".{name}"
        draft.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
        draft.replace(self._folder / name)


def report_of(row: Mapping[str, Any], *, prefix: str, fresh: bool) -> Report:
    """From report.json, without the folder that the files lay in."""
    closed = {"closed", "undisclosed"}
    return Report(
        documents=tuple(
            Read(
                id=one["id"],
                title=one["title"],
                kind=one["kind"],
                standing=one["standing"],
                number=one["number"] or "",
                issuer=one["issuer"] or "",
                published=one["published"] or "",
            )
            for one in row["documents"]
        ),
        closed=tuple(
            one["path"].removeprefix(prefix) for one in row["skipped"] if one["why"] in closed
        ),
        findings=tuple(
            Finding(
                severity=one["severity"],
                document=one["document"].removeprefix(prefix),
                about=one["about"],
                problem=one["problem"].replace(prefix, ""),
                mend=one["mend"],
            )
            for one in row["problems"]
        ),
        fresh=fresh,
    )


def _link(path: Path, target: Path) -> None:
    try:
        target.hardlink_to(path)
    except FileNotFoundError:
        raise
    except OSError:  # a disk that has no hard links
        shutil.copyfile(path, target)


def _mark(files: Sequence[Staged]) -> list[list[object]]:
    return [[one.name, one.bytes, one.at.isoformat()] for one in files]


def _names_no_address(path: Path) -> bool:
    """Whether there is such a file; one with mistakes closes its folder, here as in a build."""
    if not path.is_file() or path.is_symlink():
        return False
    try:
        return not read_source(path.read_bytes()).urls
    except ValueError:
        return True
