"""
Postal addresses with a door number, as one pattern. Pure.

A street alone is no personal data, and 第14号, 澜财规〔2025〕1号 or 5月12号 are no doors.
"""

from __future__ import annotations

import re
from typing import Final

_COUNT: Final = r"[\d一二三四五六七八九十百〇零]"
# Up to four characters of a name; those that end a district do not belong to it.
_NAME: Final = r"[^\W\d_市区區县縣镇鎮乡鄉省州住在于於址是第年月日至到从從和与與及或、]{1,4}"
_STREET: Final = rf"{_NAME}?(?:大道|大街|胡同|(?<![公铁鐵道线線网網走思])路|街|巷|弄)"
_DOOR: Final = rf"{_COUNT}{{1,5}}(?:[-—之]\d{{1,4}})?\s*[号號](?!文|令|公告|线|線|通知|决定|条|款)"
_UNIT: Final = r"[\dA-Za-z一二三四五六七八九十]{1,4}"
_BUILDING: Final = rf"{_UNIT}\s*(?:号楼|號樓|栋|棟|幢|座|号院|號院)"
_FLOOR: Final = rf"(?:\s*{_UNIT}\s*[楼樓层層](?!梯))?"
_ROOM: Final = (
    rf"(?:{_UNIT}\s*(?:单元|單元|门|梯){_FLOOR}(?:\s*\d{{2,5}}\s*[室号號房户戶]?)?"
    r"|\d{1,5}\s*[室房户戶]|\d{3,4}(?!\d))"
)
_INSIDE: Final = rf"(?:\s*[院楼樓内])?(?:\s*{_BUILDING})?{_FLOOR}(?:\s*{_ROOM})?(?:之\d)?"
_CHINESE: Final = (
    rf"{_STREET}(?:\s*{_COUNT}{{1,4}}(?:段|弄|巷))*\s*{_DOOR}{_INSIDE}",
    rf"{_NAME}(?:村|屯|寨)(?:委会)?\s*第?{_COUNT}{{1,3}}\s*(?:村民)?(?:小?组|小?組|社|队|隊)\s*{_COUNT}{{1,4}}\s*[号號户戶]",
    rf"(?:{_NAME}(?:小区|小區|花园|花園|苑|公寓|新村|家园|家園|府|大厦|大廈))?\s*{_BUILDING}\s*{_ROOM}",
)
_TYPE: Final = (
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Place|Terrace)"
)
_FLAT: Final = r"(?:Apt|Apartment|Unit|Flat|Room|Rm|Suite)\.?\s*[\dA-Za-z-]{1,5}"
_ENGLISH: Final = (
    (
        rf"(?:{_FLAT},?\s+(?:(?:Building|Block|Floor|Tower)\s*\w{{1,3}},?\s+)*)?"
        rf"\b(?:No\.?\s*)?\d{{1,5}}[A-Za-z]?,?\s+(?:[A-Z][A-Za-z'.]*\s+){{1,3}}{_TYPE}\b\.?(?:,?\s+{_FLAT})?"
    ),
    # In small letters "2 days of street cleaning" looks the same: a flat must follow.
    rf"\b\d{{1,5}}\s+(?:[a-z']+\s+){{1,2}}(?i:{_TYPE})\b\.?,?\s+(?i:{_FLAT})",
)
_KOREAN: Final = (
    r"[가-힣\d]{1,8}(?:로|길)\s?\d{1,4}(?:-\d{1,3})?,?\s?(?:\d{1,4}동\s?)?(?:\d{1,2}층\s?)?\d{1,4}호",
    r"\d{1,4}동\s?\d{1,4}호",
    r"[가-힣]{1,6}(?:동|리)\s?\d{1,4}(?:-\d{1,4})?\s?번지",
)
_JAPANESE: Final = (
    r"[^\W\d_]{1,5}?\d{1,2}丁目\s?\d{1,3}(?:番地?|[-−])\s?\d{1,3}(?:号|[-−]\d{1,4})?(?:号室)?",
    r"[^\W\d_]{1,5}町\s?\d{1,3}[-−]\d{1,3}(?:[-−]\d{1,4})?(?:号室)?",
)
ADDRESSES: Final = re.compile("|".join((*_CHINESE, *_ENGLISH, *_KOREAN, *_JAPANESE)))
