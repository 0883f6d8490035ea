"""
Releases on disk: one folder a build, and a pointer to the current one.

    releases/
      CURRENT                        name of the release that is served
      20261123-101500-3f9c2a1b/      one immutable build
        manifest.json                format, encoder, counts, sha256 of every other file
        gate.json                    how it answers the golden questions, if there are any
        SERVED                       it was current at some time

A build is drafted beside the releases, flushed to the disk, and put among them by one rename.
Another rename, of the pointer, makes it current: a reader sees the old release or the new one,
never half of each. What was never current is no release to go back to.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from index.errors import ReleaseBroken, ReleaseError, ReleaseMismatch, ReleaseMissing

FORMAT: Final = 3  # raise when the files or their meaning change
CURRENT: Final = "CURRENT"
MANIFEST: Final = "manifest.json"
SERVED: Final = "SERVED"
_DRAFT: Final = ".draft-"
_DRAFTED: Final = re.compile(re.escape(_DRAFT) + r"(?P<process>\d{1,9})-\d+")
_STAMP: Final = len("20261123-101500")
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


@contextmanager
def draft(root: Path) -> Iterator[Path]:
    """Give a new empty folder to build in; it is removed unless it was published."""
    root.mkdir(parents=True, exist_ok=True)
    folder = root / f"{_DRAFT}{os.getpid()}-{datetime.now(UTC):%Y%m%d%H%M%S%f}"
    with ExitStack() as stack:
        with _locked(root):  # nobody sweeps a draft that is not locked yet
            _sweep(root)
            folder.mkdir()
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            stack.enter_context(_locked(folder))
        yield folder


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
    # First the mark: what is current must never lack it.
    (_folder(root, name) / SERVED).touch()
    _write_at_once(root / CURRENT, name)


def was_served(folder: Path) -> bool:
    """Whether a release was current at some time; one that the gate refused was not."""
    return (folder / SERVED).is_file()


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


def previous(root: Path) -> str:
    """The release served before the current one; raise ReleaseMissing if there is none."""
    names = [one.name for one in releases(root) if was_served(root / one.name)]
    now = current(root)
    if now in names:
        earlier = names[: names.index(now)]
    else:  # its manifest is damaged; its name begins with its time, to the second
        earlier = [name for name in names if name[:_STAMP] <= now[:_STAMP]]
    if not earlier:
        raise ReleaseMissing(f"there is no release before {now} to go back to")
    return earlier[-1]


def named(root: Path, name: str) -> Path:
    """The folder of a release by its name, or by `current` or `previous`."""
    words = {"current": current, "previous": previous}
    return _folder(root, words[name](root) if name in words else name)


def locate(path: Path) -> Path:
    """The folder of a release: `path` itself, or the current one below it."""
    return path if (path / MANIFEST).is_file() else path / current(path)


def read_manifest(folder: Path) -> Manifest:
    try:
        values: dict[str, Any] = dict(json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
        if values.get("format") != FORMAT:
            raise ReleaseMismatch(
                "format", expected=FORMAT, found=values.get("format"), mend="build it again"
            )
        origin = dict(values["origin"])
        origin["sources"] = tuple(origin["sources"])
        files = dict(values["files"])
        return Manifest(**{**values, "files": files, "origin": Origin(**origin)})
    except (FileNotFoundError, NotADirectoryError):
        raise ReleaseMissing(f"{folder} is no release: it has no {MANIFEST}") from None
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ReleaseBroken(folder, f"{MANIFEST} cannot be read ({error})") from error


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


def _sweep(root: Path) -> None:
    """Remove the drafts that killed builds left behind; a living one's stays."""
    for folder in root.iterdir():
        found = _DRAFTED.fullmatch(folder.name)
        if found and not _lives_elsewhere(int(found["process"])) and not _is_locked(folder):
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder; it goes with the process. Some network disks have none."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _is_locked(folder: Path) -> bool:
    """Whether a build holds its lock; one in another container is not among our processes."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:  # it went just now
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return isinstance(error, BlockingIOError)
    finally:
        os.close(handle)
    return False


def _lives_elsewhere(process: int) -> bool:
    """
    Whether another process has that number.

    Our own number is no sign of life: in a container every build may have the same one.
    """
    if process == os.getpid():
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it lives, and is somebody else's
        return True
    return True


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
