"""The files of a form, straight to the disk as they come."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from aiohttp import BodyPartReader, MultipartReader

from bot.errors import MaintenanceRefused
from bot.maintain.names import safe_name
from bot.maintain.staging import Staging

CHUNK: Final = 256 * 1024  # bytes
MOST_DRAINED: Final = 50_000_000  # bytes of a refused file that are read, for the form to end well


@dataclass(frozen=True, slots=True)
class Uploaded:
    taken: Sequence[str]  # names
    refused: Sequence[MaintenanceRefused]


async def take_files(parts: MultipartReader | None, staging: Staging) -> Uploaded:
    """
    Take each file that has a name we can give it; the others are told.

    Raise MaintenanceRefused for one that is too large or cut off: what came before it stays.
    """
    taken: list[str] = []
    refused: list[MaintenanceRefused] = []
    try:
        while parts is not None and (part := await parts.next()) is not None:
            if not isinstance(part, BodyPartReader) or not part.filename:
                await _drain(part)
                continue
            try:
                name = safe_name(part.filename)
            except MaintenanceRefused as error:  # the form goes on behind it
                refused.append(error)
                await _drain(part)
                continue
            with staging.receiving(name) as file:
                while data := await part.read_chunk(CHUNK):
                    await asyncio.to_thread(file.write, data)
            taken.append(name)
    except (ConnectionError, ValueError) as error:
        raise MaintenanceRefused(
            "The upload was cut off; nothing of that file was kept. Send it again."
        ) from error
    except OSError as error:
        raise MaintenanceRefused(
            "The file could not be written ({problem}). Is there room on the disk?",
            problem=error.strerror or str(error),
        ) from error
    return Uploaded(taken, refused)


async def _drain(part: BodyPartReader | MultipartReader) -> None:
    left = MOST_DRAINED
    while isinstance(part, BodyPartReader) and (data := await part.read_chunk(CHUNK)):
        left -= len(data)
        if left < 0:
            raise MaintenanceRefused("That is too long. Shorten it, and send it again.")
