"""
Releases on disk: one folder a build, and a pointer to the current one.

    releases/
      CURRENT                        name of the release that is served
      SERVED                         those that were, in order
      20261123-101500-3f9c2a1b/      one immutable build
        manifest.json                format, encoder, counts, sha256 of every other file
        gate.json                    how it answers the golden questions, if there are any

A build is drafted beside the releases, flushed to the disk, and put among them by one rename.
Another rename, of the pointer, makes it current: a reader sees the old release or the new one,
never half of each. What was never current is no release to go back to.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from index import served
from index.errors import ReleaseBroken, ReleaseError, ReleaseMismatch, ReleaseMissing

FORMAT: Final = 4  # raise when the files or their meaning change
CURRENT: Final = "CURRENT"
MANIFEST: Final = "manifest.json"
_BLOCK: Final = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Who built a release, from what and how. None of it is part of the digest."""

    version: str = ""  # of Mingbai; "" if it is not installed
    commit: str = ""  # of the checkout it ran from; "" if it was none
    dirty: bool | None = None  # whether that had changes; None if unknown
    sources: tuple[str, ...] = ()  # names, without the folders of the machine
    settings: Mapping[str, str | int | float] = field(default_factory=dict)  # of the encoder
    constants: Mapping[str, str | int | float] = field(default_factory=dict)  # of the search
    forced: bool = False  # to be current whatever the golden gate says


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a release says of itself."""

    format: int = FORMAT
    name: str = ""
    digest: str = ""  # of the contents: two builds of the same input have the same one
    created: str = ""  # ISO 8601, UTC
    encoder: str
    revision: str
    dimension: int
    documents: int
    passages: int
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)  # by status, kind …
    calibration: Mapping[str, float] = field(default_factory=dict)  # line, bias, each weight
    origin: Origin = field(default_factory=Origin)
    files: Mapping[str, str] = field(default_factory=dict)  # path in the folder -> sha256
    sizes: Mapping[str, int] = field(default_factory=dict)  # likewise -> bytes


def publish(root: Path, folder: Path, manifest: Manifest, *, at: datetime) -> Manifest:
    """Put a draft among the releases; `switch` makes it current. Returns the whole manifest."""
    files = {path: sha256(folder / path) for path in _files(folder)}
    digest = _identity(replace(manifest, files=files))
    stamp = at.astimezone(UTC)
    complete = replace(
        manifest,
        name=_free_name(root, f"{stamp:%Y%m%d-%H%M%S}-{digest[:8]}"),
        digest=digest,
        created=stamp.isoformat(timespec="milliseconds"),  # two builds may share a second
        files=files,
        sizes={path: (folder / path).stat().st_size for path in files},
    )
    text = json.dumps(asdict(complete), ensure_ascii=False, indent=2)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
    for path in [*files, MANIFEST, *_folders(folder)]:
        _flush(folder / path)
    folder.rename(root / complete.name)
    _flush(root)
    return complete


def switch(root: Path, name: str) -> None:
    """Make an existing release current, by one rename."""
    _folder(root, name)
    noted, now = served.names(root), _current(root)
    # Before the rename: what is current must be among those that were.
    for one in (now, name) if now and now not in noted else (name,):
        served.note(root, one)
    _write_at_once(root / CURRENT, name)


def was_served(folder: Path) -> bool:
    """Whether a release was current at some time; one that the gate refused was not."""
    return folder.name in {*served.names(folder.parent), _current(folder.parent)}


def write_beside(folder: Path, name: str, text: str) -> None:
    """Add a note to a release: a file that is no part of its contents."""
    _write_at_once(folder / name, text)


def current(root: Path) -> str:
    """Name of the current release; cheap enough to poll."""
    try:
        return (root / CURRENT).read_text(encoding="utf-8").strip()
    except (FileNotFoundError, NotADirectoryError):
        raise ReleaseMissing(
            f"there is no release in {root}; build one with "
            "`python run_bot.py index build --source FOLDER`"
        ) from None
    except (OSError, ValueError) as error:
        raise ReleaseMissing(
            f"{root / CURRENT} cannot be read ({error}); check its permissions, "
            "or name a release with `python run_bot.py index rollback NAME`"
        ) from error


def releases(root: Path) -> list[Manifest]:
    """Every release that this program can read, oldest first."""
    folders = [path.parent for path in root.glob("*/" + MANIFEST) if _is_release(path.parent)]
    found = [manifest for folder in folders if (manifest := _readable(folder)) is not None]
    return sorted(found, key=lambda one: (one.created, one.name))


def older(root: Path) -> list[str]:
    """Names of the releases of older formats: this program cannot read them."""
    found = (path.parent for path in root.glob("*/" + MANIFEST) if _is_release(path.parent))
    return sorted(folder.name for folder in found if _is_older(folder))


def previous(root: Path) -> str:
    """The release that was served before the current one; raise ReleaseMissing if none is left."""
    now = current(root)
    *earlier, _ = served.way([*served.names(root), now])
    for name in reversed(earlier):
        if _readable(root / name) is not None:
            return name
    raise ReleaseMissing(f"there is no release before {now} to go back to")


def named(root: Path, name: str) -> Path:
    """The folder of a release by its name, or by `current` or `previous`."""
    words = {"current": current, "previous": previous}
    return _folder(root, words[name](root) if name in words else name)


def locate(path: Path) -> Path:
    """The folder of a release: `path` itself, or the current one below it."""
    return path if (path / MANIFEST).is_file() else path / current(path)


def read_manifest(folder: Path) -> Manifest:
    try:
        values = dict(_parsed(folder))
        if values.get("format") != FORMAT:
            raise ReleaseMismatch(
                "format",
                expected=FORMAT,
                found=values.get("format"),
                mend="build it again with `python run_bot.py index build --source FOLDER`",
            )
        origin = dict(values["origin"])
        origin["sources"] = tuple(origin["sources"])
        files = dict(values["files"])
        return Manifest(**{**values, "files": files, "origin": Origin(**origin)})
    except (ValueError, TypeError, KeyError) as error:
        raise ReleaseBroken(folder, f"{MANIFEST} is no manifest ({error})") from error


def verify(folder: Path, manifest: Manifest) -> None:
    """
    Raise ReleaseBroken unless the manifest and every file are as they were written.

    FAISS and numpy load a file with a flipped byte without a word.
    """
    if _identity(manifest) != manifest.digest:
        raise ReleaseBroken(folder, f"{MANIFEST} is not as it was written")
    for path, expected in manifest.files.items():
        try:
            found = sha256(folder / path)
        except OSError as error:
            raise ReleaseBroken(folder, f"{path} cannot be read ({error.strerror})") from error
        if found != expected:
            raise ReleaseBroken(folder, f"{path} is not as it was written")


def sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _identity(manifest: Manifest) -> str:
    """Digest of the contents, whatever the day and the name."""
    text = f"{manifest.format} {manifest.encoder} {manifest.revision}\n" + "".join(
        f"{digest} {path}\n" for path, digest in manifest.files.items()
    )
    return hashlib.sha256(text.encode()).hexdigest()


def _parsed(folder: Path) -> Any:
    """What the manifest holds, if it is JSON at all."""
    try:
        return json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise ReleaseMissing(f"{folder} is no release: it has no {MANIFEST}") from None
    except OSError as error:
        raise ReleaseBroken(folder, f"{MANIFEST} cannot be read ({error.strerror})") from error
    except (ValueError, RecursionError) as error:  # a thousand brackets are no JSON to Python
        raise ReleaseBroken(folder, f"{MANIFEST} is not JSON ({error})") from error


def _is_older(folder: Path) -> bool:
    try:
        values = _parsed(folder)
    except ReleaseError:
        return False
    found = values.get("format") if isinstance(values, dict) else None
    return isinstance(found, int) and found < FORMAT


def _current(root: Path) -> str:
    """As `current`, or "" while there is none."""
    try:
        return current(root)
    except ReleaseMissing:
        return ""


def _readable(folder: Path) -> Manifest | None:
    try:
        return read_manifest(folder)
    except ReleaseError:
        return None


def _folders(folder: Path) -> list[str]:
    """The folder itself and those in it, the innermost first: their entries are flushed too."""
    inner = (path for path in folder.rglob("*") if path.is_dir())
    return [*sorted((path.relative_to(folder).as_posix() for path in inner), reverse=True), "."]


def _folder(root: Path, name: str) -> Path:
    if Path(name).name != name or not (root / name / MANIFEST).is_file():
        raise ReleaseMissing(f"there is no release {name} in {root}; see `index releases`")
    return root / name


def _files(folder: Path) -> list[str]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path.relative_to(folder).as_posix() for path in found)


def _free_name(root: Path, name: str) -> str:
    """Two builds of the same input within a second must not collide."""
    candidates = (name, *(f"{name}-{n}" for n in range(2, 1000)))
    return next(one for one in candidates if not (root / one).exists())


def _is_release(folder: Path) -> bool:
    return not folder.name.startswith(".")


def _write_at_once(path: Path, text: str) -> None:
    """Write a small file by a rename: it is there whole, or as it was before."""
    draft = path.with_name(f".{path.name}-{os.getpid()}")
    draft.write_text(text, encoding="utf-8")
    _flush(draft)
    draft.replace(path)
    _flush(path.parent)


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
