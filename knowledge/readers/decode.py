"""Bytes to text. The only module that imports charset_normalizer."""

from __future__ import annotations

import codecs
import re
import unicodedata
from typing import Final

from charset_normalizer import from_bytes

from knowledge.gbk import common

BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What pages call GB2312 or GBK is written by programs that know GB18030, its superset.
WIDER: Final = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs"}
_DECLARED: Final = re.compile(
    rb"(?:charset|^\s*<\?xml[^>]{1,40}encoding)\s*=\s*[\"']?([A-Za-z0-9_-]{2,20})", re.IGNORECASE
)
_HEAD: Final = 4096  # bytes; the HTML standard asks for the declaration in the first 1024


# A text with fewer bad bytes than this among its characters is damaged, not of another encoding.
_BAD: Final = 0.02
# In UTF-16, every other byte of ASCII is NUL; with more than this of it written, it is no UTF-16.
_TEXT: Final = 0.6


def decode(data: bytes, *, declares: bool = False) -> str:
    r"""
    Return the text, with line ends as \n.

    A byte order mark wins, then strict UTF-8, then (for HTML, `declares`) the charset that the
    page names, then a guess. A few bad bytes become U+FFFD each. Raise ValueError where nothing
    fits.
    """
    text = _decoded(data, declares=declares)
    if "\0" in text:
        raise ValueError("it holds NUL bytes, so it is not text")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decoded(data: bytes, *, declares: bool) -> str:
    for mark, encoding in BOMS:
        if data.startswith(mark):
            return _first(_strictly(data, encoding), _nearly(data, encoding))
    if b"\0" in data:
        return _unmarked(data)
    names = ("utf-8", _declared(data) if declares else "utf-8")
    for attempt in (_strictly, _nearly):
        for name in names:
            text = attempt(data, name)
            if text is not None:
                return text
    guess = from_bytes(data).best()
    return _first(None if guess is None else str(guess), _nearly(data, "gb18030"))


def _first(*texts: str | None) -> str:
    for text in texts:
        if text is not None:
            return text
    raise ValueError("its encoding is not known")


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _nearly(data: bytes, encoding: str) -> str | None:
    """Decode a text that lost a few bytes; None where it is rather of another encoding."""
    try:
        text = data.decode(encoding, errors="replace")
    except LookupError:
        return None
    written = sum(not character.isascii() for character in text)
    bad = text.count("\ufffd")
    return text if bad < _BAD * written else None


def _unmarked(data: bytes) -> str:
    """Read UTF-16 without its mark, in the order of bytes that gives the more usual text."""
    head = data[:_HEAD].replace(b"\0", b"")
    if head.isascii() and len(head) > _TEXT * min(len(data), _HEAD):
        raise ValueError("it holds NUL bytes, so it is not text")  # ASCII with holes in it
    read = (_strictly(data, "utf-16-le"), _strictly(data, "utf-16-be"))
    sound = [text for text in read if text and not any(map(_is_odd, text[:_HEAD]))]
    if not sound:
        raise ValueError("it holds NUL bytes, so it is not text")
    return max(sound, key=_usual)


def _is_odd(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cn", "Co"} and not character.isspace()


def _usual(text: str) -> float:
    ascii_only = re.sub(r"[^\x00-\x7f]", "", text[:_HEAD])
    return len(ascii_only) + common(text[:_HEAD]) * (len(text[:_HEAD]) - len(ascii_only))


def _declared(data: bytes) -> str:
    found = _DECLARED.search(data[:_HEAD])
    if found is None:
        return "utf-8"
    name = found.group(1).decode("ascii").lower()
    return WIDER.get(name, name)
