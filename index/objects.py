"""
Files under a URL that fsspec opens: a folder, an object store, a web server.

Where stores differ is known here alone. An object store has no folders, and writes a file whole or
not at all; a folder does neither by itself.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Final
from urllib.parse import urlsplit

import fsspec
from fsspec.core import url_to_fs
from fsspec.implementations.local import LocalFileSystem
from fsspec.utils import get_protocol

from index.errors import ReleaseError, ReleaseUnreachable

SCHEMES: Final = "file://, s3://, gs://, abfs:// and what else fsspec knows"


class Objects:
    """Its methods block, raise ReleaseUnreachable where the store is away, and may be repeated."""

    def __init__(self, url: str) -> None:
        """
        Connect to nothing yet: the store may be away. Raise ReleaseError for an unknown scheme.

        Keys come from the environment, as that store's own tools read them.
        """
        self._url = url.rstrip("/")
        self._access = urlsplit(self._url).netloc.rpartition("@")[0]  # a name and a password
        self._opened: tuple[fsspec.AbstractFileSystem, str] | None = None
        try:
            fsspec.get_filesystem_class(get_protocol(self._url))
        except (ImportError, ValueError) as error:
            raise ReleaseError(
                f"RELEASES_URL cannot be opened ({error}); it takes {SCHEMES}, with the package"
                " that fsspec names for it installed (for s3://: pip install 'mingbai[s3]')"
            ) from error

    def __str__(self) -> str:
        """The URL, as it may be shown."""
        return self._shown(self._url)

    def read(self, path: str) -> bytes:
        """Return a small file; raise FileNotFoundError if there is none, or nowhere to have it."""
        # Not cat_file: to s3fs that is two requests, the first for the size. Refused, it gives no
        # reason; without such a file it becomes a listing, which keys for reading may not allow.
        with TemporaryDirectory() as folder:
            to = Path(folder, "read")
            self.fetch(path, to)
            return to.read_bytes()

    def fetch(self, path: str, to: Path) -> None:
        """Bring a file here; raise FileNotFoundError as read()."""
        with self._reached(FileNotFoundError) as (files, root):
            files.get_file(f"{root}/{path}", str(to))

    def send(self, file: Path, path: str) -> None:
        with self._reached() as (files, root):
            to = f"{root}/{path}"
            # In folders only: s3fs would make a bucket that is misspelt.
            if isinstance(files, LocalFileSystem):
                files.makedirs(str(PurePosixPath(to).parent), exist_ok=True)
            files.put_file(str(file), to)

    def replace(self, path: str, content: bytes) -> None:
        """Write a small file: who reads it meanwhile gets all of the old one or of the new one."""
        with self._reached() as (files, root):
            to = f"{root}/{path}"
            if isinstance(files, LocalFileSystem):
                draft = f"{to}-{secrets.token_hex(4)}"
                files.pipe_file(draft, content)
                files.mv(draft, to)
            else:
                files.pipe_file(to, content)

    @contextmanager
    def _reached(
        self, *passed_on: type[Exception]
    ) -> Iterator[tuple[fsspec.AbstractFileSystem, str]]:
        """What stores raise when they are away is as manifold as they are."""
        try:
            if self._opened is None:
                self._opened = url_to_fs(
                    self._url, use_listings_cache=False, skip_instance_cache=True
                )
            yield self._opened
        except passed_on:
            raise
        except Exception as error:
            self._opened = None  # opened anew the next time: keys may have been renewed
            problem = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
            raise ReleaseUnreachable(
                f"{self} cannot be used ({self._shown(problem)}); check the URL, the keys in the"
                " environment, and whether the store is up"
            ) from error

    def _shown(self, text: str) -> str:
        return text.replace(f"{self._access}@", "") if self._access else text
