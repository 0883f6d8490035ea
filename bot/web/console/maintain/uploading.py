"""The files of a form, straight to the disk as they come."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from aiohttp import BodyPartReader, MultipartReader, web

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
    Take each file that may be taken; the others are told.

    Never raises for one of them: what came before it stays, and somebody must hear of it.
    """
    taken: list[str] = []
    refused: list[MaintenanceRefused] = []
    try:
        while parts is not None and (part := await parts.next()) is not None:
            if not isinstance(part, BodyPartReader) or not part.filename:
                await _drain(part)
                continue
            try:
                taken.append(await _take(part, safe_name(part.filename), staging))
            except MaintenanceRefused as error:  # the form goes on behind it
                refused.append(error)
                await _drain(part)
    except MaintenanceRefused as error:  # more than is drained
        refused.append(error)
    except (ConnectionError, ValueError, web.RequestPayloadError):
        refused.append(
            MaintenanceRefused(
                "The upload was cut off; nothing of that file was kept. Send it again."
            )
        )
    return Uploaded(taken, refused)


async def _take(part: BodyPartReader, name: str, staging: Staging) -> str:
    with staging.receiving(name) as file:
        while data := await part.read_chunk(CHUNK):
            await asyncio.to_thread(file.write, data)
        await asyncio.to_thread(file.keep)
    return name


async def _drain(part: BodyPartReader | MultipartReader) -> None:
    left = MOST_DRAINED
    while isinstance(part, BodyPartReader) and (data := await part.read_chunk(CHUNK)):
        left -= len(data)
        if left < 0:
            raise MaintenanceRefused("That is too long. Shorten it, and send it again.")
