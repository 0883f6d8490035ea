"""Plain text: the lines as they are, without the blanks at their ends."""

from __future__ import annotations

from knowledge.readers.base import Lines, Page
from knowledge.readers.decode import decode


def read_text(data: bytes) -> Page:
    lines = Lines()
    for line in decode(data).split("\n"):
        lines.add(line.strip())
    return lines.page({})
