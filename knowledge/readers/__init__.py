"""Files of each format to pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from knowledge.readers.base import Page, Reader
from knowledge.readers.html import read_html
from knowledge.readers.markdown import read_markdown
from knowledge.readers.text import read_text


def _docx(data: bytes) -> Page:
    from knowledge.readers.docx import read_docx  # noqa: PLC0415 - most folders hold no Word file

    return read_docx(data)


READERS: Final[Mapping[str, Reader]] = {
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".txt": read_text,
    ".docx": _docx,
    ".html": read_html,
    ".htm": read_html,
}

__all__ = ["READERS", "Page", "Reader"]
