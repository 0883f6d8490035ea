"""Copies of fetched pages in a folder, so that an unchanged page is not sent again."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from knowledge.unused import remove_unused, used


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """What a site said of a page when it sent it."""

    url: str  # as it was asked for
    final: str  # after redirects
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    sha256: str = ""
    day: str = ""  # when it was sent, 2025-07-08


class Copies:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def body(self, url: str) -> Path:
        return self.folder / f"{_name(url)}.body"

    def find(self, url: str) -> Copy | None:
        """Return the copy of a page, unless it is missing or damaged."""
        try:
            told = json.loads(self._told(url).read_bytes())
            copy = Copy(**{str(name): str(value) for name, value in told.items()})
            body = self.body(url).read_bytes()
        except (OSError, ValueError, TypeError, AttributeError):
            return None
        whole = hashlib.sha256(body).hexdigest() == copy.sha256
        if not whole or copy.url != url:
            return None
        used(self.body(url))
        used(self._told(url))
        return copy

    def tidy(self) -> None:
        """Remove the copies of pages that no list has named for long."""
        remove_unused(self.folder.glob("*"))

    def keep(self, copy: Copy, body: bytes) -> None:
        """Write the body first: without it, what is said of it does not count."""
        self.folder.mkdir(parents=True, exist_ok=True)
        _write(self.body(copy.url), body)
        told = json.dumps(asdict(copy), ensure_ascii=False).encode()
        _write(self._told(copy.url), told)

    def _told(self, url: str) -> Path:
        return self.folder / f"{_name(url)}.json"


def _write(path: Path, data: bytes) -> None:
    scratch = path.with_suffix(f"{path.suffix}.new")
    scratch.write_bytes(data)
    scratch.replace(path)


def _name(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()[:32]
