"""A file to the pages in it: documents, tables, archives and lists of addresses alike."""

from __future__ import annotations

import asyncio
import hashlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final
from urllib.parse import unquote, urlsplit

from knowledge import metadata
from knowledge.archives import Member, members
from knowledge.readers import READERS
from knowledge.readers.base import Page
from knowledge.readers.parts import PARTS
from knowledge.readers.reading import Note
from knowledge.source import FILE, Source

LARGEST: Final = 50_000_000  # bytes; a larger file is not one policy
_LARGEST_TABLE: Final = 2_000_000_000  # bytes; read row by row
_STREAMED: Final = frozenset({".csv", ".tsv", ".jsonl", ".ndjson", ".xlsx", ".zip"})
MOST_URLS: Final = 10_000
_MEND: Final = "mend the file and build again"
_SAVE_AS: Final = {
    **dict.fromkeys(
        (".doc", ".wps", ".rtf", ".odt", ".docm"), "use .docx: save it in that format"
    ),
    **dict.fromkeys((".xls", ".et", ".ods", ".xlsm"), "use .xlsx: save it in that format"),
    **dict.fromkeys((".ofd", ".ppt", ".pptx", ".dps"), "use .pdf: save it in that format"),
    **dict.fromkeys((".rar", ".7z", ".tar", ".gz"), "use .zip: pack it anew"),
}


ENDINGS: Final = tuple(sorted({*READERS, *PARTS, ".zip"}))


def most_bytes(ending: str) -> int | None:
    """How large a file with that ending may be; None if no reader takes it."""
    if ending not in ENDINGS:
        return None
    return _LARGEST_TABLE if ending in _STREAMED else LARGEST


@dataclass(frozen=True, slots=True)
class Item:
    """A page, and where it came from."""

    page: Page
    id: str
    name: str  # of the file, without its ending
    source: str  # where a reader can check it
    where: str  # for the maintainer: the path, and the part of the file


@dataclass(frozen=True, slots=True)
class Trouble:
    """What was not read, or not as it stands."""

    where: str
    reason: str


Intake = Iterator[Item | Trouble]


def take(path: Path, name: str, source: Source) -> Intake:
    """
    Yield the pages in a file, whose id is `name`, with what the source says of it filled in.

    Never raises for what is in the file.
    """
    where = str(path)
    try:
        found = _urls(path, name, source) if _is_list(path) else _local(path, name, source)
        for one in found:
            yield replace(one, page=_said(one.page, source)) if isinstance(one, Item) else one
    except OSError as error:
        yield Trouble(where, f"cannot be read ({error.strerror}); check its permissions")
    except ValueError as error:
        yield Trouble(where, f"{error}; {_MEND}")


def _is_list(path: Path) -> bool:
    return path.suffix.lower() == ".urls" or path.name == FILE


def _local(path: Path, name: str, source: Source) -> Intake:
    ending = path.suffix.lower()
    largest = most_bytes(ending)
    if largest is not None and path.stat().st_size > largest:
        yield Trouble(str(path), f"larger than {largest} bytes; split it by policy")
        return
    base = Item(Page(text=""), name, path.stem, path.name, str(path))
    if ending != ".zip":
        yield from _file(base, path.name, path, source)
        return
    with path.open("rb") as stream:
        for member in members(stream, largest=LARGEST):
            if isinstance(member, Note):
                yield Trouble(f"{path}/{member.where}", member.problem)
            else:
                yield from _inside(base, member, source)


def _inside(archive: Item, member: Member, source: Source) -> Intake:
    inner = PurePosixPath(member.name)
    base = replace(
        archive,
        id=f"{archive.id}/{inner.with_suffix('')}",
        name=inner.stem,
        source=f"{archive.source}/{inner}",
        where=f"{archive.where}/{inner}",
    )
    try:
        yield from _file(base, inner.name, member.data, source)
    except ValueError as error:
        yield Trouble(base.where, f"{error}; {_MEND}")


