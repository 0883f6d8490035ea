"""Which of the offered passages a typed message means. Pure, by the words of five languages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from knowledge.fold import fold

NONE: Final = 0  # the place of "none of these"

# The whole message must be one of these, give or take marks and politeness.
_PLACES: Final = (
    r"1|一|one|1st|first|하나|일|첫|ひとつ|最初",
    r"2|二|two|2nd|second|둘|이|두|ふたつ",
    r"3|三|three|3rd|third|셋|삼|세|みっつ",
)
_BEFORE: Final = (
    r"(?:(?:我?(?:选择?|要|想看|看)|i (?:choose|take|want)|option|number|no\.?|the)\s*)*第?\s*"
)
_AFTER: Final = (
    r"\s*(?:[个条项种份号]|one|번째|번|째|番目|番|つ目|のもの)?"
    r"\s*(?:吧|的|please|요|です|をお願いします)?"
)
_NONE: Final = (
    r"0|(?:以上|这些|这几[个条])?(?:都|全都?)?(?:不是|不对|没有)(?:的|我要的|我想要的|我要找的)?|"
    r"no|nope|none(?: of (?:these|them|the above))?|neither(?: of (?:these|them))?|"
    r"not (?:this|these)|"
    r"아니(?:요|오)?|아닙니다|없(?:음|어요|습니다)|해당 ?없(?:음|어요|습니다)|"
    r"다 아니(?:에요|예요|요)|"
    r"いいえ|違います|ちがいます|ない(?:です)?|(?:どれ|どちら)でも(?:ない|ありません)(?:です)?"
)
_YES: Final = (
    r"是|是的|对|对的|没错|就是(?:它|这个|这条)?|yes|yep|yeah|this one|"
    r"네|예|맞아요|맞습니다|はい|そうです|それです"
)
_MARKS: Final = " \t\n.,。、!?~:;"  # of folded text


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(fold(words))


_BY_PLACE: Final = [_pattern(f"{_BEFORE}(?:{words}){_AFTER}") for words in _PLACES]
_IS_NONE: Final = _pattern(_NONE)
_IS_YES: Final = _pattern(_YES)


def chosen(text: str, addresses: Sequence[str]) -> int | None:
    """
    Return the place of the choice that is meant, from 1; NONE for none of them; None if the
    text is no choice.

    `addresses` are those of the choices, in order: "第十四条" means the choice that has it
    before it means a place. A yes counts where there is one choice.
    """
    said = fold(text).strip(_MARKS)
    named = [n for n, address in enumerate(addresses, 1) if said and _ends(address, said)]
    if len(named) == 1:
        return named[0]
    if _IS_NONE.fullmatch(said):
        return NONE
    if len(addresses) == 1 and _IS_YES.fullmatch(said):
        return 1
    for place, pattern in enumerate(_BY_PLACE[: len(addresses)], start=1):
        if pattern.fullmatch(said):
            return place
    return None


def _ends(address: str, said: str) -> bool:
    return bool(address) and fold(address).split()[-1] == said
