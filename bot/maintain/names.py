"""
The name that an uploaded file gets: the last part of what the browser tells, if it is harmless.

A document's id is its file's name, so a name that cannot be a name is refused with a reason
rather than changed into another one. Pure.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath
from typing import Final

from bot.errors import MaintenanceRefused
from knowledge.intake import ENDINGS
from knowledge.source import FILE
from knowledge.walk import NOT_DOCUMENTS

LONGEST: Final = 200  # bytes; file systems take 255, and a draft has a prefix
SHOWN: Final = 60  # characters of a name in an error
# Controls, marks of direction and others without a shape, private and unassigned ones, breaks.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_NOT_IN_NAMES: Final = re.compile(r'[<>:"|?*]')  # Windows takes none of them
_DEVICES: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
_OURS: Final = frozenset({*NOT_DOCUMENTS, FILE})


def safe_name(given: str) -> str:
    """Return the name without any path. Raise MaintenanceRefused."""
    name = unicodedata.normalize("NFC", re.split(r"[/\\]", given)[-1]).strip()
    if not name or name.startswith(".") or name.endswith("."):
        raise MaintenanceRefused("A file needs a name that neither begins nor ends with a dot.")
    if any(unicodedata.category(one) in _UNSEEN for one in name):
        raise MaintenanceRefused(
            "The file's name holds characters that cannot be seen. Give it another name."
        )
    if _NOT_IN_NAMES.search(name):
        raise MaintenanceRefused(
            "{name}: a name must not hold any of {signs}. Give it another name.",
            name=_short(name),
            signs='< > : " | ? *',
        )
    if len(name.encode()) > LONGEST:
        raise MaintenanceRefused(
            "{name}: that name is longer than {most} bytes. Give it a shorter one.",
            name=_short(name),
            most=LONGEST,
        )
    if _DEVICES.fullmatch(name) or name.lower() in _OURS:
        raise MaintenanceRefused(
            "{name}: that name has a meaning of its own. Give it another name.", name=_short(name)
        )
    if PurePosixPath(name).suffix.lower() not in ENDINGS:
        raise MaintenanceRefused(
            "{name}: no reader takes that kind of file. These are read: {endings}",
            name=_short(name),
            endings=ENDINGS,
        )
    return name


def _short(name: str) -> str:
    return name if len(name) <= SHOWN else f"{name[:SHOWN]}…"
