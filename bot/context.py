"""
Whether a question leans on what was said before, and on what. Pure, in five languages.

"那需要什么材料？" names nothing of its own: alone it could be about any policy. "外地人呢？" may
lean or not; which reading fits is for the search to show.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.actions import Action, Verb
from bot.store.base import Past
from bot.types import Citation, Result, Topic
from index.clauses import clauses
from knowledge.fold import fold

LONGEST: Final = 60  # characters of a question that leans on another; in longer ones all is said
_SHORT: Final = 20  # characters in which "it" and "this" mean what was said before


class Form(StrEnum):
    WHOLE = "whole"  # says itself what it is about
    MAYBE = "maybe"  # has words of its own, and looks back
    HALF = "half"  # names a thing and asks nothing of it: 外地人呢？
    LEANS = "leans"  # nothing of its own


def _words(*patterns: str) -> re.Pattern[str]:
    return re.compile(fold("|".join(patterns)))


_OPENS: Final = _words(
    r"^(?:那么?|还有|另外|以及|然后|再问(?:一下|个)?|对了|顺便问(?:一下)?|换成|如果是|要是|至于)",
    r"^(?:and|what about|how about|but|so|also|ok(?:ay)?|then)\b",
    r"^(?:그럼|그러면|그리고|그런데|또)",
    r"^(?:では|じゃあ?|それでは|それなら|それと|あと|また|ちなみに)",
)
_LOOKS_BACK: Final = _words(
    r"它|这个|这项|这条|这种|那个|那项|上面|上述|刚才|(?:该|此|本)(?:项|政策|办法|补贴|规定|文件|通知)",
    r"\b(?:it|its|this|that|these|those|they|them|there)\b",
    r"그것|그거|이것|이거|해당|それ|これ|あれ",
)
_TRAILS: Final = _words(r"呢[?\s]*$", r"(?:은|는)(?:요)?[?\s]*$", r"(?:は|って)[?\s]*$")
# What is asked of a policy, whatever the policy is.
_ASPECTS: Final = _words(
    r"需要|必须|应该|应当|可以|能够|能不能|能否|可否|是否|有没有|要不要|准备|提供|提交|带上?",
    r"材料|资料|文件|证件|证明|表格|手续|流程|程序|步骤|条件|要求|资格|标准|规定|内容",
    r"什么时候|时间|期限|时限|截止|日期|有效期|多久|多长|何时|几[天日月年号]|到账|生效|开始|结束",
    r"金额|额度|费用|收费|多少|钱|比例|最[多高低少长晚早]|上限|下限|一个月|每个?月|一年|每年",
    r"地点|地址|在?哪里|在?哪儿|在哪|本人|亲自|自己|代办|委托|窗口|网上|线上|手机|电话|联系|咨询|部门|网址",
    r"申请|申领|办理|办|领取|领|交|怎么|如何|怎样|流程|找谁|谁|审核|审批|查询|进度",
    r"例外|后果|处罚|违反|原文|依据|解读|哪些|什么|为什么|原因|种|个|次",
    r"\b(?:what|when|where|which|who|whom|how|why|much|many|long|soon|often|far)\b",
    r"\b(?:documents?|papers?|materials?|forms?|conditions?|requirements?|steps?|process)\b",
    r"\b(?:deadlines?|dates?|time|days?|months?|years?|amounts?|costs?|fees?|money|rates?)\b",
    r"\b(?:apply|need|needed|required?|bring|submit|get|take|takes|pay|paid|provide|start|begin|use)\b",
    r"\b(?:office|address|phone|online|else|exceptions?|penalt(?:y|ies)|contact)\b",
    r"서류|자료|조건|자격|기간|기한|언제|어디|어떻게|얼마|금액|비용|절차|방법|신청|누구|필요|무엇|뭐|몇",
    r"必要|書類|資料|条件|資格|期間|期限|いつ|どこ|どう|いくら|金額|費用|手続き?|方法|申請|誰|何",
)
_NOUNS: Final = _words(
    r"材料|资料|证件|证明|表格|手续|流程|程序|步骤|条件|资格|标准|期限|时限|截止|有效期|金额|额度|费用|比例|上限|下限",
    r"地点|地址|窗口|电话|网址|后果|处罚|例外|依据",
    r"\b(?:documents?|papers?|materials?|forms?|conditions?|requirements?|steps?|deadlines?|fees?)\b",
    r"\b(?:costs?|amounts?|rates?|office|address|phone|exceptions?|penalt(?:y|ies))\b",
    r"서류|자료|조건|자격|기간|기한|금액|비용|절차|書類|資料|条件|資格|期間|期限|料金|金額|費用|手続き?|窓口",
)
_PARTICLES: Final = _words(
    r"请问|麻烦|我们?|你们?|您|的|地|得|了|吗|呢|啊|呀|吧|么|是|有|要|能|会|还|也|都|就|再|又|和|与|在|到|给",
    r"\b(?:i|we|you|do|does|did|is|are|was|be|can|could|may|must|should|shall|will|would|have)\b",
    r"\b(?:has|the|a|an|to|for|of|in|on|at|by|with|from|any|my|me|please|about|if|or)\b",
    r"인가요|입니까|있나요|되나요|하나요|해야|합니까|[은는이가을를요도에의로나까해되하죠지]",
    r"ですか|ますか|ます|まで|から|ません|します|ください|でしょう|[はがをのにとでもかへやねよ]",
)
_PLACE: Final = re.compile(r"第\s*[〇零一二三四五六七八九十百\d]{1,7}\s*[条款项]")
_BARE: Final = re.compile(r"[\W_]+")
_ADDRESS_CLAUSE: Final = re.compile(r"第[〇零一二三四五六七八九十百千\d]{1,7}[条條]")
_CJK_RUN: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]+")
_WORD: Final = re.compile(r"[a-z][a-z'-]{3,}")
_FEWEST: Final = 2  # characters of a word in Chinese
_STEM: Final = 5  # first letters by which two forms of an English word are the same


def form_of(question: str) -> Form:
    """Whether a question leans on what was said before, as far as its form tells."""
    folded = fold(question).strip()
    if len(folded) > LONGEST:
        return Form.WHOLE
    opened = bool(_OPENS.search(folded))
    back = bool(_LOOKS_BACK.search(folded)) and len(folded) <= _SHORT * (1 + folded.isascii())
    if is_bare(folded):
        return Form.LEANS
    if opened or _TRAILS.search(folded):
        return Form.MAYBE if _ASPECTS.search(core(folded)) else Form.HALF
    return Form.MAYBE if back else Form.WHOLE


def names_aspect(question: str) -> bool:
    """Whether it says by a noun what it wants to know: materials, a deadline, or a clause."""
    folded = fold(question)
    return bool(_NOUNS.search(folded) or _PLACE.search(folded) or clauses(folded)[0])


def core(question: str) -> str:
    """The folded question without what joins it to the one before."""
    return _TRAILS.sub("", _OPENS.sub("", fold(question).strip())).strip()


def own_words(question: str) -> str:
    """The folded question without openings, pronouns, and words that fit every policy."""
    _, rest = clauses(fold(question).strip())
    for pattern in (_OPENS, _PLACE, _LOOKS_BACK, _ASPECTS, _PARTICLES):
        rest = pattern.sub(" ", rest)
    return rest


def is_bare(question: str) -> bool:
    """Whether it has no words of its own; one character is a verb: 发, 打."""
    return len(_BARE.sub("", own_words(question))) < _FEWEST


def topic_of(
    past: Past, expected: Action | None, *, at: datetime, limit: timedelta
) -> Topic | None:
    """
    What an earlier question was about, if it was answered no longer than `limit` ago.

    `expected` tells which of the passages offered was chosen. A question that leaned on another
    hands that one's topic on, answered or not.
    """
    if at - past.message.at > limit:
        return None
    outcome = past.outcome
    cited = outcome.citations[:1] if outcome.result is Result.ANSWERED else ()
    if outcome.result is Result.CLARIFY and expected is not None and expected.place:
        taken = (expected.verb, expected.target) == (Verb.PICK, past.id)
        cited = outcome.choices[expected.place - 1 : expected.place] if taken else ()
    if not cited:
        return outcome.topic or outcome.before
    [citation] = cited
    asked = outcome.question or past.message.text
    words = outcome.topic.words if outcome.topic else words_of(asked, citation)
    clause = _ADDRESS_CLAUSE.search(citation.address)
    return Topic(
        document_id=citation.document_id,
        title=citation.title,
        words=words,
        clause=clause.group() if clause else "",
    )


def words_of(question: str, citation: Citation) -> str:
    """The words of a question that its answer has as well; the question, where it has none."""
    said = fold(f"{citation.title} {citation.quote}")
    folded = fold(question)
    shared = [run for found in _CJK_RUN.findall(folded) for run in _shared(found, said)]
    shared += [word for word in _WORD.findall(folded) if word[:_STEM] in said]
    return " ".join(dict.fromkeys(shared)) or question


def _shared(run: str, said: str) -> list[str]:
    """The longest pieces of a run that stand in a text."""
    pieces: list[str] = []
    start = 0
    while start < len(run):
        end = start
        while end < len(run) and run[start : end + 1] in said:
            end += 1
        if end - start >= _FEWEST:
            pieces.append(run[start:end])
        start = max(end, start + 1)
    return pieces
