"""
Personal data is masked before anything is stored, logged, embedded or shown to staff. Pure.

Cautious where a mistake would spoil a question: numbers of documents, clauses, hotlines and
organisations are no personal data and stay. The only module that imports stdnum and
phonenumbers.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Final

import phonenumbers
from stdnum import luhn
from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

from bot.postal import ADDRESSES
from knowledge.unseen import seen


class Personal(StrEnum):
    """What is masked, in the order in which it is looked for; the value stands in its place."""

    IDENTITY = "〔身份证号〕"
    CARD = "〔卡号〕"
    PASSPORT = "〔证件号〕"
    PLATE = "〔车牌号〕"
    MAIL = "〔邮箱〕"
    ADDRESS = "〔地址〕"
    PHONE = "〔电话〕"


_GAP: Final = "[ \u3000-]"
_IDENTITY: Final = re.compile(rf"(?<![\dA-Za-z])(?:\d{_GAP}?){{17}}[\dXxＸｘ](?![\dA-Za-z])")
_CARD: Final = re.compile(rf"(?<![\dA-Za-z])\d(?:{_GAP}?\d){{14,18}}(?![\dA-Za-z])")
# By their form alone only Chinese ones; others where a word says what they are.
_PASSPORT: Final = re.compile(
    r"(?<![A-Za-z0-9])(?:[EG]\d{8}|E[A-HJ-NP-Z]\d{7})(?![A-Za-z0-9])"
    r"|(?:(?<=护照)|(?<=護照)|(?<=通行证)|(?<=通行證)|(?<=台胞证)|(?<=台胞證)|(?<=旅券)|(?<=여권)"
    r"|(?<=passport))"
    r"(?P<between>(?:号码?|號碼?|番号|번호| number| no\.?)?(?:是|为|為|は|은|는| is)?[\s:：]*)"
    r"(?P<number>(?=[A-Za-z]{0,2}\d)[A-Za-z]{0,2}\d{6,10})(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_PLATE: Final = re.compile(
    "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"
    r"[A-HJ-NP-Z][·.\s]?(?=[A-HJ-NP-Z]{0,4}\d)[A-HJ-NP-Z0-9]{5,6}(?![A-Za-z0-9])"
)
# The look behind keeps a long word from being read once for each of its letters.
_MAIL: Final = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_MASKS: Final = re.compile("|".join(map(re.escape, Personal)))
# "我的邮箱是〔邮箱〕，": words that only say what was masked are no part of a question.
_TOLD: Final = re.compile(
    r"(?:我的?|本人的?|my |제 |私の)?"
    r"(?:身份证|身分證|银行卡|銀行卡|卡|护照|護照|车牌|車牌|手机|手機|电话|電話|联系方式|聯絡方式|邮箱|郵箱"
    r"|地址|住址|id|card|passport|plate|phone|mobile|telephone|e-?mail|address"
    r"|전화|휴대폰|이메일|주소|電話|携帯|メール|住所)"
    r"(?:号码?|號碼?|number|번호|番号|アドレス)?(?: ?是| ?为| ?為| is|は|은|는)?[ \t:：]*"
    rf"(?:{_MASKS.pattern})[，,;；。.、]?",
    re.IGNORECASE,
)
_YEARS: Final = range(1900, 2100)
REGIONS: Final = ("CN", "HK", "TW", "KR", "JP")
# Numbers of offices are no personal data, and a citizen may ask about one.
_SHORTEST_PHONE: Final = 8
# Eight digits that begin like a phone of Hong Kong, but are so much money. 元朗 is a place there.
_AMOUNT: Final = re.compile(
    r"(?P<sign>[¥￥$＄€₩]\s*)?[1-9]\d{7,9}"
    r"(?(sign)|(?=\s*(?:元(?!朗)|[万萬亿億块塊円원]|yuan|won|yen|dollars?|rmb)))",
    re.IGNORECASE | re.ASCII,
)


def mask(text: str, *, addresses: bool = True) -> str:
    """
    Replace what is personal by a word: see Personal.

    Without `addresses` those stay, for where one may be what is asked about.
    """
    text = mask_identity(text)
    text = _MAIL.sub(Personal.MAIL, text)
    if addresses:
        text = ADDRESSES.sub(Personal.ADDRESS, text)
    return _phones(text)


def mask_identity(text: str) -> str:
    """
    Replace what proves who somebody is, or what they pay or drive with, and nothing that they can
    be reached by: for where a contact is asked for.
    """
    text = _replace(_IDENTITY, text, Personal.IDENTITY, _is_identity)
    text = _replace(_CARD, text, Personal.CARD, _is_card)
    text = _PASSPORT.sub(_without_number, text)
    return _PLATE.sub(Personal.PLATE, text)


def masks_in(text: str) -> list[Personal]:
    """The kinds of what was masked in a text, each once."""
    found = set(_MASKS.findall(text))
    return [kind for kind in Personal if kind.value in found]


def without_masks(text: str) -> str:
    """For whatever must not take the words of a mask for the citizen's own."""
    return _MASKS.sub(" ", _TOLD.sub(" ", text))


def clean(text: str) -> str:
    """
    Without what nobody sees, and without what a database cannot hold: NUL, halves of pairs.

    A number with an unseen character in it would not be masked.
    """
    return seen(text.encode("utf-16", "surrogatepass").decode("utf-16", "ignore"))


def _is_identity(characters: str) -> bool:
    """
    By the check digit and a birthday.

    Not by the place: the library knows no county that was renamed long ago, and fails with a
    KeyError for some provinces.
    """
    number = unicodedata.normalize("NFKC", characters).upper()
    try:
        year = ric.get_birth_date(number).year
    except ValidationError:
        return False
    return number[-1] == ric.calc_check_digit(number) and year in _YEARS


def _is_card(digits: str) -> bool:
    # An organisation's number may be digits alone, and one in ten of them passes for a card.
    return bool(luhn.is_valid(digits)) and not uscc.is_valid(digits)


def _without_number(found: re.Match[str]) -> str:
    return (found["between"] or "") + Personal.PASSPORT


def _replace(pattern: re.Pattern[str], text: str, word: str, valid: Callable[[str], bool]) -> str:
    def change(found: re.Match[str]) -> str:
        digits = re.sub(_GAP, "", found.group())
        return word if valid(digits) else found.group()

    return pattern.sub(change, text)


def _phones(text: str) -> str:
    for start, end in sorted(set(_mobiles(text)), reverse=True):
        if Personal.PHONE not in text[start:end]:
            text = text[:start] + Personal.PHONE + text[end:]
    return text


def _mobiles(text: str) -> Iterator[tuple[int, int]]:
    amounts = {found.end() for found in _AMOUNT.finditer(text)}
    for region in REGIONS:
        for match in phonenumbers.PhoneNumberMatcher(text, region):
            kind = phonenumbers.number_type(match.number)
            personal = kind in {
                phonenumbers.PhoneNumberType.MOBILE,
                phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
            }
            long_enough = match.end - match.start >= _SHORTEST_PHONE
            if personal and long_enough and match.end not in amounts:
                yield match.start, match.end
