"""
Releases in an object store, for workers that share no folder.

    URL/CURRENT                name of the release that is served
    URL/NAME/manifest.json     and the files that it names

Whoever builds pushes: all files of a release, its manifest, and last the pointer. Each worker
pulls into its own folder of releases: a release is downloaded once, compared with the digests of
its manifest before it is put among the others, and served from there. Where the store is away,
workers go on with what they have.
"""

from __future__ import annotations

import shutil
import time
from contextlib import suppress
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Final

from index import verified
from index.errors import ReleaseBroken, ReleaseError, ReleaseMissing
from index.objects import Objects
from index.release import (
    CURRENT,
    MANIFEST,
    Manifest,
    current,
    named,
    read_manifest,
    switch,
    verify,
)

# Workers look every few seconds: a damaged release of gigabytes must not be downloaded each time.
REFUSED_S: Final = 300.0
INCOMING: Final = ".incoming-"
LEFT_S: Final = 86_400.0  # after which a download that has not ended was left by a killed worker


class Remote:
    """A folder of releases under a URL. Its methods block: call them in a thread."""

    def __init__(self, url: str) -> None:
        """Take a URL of fsspec. Raise ReleaseError for one that nothing here can open."""
        self._there = Objects(url)
        self._refused: tuple[str, float, ReleaseBroken] | None = None  # a release, until when, why

    def current(self) -> str:
        """Name of the release to be served; raise ReleaseMissing if there is none."""
        try:
            name = self._pointer()
        except FileNotFoundError as error:  # or there is no such bucket
            raise ReleaseMissing(
                f"there is no release at {self._there} ({error}); put one there with"
                " `python run_bot.py index push`"
            ) from None
        if not name or PurePosixPath(name).name != name:
            raise ReleaseMissing(f"{self._there}/{CURRENT} names no release; push one again")
        return name

    def push(self, root: Path, name: str) -> bool:
        """
        Make a release of `root` the one that is served; tell whether it had to be uploaded.

        Raise ReleaseError; then what was served before still is. So it is where somebody else
        pushed meanwhile: an upload that took long does not undo a newer one.
        """
        folder = named(root, name)
        manifest = read_manifest(folder)
        verify(folder, manifest)
        before = self._pushed()
        whole = self._has(folder)
        if not whole:
            for file in (*manifest.files, MANIFEST):  # last: with it, the release is whole
                self._there.send(folder / file, f"{folder.name}/{file}")
        now = self._pushed()
        if now not in (before, folder.name):
            raise ReleaseError(
                f"release {now} was pushed to {self._there} while {folder.name} was on its way,"
                f" and stays; if {folder.name} is to be served, push it again"
            )
        self._there.replace(CURRENT, folder.name.encode())
        return not whole

    def pull(self, root: Path) -> bool:
        """
        Make what is served there current in `root`; tell whether it was another release.

        Raise ReleaseError: then `root` is as it was.
        """
        name = self.current()
        with suppress(ReleaseMissing):
            if current(root) == name:
                return False
        if not (root / name / MANIFEST).is_file():
            self._download_once(root, name)
        switch(root, name)
        return True

    def _pointer(self) -> str:
        return self._there.read(CURRENT).decode(errors="replace").strip()

    def _pushed(self) -> str:
        """As the pointer says, or "" while there is none."""
        try:
            return self._pointer()
        except FileNotFoundError:
            return ""

    def _has(self, folder: Path) -> bool:
        """Whether that very release is there; a manifest cut short is no sign of it."""
        try:
            return (
                self._there.read(f"{folder.name}/{MANIFEST}") == (folder / MANIFEST).read_bytes()
            )
        except FileNotFoundError:
            return False

    def _download_once(self, root: Path, name: str) -> None:
        if self._refused is not None:
            refused, until, error = self._refused
            if refused == name and time.monotonic() < until:
                raise error.with_traceback(None)
        try:
            self._download(root, name)
        except ReleaseBroken as error:
            self._refused = name, time.monotonic() + REFUSED_S, error
            raise

    def _download(self, root: Path, name: str) -> None:
        root.mkdir(parents=True, exist_ok=True)
        _sweep(root)
        with TemporaryDirectory(prefix=INCOMING, dir=root, ignore_cleanup_errors=True) as incoming:
            draft = Path(incoming, name)  # what is wrong with it is said of that name
            manifest = self._fetch(draft, name)
            verify(draft, manifest)
            with suppress(OSError):  # another process of this machine was faster
                draft.rename(root / name)
            verified.note(root / name, manifest)

    def _fetch(self, draft: Path, name: str) -> Manifest:
        draft.mkdir()
        try:
            self._get(draft, name, MANIFEST)
            manifest = read_manifest(draft)
            for file in manifest.files:
                self._get(draft, name, _inside(draft, file))
        except FileNotFoundError as error:
            raise ReleaseBroken(draft, f"{self._there}/{name} is not whole ({error})") from error
        return manifest

    def _get(self, draft: Path, name: str, file: str) -> None:
        to = draft / file
        to.parent.mkdir(parents=True, exist_ok=True)
        self._there.fetch(f"{name}/{file}", to)


def make_current(url: str, root: Path, name: str) -> None:
    """
    Switch to a release of `root`; with a URL for all workers that pull from there.

    Raise ReleaseError; then what was current still is, here and there.
    """
    if url:
        Remote(url).push(root, name)
    switch(root, name)


def _inside(draft: Path, file: str) -> str:
    way = PurePosixPath(file)
    if way.is_absolute() or ".." in way.parts:
        raise ReleaseBroken(draft, f"{MANIFEST} names {file!r}, which leads elsewhere")
    return file


def _sweep(root: Path) -> None:
    """Remove what killed workers were downloading."""
    for left in root.glob(f"{INCOMING}*"):
        with suppress(OSError):  # another worker was faster
            if time.time() - left.stat().st_mtime > LEFT_S:
                shutil.rmtree(left, ignore_errors=True)
