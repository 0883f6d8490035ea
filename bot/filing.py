"""
Complaints and suggestions: what a citizen wants to put before the bureau. Pure.

Only words that do something ("我要投诉 …") count. A question about complaining is a question.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bot.choosing import chosen
from bot.desk.tickets import TicketKind
from bot.phrases import any_of
from knowledge.fold import fold

_MARKS: Final = r"[\s,，.。!！:：;；、]*"
_OPENINGS: Final = {
    TicketKind.COMPLAINT: any_of(
        (
            r"(?:我|我们)?(?:现在|就是|就)?(?:要|想|想要|来)(?:实名|匿名)?(?:投诉|举报)(?:一下|一个|个)?",
            r"(?:投诉|举报)(?:你们|一下|信)?|提(?:一个|个)?投诉",
            r"i(?:'d| would)? (?:like|want|wish) to (?:complain|(?:make|file) a complaint)",
            r"(?:my )?complaint",
            r"불만(?:을|이)? ?(?:접수|제기)(?:하고 싶습니다|할게요|합니다)?",
            r"민원(?:을)? ?넣(?:고 싶|을)",
            r"苦情(?:を(?:言いたい|申し立てたい)(?:です)?|です|があります)?|クレームです",
        )
    ),
    TicketKind.SUGGESTION: any_of(
        (
            r"(?:我|我们)?(?:有|想提|要提|提)(?:一?[个条点]|几[个条点]|些)?(?:小)?(?:建议|意见)",
            r"(?:我|我们)?(?:强烈)?建议(?:你们|贵局|政府|市里|局里)?",
            r"i(?:'d| would)? (?:like|want) to (?:suggest|make a suggestion)|i suggest",
            r"(?:my )?suggestion",
            r"i have a suggestion|제안(?:이 있습니다|합니다|드립니다)",
            r"건의(?:합니다|드립니다|사항)",
            r"提案(?:があります|です|したい(?:です)?)|要望(?:があります|です)",
        )
    ),
}
# How, where and whether to complain, and what becomes of it: that is for the index.
_ASKS: Final = any_of(
    (
        r"[?]\s*$|(?:吗|呢|么)\W*$",
        r"(?:怎么|如何|去哪里?|到哪里?|哪里|哪儿|向谁|找谁|跟谁|什么地方).{0,8}(?:投诉|举报|提建议|建议|反映)",
        r"(?:投诉|举报|建议)(?:的|处理|有|能|可以|会)?.{0,3}(?:电话|渠道|途径|流程|程序|方式|奖励|奖金|规定|办法|期限|时限|条件|信箱|邮箱|窗口在|受理|怎么|如何|多久|几天)",
        r"^\W*(?:how|where|what|who|can|could|may|is|are)\b",
        r"어디|어떻게|나요|습니까|どこ|どうすれば|ですか|ますか",
    )
)
# Besides a yes, as it is understood under an offer.
_SEND: Final = any_of(
    (
        r"好的?|行|可以|确认|转交吧?|提交|同意",
        r"ok|okay|sure|confirm|send it",
        r"응|확인|お願いします|確認",
    )
)


@dataclass(frozen=True, slots=True)
class Filing:
    kind: TicketKind
    bare: bool  # nothing is said yet: only that there is something


def filing_of(text: str) -> Filing | None:
    """What a message puts before the bureau; None for every other message."""
    folded = fold(text).strip()
    for kind, opening in _OPENINGS.items():
        found = re.match(rf"{_MARKS}(?:您?你?好{_MARKS})?(?:{opening.pattern})", folded)
        if found is not None and not _ASKS.search(folded):
            rest = re.sub(r"\W+", "", folded[found.end() :])
            return Filing(kind, bare=not rest)
    return None


def confirms(text: str) -> bool:
    """Whether a message agrees that what was shown is handed over."""
    said = re.sub(rf"^{_MARKS}|{_MARKS}$", "", fold(text))
    return chosen(text, [""]) == 1 or _SEND.fullmatch(said) is not None
