"""Releases by name, opened with the encoder that they were built with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

from bot.config import Settings
from index.build import load
from index.encoders.choice import Choice
from index.release import CURRENT, MANIFEST, Manifest, locate, named
from index.searcher import Searcher
from index.types import Encoder

_OF_THE_MACHINE: Final = frozenset({"batch_size", "device"})  # they change no result


def lasting(choice: Choice) -> dict[str, Any]:
    """Those settings of the encoder that its vectors depend on."""
    return {name: value for name, value in asdict(choice).items() if name not in _OF_THE_MACHINE}


def as_built(choice: Choice, settings: Mapping[str, Any]) -> Choice:
    """The choice with what a release says of its encoder; the machine stays ours."""
    known = lasting(choice).keys()
    return replace(choice, **{name: settings[name] for name in known if name in settings})


def open_as_built(settings: Settings, folder: Path) -> Searcher:
    """Open a release, whatever encoder the settings name now."""

    def encoder(manifest: Manifest, folder: Path) -> Encoder:
        told = {**manifest.origin.settings, "name": manifest.encoder}
        wanted = as_built(settings.choice, told)
        return wanted.load(manifest, folder)

    return load(folder, encoder=encoder, outside=settings.outside().as_built(folder))


def folder_of(release: str, root: Path) -> Path:
    """
    The folder of a release by its path, its name, or `current` or `previous`.

    The path of a folder of releases means the current one of them.
    """
    path = Path(release)
    if (path / MANIFEST).is_file() or (path / CURRENT).is_file():
        return locate(path)
    return named(root, release)
