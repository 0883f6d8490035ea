"""Files of each format to pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from knowledge.readers.base import Page, Reader
from knowledge.readers.html import read_html
from knowledge.readers.markdown import read_markdown
from knowledge.readers.text import read_text

READERS: Final[Mapping[str, Reader]] = {
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".txt": read_text,
    ".html": read_html,
    ".htm": read_html,
}

__all__ = ["READERS", "Page", "Reader"]
