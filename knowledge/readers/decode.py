"""Bytes to text. The only module that imports charset_normalizer."""

from __future__ import annotations

import codecs
import re
from typing import Final

from charset_normalizer import from_bytes

BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What pages call GB2312 or GBK is written by programs that know GB18030, its superset.
WIDER: Final = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs"}
_DECLARED: Final = re.compile(rb"charset\s*=\s*[\"']?([A-Za-z0-9_-]{2,20})", re.IGNORECASE)
_HEAD: Final = 4096  # bytes; the HTML standard asks for the declaration in the first 1024


def decode(data: bytes, *, declares: bool = False) -> str:
    r"""
    Return the text, with line ends as \n.

    A byte order mark wins, then strict UTF-8, then (for HTML, `declares`) the charset that the
    page names, then a guess. Raise ValueError where none of them fits.
    """
    if b"\0" in data and not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise ValueError("it holds NUL bytes, so it is not text (or UTF-16 without its mark)")
    text = _decoded(data, declares=declares)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decoded(data: bytes, *, declares: bool) -> str:
    for mark, encoding in BOMS:
        if data.startswith(mark):
            return data.decode(encoding)
    names = ["utf-8", *([_declared(data)] if declares else [])]
    for name in names:
        try:
            return data.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    guess = from_bytes(data).best()
    if guess is None:
        raise ValueError("its encoding is not known")
    return str(guess)


def _declared(data: bytes) -> str:
    found = _DECLARED.search(data[:_HEAD])
    if found is None:
        return "utf-8"
    name = found.group(1).decode("ascii").lower()
    return WIDER.get(name, name)
