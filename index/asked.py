"""What a question asks for, and what can be seen in a passage that tells it."""

from __future__ import annotations

import re
from typing import Final


def _kind(asks: str, tells: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    return re.compile(asks), re.compile(tells)


_KINDS: Final = (
    _kind(  # a time
        r"何时|什么时候|什么时间|时间|期限|多久|几[天日月年]|日期|多长|时限|期间|哪一?[年天月]|"
        r"\bwhen\b|how long|what (?:year|day|month|date)|which year|deadline",
        r"\d{1,4} *[年月日号]|[一二三四五六七八九十]+[月日]|\d{1,2}:\d{2}|"
        r"[0-9一二三四五六七八九十]+个?(?:工作日|天|小时|个月|周|年|日|分钟)|"
        r"\b(?:january|february|march|april|may|june|july|august|september|october|november|"
        r"december|1[0-9]{3}|20[0-9]{2}|days?|weeks?|months?|years?)\b",
    ),
    _kind(  # money
        r"费|多少钱|价|金额|额度|收取|罚|补助|how much|\bcosts?\b|\bprices?\b|\bfees?\b",
        r"[0-9,.]+ *[万千百亿]*元|[一二三四五六七八九十百千万]+元|免费|免收|[$£€]\d",
    ),
    _kind(  # a number
        r"多少|几[个项条人名次种家天日]|how many|what number|percent",
        r"\d|[一二三四五六七八九十百千万两]+(?:个|项|条|人|名|次|种|家|元|%|倍|分之)|"
        r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|hundred|thousand|million)\b",
    ),
    _kind(  # a place
        r"哪里|何处|在哪|什么地方|地点|地址|位置|\bwhere\b",
        r"[路街]\S{0,6}号|楼|地址|网址|http|窗口|柜台|位于|\b(?:in|at|near) ",
    ),
    _kind(  # several things
        r"哪些|哪几|材料|文件|证件|条件|资格|流程|程序|步骤|对象|what documents",
        r"[一二三四五六七八九十]+[、)．.]|\([一二三四五六七八九十\d]+\)|(?<!\d)\d{1,2}[、.)](?!\d)|"
        r"\n\s*[*\-•]|[①②③④⑤]|[:：]\n",
    ),
    _kind(  # yes or no: the answer opens with it
        r"吗|是否|可否|能否|可不可以|能不能|有没有|需不需要|要不要",
        r"(?:\A|答[:：])\W*(?:可以|不可以|不可|不得|不能|不用|不需|无需|无须|毋须|是[,，。的]|否[,，。]|"
        r"不是|不会|有[,，。]|没有|无[,，。]|需要|需[,，。]|要[,，。]|应[,，。]|不一定|不必|可[,，。]|能[,，。])",
    ),
)


def tells_of(folded: str) -> tuple[re.Pattern[str], ...]:
    """Patterns that a passage which answers the folded question would match."""
    return tuple(tells for asks, tells in _KINDS if asks.search(folded))