def _file(base: Item, name: str, content: Path | bytes, source: Source) -> Intake:
    """Yield the pages of one file, as `base` with its page and the part of the file."""
    ending = PurePosixPath(name).suffix.lower()
    reader = READERS.get(ending)
    if reader is not None:
        data = content if isinstance(content, bytes) else content.read_bytes()
        yield replace(base, page=reader(data))
        return
    parts = PARTS.get(ending)
    if parts is None:
        kind = ending or "files without an ending"
        known = " ".join(sorted({*ENDINGS, ".urls"}))
        yield Trouble(base.where, f"no reader for {kind}; {_SAVE_AS.get(ending, f'use {known}')}")
        return
    with _opened(content) as stream:
        for part in parts(stream, source.columns(name)):
            if isinstance(part, Note):
                where = f"{base.where} {part.where}".strip()
                yield Trouble(where, part.problem)
            else:
                yield replace(
                    base,
                    page=part.page,
                    id=f"{base.id}/{part.key}" if part.key else base.id,
                    where=f"{base.where} {part.where}".strip(),
                )


def _opened(content: Path | bytes) -> BinaryIO:
    return BytesIO(content) if isinstance(content, bytes) else content.open("rb")


def _said(page: Page, source: Source) -> Page:
    """Fill in what the source says of all its documents and this one does not say itself."""
    declared = dict(page.declared)
    title = str(declared.get("title", ""))
    if source.kind and not declared.get("kind"):
        declared["kind"] = source.kind
    if source.language and not declared.get("language"):
        declared["language"] = source.language
    if source.issuer and not declared.get("issuer") and not metadata.issuer(title, page.text):
        declared["issuer"] = source.issuer
    if source.topics:
        own = declared.get("topics") or []
        own = list(own) if isinstance(own, list | tuple) else [own]
        declared["topics"] = [*own, *(topic for topic in source.topics if topic not in own)]
    return replace(page, declared=declared)


def _urls(path: Path, name: str, source: Source) -> Intake:
    if path.name == FILE:
        urls: Sequence[str] = source.urls
        name = str(PurePosixPath(name).parent)
    else:
        urls, troubles = _listed(path)
        yield from troubles
    urls = list(dict.fromkeys(urls))
    if len(urls) > MOST_URLS:
        raise ValueError(f"it lists {len(urls)} addresses, more than {MOST_URLS}")
    if urls:
        yield from _fetched(urls, path, "" if name == "." else f"{name}/", source)


def _listed(path: Path) -> tuple[list[str], list[Trouble]]:
    """Return the addresses, one a line; blank lines and those that begin with # are none."""
    urls: list[str] = []
    troubles: list[Trouble] = []
    if path.stat().st_size > LARGEST:
        raise ValueError(f"larger than {LARGEST} bytes")
    lines = path.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        if text.lower().startswith(("http://", "https://")) and " " not in text:
            urls.append(text)
        else:
            told = f"{text[:60]!r} is no address that begins with http:// or https://"
            troubles.append(Trouble(f"{path}:{number}", told))
    return urls, troubles


def _fetched(urls: Sequence[str], path: Path, prefix: str, source: Source) -> Intake:
    from knowledge.fetch import Missed, fetch  # noqa: PLC0415 - most builds fetch nothing
    from knowledge.manners import Manners  # noqa: PLC0415

    manners = source.manners or Manners()
    # A thread of its own: the caller may stand in an event loop already.
    with ThreadPoolExecutor(1) as thread:
        answers = thread.submit(asyncio.run, fetch(urls, _copies(path), manners)).result()
    for answer in answers:
        if isinstance(answer, Missed):
            yield Trouble(answer.url, answer.problem)
            continue
        if answer.stale:
            yield Trouble(answer.url, answer.stale)
        id_ = prefix + url_id(answer.url)
        base = Item(Page(text=""), id_, PurePosixPath(id_).name, answer.url, answer.url)
        try:
            yield from _file(base, f"page{answer.ending}", answer.body.read_bytes(), source)
        except ValueError as error:
            yield Trouble(answer.url, str(error))


def _copies(path: Path) -> Path:
    beside = path.parent / ".fetched"
    if os.access(path.parent, os.W_OK):
        return beside
    return Path(tempfile.gettempdir()) / "mingbai-fetched"


def url_id(url: str) -> str:
    """gov.cn/a/b for https://gov.cn/a/b.html; a query is told by its digest."""
    parts = urlsplit(url)
    path = unquote(parts.path).strip("/") or "index"
    name = f"{parts.netloc.lower()}/{PurePosixPath(path).with_suffix('')}"
    return (
        f"{name}-{hashlib.sha256(parts.query.encode()).hexdigest()[:8]}" if parts.query else name
    )
