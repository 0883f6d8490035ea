"""
Personal data is masked before anything is stored, logged, embedded or shown to staff. Pure.

The only module that imports stdnum and phonenumbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

import phonenumbers
from stdnum import luhn
from stdnum.cn import ric

_ID: Final = re.compile(r"(?<![\dA-Za-z])\d{17}[\dXx](?![\dA-Za-z])")
_CARD: Final = re.compile(r"(?<!\d)\d(?:[ -]?\d){14,18}(?!\d)")
_MAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
REGIONS: Final = ("CN", "HK", "TW", "KR", "JP")
# Numbers of offices are no personal data, and a citizen may ask about one.
_SHORTEST_PHONE: Final = 8
ID_MASK: Final = "〔身份证号〕"
CARD_MASK: Final = "〔卡号〕"
PHONE_MASK: Final = "〔电话〕"
MAIL_MASK: Final = "〔邮箱〕"


def mask(text: str) -> str:
    """Replace identity numbers, bank cards, mobile numbers and e-mail addresses by a word."""
    text = _replace(_ID, text, ID_MASK, lambda found: bool(ric.is_valid(found.upper())))
    text = _replace(_CARD, text, CARD_MASK, lambda found: bool(luhn.is_valid(found)))
    text = _MAIL.sub(MAIL_MASK, text)
    return _phones(text)


def clean(text: str) -> str:
    """Without what a database cannot hold: NUL, and halves of surrogate pairs."""
    return text.replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "ignore")


def _replace(pattern: re.Pattern[str], text: str, word: str, valid: Callable[[str], bool]) -> str:
    def change(found: re.Match[str]) -> str:
        digits = re.sub(r"[ -]", "", found.group())
        return word if valid(digits) else found.group()

    return pattern.sub(change, text)


def _phones(text: str) -> str:
    spans: set[tuple[int, int]] = set()
    for region in REGIONS:
        for match in phonenumbers.PhoneNumberMatcher(text, region):
            kind = phonenumbers.number_type(match.number)
            personal = kind in {
                phonenumbers.PhoneNumberType.MOBILE,
                phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
            }
            if personal and match.end - match.start >= _SHORTEST_PHONE:
                spans.add((match.start, match.end))
    for start, end in sorted(spans, reverse=True):
        if PHONE_MASK not in text[start:end]:
            text = text[:start] + PHONE_MASK + text[end:]
    return text
