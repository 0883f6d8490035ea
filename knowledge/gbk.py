"""
Text as the bytes that Chinese Windows programs write (code page 936), and how common it looks.

Damage of the years before UTF-8 happened to these bytes, so it is mended on them.
"""

from __future__ import annotations

import re
from typing import Final

from knowledge.fold import simplified

# Windows keeps the bytes FE50 to FEA0 as private characters; Python's codec moved some of them.
_FE_FIRST: Final = 0xE815
_FE_LAST: Final = 0xE864
_NO_TRAIL: Final = 0x7F  # DEL is never the second byte
_PUNCTUATION: Final = re.compile(
    r"[\u3000-\u3002\u3008-\u3011\u3014-\u3017\uff01-\uff5e\u2014\u2018-\u201d\u2026\u00b7\u2460-\u2473]"
)
_KANA_HANGUL: Final = re.compile(r"[\u3040-\u30ff\uac00-\ud7af]")
# Not found between the words of any document: line drawing, 注音, private use.
STRANGE: Final = re.compile(r"[\u2500-\u257f\u3105-\u3129\ue000-\uf8ff]")
_SYMBOLS: Final = range(0xA1, 0xA4)  # ≥ ① ％
_LEVEL_1: Final = range(0xB0, 0xD8)  # first bytes of the 3,755 commonest characters


def to_bytes(text: str) -> bytes | None:
    """Return two bytes for each character that is not ASCII; None where one has none."""
    written = bytearray()
    for character in text:
        one = _byte_pair(character)
        if one is None:
            return None
        written += one
    return bytes(written)


def _byte_pair(character: str) -> bytes | None:
    point = ord(character)
    if character == "€":
        return b"\x80"
    if _FE_FIRST <= point <= _FE_LAST:
        trail = 0x40 + 0x10 + point - _FE_FIRST
        return bytes((0xFE, trail + (trail >= _NO_TRAIL)))
    try:
        written = character.encode("gb18030")
    except UnicodeEncodeError:  # half of a surrogate pair
        return None
    return written if len(written) <= 2 else None  # noqa: PLR2004 - four bytes came later


def of_bytes(data: bytes) -> str | None:
    try:
        return data.decode("gb18030")
    except UnicodeDecodeError:
        return None


def common(text: str) -> float:
    """
    Return the share of everyday characters, 0 to 1, among those that are not ASCII.

    Traditional ones count as their simplified form; what cannot be read (U+FFFD) does not count.
    """
    seen = [c for c in simplified(text) if not c.isascii() and c != "\ufffd"]
    return sum(map(_is_common, seen)) / len(seen) if seen else 0.0


def _is_common(character: str) -> bool:
    if _PUNCTUATION.match(character) or _KANA_HANGUL.match(character):
        return True
    pair = character.encode("gb18030", errors="ignore")
    if len(pair) != 2 or pair[1] < 0xA1:  # noqa: PLR2004 - of GB 2312
        return False
    return pair[0] in _LEVEL_1 or pair[0] in _SYMBOLS
