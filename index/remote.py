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

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import Final

import fsspec
from fsspec.core import url_to_fs

from index import verified
from index.errors import ReleaseBroken, ReleaseError, ReleaseMissing, ReleaseUnreachable
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

SCHEMES: Final = "file://, s3://, gs://, abfs:// and what else fsspec knows"


class Remote:
    """A folder of releases under a URL. Its methods block: call them in a thread."""

    def __init__(self, url: str) -> None:
        """
        Take a URL of fsspec. Raise ReleaseError for one that nothing here can open.

        Keys come from the environment, as that store's own tools read them.
        """
        self.url = url.rstrip("/")
        try:
            found: tuple[fsspec.AbstractFileSystem, str] = url_to_fs(
                self.url, use_listings_cache=False
            )
        except (ImportError, ValueError) as error:
            raise ReleaseError(
                f"RELEASES_URL cannot be opened ({error}); it takes {SCHEMES}, with the package"
                " that fsspec names for it installed"
            ) from error
        self._files, self._root = found

    def current(self) -> str:
        """Name of the release to be served; raise ReleaseMissing if there is none."""
        with self._reached():
            try:
                pointer: bytes = self._files.cat_file(self._path(CURRENT))
            except FileNotFoundError:
                raise ReleaseMissing(
                    f"there is no release at {self.url}; put one there with"
                    " `python run_bot.py index push`"
                ) from None
        name = pointer.decode(errors="replace").strip()
        if not name or PurePosixPath(name).name != name:
            raise ReleaseMissing(f"{self.url}/{CURRENT} names no release; push one again")
        return name

    def push(self, root: Path, name: str) -> bool:
        """
        Make a release of `root` the one that is served; tell whether it had to be uploaded.

        Raise ReleaseError; then what was served before still is.
        """
        folder = named(root, name)
        manifest = read_manifest(folder)
        verify(folder, manifest)
        with self._reached():
            there = self._files.exists(self._path(folder.name, MANIFEST))
            if not there:
                for file in manifest.files:
                    self._put(folder, file)
                self._put(folder, MANIFEST)  # last: with it, the release is whole
            self._files.pipe_file(self._path(CURRENT), folder.name.encode())
        return not there

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
            self._download(root, name)
        switch(root, name)
        return True

    def _download(self, root: Path, name: str) -> None:
        root.mkdir(parents=True, exist_ok=True)
        draft = root / f".incoming-{name}-{os.getpid()}"
        try:
            with self._reached():
                manifest = self._fetch(draft, name)
            verify(draft, manifest)
            with suppress(OSError):  # another process of this machine was faster
                draft.rename(root / name)
            verified.note(root / name, manifest)
        finally:
            shutil.rmtree(draft, ignore_errors=True)

    def _fetch(self, draft: Path, name: str) -> Manifest:
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir()
        try:
            self._get(draft, name, MANIFEST)
            manifest = read_manifest(draft)
            for file in manifest.files:
                self._get(draft, name, _inside(draft, file))
        except FileNotFoundError as error:
            raise ReleaseBroken(draft, f"{self.url}/{name} is not whole ({error})") from error
        return manifest

    def _get(self, draft: Path, name: str, file: str) -> None:
        to = draft / file
        to.parent.mkdir(parents=True, exist_ok=True)
        self._files.get_file(self._path(name, file), str(to))

    def _put(self, folder: Path, file: str) -> None:
        to = self._path(folder.name, file)
        self._files.makedirs(str(PurePosixPath(to).parent), exist_ok=True)
        self._files.put_file(str(folder / file), to)

    def _path(self, *parts: str) -> str:
        return "/".join((self._root, *parts))

    @contextmanager
    def _reached(self) -> Iterator[None]:
        """What stores raise when they are away is as manifold as they are."""
        try:
            yield
        except ReleaseError:
            raise
        except Exception as error:
            problem = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
            raise ReleaseUnreachable(
                f"{self.url} cannot be used ({problem}); check the URL, the keys in the"
                " environment, and whether the store is up"
            ) from error


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
